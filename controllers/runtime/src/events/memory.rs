//! Which Events were written lately, so that a repetition is counted and not written anew.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use tokio::time::Instant;

/// How many are remembered; beyond that those that were quiet longest are forgotten.
const REMEMBERED: usize = 1_024;

/// A repetition after a longer pause is news.
const PAUSE: Duration = Duration::from_mins(10);

/// How often the count of one Event is written.
const COUNT_EVERY: Duration = Duration::from_mins(5);

/// What to do about something that happened.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Write an Event.
    Create,
    /// Write the count into the Event of that name.
    Count {
        /// Name of the Event.
        name: String,
        /// How often it has happened.
        count: i32,
    },
    /// It is counted here and needs no write yet.
    Skip,
}

/// Events by identity, and their identities by age.
#[derive(Debug, Default)]
pub(super) struct Memory {
    seen: HashMap<u64, Seen>,
    by_age: BTreeMap<u64, u64>,
    tick: u64,
}

#[derive(Debug)]
struct Seen {
    name: String,
    count: i32,
    last: Instant,
    written: Instant,
    tick: u64,
}

impl Memory {
    /// Something happened at `now`. Counts it.
    pub(super) fn occurred(&mut self, identity: u64, now: Instant) -> Step {
        let tick = self.next_tick();
        let Some(seen) = self.seen.get_mut(&identity) else { return Step::Create };
        if now.saturating_duration_since(seen.last) > PAUSE {
            self.forget(identity);
            return Step::Create;
        }
        self.by_age.remove(&seen.tick);
        self.by_age.insert(tick, identity);
        (seen.tick, seen.last, seen.count) = (tick, now, seen.count.saturating_add(1));
        if now.saturating_duration_since(seen.written) < COUNT_EVERY {
            return Step::Skip;
        }
        seen.written = now;
        Step::Count { name: seen.name.clone(), count: seen.count }
    }

    /// An Event of that name was written at `now`.
    pub(super) fn created(&mut self, identity: u64, name: &str, now: Instant) {
        self.forget(identity);
        if self.seen.len() >= REMEMBERED
            && let Some((_, oldest)) = self.by_age.pop_first()
        {
            self.seen.remove(&oldest);
        }
        let tick = self.next_tick();
        self.by_age.insert(tick, identity);
        self.seen.insert(identity, Seen { name: name.to_owned(), count: 1, last: now, written: now, tick });
    }

    fn forget(&mut self, identity: u64) {
        if let Some(seen) = self.seen.remove(&identity) {
            self.by_age.remove(&seen.tick);
        }
    }

    fn next_tick(&mut self) -> u64 {
        self.tick += 1;
        self.tick
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[test]
    fn repetitions_are_counted_and_the_count_is_written_now_and_then() {
        let (mut memory, start) = (Memory::default(), Instant::now());
        assert_eq!(memory.occurred(7, start), Step::Create);
        memory.created(7, "a.1", start);
        let mut written = Vec::new();
        for minute in 1..=11 {
            match memory.occurred(7, start + MINUTE * minute) {
                Step::Count { name, count } => written.push((minute, name, count)),
                step => assert_eq!(step, Step::Skip),
            }
        }
        assert_eq!(written, [(5, "a.1".to_owned(), 6), (10, "a.1".to_owned(), 11)]);
    }

    #[test]
    fn after_a_pause_it_is_news_again() {
        let (mut memory, start) = (Memory::default(), Instant::now());
        memory.created(7, "a.1", start);
        assert_eq!(memory.occurred(7, start + PAUSE + MINUTE), Step::Create);
        assert!(memory.seen.is_empty() && memory.by_age.is_empty());
    }

    #[test]
    fn the_quietest_are_forgotten() {
        let (mut memory, now) = (Memory::default(), Instant::now());
        for identity in 0..REMEMBERED as u64 {
            memory.created(identity, "a", now);
        }
        memory.occurred(0, now);
        memory.created(u64::MAX, "b", now);
        assert_eq!((memory.seen.len(), memory.by_age.len()), (REMEMBERED, REMEMBERED));
        assert_eq!(memory.occurred(1, now), Step::Create);
        assert_eq!(memory.occurred(0, now), Step::Skip);
    }
}
