//! The calls of one account, region, service and kind of access: how fast they may go, and who goes next.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use super::{
    Outcome,
    line::Line,
    rate::Rate,
    room::{Keeper, Next},
};

/// How many calls may be under way at once. It only keeps a defect from opening connections without end: the workers
/// have less to ask.
const MOST_UNDER_WAY: usize = 128;
/// Timers are this inexact; a call that comes later than it might have lets the next come that much earlier.
const SLACK: Duration = Duration::from_millis(10);

/// Hands out the right to send one call, at the rate that AWS bears.
#[derive(Debug, Default)]
pub(super) struct Limiter {
    line: Line<()>,
    rate: Rate,
    /// Not before this moment, when there is a limit.
    next_at: Option<Instant>,
    under_way: usize,
}

/// One call that may be sent, or was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    at: Instant,
}

impl Keeper for Limiter {
    type Caller = ();
    type Pass = Slot;
    /// The limit in calls a second.
    type Signal = Option<f64>;

    fn join(&mut self, number: u64, namespace: &Arc<str>, (): ()) {
        self.line.join(number, namespace, ());
    }

    fn leave(&mut self, number: u64, namespace: &Arc<str>) {
        self.line.leave(number, namespace);
    }

    fn next(&mut self, now: Instant) -> Next<Slot> {
        if self.line.is_empty() || self.under_way >= MOST_UNDER_WAY {
            return Next::Nobody;
        }
        if let (Some(rate), Some(at)) = (self.rate.limit(now), self.next_at) {
            if at > now {
                return Next::At(at);
            }
            self.next_at = Some(at.max(now.checked_sub(SLACK).unwrap_or(now)) + spacing(rate));
        }
        let Some((number, ())) = self.line.pop() else { return Next::Nobody };
        self.under_way += 1;
        self.rate.sent(now);
        Next::Pass(number, Slot { at: now })
    }

    fn done(&mut self, now: Instant, slot: &Slot, outcome: Outcome) {
        self.under_way = self.under_way.saturating_sub(1);
        match outcome {
            Outcome::Unsent => self.next_at = self.next_at.map(|at| at.min(now)),
            Outcome::Answered => self.rate.succeeded(now),
            Outcome::Throttled => self.throttled(now, slot.at),
            Outcome::Failed | Outcome::Unknown => {}
        }
    }

    fn signal(&self, now: Instant) -> Option<f64> {
        self.rate.limit(now)
    }
}

impl Limiter {
    fn throttled(&mut self, now: Instant, sent: Instant) {
        self.rate.throttled(now, sent);
        let earliest = self.rate.limit(now).map(|rate| now + spacing(rate));
        self.next_at = self.next_at.max(earliest);
    }
}

fn spacing(rate: f64) -> Duration {
    Duration::try_from_secs_f64(1.0 / rate).unwrap_or(Duration::ZERO)
}

#[cfg(test)]
#[path = "limiter_tests.rs"]
mod tests;
