//! Creates of *listed* kinds, which follow each other where AWS could not tell apart what they make.
//!
//! Of two creates at one place whose answers are both lost nobody could tell which made what. So the second is not sent,
//! nor is the list read that comes before it, as long as the first may still take effect.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use cairn_core::listed::Place;
use jiff::{SignedDuration, Timestamp};

use crate::key::ObjectKey;

/// How long what an object made is remembered here. By then its record has said so for long.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(10);

/// A place in one account and region.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Site {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) place: Place,
}

/// One object's create.
#[derive(Debug)]
struct Birth {
    by: ObjectKey,
    /// Until when it may still take effect; of one that is answered, until when it is remembered.
    until: Timestamp,
    /// What it made.
    made: Option<String>,
}

#[derive(Debug, Default)]
struct State {
    births: HashMap<Site, Vec<Birth>>,
    /// Since when this process has acted when it last learned what those before it had begun.
    learned: Option<Timestamp>,
}

/// The creates of a kind that may still take effect, and what those made that were answered a short while ago.
#[derive(Debug, Default)]
pub(super) struct Births(Mutex<State>);

impl Births {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the place for a create of `by`, which may take effect until then.
    ///
    /// # Errors
    /// The object that has it, and until when.
    pub(super) fn begin(
        &self,
        site: &Site,
        by: &ObjectKey,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), (ObjectKey, Timestamp)> {
        let mut state = self.state();
        state.births.retain(|_, births| {
            births.retain(|birth| birth.until > now);
            !births.is_empty()
        });
        let births = state.births.entry(site.clone()).or_default();
        births.retain(|birth| birth.made.is_some() || birth.by != *by);
        if let Some(other) = births.iter().find(|birth| birth.made.is_none()) {
            return Err((other.by.clone(), other.until));
        }
        births.push(Birth { by: by.clone(), until, made: None });
        Ok(())
    }

    /// The create of `by`, which has the place, may take effect until then.
    pub(super) fn hold(&self, site: &Site, by: &ObjectKey, until: Timestamp) {
        let mut state = self.state();
        let births = state.births.get_mut(site).into_iter().flatten();
        births.filter(|birth| birth.by == *by && birth.made.is_none()).for_each(|birth| birth.until = until);
    }

    /// The create of `by` is answered, or cannot take effect any more: it made this.
    pub(super) fn end(&self, site: &Site, by: &ObjectKey, made: Option<&str>, now: Timestamp) {
        let mut state = self.state();
        let Some(births) = state.births.get_mut(site) else { return };
        births.retain(|birth| birth.by != *by || birth.made.is_some());
        if let Some(id) = made {
            let until = now.saturating_add(REMEMBERED).unwrap_or(now);
            births.push(Birth { by: by.clone(), until, made: Some(id.into()) });
        } else if births.is_empty() {
            state.births.remove(site);
        }
    }

    /// Whether another object than `by` made that.
    pub(super) fn is_taken(&self, site: &Site, id: &str, by: &ObjectKey) -> bool {
        let state = self.state();
        let births = state.births.get(site).into_iter().flatten();
        births.into_iter().any(|birth| birth.made.as_deref() == Some(id) && birth.by != *by)
    }

    /// Learns once what processes before this one, which has acted since then, may have begun.
    pub(super) fn learn(&self, since: Timestamp, begun: impl FnOnce() -> Vec<(Site, ObjectKey, Timestamp)>) {
        let mut state = self.state();
        if state.learned == Some(since) {
            return;
        }
        state.learned = Some(since);
        for (site, by, until) in begun() {
            let births = state.births.entry(site).or_default();
            if births.iter().all(|birth| birth.by != by) {
                births.push(Birth { by, until, made: None });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn site(region: &str) -> Site {
        let place = Place { parent: "orders".into(), name: "nightly".into() };
        Site { account: "1".into(), region: region.into(), place }
    }

    fn key(name: &str) -> ObjectKey {
        ObjectKey::new("ns", name)
    }

    #[test]
    fn one_create_follows_the_other_as_long_as_that_may_take_effect() {
        let (births, here) = (Births::default(), site("here"));
        let begin = |site: &Site, name: &str, now: i64| births.begin(site, &key(name), at(now + 60), at(now));
        assert_eq!(begin(&here, "a", 0), Ok(()));
        assert_eq!(begin(&here, "b", 1), Err((key("a"), at(60))));
        assert_eq!(begin(&site("there"), "b", 1), Ok(()));
        assert_eq!(begin(&here, "a", 2), Ok(()), "its own does not stand in its way");
        assert_eq!(begin(&here, "b", 62), Ok(()));
        births.hold(&here, &key("b"), at(130));
        assert_eq!(begin(&here, "c", 123), Err((key("b"), at(130))));
        births.end(&here, &key("b"), None, at(124));
        assert_eq!(begin(&here, "c", 124), Ok(()));
    }

    #[test]
    fn what_was_made_stands_in_nobodys_way_and_is_another_objects_for_a_while() {
        let (births, here) = (Births::default(), site("here"));
        births.begin(&here, &key("a"), at(60), at(0)).unwrap();
        births.end(&here, &key("a"), Some("1"), at(1));
        births.begin(&here, &key("b"), at(62), at(2)).unwrap();
        assert!(births.is_taken(&here, "1", &key("b")) && !births.is_taken(&here, "1", &key("a")));
        assert!(!births.is_taken(&here, "2", &key("b")));
        births.begin(&here, &key("b"), at(2_000), at(1_000)).unwrap();
        assert!(!births.is_taken(&here, "1", &key("b")), "the record has said so for long");
    }

    #[test]
    fn what_was_begun_before_is_learned_once_for_each_time_that_the_process_acts() {
        let (births, here) = (Births::default(), site("here"));
        let begun = || vec![(site("here"), key("a"), at(60))];
        births.learn(at(0), begun);
        assert_eq!(births.begin(&here, &key("b"), at(61), at(1)), Err((key("a"), at(60))));
        births.end(&here, &key("a"), None, at(2));
        births.learn(at(0), begun);
        assert_eq!(births.begin(&here, &key("b"), at(63), at(3)), Ok(()));
        births.learn(at(4), || vec![(site("here"), key("c"), at(64))]);
        assert_eq!(births.begin(&here, &key("b"), at(66), at(6)), Err((key("c"), at(64))));
    }
}
