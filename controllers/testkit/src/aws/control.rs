//! The log, the faults and the crashes of AWS.

use std::{sync::Mutex, time::Duration};

use futures::{FutureExt, future::BoxFuture};

use super::{Aws, AwsCall, tokens::Tokens};
use crate::{
    fault::{Fault, FaultGuard, Matcher},
    sync::lock,
    traffic::Moment,
};

/// The log.
impl Aws {
    /// All HTTP attempts since the start or the last [`clear_calls`](Self::clear_calls), in the order of their answers.
    #[must_use]
    pub fn calls(&self) -> Vec<AwsCall> {
        self.traffic.calls()
    }

    /// Empties the log.
    pub fn clear_calls(&self) {
        self.traffic.clear_calls();
    }

    /// Calls `hook` after every call, when it has taken effect and before its answer is seen.
    pub fn on_call(&self, hook: impl Fn(&AwsCall) + Send + Sync + 'static) {
        self.traffic.on_call(hook);
    }
}

/// Faults.
impl Aws {
    /// Lets matching calls fail, until the matcher's count or [`clear_faults`](Self::clear_faults) ends it.
    pub fn fail(&self, matcher: impl Into<Matcher<AwsCall>>, fault: Fault) {
        self.traffic.fail(matcher.into(), fault);
    }

    /// Lets matching calls fail while the guard lives.
    pub fn fail_while(&self, matcher: impl Into<Matcher<AwsCall>>, fault: Fault) -> FaultGuard {
        self.traffic.fail_while(matcher.into(), fault)
    }

    /// Answers matching calls with 503 `SlowDown`, or what their service says instead, while the guard lives.
    pub fn throttle(&self, matcher: impl Into<Matcher<AwsCall>>) -> FaultGuard {
        self.fail_while(matcher, Fault::Error(503, "SlowDown"))
    }

    /// Answers matching calls with 503 `SlowDown` where there are more of them than so many a second, while the guard
    /// lives. After a quiet time the calls of one second may come at once.
    pub fn limit(&self, test: impl Fn(&AwsCall) -> bool + Send + Sync + 'static, per_second: f64) -> FaultGuard {
        let tokens = Mutex::new(Tokens::full(per_second));
        self.throttle(move |call: &AwsCall| test(call) && !lock(&tokens).take())
    }

    /// Answers matching calls with 403 `AccessDenied`, or what their service says instead, while the guard lives.
    pub fn deny(&self, matcher: impl Into<Matcher<AwsCall>>) -> FaultGuard {
        self.fail_while(matcher, Fault::Error(403, "AccessDenied"))
    }

    /// Breaks every connection to a region while the guard lives.
    pub fn region_down(&self, region: &str) -> FaultGuard {
        let region = region.to_owned();
        self.fail_while(move |call: &AwsCall| call.region == region, Fault::DropBefore)
    }

    /// Lifts all faults.
    pub fn clear_faults(&self) {
        self.traffic.clear_faults();
    }

    /// Lets reads show what was true this long ago; writes are checked against the present.
    pub fn eventual_reads(&self, lag: Duration) {
        lock(&self.world).set_lag(lag);
    }

    /// Kills the process that makes the matching call, right after the call took effect.
    ///
    /// The future resolves then; the process neither sees the answer nor has any effect afterwards. Dropping the future
    /// calls the crash off.
    pub fn crash_after(&self, matcher: impl Into<Matcher<AwsCall>>) -> BoxFuture<'static, AwsCall> {
        self.traffic.crash(Moment::After, matcher.into()).boxed()
    }

    /// Kills the process that is about to make the matching call, so that nothing of it ever arrives.
    ///
    /// The future resolves then. Dropping it calls the crash off.
    pub fn crash_before(&self, matcher: impl Into<Matcher<AwsCall>>) -> BoxFuture<'static, AwsCall> {
        self.traffic.crash(Moment::Before, matcher.into()).boxed()
    }
}
