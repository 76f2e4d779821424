//! Which exports a change concerns.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use cairn_runtime::key::ObjectKey;

/// What an export depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Links {
    /// Group and kind of its source, and the source.
    pub(crate) source: Option<(Arc<str>, ObjectKey)>,
    /// The namespace that it writes into, if that is not its own.
    pub(crate) namespace: Option<Arc<str>>,
}

/// The exports by what they depend on. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index(Arc<RwLock<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    links: HashMap<ObjectKey, Links>,
    by_source: HashMap<(Arc<str>, ObjectKey), BTreeSet<ObjectKey>>,
    by_namespace: HashMap<Arc<str>, BTreeSet<ObjectKey>>,
}

impl Index {
    /// Says what `export` depends on from now on.
    pub(crate) fn put(&self, export: &ObjectKey, links: Links) {
        let mut inner = self.0.write().unwrap_or_else(PoisonError::into_inner);
        inner.remove(export);
        if let Some(source) = &links.source {
            inner.by_source.entry(source.clone()).or_default().insert(export.clone());
        }
        if let Some(namespace) = &links.namespace {
            inner.by_namespace.entry(Arc::clone(namespace)).or_default().insert(export.clone());
        }
        inner.links.insert(export.clone(), links);
    }

    /// Says that there is no such export any more.
    pub(crate) fn remove(&self, export: &ObjectKey) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(export);
    }

    /// The exports of the object `source` of this group and kind.
    pub(crate) fn of_source(&self, kind: &Arc<str>, source: &ObjectKey) -> Vec<ObjectKey> {
        let inner = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let exports = inner.by_source.get(&(Arc::clone(kind), source.clone()));
        exports.into_iter().flatten().cloned().collect()
    }

    /// The exports of all objects of this group and kind.
    pub(crate) fn of_kind(&self, kind: &str) -> Vec<ObjectKey> {
        let inner = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let of_kind = |links: &Links| links.source.as_ref().is_some_and(|(of, _)| **of == *kind);
        inner.links.iter().filter(|(_, links)| of_kind(links)).map(|(export, _)| export.clone()).collect()
    }

    /// The exports from other namespaces to this one.
    pub(crate) fn to_namespace(&self, namespace: &str) -> Vec<ObjectKey> {
        let inner = self.0.read().unwrap_or_else(PoisonError::into_inner);
        inner.by_namespace.get(namespace).into_iter().flatten().cloned().collect()
    }
}

impl Inner {
    fn remove(&mut self, export: &ObjectKey) {
        let Some(links) = self.links.remove(export) else { return };
        if let Some(source) = links.source {
            take_out(&mut self.by_source, &source, export);
        }
        if let Some(namespace) = links.namespace {
            take_out(&mut self.by_namespace, &namespace, export);
        }
    }
}

fn take_out<K: std::hash::Hash + Eq>(map: &mut HashMap<K, BTreeSet<ObjectKey>>, key: &K, export: &ObjectKey) {
    if let Some(exports) = map.get_mut(key) {
        exports.remove(export);
        if exports.is_empty() {
            map.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> ObjectKey {
        ObjectKey::new("team", name)
    }

    fn links(kind: &str, source: &str, namespace: Option<&str>) -> Links {
        Links { source: Some((kind.into(), key(source))), namespace: namespace.map(Into::into) }
    }

    #[test]
    fn a_change_concerns_the_exports_that_depend_on_it() {
        let index = Index::default();
        index.put(&key("a"), links("s3/Bucket", "photos", None));
        index.put(&key("b"), links("s3/Bucket", "photos", Some("shared")));
        index.put(&key("c"), links("dynamodb/Table", "photos", Some("shared")));
        assert_eq!(index.of_source(&"s3/Bucket".into(), &key("photos")), [key("a"), key("b")]);
        assert_eq!(index.to_namespace("shared"), [key("b"), key("c")]);
        assert_eq!(index.of_kind("dynamodb/Table"), [key("c")]);
        index.put(&key("b"), links("s3/Bucket", "other", None));
        index.remove(&key("c"));
        assert_eq!(index.of_source(&"s3/Bucket".into(), &key("photos")), [key("a")]);
        assert!(index.to_namespace("shared").is_empty() && index.of_kind("dynamodb/Table").is_empty());
        index.remove(&key("a"));
        index.remove(&key("b"));
        assert!(index.0.read().unwrap().by_source.is_empty() && index.0.read().unwrap().links.is_empty());
    }
}
