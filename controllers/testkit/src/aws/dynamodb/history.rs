//! What DynamoDB is, and was a moment ago.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::model::{Caller, Dynamo, Outcome, Request, scaling::ScalingRequest};

/// DynamoDB now, and as reads see it that lag behind.
#[derive(Debug, Default)]
pub(in super::super) struct History {
    now: Dynamo,
    lag: Duration,
    /// What there was after each write since the lag was set, and before it.
    past: Vec<(Timestamp, Dynamo)>,
}

impl History {
    /// Lets reads show what was true `lag` ago; what everybody has seen stays seen.
    pub(in super::super) fn set_lag(&mut self, lag: Duration, now: Timestamp) {
        self.lag = lag;
        self.past = vec![(now, self.now.clone())];
    }

    pub(in super::super) fn handle(&mut self, caller: &Caller, request: &Request, now: Timestamp) -> Outcome<Value> {
        self.ask(request.is_read(), now, |dynamo, now| dynamo.handle(caller, request, now))
    }

    /// The same for Application Auto Scaling.
    pub(in super::super) fn scale(
        &mut self,
        caller: &Caller,
        request: &ScalingRequest,
        now: Timestamp,
    ) -> Outcome<Value> {
        self.ask(request.is_read(), now, |dynamo, now| dynamo.scale(caller, request, now))
    }

    /// ARN of the key of KMS that is given by id, ARN, alias or alias ARN.
    pub(in super::super) fn key(&mut self, caller: &Caller, key: &str, now: Timestamp) -> Outcome<String> {
        self.ask(true, now, |dynamo, now| dynamo.key(caller, key, now))
    }

    fn ask<T>(&mut self, reads: bool, now: Timestamp, act: impl FnOnce(&mut Dynamo, Timestamp) -> T) -> T {
        if !self.lag.is_zero() && reads {
            let (mut seen, then) = self.seen(now);
            return act(&mut seen, then);
        }
        self.change(now, |dynamo| act(dynamo, now))
    }

    /// Changes what there is.
    pub(super) fn change<T>(&mut self, now: Timestamp, act: impl FnOnce(&mut Dynamo) -> T) -> T {
        let done = act(&mut self.now);
        if !self.lag.is_zero() {
            self.past.push((now, self.now.clone()));
            self.forget(now);
        }
        done
    }

    /// What reads see at `now`, and the time it shows.
    fn seen(&self, now: Timestamp) -> (Dynamo, Timestamp) {
        let then = now.checked_sub(self.lag).unwrap_or(Timestamp::MIN);
        let at = self.past.partition_point(|(at, _)| *at <= then).saturating_sub(1);
        match self.past.get(at) {
            Some((since, dynamo)) => (dynamo.clone(), then.max(*since)),
            None => (self.now.clone(), now),
        }
    }

    /// Drops what no read can see any more.
    fn forget(&mut self, now: Timestamp) {
        let then = now.checked_sub(self.lag).unwrap_or(Timestamp::MIN);
        let seen = self.past.partition_point(|(at, _)| *at <= then).saturating_sub(1);
        self.past.drain(..seen);
    }
}
