//! The objects of one instance that are there.

use std::collections::BTreeMap;
use std::sync::Arc;

use cairn_graph::{plan::Existing, run::ObjectName, run::Seen, schemas::Gvk};

use crate::watches::Child;

type Name = (String, String, Option<String>, String);

/// Objects by what they are known by; the version that they were read in does not count.
#[derive(Debug, Default)]
pub(crate) struct Children(BTreeMap<Name, Child>);

fn key(name: &ObjectName) -> Name {
    (name.kind.group.clone(), name.kind.kind.clone(), name.namespace.clone(), name.name.clone())
}

impl FromIterator<Child> for Children {
    fn from_iter<I: IntoIterator<Item = Child>>(children: I) -> Self {
        Self(children.into_iter().map(|child| (key(&child.name), child)).collect())
    }
}

impl Children {
    /// The object of a name.
    pub(crate) fn get(&self, name: &ObjectName) -> Option<&Child> {
        self.0.get(&key(name))
    }

    /// Every object.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Child> {
        self.0.values()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As the planning of removals takes them.
    pub(crate) fn existing(&self) -> Vec<Existing> {
        self.iter().map(Child::existing).collect()
    }

    /// What is observed of a resource of a kind.
    pub(crate) fn of_kind(&self, kind: &Gvk) -> Seen {
        let same = |child: &&Child| child.name.kind.group == kind.group && child.name.kind.kind == kind.kind;
        Seen::Objects(self.iter().filter(same).map(|child| Arc::clone(&child.object)).collect())
    }
}
