//! Namespaces that are being deleted, and who holds them.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, PoisonError},
};

use cairn_core::{controls, holders};
use k8s_openapi::api::core::v1::ObjectReference;
use tracing::warn;

use super::{Known, Surroundings};
use crate::key::ObjectKey;

/// Kind and name.
type Holder = (String, String);

/// A Namespace that is being deleted and cannot go.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The Namespace.
    pub namespace: ObjectReference,
    /// Who holds it, for people.
    pub note: String,
}

/// The namespaces that are being deleted, with their UIDs and those that were named on them.
#[derive(Debug, Default)]
pub(super) struct Leaving(HashMap<Arc<str>, (String, BTreeSet<Holder>)>);

impl Leaving {
    /// Notes the UID of a namespace that is being deleted, or that the namespace is not; says whether its deletion
    /// begins.
    pub(super) fn set(&mut self, name: &Arc<str>, uid: Option<String>) -> bool {
        let same = self.0.get(name).map(|(uid, _)| uid) == uid.as_ref();
        match uid {
            _ if same => false,
            Some(uid) => {
                self.0.insert(Arc::clone(name), (uid, BTreeSet::new()));
                true
            }
            None => {
                self.0.remove(name);
                false
            }
        }
    }

    /// The UID of a namespace that is being deleted, unless the object was named on it.
    fn unnamed(&self, namespace: &str, holder: &Holder) -> Option<String> {
        self.0.get(namespace).filter(|(_, named)| !named.contains(holder)).map(|(uid, _)| uid.clone())
    }

    fn name(&mut self, namespace: &str, holders: &BTreeSet<Holder>) {
        if let Some((_, named)) = self.0.get_mut(namespace) {
            named.extend(holders.iter().cloned());
        }
    }
}

impl Surroundings {
    /// What is to be told of the namespace of a protected object: something where the namespace is being deleted and the
    /// object was not named on it yet. Then all protected objects in it are named at once, and none of them again.
    #[must_use]
    pub fn held_by(&self, kind: &str, key: &ObjectKey) -> Option<Held> {
        let holder = (kind.to_owned(), key.name.to_string());
        let (uid, groups) = self.shared.read(|state| {
            let uid = state.leaving.unnamed(&key.namespace, &holder)?;
            Some((uid, state.groups.clone()))
        })?;
        let mut all = self.protected_in(&key.namespace, &groups);
        all.insert(holder);
        self.shared.state.write().unwrap_or_else(PoisonError::into_inner).leaving.name(&key.namespace, &all);
        let namespace = ObjectReference {
            api_version: Some("v1".into()),
            kind: Some("Namespace".into()),
            name: Some(key.namespace.to_string()),
            uid: Some(uid),
            ..ObjectReference::default()
        };
        Some(Held { namespace, note: holders::sentence(&all.into_iter().collect::<Vec<_>>(), &groups) })
    }

    fn protected_in(&self, namespace: &str, groups: &cairn_core::api::Groups) -> BTreeSet<Holder> {
        let Known::Present(around) = self.namespace(namespace) else {
            return BTreeSet::new();
        };
        let feeds = self.shared.feeds.read().unwrap_or_else(PoisonError::into_inner);
        let stores = feeds.iter().map(|feed| &feed.store);
        let keys = stores
            .flat_map(|store| store.keys(|key| *key.namespace == *namespace).into_iter().map(move |key| (store, key)));
        keys.filter_map(|(store, key)| {
            let object = store.get(&key)?.object();
            let object = object.inspect_err(|error| warn!(object = %key, %error, "object cannot be read")).ok()?;
            let annotations = object.metadata.annotations.unwrap_or_default();
            let kind = object.types.map(|types| types.kind).unwrap_or_default();
            controls::is_protected(&annotations, &around.annotations, groups).then(|| (kind, key.name.to_string()))
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(name: &str) -> Holder {
        ("Bucket".into(), name.into())
    }

    #[test]
    fn each_holder_is_named_once_in_each_deletion() {
        let (mut leaving, name) = (Leaving::default(), Arc::from("team-a"));
        assert_eq!(leaving.unnamed("team-a", &holder("a")), None);
        assert!(leaving.set(&name, Some("1".into())));
        assert_eq!(leaving.unnamed("team-a", &holder("a")), Some("1".into()));
        leaving.name("team-a", &BTreeSet::from([holder("a"), holder("b")]));
        assert!(!leaving.set(&name, Some("1".into())));
        assert_eq!(leaving.unnamed("team-a", &holder("b")), None);
        assert_eq!(leaving.unnamed("team-a", &holder("c")), Some("1".into()));
        assert!(!leaving.set(&name, None));
        assert!(leaving.set(&name, Some("2".into())));
        assert_eq!(leaving.unnamed("team-a", &holder("a")), Some("2".into()));
    }
}
