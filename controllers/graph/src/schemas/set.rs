//! Kinds by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Gvk, Kind, Schemas};

/// A set of kinds. Of two with one name the later counts.
#[derive(Debug, Clone, Default)]
pub struct SchemaSet {
    kinds: BTreeMap<Gvk, Arc<Kind>>,
}

impl SchemaSet {
    /// No kinds.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a kind.
    pub fn insert(&mut self, kind: Arc<Kind>) {
        self.kinds.insert(kind.gvk.clone(), kind);
    }

    /// Every kind, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Kind>> {
        self.kinds.values()
    }
}

impl Extend<Kind> for SchemaSet {
    fn extend<I: IntoIterator<Item = Kind>>(&mut self, kinds: I) {
        kinds.into_iter().for_each(|kind| self.insert(Arc::new(kind)));
    }
}

impl FromIterator<Kind> for SchemaSet {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        let mut set = Self::new();
        set.extend(kinds);
        set
    }
}

impl Schemas for SchemaSet {
    fn kind(&self, gvk: &Gvk) -> Option<Arc<Kind>> {
        self.kinds.get(gvk).cloned()
    }

    fn elsewhere(&self, kind: &str) -> Vec<Gvk> {
        self.kinds.keys().filter(|gvk| gvk.kind == kind).cloned().collect()
    }
}
