//! Whether a region answers, and what that means for the calls to it.
//!
//! A region that fails several calls in a row is *down*. Then nothing is sent to it but about one read a second, to see
//! whether it answers again; mutations are never risked for that. When it does, calls come back in growing numbers, so
//! that it is not overrun by all that was held back.

use std::time::Duration;

use tokio::time::Instant;

use super::{Access, Outcome};

/// So many failures in a row, with no answer between them, and the region is down.
const TOO_MANY: u32 = 5;
/// Failures further apart than this have nothing to do with each other. Where little is called, little comes together.
const WINDOW: Duration = Duration::from_mins(5);
/// How often a down region is tried.
const PROBE_EVERY: Duration = Duration::from_secs(1);
/// How often it is tried when it has been down for longer than an outage takes: so is a region that does not exist.
const LATER: (Duration, Duration) = (Duration::from_mins(30), Duration::from_secs(10));
/// How many tries may be without an answer at once.
const PROBES: u32 = 3;
/// Who was turned away is back after this at the latest.
const BACK_WITHIN: Duration = Duration::from_mins(1);
/// Calls a second when the region first answers again.
const FIRST_RATE: f64 = 2.0;
/// How often the rate is doubled before there is no limit any more.
const DOUBLINGS: u32 = 8;
/// For how long each rate is kept at least, and how many answers it takes to go on.
const STEP: (Duration, u32) = (Duration::from_secs(3), 3);
/// So many failures in a row, while calls come back, and the region is down again.
const TOO_MANY_AGAIN: u32 = 2;

/// The state of a region as others see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Health {
    /// It answers.
    Up,
    /// It answers again after it was down, and is gone easy on.
    Returning,
    /// It does not answer.
    Down,
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// It may be sent.
    Go,
    /// It may be sent to see whether the region answers.
    Probe,
    /// It has to wait, at least until then.
    Wait(Instant),
    /// It is not sent.
    Refused,
}

/// Watches one region of one service.
#[derive(Debug, Default)]
pub(super) struct Guard {
    state: State,
    /// When the last one that was turned away is to come back.
    back: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Up { failures: u32, last: Option<Instant> },
    Down { since: Instant, next_probe: Instant, probes: u32 },
    Returning(Step),
}

#[derive(Clone, Copy, Debug)]
struct Step {
    doublings: u32,
    since: Instant,
    answers: u32,
    failures: u32,
    next_at: Instant,
}

impl Default for State {
    fn default() -> Self {
        Self::Up { failures: 0, last: None }
    }
}

impl Step {
    fn new(doublings: u32, now: Instant, next_at: Instant) -> Self {
        Self { doublings, since: now, answers: 0, failures: 0, next_at }
    }

    fn spacing(&self) -> Duration {
        Duration::from_secs_f64(1.0 / (FIRST_RATE * f64::from(1_u32 << self.doublings.min(DOUBLINGS))))
    }
}

impl Guard {
    pub(super) fn health(&self) -> Health {
        match self.state {
            State::Up { .. } => Health::Up,
            State::Returning(_) => Health::Returning,
            State::Down { .. } => Health::Down,
        }
    }

    /// What a call would be told now. Nothing is changed.
    pub(super) fn outlook(&self, now: Instant, access: Access) -> Entry {
        match self.state {
            State::Returning(step) if step.next_at > now => Entry::Wait(step.next_at),
            State::Up { .. } | State::Returning(_) => Entry::Go,
            State::Down { next_probe, probes, .. }
                if access == Access::Read && next_probe <= now && probes < PROBES =>
            {
                Entry::Probe
            }
            State::Down { .. } => Entry::Refused,
        }
    }

    /// Decides about a call that wants to be sent now.
    pub(super) fn enter(&mut self, now: Instant, access: Access) -> Entry {
        let (entry, spacing) = (self.outlook(now, access), self.probe_every(now));
        match (&mut self.state, entry) {
            (State::Down { next_probe, probes, .. }, Entry::Probe) => {
                *next_probe = now + spacing;
                *probes += 1;
            }
            (State::Returning(step), Entry::Go) => step.next_at = now + step.spacing(),
            _ => {}
        }
        entry
    }

    /// What became of a call that was let in.
    pub(super) fn done(&mut self, now: Instant, entry: Entry, outcome: Outcome) {
        if let (State::Down { probes, .. }, Entry::Probe) = (&mut self.state, entry) {
            *probes = probes.saturating_sub(1);
        }
        match outcome {
            Outcome::Answered | Outcome::Throttled => self.answered(now),
            Outcome::Failed => self.failed(now),
            Outcome::Unsent | Outcome::Unknown => {}
        }
    }

    /// When somebody who was turned away is to come back: one at each probe, so that each can be it.
    pub(super) fn come_back(&mut self, now: Instant) -> Instant {
        let spacing = self.probe_every(now);
        let next = self.back.map_or(now, |back| back.max(now)) + spacing;
        let back = if next > now + BACK_WITHIN { now + spacing } else { next };
        self.back = Some(back);
        back
    }

    fn probe_every(&self, now: Instant) -> Duration {
        match self.state {
            State::Down { since, .. } if now.saturating_duration_since(since) > LATER.0 => LATER.1,
            _ => PROBE_EVERY,
        }
    }

    fn answered(&mut self, now: Instant) {
        self.state = match self.state {
            State::Up { .. } => State::default(),
            State::Down { .. } => State::Returning(Step::new(0, now, now)),
            State::Returning(step) => {
                let step = Step { answers: step.answers + 1, failures: 0, ..step };
                let enough = step.answers >= STEP.1 && now.saturating_duration_since(step.since) >= STEP.0;
                match (enough, step.doublings + 1) {
                    (false, _) => State::Returning(step),
                    (true, DOUBLINGS) => State::default(),
                    (true, doublings) => State::Returning(Step::new(doublings, now, step.next_at)),
                }
            }
        };
    }

    /// A call failed, or has been without an answer for so long that it counts as failed.
    pub(super) fn failed(&mut self, now: Instant) {
        let down = State::Down { since: now, next_probe: now + PROBE_EVERY, probes: 0 };
        self.state = match self.state {
            State::Up { failures, last } => {
                let together = last.is_some_and(|last| now.saturating_duration_since(last) <= WINDOW);
                let failures = if together { failures + 1 } else { 1 };
                if failures >= TOO_MANY { down } else { State::Up { failures, last: Some(now) } }
            }
            State::Returning(step) if step.failures + 1 >= TOO_MANY_AGAIN => down,
            State::Returning(step) => State::Returning(Step { failures: step.failures + 1, ..step }),
            State::Down { .. } => self.state,
        };
    }
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
