//! Waiting for the pace before a call is made, where the waiting must not count as part of the call.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Lane, flight::Flight};

tokio::task_local! {
    static CARRIED: Admission;
}

/// The permission to send one attempt without waiting. Clones are the same one. Given back when the last is dropped
/// unused.
#[derive(Clone, Debug)]
pub struct Admission(Arc<Mutex<Option<Flight>>>);

impl Admission {
    pub(crate) fn new(flight: Flight) -> Self {
        Self(Arc::new(Mutex::new(Some(flight))))
    }

    /// Makes the call with this permission: its first attempt of the kind that was admitted uses it, all others wait
    /// for their turn.
    pub async fn carry<F: Future>(&self, call: F) -> F::Output {
        CARRIED.scope(self.clone(), call).await
    }

    /// Takes what the call of this task carries, if it is for that lane.
    pub(super) fn take(lane: &Lane) -> Option<Flight> {
        let take = |carried: &Self| {
            let mut flight = carried.0.lock().unwrap_or_else(PoisonError::into_inner);
            flight.take_if(|flight| flight.lane() == lane)
        };
        CARRIED.try_with(take).ok().flatten()
    }
}
