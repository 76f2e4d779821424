//! The keys of one priority that may be handed out now: namespaces in turn, first come first served inside each.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use tokio::time::Instant;

use crate::key::ObjectKey;

/// Waiting keys by ticket number. Numbers are handed in, are unique, and grow with time.
#[derive(Debug, Default)]
pub(super) struct Lane {
    waiting: BTreeMap<u64, (ObjectKey, Instant)>,
    namespaces: HashMap<Arc<str>, Namespace>,
    rotation: BTreeMap<u64, Arc<str>>,
    turns: u64,
}

#[derive(Debug)]
struct Namespace {
    turn: u64,
    numbers: BTreeSet<u64>,
}

impl Lane {
    pub(super) fn push(&mut self, number: u64, key: ObjectKey, now: Instant) {
        if let Some(namespace) = self.namespaces.get_mut(&key.namespace) {
            namespace.numbers.insert(number);
        } else {
            self.line_up(Arc::clone(&key.namespace), BTreeSet::from([number]));
        }
        self.waiting.insert(number, (key, now));
    }

    /// The next key of a namespace that may go now, and since when it has been waiting. Who may not keeps its turn.
    pub(super) fn pop(&mut self, may_go: impl Fn(&str) -> bool) -> Option<(ObjectKey, Instant)> {
        let turn = *self.rotation.iter().find(|(_, name)| may_go(name))?.0;
        let name = self.rotation.remove(&turn)?;
        let mut namespace = self.namespaces.remove(&name)?;
        let number = namespace.numbers.pop_first()?;
        if !namespace.numbers.is_empty() {
            self.line_up(name, namespace.numbers);
        }
        self.waiting.remove(&number)
    }

    pub(super) fn remove(&mut self, number: u64) {
        let Some((key, _)) = self.waiting.remove(&number) else { return };
        let Some(namespace) = self.namespaces.get_mut(&key.namespace) else { return };
        namespace.numbers.remove(&number);
        if namespace.numbers.is_empty() {
            self.rotation.remove(&namespace.turn);
            self.namespaces.remove(&key.namespace);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// When the key that waits longest came in.
    pub(super) fn oldest(&self) -> Option<Instant> {
        self.waiting.first_key_value().map(|(_, (_, since))| *since)
    }

    fn line_up(&mut self, name: Arc<str>, numbers: BTreeSet<u64>) {
        let turn = self.turns;
        self.turns += 1;
        self.rotation.insert(turn, Arc::clone(&name));
        self.namespaces.insert(name, Namespace { turn, numbers });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(keys: &[(&str, &str)]) -> Lane {
        let mut lane = Lane::default();
        for (number, (namespace, name)) in (0..).zip(keys) {
            lane.push(number, ObjectKey::new(namespace, name), Instant::now());
        }
        lane
    }

    fn drain(lane: &mut Lane) -> Vec<String> {
        std::iter::from_fn(|| lane.pop(|_| true)).map(|(key, _)| key.to_string()).collect()
    }

    #[test]
    fn namespaces_take_turns() {
        let mut lane = lane(&[("a", "1"), ("a", "2"), ("a", "3"), ("b", "1"), ("c", "1"), ("b", "2")]);
        assert_eq!(drain(&mut lane), ["a/1", "b/1", "c/1", "a/2", "b/2", "a/3"]);
    }

    #[test]
    fn a_namespace_that_may_not_go_keeps_its_turn() {
        let mut lane = lane(&[("a", "1"), ("b", "1"), ("a", "2"), ("b", "2")]);
        let next = |lane: &mut Lane, but: &str| lane.pop(|name| name != but).map(|(key, _)| key.to_string());
        assert_eq!(next(&mut lane, "a").as_deref(), Some("b/1"));
        assert_eq!(next(&mut lane, "b").as_deref(), Some("a/1"));
        assert_eq!(next(&mut lane, "").as_deref(), Some("b/2"));
        assert_eq!(next(&mut lane, "a"), None);
        assert_eq!(next(&mut lane, "").as_deref(), Some("a/2"));
    }

    #[test]
    fn a_removed_key_gives_up_its_place_and_no_more() {
        let mut lane = lane(&[("a", "1"), ("b", "1"), ("a", "2"), ("c", "1")]);
        lane.remove(1);
        lane.remove(1);
        assert_eq!(lane.len(), 3);
        assert_eq!(drain(&mut lane), ["a/1", "c/1", "a/2"]);
        assert_eq!(lane.len(), 0);
        assert!(lane.oldest().is_none());
        assert!(lane.namespaces.is_empty() && lane.rotation.is_empty());
    }
}
