//! The queue as a value: every method takes the time, none waits.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use tokio::time::Instant;

use super::{Backoff, Priority, lane::Lane, seats::Seats};
use crate::key::ObjectKey;

/// How a hand-out ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Done; `next` is the next time to look, if any.
    Settled { next: Option<Instant> },
    /// To be tried again after so long, or as the backoff says.
    Retry { after: Option<Duration> },
}

/// Keys with something pending or in flight; no other key costs anything.
#[derive(Debug)]
pub(super) struct State {
    backoff: Backoff,
    entries: HashMap<ObjectKey, Entry>,
    lanes: [Lane; 3],
    delayed: BTreeMap<(Instant, u64), ObjectKey>,
    numbers: u64,
    seats: Seats,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    phase: Phase,
    failures: u32,
}

#[derive(Clone, Copy, Debug)]
enum Phase {
    Ready { number: u64, priority: Priority },
    Delayed { number: u64, delay: Delay },
    Running { cause: Priority, since: Instant, again: Option<Priority>, later: Option<Delay> },
}

#[derive(Clone, Copy, Debug)]
struct Delay {
    at: Instant,
    priority: Priority,
    /// A deliberate wait after a failure, which a resync does not cut short.
    hold: bool,
}

impl Delay {
    /// Both wishes in one: the earlier moment, except that a mere resync does not end a hold.
    fn merge(self, other: Self) -> Self {
        let (first, second) = if other.at < self.at { (other, self) } else { (self, other) };
        let priority = first.priority.max(second.priority);
        if second.hold && !first.hold && first.priority == Priority::Resync {
            return Self { priority, ..second };
        }
        Self { priority, ..first }
    }
}

/// What waits in one priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneSnapshot {
    /// The priority.
    pub priority: Priority,
    /// How many keys could be handed out now.
    pub depth: usize,
    /// For how long the first of them has been waiting; zero when there is none.
    pub oldest: Duration,
}

/// What a queue holds at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Keys that could be handed out now, the most urgent priority first.
    pub lanes: [LaneSnapshot; 3],
    /// Keys whose time has not come.
    pub delayed: usize,
    /// Keys that are handed out.
    pub in_flight: usize,
}

impl State {
    pub(super) fn new(backoff: Backoff) -> Self {
        Self {
            backoff,
            entries: HashMap::new(),
            lanes: Default::default(),
            delayed: BTreeMap::new(),
            numbers: 0,
            seats: Seats::default(),
        }
    }

    /// Queues `key` for now. Raises the priority of one that waits already, never lowers it.
    pub(super) fn add(&mut self, now: Instant, key: ObjectKey, priority: Priority) {
        let Some(mut entry) = self.entries.get(&key).copied() else {
            return self.make_ready(now, key, priority, 0);
        };
        if priority == Priority::Edit {
            entry.failures = 0;
        }
        match entry.phase {
            Phase::Ready { number, priority: old } if priority > old => {
                self.lane(old).remove(number);
                self.make_ready(now, key, priority, entry.failures);
            }
            Phase::Ready { .. } => {}
            Phase::Delayed { delay, .. } if delay.hold && priority == Priority::Resync => {}
            Phase::Delayed { number, delay } => {
                self.delayed.remove(&(delay.at, number));
                self.make_ready(now, key, priority.max(delay.priority), entry.failures);
            }
            Phase::Running { cause, since, again, later } => {
                let phase = Phase::Running { cause, since, again: again.max(Some(priority)), later };
                self.entries.insert(key, Entry { phase, failures: entry.failures });
            }
        }
    }

    /// Queues `key` for the moment `at`; of several such wishes the earliest counts.
    pub(super) fn add_at(&mut self, key: ObjectKey, at: Instant, priority: Priority) {
        let wish = Delay { at, priority, hold: false };
        let Some(entry) = self.entries.get(&key).copied() else {
            return self.make_delayed(key, wish, 0);
        };
        match entry.phase {
            Phase::Ready { .. } => {}
            Phase::Delayed { number, delay } => {
                self.delayed.remove(&(delay.at, number));
                self.make_delayed(key, delay.merge(wish), entry.failures);
            }
            Phase::Running { cause, since, again, later } => {
                let later = Some(later.map_or(wish, |later| later.merge(wish)));
                self.entries.insert(key, Entry { phase: Phase::Running { cause, since, again, later }, ..entry });
            }
        }
    }

    /// Hands out the most urgent key that may go now, when as many as `seats` may be out at once.
    pub(super) fn pop(&mut self, now: Instant, seats: usize) -> Option<(ObjectKey, Priority)> {
        self.promote(now);
        let ((key, since), cause) =
            Priority::ALL.into_iter().find_map(|priority| Some((self.next_of(priority, seats)?, priority)))?;
        let entry = self.entries.get_mut(&key)?;
        entry.phase = Phase::Running { cause, since, again: None, later: None };
        self.seats.take(cause, &key.namespace);
        Some((key, cause))
    }

