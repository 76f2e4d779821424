//! The objects of a bucket with their versions.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;

/// The id of the one version that is not kept beside others.
const NULL: &str = "null";

/// All objects. Copies share what they have in common.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Objects {
    /// The versions of each, the oldest first.
    by_key: BTreeMap<Arc<str>, Arc<[Version]>>,
    /// How many versions were ever made.
    made: u64,
}

/// A version of an object, or a delete marker.
#[derive(Clone, Debug)]
pub(in super::super) struct Version {
    pub(in super::super) id: Arc<str>,
    pub(in super::super) marker: bool,
    pub(in super::super) size: u64,
    /// Until when nobody may delete it.
    pub(in super::super) kept: Option<Kept>,
}

/// How a version is kept.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Kept {
    pub(in super::super) until: Timestamp,
    /// Whoever says so may delete it all the same.
    pub(in super::super) governed: bool,
}

/// A version as a list shows it.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Listed<'o> {
    pub(in super::super) key: &'o str,
    pub(in super::super) version: &'o Version,
    pub(in super::super) latest: bool,
}

impl Objects {
    pub(in super::super) fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// The keys of everything that has a version or a marker.
    pub(in super::super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.by_key.keys().map(|key| &**key)
    }

    /// What a reader finds under each key.
    pub(in super::super) fn current(&self) -> impl Iterator<Item = (&str, &Version)> {
        let last = self.by_key.iter().filter_map(|(key, versions)| Some((&**key, versions.last()?)));
        last.filter(|(_, version)| !version.marker)
    }

    /// All versions by key, the newest first.
    pub(in super::super) fn listed(&self) -> impl Iterator<Item = Listed<'_>> {
        self.by_key.iter().flat_map(|(key, versions)| {
            let newest = versions.iter().rev().enumerate();
            newest.map(move |(age, version)| Listed { key, version, latest: age == 0 })
        })
    }

    pub(in super::super) fn find(&self, key: &str, id: &str) -> Option<&Version> {
        self.by_key.get(key)?.iter().find(|version| *version.id == *id)
    }

    /// Writes an object: beside its versions where they are kept, otherwise over the one that is not.
    pub(in super::super) fn put(&mut self, key: &str, size: u64, versioned: bool, kept: Option<Kept>) {
        self.add(key, versioned, |id| Version { id, marker: false, size, kept });
    }

    /// Deletes an object without saying which version: where versions are kept, a marker says that it is gone.
    pub(in super::super) fn hide(&mut self, key: &str, versioned: bool) {
        if versioned || self.by_key.get(key).is_some_and(|versions| versions.iter().any(|version| *version.id != *NULL))
        {
            self.add(key, versioned, |id| Version { id, marker: true, size: 0, kept: None });
        } else {
            self.by_key.remove(key);
        }
    }

    /// Deletes one version, with what it holds.
    pub(in super::super) fn remove(&mut self, key: &str, id: &str) {
        self.change(key, |versions| versions.retain(|version| *version.id != *id));
    }

    fn add(&mut self, key: &str, versioned: bool, make: impl FnOnce(Arc<str>) -> Version) {
        self.made += 1;
        let id: Arc<str> = if versioned { format!("v{:08}", self.made).into() } else { NULL.into() };
        self.change(key, |versions| {
            versions.retain(|version| version.id != id);
            versions.push(make(id));
        });
    }

    fn change(&mut self, key: &str, change: impl FnOnce(&mut Vec<Version>)) {
        let mut versions = self.by_key.get(key).map(|versions| versions.to_vec()).unwrap_or_default();
        change(&mut versions);
        if versions.is_empty() {
            self.by_key.remove(key);
        } else {
            self.by_key.insert(key.into(), versions.into());
        }
    }
}

impl Version {
    /// Whether a lock keeps it from being deleted now by whoever asks, who may be allowed to overrule what is governed.
    pub(in super::super) fn is_locked(&self, now: Timestamp, overrules: bool) -> bool {
        self.kept.is_some_and(|kept| now < kept.until && !(kept.governed && overrules))
    }
}
