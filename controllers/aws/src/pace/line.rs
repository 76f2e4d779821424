//! Callers in line: namespaces take turns, and inside one the first to come is the first to go.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
};

/// A line. Numbers are handed in, are unique, and grow with time.
#[derive(Debug)]
pub(super) struct Line<T> {
    namespaces: HashMap<Arc<str>, BTreeMap<u64, T>>,
    /// Every namespace in which somebody waits, the next to be served first.
    rotation: VecDeque<Arc<str>>,
}

impl<T> Default for Line<T> {
    fn default() -> Self {
        Self { namespaces: HashMap::new(), rotation: VecDeque::new() }
    }
}

impl<T> Line<T> {
    pub(super) fn is_empty(&self) -> bool {
        self.rotation.is_empty()
    }

    pub(super) fn join(&mut self, number: u64, namespace: &Arc<str>, caller: T) {
        let callers = self.namespaces.entry(Arc::clone(namespace)).or_default();
        if callers.is_empty() {
            self.rotation.push_back(Arc::clone(namespace));
        }
        callers.insert(number, caller);
    }

    pub(super) fn leave(&mut self, number: u64, namespace: &Arc<str>) {
        let Some(callers) = self.namespaces.get_mut(namespace) else { return };
        callers.remove(&number);
        if callers.is_empty() {
            self.namespaces.remove(namespace);
            self.rotation.retain(|other| other != namespace);
        }
    }

    /// Who is next.
    pub(super) fn first(&self) -> Option<&T> {
        self.namespaces.get(self.rotation.front()?)?.first_key_value().map(|(_, caller)| caller)
    }

    /// Takes the next out of the line.
    pub(super) fn pop(&mut self) -> Option<(u64, T)> {
        let namespace = self.rotation.pop_front()?;
        let callers = self.namespaces.get_mut(&namespace)?;
        let first = callers.pop_first();
        if callers.is_empty() {
            self.namespaces.remove(&namespace);
        } else {
            self.rotation.push_back(namespace);
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn line(namespaces: &[&str]) -> Line<()> {
        let mut line = Line::default();
        for (number, namespace) in (0..).zip(namespaces) {
            line.join(number, &Arc::from(*namespace), ());
        }
        line
    }

    fn order(mut line: Line<()>) -> Vec<u64> {
        std::iter::from_fn(|| line.pop()).map(|(number, ())| number).collect()
    }

    #[test]
    fn namespaces_take_turns_and_inside_one_the_first_goes_first() {
        assert_eq!(order(line(&["a", "a", "a", "b", "c", "b"])), [0, 3, 4, 1, 5, 2]);
    }

    #[test]
    fn who_leaves_holds_nobody_up() {
        let mut line = line(&["a", "b", "a"]);
        line.leave(1, &Arc::from("b"));
        line.leave(1, &Arc::from("b"));
        line.leave(0, &Arc::from("a"));
        assert_eq!(line.first(), Some(&()));
        assert_eq!(order(line), [2]);
    }

    proptest! {
        /// However many wait in other namespaces, the first of a namespace that joins now waits for one of each.
        #[test]
        fn a_namespace_waits_for_one_of_each_other(sizes in vec(1..60_u64, 1..6), served in 0..20_usize) {
            let mut line = Line::default();
            let mut number = 0;
            for (namespace, size) in sizes.iter().enumerate() {
                for _ in 0..*size {
                    line.join(number, &Arc::from(namespace.to_string()), namespace);
                    number += 1;
                }
            }
            for _ in 0..served {
                line.pop();
            }
            line.join(number, &Arc::from("mine"), usize::MAX);
            let before: Vec<_> =
                std::iter::from_fn(|| line.pop()).map(|(_, namespace)| namespace).take_while(|n| *n != usize::MAX).collect();
            let mut different = before.clone();
            different.dedup();
            different.sort_unstable();
            different.dedup();
            prop_assert_eq!(before.len(), different.len(), "{:?}", before);
        }

        #[test]
        fn nobody_is_lost_or_served_twice(steps in vec((0..4_u8, 0..3_usize), 0..200)) {
            let names: Vec<Arc<str>> = ["a", "b", "c"].map(Arc::from).to_vec();
            let (mut line, mut waiting) = (Line::default(), std::collections::BTreeMap::new());
            for (number, (step, namespace)) in (0..).zip(steps) {
                match step {
                    0 | 1 => {
                        line.join(number, &names[namespace], number);
                        waiting.insert(number, namespace);
                    }
                    2 => {
                        if let Some((number, namespace)) = waiting.pop_last() {
                            line.leave(number, &names[namespace]);
                        }
                    }
                    _ => {
                        let served = line.pop();
                        prop_assert_eq!(served.is_some(), !waiting.is_empty());
                        if let Some((number, _)) = served {
                            prop_assert!(waiting.remove(&number).is_some());
                        }
                    }
                }
                prop_assert_eq!(line.is_empty(), waiting.is_empty());
            }
            prop_assert_eq!(order_of(line), waiting.len());
        }
    }

    fn order_of(mut line: Line<u64>) -> usize {
        std::iter::from_fn(|| line.pop()).count()
    }
}
