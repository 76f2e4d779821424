//! The right to act: held by one process at a time, and known by each to end at a moment of its own clock.
//!
//! The claim is a Lease. Its holder may act until the moment it sent its last successful renewal plus the duration of
//! the lease; a candidate takes over only after it has itself seen the lease unchanged for that duration. Both
//! measure on their own monotonic clocks, so that no difference between wall clocks lets two act at once.

mod decision;
mod keeper;

use std::time::Duration;

use jiff::Timestamp;
use tokio::{sync::watch, time::Instant};

pub use keeper::{ClaimKeeper, LeaseName, Timing};

/// Says that the claim is not held for as long as was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the claim is not held for the next {needed:?}")]
pub struct NotHeld {
    /// For how long it would have to be held.
    pub needed: Duration,
}

/// Tells whether this process may act. Clones tell the same.
#[derive(Clone, Debug)]
pub struct Claim(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Lease(watch::Receiver<Option<Holding>>),
    Unfenced { since: Option<Timestamp> },
    All(Vec<Claim>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Holding {
    until: Instant,
    since: Option<Timestamp>,
}

impl Holding {
    fn covers(self, duration: Duration) -> bool {
        self.until.saturating_duration_since(Instant::now()) > duration
    }
}

impl Claim {
    /// A claim that is always held, for a process that is alone by other means. `since` as in [`Claim::since`].
    #[must_use]
    pub fn unfenced(since: Option<Timestamp>) -> Self {
        Self(Kind::Unfenced { since })
    }

    /// A claim that is held while `self` and all of `others` are. `since` is that of `self`.
    #[must_use]
    pub fn with(self, others: impl IntoIterator<Item = Self>) -> Self {
        let all: Vec<_> = [self].into_iter().chain(others).collect();
        Self(Kind::All(all))
    }

    /// Whether a mutation that takes up to `duration` may start now.
    ///
    /// # Errors
    /// [`NotHeld`] when the claim is not held, or may end before the mutation does.
    pub fn permits(&self, duration: Duration) -> Result<(), NotHeld> {
        let held = match &self.0 {
            Kind::Unfenced { .. } => true,
            Kind::Lease(holding) => holding.borrow().is_some_and(|holding| holding.covers(duration)),
            Kind::All(claims) => claims.iter().all(|claim| claim.permits(duration).is_ok()),
        };
        if held { Ok(()) } else { Err(NotHeld { needed: duration }) }
    }

    /// Whether the claim is held at this moment.
    #[must_use]
    pub fn held(&self) -> bool {
        self.permits(Duration::ZERO).is_ok()
    }

    /// Waits until the claim is held. Returns at once when it is already.
    pub async fn acquired(&self) {
        let holding = match &self.0 {
            Kind::Unfenced { .. } => return,
            Kind::Lease(holding) => holding,
            Kind::All(claims) => return all_acquired(claims).await,
        };
        let mut holding = holding.clone();
        let held = |holding: &Option<Holding>| holding.is_some_and(|holding| holding.covers(Duration::ZERO));
        if holding.wait_for(held).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// When the last holder before this one was last alive; `None` when there was none, or the claim is not held.
    #[must_use]
    pub fn since(&self) -> Option<Timestamp> {
        match &self.0 {
            Kind::Unfenced { since } => *since,
            Kind::Lease(holding) => holding.borrow().filter(|holding| holding.covers(Duration::ZERO))?.since,
            Kind::All(claims) => claims.first().filter(|_| self.held())?.since(),
        }
    }
}

/// One may be lost again while the next is waited for.
async fn all_acquired(claims: &[Claim]) {
    while !claims.iter().all(Claim::held) {
        for claim in claims {
            // Boxed, because a claim of claims waits by itself.
            Box::pin(claim.acquired()).await;
        }
    }
}

#[cfg(test)]
impl Claim {
    /// A claim that the test gives and takes.
    pub(crate) fn manual() -> (Manual, Self) {
        let (holding, told) = watch::channel(None);
        (Manual(holding), Self(Kind::Lease(told)))
    }
}

#[cfg(test)]
#[derive(Debug)]
pub(crate) struct Manual(watch::Sender<Option<Holding>>);

#[cfg(test)]
impl Manual {
    pub(crate) fn hold(&self, duration: Duration) {
        self.0.send_replace(Some(Holding { until: Instant::now() + duration, since: None }));
    }
}

#[cfg(test)]
mod tests;
