//! How many calls a second AWS bears, learned from its answers.
//!
//! There is no limit until AWS throttles. Then the rate is halved, and comes back on a cubic curve: fast at first, slow
//! near what was too much, and after some time without a throttle faster and faster beyond it. So it stays close below
//! what AWS bears, asks for more now and then, and follows when that changes. The curve is that of CUBIC (RFC 9438),
//! which the adaptive retry mode of AWS's SDKs takes too; it is drawn in relative terms here, so that it fits ten calls
//! a minute as well as a thousand a second.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

/// No limit goes below this, in calls a second.
pub(super) const FLOOR: f64 = 0.5;
/// What is taken for too much when the first throttle comes at a quiet moment.
const FIRST: f64 = 10.0;
/// A limit that has grown to this is none.
const CEILING: f64 = 1_000.0;
/// What a throttle leaves of the rate.
const CUT: f64 = 0.5;
/// The share of the throttled rate that is come back to: a little less than what was too much.
const EASE: f64 = 0.9;
/// In how many seconds of successful calls the rate comes back.
const RETURN: f64 = 20.0;
/// How much is asked for beyond, as a share of the old rate, after twice that time.
const GROWTH: f64 = 0.1;
/// After so long without a throttle the limit is forgotten.
const FORGET: Duration = Duration::from_mins(15);
/// Over how long the present pace is measured.
const WINDOW: Duration = Duration::from_secs(1);
/// More calls than this in the window are not told apart.
const MOST: usize = 1_000;

/// The rate of one limiter.
#[derive(Debug, Default)]
pub(super) struct Rate {
    limit: Option<Limit>,
    sent: VecDeque<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Limit {
    /// The rate right after the throttle.
    low: f64,
    /// The rate that is come back to.
    high: f64,
    /// When the throttle came.
    since: Instant,
    /// For how many seconds calls have succeeded since then, idle time not counted.
    grown: f64,
    /// Up to when `grown` counts.
    counted: Instant,
}

impl Limit {
    fn cut(from: f64, now: Instant) -> Self {
        let low = (from * CUT).max(FLOOR);
        Self { low, high: (from * EASE).max(low), since: now, grown: 0.0, counted: now }
    }

    fn rate(&self) -> f64 {
        let way = self.grown / RETURN - 1.0;
        let share = way.powi(3);
        if way < 0.0 { self.high + (self.high - self.low) * share } else { self.high * (1.0 + GROWTH * share) }
    }

    /// A success counts for no more time than two calls at this rate take, so that idle time proves nothing.
    fn succeeded(&mut self, now: Instant) {
        let gap = now.saturating_duration_since(self.counted).as_secs_f64();
        self.grown += gap.min(2.0 / self.rate());
        self.counted = now;
    }
}

impl Rate {
    /// The limit in calls a second; none as long as AWS takes everything.
    pub(super) fn limit(&self, now: Instant) -> Option<f64> {
        let limit = self.limit.filter(|limit| now.saturating_duration_since(limit.since) < FORGET)?;
        Some(limit.rate()).filter(|rate| *rate < CEILING)
    }

    /// A call is sent.
    pub(super) fn sent(&mut self, now: Instant) {
        self.forget(now);
        if self.sent.len() < MOST {
            self.sent.push_back(now);
        }
    }

    /// AWS took a call.
    pub(super) fn succeeded(&mut self, now: Instant) {
        match (self.limit(now), &mut self.limit) {
            (Some(_), Some(limit)) => limit.succeeded(now),
            _ => self.limit = None,
        }
    }

    /// AWS throttled a call that was sent at `sent`. One sent before the last cut says nothing of the rate after it.
    pub(super) fn throttled(&mut self, now: Instant, sent: Instant) {
        if self.limit.is_some_and(|limit| sent < limit.since) {
            return;
        }
        let from = match self.limit(now) {
            Some(limit) => limit.min(self.pace(now).max(FLOOR)),
            None => self.pace(now).max(FIRST),
        };
        self.limit = Some(Limit::cut(from, now));
    }

    /// Calls sent in the last second.
    fn pace(&mut self, now: Instant) -> f64 {
        self.forget(now);
        u32::try_from(self.sent.len()).map_or(CEILING, f64::from)
    }

    fn forget(&mut self, now: Instant) {
        while self.sent.front().is_some_and(|sent| now.saturating_duration_since(*sent) >= WINDOW) {
            self.sent.pop_front();
        }
    }
}

#[cfg(test)]
#[path = "rate_tests.rs"]
mod tests;
