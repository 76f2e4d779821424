//! Which object concerns which instance.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use cairn_graph::run::Reference;
use cairn_runtime::key::ObjectKey;
use serde_json::Value as Json;

use super::{Waker, WatchId};

type Member = (WatchId, ObjectKey);

/// Instances by the id of their sets, and what belongs to them.
#[derive(Debug, Default)]
pub(super) struct Index {
    wakers: HashMap<String, Waker>,
    members: HashMap<String, BTreeSet<Member>>,
    sets: BTreeMap<Member, String>,
    /// The objects of others that an instance reads by name, or by their labels.
    readings: HashMap<String, Vec<(WatchId, Reference)>>,
}

impl Index {
    pub(super) fn own(&mut self, set: &str, waker: Waker) {
        self.wakers.entry(set.to_owned()).or_insert(waker);
    }

    pub(super) fn disown(&mut self, set: &str) {
        self.wakers.remove(set);
        self.readings.remove(set);
    }

    /// The objects of a set.
    pub(super) fn members(&self, set: &str) -> impl Iterator<Item = &Member> {
        self.members.get(set).into_iter().flatten()
    }

    /// Notes that an object is part of a set, or of none; gives the instances that this concerns.
    pub(super) fn put(&mut self, id: &WatchId, key: &ObjectKey, set: Option<String>) -> Vec<Waker> {
        let member = (id.clone(), key.clone());
        let mut concerned: Vec<Waker> = set.iter().filter_map(|set| self.wakers.get(set).cloned()).collect();
        let before = match &set {
            Some(set) => self.sets.insert(member.clone(), set.clone()),
            None => self.sets.remove(&member),
        };
        if let Some(before) = before.filter(|before| set.as_ref() != Some(before)) {
            let left = self.members.get_mut(&before).is_some_and(|members| {
                members.remove(&member);
                members.is_empty()
            });
            if left {
                self.members.remove(&before);
            }
            concerned.extend(self.wakers.get(&before).cloned());
        }
        if let Some(set) = set {
            self.members.entry(set).or_default().insert(member);
        }
        concerned
    }

    /// The instances that read an object of others which changed; `same_labels` where who selects it has not.
    pub(super) fn readers(
        &self,
        id: &WatchId,
        key: &ObjectKey,
        object: Option<&Json>,
        same_labels: bool,
    ) -> Vec<Waker> {
        let concerns = |(of, reference): &(WatchId, Reference)| {
            of == id
                && match reference {
                    Reference::Named(name) => {
                        *key.name == *name.name && *key.namespace == *name.namespace.as_deref().unwrap_or_default()
                    }
                    Reference::Selected { namespace, .. } => {
                        let near = namespace.as_deref().is_none_or(|namespace| *key.namespace == *namespace);
                        near && (!same_labels || object.is_some_and(|object| reference.selects(object)))
                    }
                }
        };
        let readers = self.readings.iter().filter(|(_, references)| references.iter().any(concerns));
        readers.filter_map(|(set, _)| self.wakers.get(set).cloned()).collect()
    }

    /// Replaces what an instance reads.
    pub(super) fn reading(&mut self, set: &str, references: Vec<(WatchId, Reference)>) {
        if references.is_empty() {
            self.readings.remove(set);
        } else {
            self.readings.insert(set.to_owned(), references);
        }
    }

    /// Forgets all objects of a watch.
    pub(super) fn forget(&mut self, id: &WatchId) {
        let gone: Vec<Member> = self.sets.keys().filter(|(of, _)| of == id).cloned().collect();
        for (id, key) in gone {
            drop(self.put(&id, &key, None));
        }
    }
}