    fn next_of(&mut self, priority: Priority, total: usize) -> Option<(ObjectKey, Instant)> {
        let Self { lanes, seats, .. } = self;
        if !seats.are_left(total, priority) {
            return None;
        }
        lane(lanes, priority).pop(|namespace| seats.may_take(total, priority, namespace))
    }

    /// Since when a key that is handed out had been waiting for it.
    pub(super) fn since(&self, key: &ObjectKey) -> Option<Instant> {
        match self.entries.get(key)?.phase {
            Phase::Running { since, .. } => Some(since),
            Phase::Ready { .. } | Phase::Delayed { .. } => None,
        }
    }

    /// Takes back a key that [`State::pop`] handed out.
    pub(super) fn done(&mut self, now: Instant, key: ObjectKey, outcome: Outcome) {
        let Some(Entry { phase: Phase::Running { cause, again, later, .. }, failures }) =
            self.entries.get(&key).copied()
        else {
            return;
        };
        self.seats.leave(cause, &key.namespace);
        self.entries.remove(&key);
        match outcome {
            Outcome::Settled { next } => {
                let next = next.map(|at| Delay { at, priority: Priority::Resync, hold: false });
                self.settle(now, key, again, merge(next, later));
            }
            Outcome::Retry { after } => {
                let failures = failures.saturating_add(u32::from(after.is_none()));
                let wait = after.unwrap_or_else(|| self.backoff.delay(&key, failures));
                let hold = Delay { at: now + wait, priority: cause.of_retry(), hold: true };
                self.retry(now, key, failures, (again, later.map_or(hold, |later| hold.merge(later))));
            }
        }
    }

    /// The moment at which the first delayed key becomes due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.delayed.first_key_value().map(|((at, _), _)| *at)
    }

    pub(super) fn snapshot(&mut self, now: Instant) -> Snapshot {
        self.promote(now);
        Snapshot {
            lanes: Priority::ALL.map(|priority| self.lane(priority).snapshot(priority, now)),
            delayed: self.delayed.len(),
            in_flight: self.seats.taken(),
        }
    }

    fn settle(&mut self, now: Instant, key: ObjectKey, again: Option<Priority>, next: Option<Delay>) {
        match (again, next) {
            (Some(priority), _) => self.make_ready(now, key, priority, 0),
            (None, Some(delay)) => self.make_delayed(key, delay, 0),
            (None, None) => {}
        }
    }

    /// An edit that came during the attempt starts afresh; a dependency is tried at once, but the failures still
    /// count, so that one that keeps changing does not turn a failing object into a hot one.
    fn retry(&mut self, now: Instant, key: ObjectKey, failures: u32, wish: (Option<Priority>, Delay)) {
        match wish {
            (Some(Priority::Edit), _) => self.make_ready(now, key, Priority::Edit, 0),
            (Some(Priority::Dependency), _) => self.make_ready(now, key, Priority::Dependency, failures),
            (_, delay) => self.make_delayed(key, delay, failures),
        }
    }

    fn promote(&mut self, now: Instant) {
        while let Some(first) = self.delayed.first_entry() {
            if first.key().0 > now {
                return;
            }
            let key = first.remove();
            let Some(Entry { phase: Phase::Delayed { delay, .. }, failures }) = self.entries.get(&key).copied() else {
                continue;
            };
            self.make_ready(now, key, delay.priority, failures);
        }
    }

    fn make_ready(&mut self, now: Instant, key: ObjectKey, priority: Priority, failures: u32) {
        let number = self.next_number();
        self.lane(priority).push(number, key.clone(), now);
        self.entries.insert(key, Entry { phase: Phase::Ready { number, priority }, failures });
    }

    fn make_delayed(&mut self, key: ObjectKey, delay: Delay, failures: u32) {
        let number = self.next_number();
        self.delayed.insert((delay.at, number), key.clone());
        self.entries.insert(key, Entry { phase: Phase::Delayed { number, delay }, failures });
    }

    fn next_number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    fn lane(&mut self, priority: Priority) -> &mut Lane {
        lane(&mut self.lanes, priority)
    }
}

fn lane(lanes: &mut [Lane; 3], priority: Priority) -> &mut Lane {
    let [edit, dependency, resync] = lanes;
    match priority {
        Priority::Edit => edit,
        Priority::Dependency => dependency,
        Priority::Resync => resync,
    }
}

impl Lane {
    fn snapshot(&self, priority: Priority, now: Instant) -> LaneSnapshot {
        let oldest = self.oldest().map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
        LaneSnapshot { priority, depth: self.len(), oldest }
    }
}

fn merge(one: Option<Delay>, other: Option<Delay>) -> Option<Delay> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.merge(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
