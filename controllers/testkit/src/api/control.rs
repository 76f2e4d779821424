//! The log, the faults and the crashes of the API server.

use futures::{FutureExt, future::BoxFuture};

use super::{ApiCall, ApiServer};
use crate::{
    fault::{Fault, FaultGuard, Matcher},
    sync::lock,
    traffic::Moment,
};

/// The log.
impl ApiServer {
    /// All calls since the start or the last [`clear_calls`](Self::clear_calls), in the order of their answers.
    #[must_use]
    pub fn calls(&self) -> Vec<ApiCall> {
        self.traffic.calls()
    }

    /// Empties the log.
    pub fn clear_calls(&self) {
        self.traffic.clear_calls();
    }

    /// Calls `hook` after every call, when it has taken effect and before its answer is seen.
    pub fn on_call(&self, hook: impl Fn(&ApiCall) + Send + Sync + 'static) {
        self.traffic.on_call(hook);
    }
}

/// Faults.
impl ApiServer {
    /// Lets matching calls fail, until the matcher's count or [`clear_faults`](Self::clear_faults) ends it.
    pub fn fail(&self, matcher: impl Into<Matcher<ApiCall>>, fault: Fault) {
        self.traffic.fail(matcher.into(), fault);
    }

    /// Lets matching calls fail while the guard lives.
    pub fn fail_while(&self, matcher: impl Into<Matcher<ApiCall>>, fault: Fault) -> FaultGuard {
        self.traffic.fail_while(matcher.into(), fault)
    }

    /// Lifts all faults.
    pub fn clear_faults(&self) {
        self.traffic.clear_faults();
    }

    /// Kills the process that makes the matching call, right after the call took effect.
    ///
    /// The future resolves then; the process neither sees the answer nor has any effect afterwards, so that whoever
    /// waits for the future may take its time to drop the controller. Dropping the future calls the crash off.
    pub fn crash_after(&self, matcher: impl Into<Matcher<ApiCall>>) -> BoxFuture<'static, ApiCall> {
        self.traffic.crash(Moment::After, matcher.into()).boxed()
    }

    /// Kills the process that is about to make the matching call, so that nothing of it ever arrives.
    ///
    /// The future resolves then. Dropping it calls the crash off.
    pub fn crash_before(&self, matcher: impl Into<Matcher<ApiCall>>) -> BoxFuture<'static, ApiCall> {
        self.traffic.crash(Moment::Before, matcher.into()).boxed()
    }

    /// Makes all resource versions before the present too old to watch from, and all open lists expire.
    ///
    /// Watches that run are not affected; break them as well if they shall notice.
    pub fn compact(&self) {
        lock(&self.store).compact();
    }

    /// Resets the connection of every running watch.
    pub fn break_watches(&self) {
        lock(&self.store).signal(|pulse| pulse.broken += 1);
    }

    /// Ends every running watch in good order.
    pub fn end_watches(&self) {
        lock(&self.store).signal(|pulse| pulse.ended += 1);
    }

    /// Stops the delivery of events; reads that accept the cache (`resourceVersion=0`) see this instant from now on.
    pub fn freeze_watches(&self) {
        lock(&self.store).freeze(true);
    }

    /// Delivers again, and what was held back first.
    pub fn thaw_watches(&self) {
        lock(&self.store).freeze(false);
    }

    /// Lets watches last and say nothing but what happens: no bookmarks, and no end by time.
    ///
    /// That is for tests in which days pass and nothing is to happen: what it takes to keep the watches of a day alive
    /// is most of what such a test costs. What became overdue meanwhile comes when it is switched off.
    pub fn calm_watches(&self, calm: bool) {
        lock(&self.store).signal(|pulse| pulse.calm = calm);
    }
}
