//! What an engine remembers of its objects while the process lives. None of it is needed for correctness after the next
//! check.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

use super::work::Postponed;
use crate::key::ObjectKey;

/// By object: up to when its checks are accounted for, since when AWS is waited for, and for what.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<HashMap<ObjectKey, Remembered>>);

#[derive(Debug, Default)]
struct Remembered {
    seen: Option<Timestamp>,
    /// What is of interest until the object is settled. Apart, because most objects are.
    waits: Option<Box<Waits>>,
}

#[derive(Debug, Default)]
struct Waits {
    since: Option<Timestamp>,
    progress: Option<Progress>,
    postponed: Vec<Postponed>,
    /// Something was changed in AWS, perhaps.
    acted: bool,
}

/// Which of how many steps AWS is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Progress {
    step: usize,
    of: usize,
}

impl Progress {
    /// What AWS does, in words, with the numbers in front where there is more than one step.
    pub(super) fn tell(progress: Option<Self>, words: &str) -> String {
        match progress {
            Some(Self { step, of }) if of > 1 => format!("{step} of {of}: {words}"),
            _ => words.into(),
        }
    }
}

impl Memory {
    fn all(&self) -> MutexGuard<'_, HashMap<ObjectKey, Remembered>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, key: &ObjectKey, change: impl FnOnce(&mut Waits) -> T) -> T {
        change(self.all().entry(key.clone()).or_default().waits.get_or_insert_default())
    }

    fn look<T>(&self, key: &ObjectKey, look: impl FnOnce(&Waits) -> Option<T>) -> Option<T> {
        self.all().get(key).and_then(|known| known.waits.as_deref()).and_then(look)
    }

    /// Up to when the checks of the object are accounted for, in this process.
    pub(super) fn seen(&self, key: &ObjectKey) -> Option<Timestamp> {
        self.all().get(key).and_then(|known| known.seen)
    }

    /// The object was looked at, and nothing is waited for.
    pub(super) fn settled(&self, key: &ObjectKey, at: Timestamp) {
        self.all().insert(key.clone(), Remembered { seen: Some(at), waits: None });
    }

    /// Something is about to be changed in AWS.
    pub(super) fn act(&self, key: &ObjectKey) {
        self.change(key, |waits| waits.acted = true);
    }

    /// Whether something was changed in AWS, perhaps, since the object was last settled.
    pub(super) fn acted(&self, key: &ObjectKey) -> bool {
        self.look(key, |waits| Some(waits.acted)).unwrap_or_default()
    }

    /// AWS is waited for: since when.
    pub(super) fn waiting(&self, key: &ObjectKey, now: Timestamp) -> Timestamp {
        self.change(key, |waits| *waits.since.get_or_insert(now))
    }

    /// AWS begins with a step, and so many are left after it: the waiting begins anew.
    pub(super) fn begin(&self, key: &ObjectKey, now: Timestamp, left: usize) {
        self.change(key, |waits| {
            let of = waits.progress.map_or(0, |progress| progress.of).max(left + 1);
            waits.progress = Some(Progress { step: of - left, of });
            waits.since = Some(now);
        });
    }

    /// Which of how many steps AWS is at, as far as is known.
    pub(super) fn progress(&self, key: &ObjectKey) -> Option<Progress> {
        self.look(key, |waits| waits.progress)
    }

    /// AWS said when it may take a step.
    pub(super) fn postpone(&self, key: &ObjectKey, postponed: Postponed) {
        self.change(key, |waits| {
            waits.postponed.retain(|other| other.field != postponed.field);
            waits.postponed.push(postponed);
        });
    }

    /// Whether a step of that field makes no sense yet.
    pub(super) fn postponed(&self, key: &ObjectKey, field: &str, now: Timestamp) -> Option<Postponed> {
        let meant = |postponed: &&Postponed| postponed.field == field && postponed.until > now;
        self.look(key, |waits| waits.postponed.iter().find(meant).cloned())
    }

    pub(super) fn forget(&self, key: &ObjectKey) {
        self.all().remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> ObjectKey {
        ObjectKey::new("ns", "a")
    }

    #[test]
    fn steps_are_counted_up_to_the_most_that_were_ever_left() {
        let (memory, now) = (Memory::default(), Timestamp::UNIX_EPOCH);
        let tell = |memory: &Memory| Progress::tell(memory.progress(&key()), "x");
        assert_eq!(tell(&memory), "x");
        memory.begin(&key(), now, 2);
        assert_eq!(tell(&memory), "1 of 3: x");
        memory.begin(&key(), now, 0);
        assert_eq!(tell(&memory), "3 of 3: x");
        memory.settled(&key(), now);
        memory.begin(&key(), now, 0);
        assert_eq!(tell(&memory), "x");
    }

    #[test]
    fn the_waiting_begins_anew_with_each_step() {
        let (memory, at) = (Memory::default(), |second| Timestamp::from_second(second).unwrap());
        assert_eq!(memory.waiting(&key(), at(1)), at(1));
        assert_eq!(memory.waiting(&key(), at(5)), at(1));
        memory.begin(&key(), at(7), 0);
        assert_eq!(memory.waiting(&key(), at(9)), at(7));
    }

    #[test]
    fn a_step_is_postponed_until_its_time() {
        let (memory, at) = (Memory::default(), |second| Timestamp::from_second(second).unwrap());
        memory.postpone(&key(), Postponed { field: "a", until: at(10), why: "quota".into() });
        assert!(memory.postponed(&key(), "a", at(9)).is_some());
        assert!(memory.postponed(&key(), "a", at(10)).is_none() && memory.postponed(&key(), "b", at(9)).is_none());
    }
}
