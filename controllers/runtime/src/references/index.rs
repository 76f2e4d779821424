//! Which object refers to what.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use cairn_core::reference::{SecretKey, Target, Use};

use crate::key::ObjectKey;

/// An object of a kind of ours that refers to others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Referrer {
    /// Its AWS service and its kind.
    pub(super) kind: KindName,
    /// The object.
    pub(super) key: ObjectKey,
}

/// AWS service and kind.
pub(super) type KindName = (&'static str, &'static str);

/// The objects by what they refer to.
#[derive(Debug, Default)]
pub(super) struct Index(RwLock<Inner>);

#[derive(Debug, Default)]
struct Inner {
    uses: HashMap<Referrer, Vec<Use>>,
    by_use: BTreeMap<Use, BTreeSet<Referrer>>,
    /// Those that reach into another namespace, by that.
    abroad: BTreeMap<String, BTreeSet<Referrer>>,
}

impl Index {
    /// Says what an object refers to from now on. Tells whether anything changed.
    pub(super) fn put(&self, referrer: &Referrer, uses: Vec<Use>) -> bool {
        let mut inner = self.write();
        if inner.uses.get(referrer).map_or(&[][..], Vec::as_slice) == uses {
            return false;
        }
        inner.remove(referrer);
        for used in &uses {
            inner.by_use.entry(used.clone()).or_default().insert(referrer.clone());
            if *used.namespace() != *referrer.key.namespace {
                inner.abroad.entry(used.namespace().to_owned()).or_default().insert(referrer.clone());
            }
        }
        if !uses.is_empty() {
            inner.uses.insert(referrer.clone(), uses);
        }
        true
    }

    /// What an object refers to.
    pub(super) fn uses(&self, referrer: &Referrer) -> Vec<Use> {
        self.read().uses.get(referrer).cloned().unwrap_or_default()
    }

    /// Those that refer to this very object.
    pub(super) fn of_object(&self, target: Target) -> Vec<Referrer> {
        self.read().by_use.get(&Use::Object(target)).into_iter().flatten().cloned().collect()
    }

    /// Those that refer to any object of the kind.
    pub(super) fn of_kind(&self, kind: KindName) -> BTreeSet<Referrer> {
        let first = Target { service: kind.0, kind: kind.1, namespace: String::new(), name: String::new() };
        let inner = self.read();
        let of_kind = |used: &Use| matches!(used, Use::Object(target) if (target.service, target.kind) == kind);
        let found = inner.by_use.range(Use::Object(first)..).take_while(|(used, _)| of_kind(used));
        found.flat_map(|(_, referrers)| referrers).cloned().collect()
    }

    /// Those that refer to any key of this Secret, or of any Secret.
    pub(super) fn of_secrets(&self, only: Option<&ObjectKey>) -> BTreeSet<Referrer> {
        let (namespace, name) = only.map_or(("", ""), |only| (&*only.namespace, &*only.name));
        let first = SecretKey { namespace: namespace.into(), name: name.into(), key: String::new() };
        let meant = |used: &Use| match used {
            Use::Object(_) => false,
            Use::Secret(secret) => only.is_none() || (secret.namespace == namespace && secret.name == name),
        };
        let inner = self.read();
        let found = inner.by_use.range(Use::Secret(first)..).take_while(|(used, _)| meant(used));
        found.flat_map(|(_, referrers)| referrers).cloned().collect()
    }

    /// Those in other namespaces that reach into this one, or into any.
    pub(super) fn reaching(&self, only: Option<&str>) -> BTreeSet<Referrer> {
        let inner = self.read();
        let meant = inner.abroad.iter().filter(|(namespace, _)| only.is_none_or(|only| *only == **namespace));
        meant.flat_map(|(_, referrers)| referrers).cloned().collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, Inner> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Inner> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn remove(&mut self, referrer: &Referrer) {
        for used in self.uses.remove(referrer).unwrap_or_default() {
            take_out(&mut self.by_use, &used, referrer);
            take_out(&mut self.abroad, used.namespace(), referrer);
        }
    }
}

fn take_out<K, Q>(map: &mut BTreeMap<K, BTreeSet<Referrer>>, key: &Q, referrer: &Referrer)
where
    K: std::borrow::Borrow<Q> + Ord,
    Q: Ord + ?Sized,
{
    if let Some(referrers) = map.get_mut(key) {
        referrers.remove(referrer);
        if referrers.is_empty() {
            map.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: KindName = ("test", "Host");

    fn referrer(name: &str) -> Referrer {
        Referrer { kind: HOST, key: ObjectKey::new("team", name) }
    }

    fn net(namespace: &str, name: &str) -> Target {
        Target { service: "test", kind: "Net", namespace: namespace.into(), name: name.into() }
    }

    fn secret(name: &str, key: &str) -> Use {
        Use::Secret(SecretKey { namespace: "team".into(), name: name.into(), key: key.into() })
    }

    fn names(referrers: impl IntoIterator<Item = Referrer>) -> Vec<String> {
        referrers.into_iter().map(|referrer| referrer.key.name.to_string()).collect()
    }

    #[test]
    fn a_change_concerns_those_that_refer_to_it() {
        let index = Index::default();
        assert!(index.put(&referrer("a"), vec![Use::Object(net("team", "main")), secret("login", "k")]));
        assert!(index.put(&referrer("b"), vec![Use::Object(net("shared", "main"))]));
        let key = Target { service: "kms", kind: "Key", ..net("team", "main") };
        assert!(index.put(&referrer("c"), vec![Use::Object(key), secret("other", "k")]));
        assert_eq!(names(index.of_object(net("team", "main"))), ["a"]);
        assert_eq!(names(index.of_kind(("test", "Net"))), ["a", "b"]);
        assert_eq!(names(index.of_kind(("kms", "Key"))), ["c"]);
        assert!(index.of_kind(("a", "A")).is_empty() && index.of_kind(("z", "Z")).is_empty());
        assert_eq!(names(index.of_secrets(Some(&ObjectKey::new("team", "login")))), ["a"]);
        assert_eq!(names(index.of_secrets(None)), ["a", "c"]);
        assert_eq!(
            (names(index.reaching(Some("shared"))), names(index.reaching(None))),
            (vec!["b".into()], vec!["b".into()])
        );
    }

    #[test]
    fn what_is_no_longer_referred_to_is_forgotten() {
        let index = Index::default();
        let uses = vec![Use::Object(net("shared", "main")), Use::Object(net("shared", "other")), secret("login", "k")];
        assert!(index.put(&referrer("a"), uses.clone()) && !index.put(&referrer("a"), uses));
        assert_eq!(index.uses(&referrer("a")).len(), 3);
        assert!(index.put(&referrer("a"), Vec::new()) && !index.put(&referrer("a"), Vec::new()));
        let inner = index.0.read().unwrap();
        assert!(inner.uses.is_empty() && inner.by_use.is_empty() && inner.abroad.is_empty());
    }
}
