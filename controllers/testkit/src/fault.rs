//! What may go wrong with a call, and with which.

use std::{fmt, sync::Arc, time::Duration};

/// What happens to a matching call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Answers with this HTTP status, and the error code usual for it, without doing anything.
    Status(u16),
    /// Does what was asked, and then answers with this HTTP status.
    StatusAfterCommit(u16),
    /// Answers with this HTTP status and error code (AWS) or reason (Kubernetes), without doing anything.
    Error(u16, &'static str),
    /// Does what was asked, and then answers with this HTTP status and error code or reason.
    ErrorAfterCommit(u16, &'static str),
    /// The connection breaks before the request arrives.
    DropBefore,
    /// The connection breaks after the request took effect and before the answer arrives.
    DropAfter,
    /// The connection breaks now, and the request takes effect this much later nevertheless.
    Late(Duration),
    /// The request waits this long before anything is done; other faults may apply after that.
    Delay(Duration),
    /// Does what was asked, and answers this much later; whoever gives up in between finds it done.
    SlowAnswer(Duration),
    /// The request is never done and never answered.
    Never,
}

/// Which calls are meant.
///
/// A closure is a matcher of every call for which it returns true; [`nth`](Matcher::nth) and
/// [`first`](Matcher::first) narrow it down by count, starting when the matcher is registered.
pub struct Matcher<C> {
    test: Arc<dyn Fn(&C) -> bool + Send + Sync>,
    skip: u64,
    limit: u64,
    seen: u64,
}

impl<C> Matcher<C> {
    /// Matches every call for which `test` returns true.
    pub fn when(test: impl Fn(&C) -> bool + Send + Sync + 'static) -> Self {
        Self { test: Arc::new(test), skip: 0, limit: u64::MAX, seen: 0 }
    }

    /// Also asks for `test`.
    #[must_use]
    pub fn and(self, test: impl Fn(&C) -> bool + Send + Sync + 'static) -> Self
    where
        C: 'static,
    {
        let inner = Arc::clone(&self.test);
        Self { test: Arc::new(move |call| inner(call) && test(call)), ..self }
    }

    /// Only the `n`-th such call, counted from one.
    #[must_use]
    pub fn nth(self, n: u64) -> Self {
        Self { skip: n.saturating_sub(1), limit: 1, ..self }
    }

    /// Only the first `n` such calls.
    #[must_use]
    pub fn first(self, n: u64) -> Self {
        Self { skip: 0, limit: n, ..self }
    }

    /// Counts `call`, and says whether it is meant.
    pub(crate) fn matches(&mut self, call: &C) -> bool {
        if !(self.test)(call) {
            return false;
        }
        self.seen += 1;
        self.seen > self.skip && self.seen - self.skip <= self.limit
    }
}

impl<C, F> From<F> for Matcher<C>
where
    F: Fn(&C) -> bool + Send + Sync + 'static,
{
    fn from(test: F) -> Self {
        Self::when(test)
    }
}

impl<C> fmt::Debug for Matcher<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Matcher")
            .field("skip", &self.skip)
            .field("limit", &self.limit)
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}

/// Lifts a fault when it is dropped.
#[must_use = "the fault is lifted as soon as the guard is dropped"]
pub struct FaultGuard {
    lift: Option<Box<dyn FnOnce() + Send + Sync>>,
}

impl FaultGuard {
    pub(crate) fn new(lift: impl FnOnce() + Send + Sync + 'static) -> Self {
        Self { lift: Some(Box::new(lift)) }
    }
}

impl Drop for FaultGuard {
    fn drop(&mut self) {
        if let Some(lift) = self.lift.take() {
            lift();
        }
    }
}

impl fmt::Debug for FaultGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultGuard").finish_non_exhaustive()
    }
}
