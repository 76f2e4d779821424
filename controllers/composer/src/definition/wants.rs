//! Which definitions a change of a custom resource definition concerns.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Debug, Default)]
struct Wish {
    groups: BTreeSet<String>,
    /// The custom resource definition that it makes.
    makes: Option<String>,
}

/// What definitions name. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wants(Arc<Mutex<BTreeMap<String, Wish>>>);

impl Wants {
    /// A definition is looked at anew: what it named before does not count.
    pub(crate) fn renew(&self, definition: &str) {
        self.lock().entry(definition.to_owned()).or_default().groups.clear();
    }

    /// A definition, or a revision of it, names kinds of these groups.
    pub(crate) fn add(&self, definition: &str, groups: impl IntoIterator<Item = String>) {
        self.lock().entry(definition.to_owned()).or_default().groups.extend(groups);
    }

    /// A definition makes a custom resource definition.
    pub(crate) fn makes(&self, definition: &str, crd: &str) {
        self.lock().entry(definition.to_owned()).or_default().makes = Some(crd.to_owned());
    }

    /// A definition is gone.
    pub(crate) fn forget(&self, definition: &str) {
        self.lock().remove(definition);
    }

    /// The definitions that name kinds of a group, or make a custom resource definition themselves.
    pub(crate) fn concerned(&self, crd: &str, group: &str, is_input: bool) -> Vec<String> {
        let concerns = |wish: &Wish| is_input && wish.groups.contains(group) || wish.makes.as_deref() == Some(crd);
        self.lock().iter().filter(|(_, wish)| concerns(wish)).map(|(name, _)| name.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Wish>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
