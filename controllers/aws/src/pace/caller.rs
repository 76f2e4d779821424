//! On whose behalf calls are made.
//!
//! The SDK stands between the code that knows and the code that has to know, and carries nothing of ours along. What
//! happens inside [`Caller::run`] is that caller's, on the same task; what is spawned from there is nobody's.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// How long calls of one caller wait for their turn, all together. It leaves room for the calls themselves within the
/// time that a reconcile has.
const PATIENCE: Duration = Duration::from_mins(1);

tokio::task_local! {
    static CURRENT: Caller;
}

/// One piece of work, such as a reconcile, with all the calls that it makes. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Caller(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    namespace: Arc<str>,
    until: Instant,
    back: Mutex<Option<Instant>>,
}

impl Caller {
    /// Work for an object in that namespace, which begins now.
    #[must_use]
    pub fn new(namespace: &str) -> Self {
        let until = Instant::now() + PATIENCE;
        Self(Arc::new(Inner { namespace: namespace.into(), until, back: Mutex::default() }))
    }

    /// Does the work: its calls take turns with those of other namespaces.
    pub async fn run<F: Future>(&self, work: F) -> F::Output {
        CURRENT.scope(self.clone(), work).await
    }

    /// After how long the work is worth another try, when a region that is down was in its way.
    #[must_use]
    pub fn come_back(&self) -> Option<Duration> {
        let back = *self.0.back.lock().unwrap_or_else(PoisonError::into_inner);
        back.map(|back| back.saturating_duration_since(Instant::now()))
    }

    /// The caller of this task; one of no namespace when there is none.
    pub(super) fn current() -> Self {
        CURRENT.try_with(Self::clone).unwrap_or_else(|_| Self::new(""))
    }

    pub(super) fn namespace(&self) -> &Arc<str> {
        &self.0.namespace
    }

    /// Up to when its calls wait for their turn.
    pub(super) fn until(&self) -> Instant {
        self.0.until
    }

    /// Sets when to come back, unless that is decided already.
    pub(super) fn call_back(&self, decide: impl FnOnce() -> Option<Instant>) {
        let mut back = self.0.back.lock().unwrap_or_else(PoisonError::into_inner);
        if back.is_none() {
            *back = decide();
        }
    }
}
