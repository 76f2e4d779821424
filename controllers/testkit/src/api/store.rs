//! What the API server stores.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde_json::{Value, json};
use tokio::sync::watch;

use super::{
    collector::Garbage,
    kind::{self, Kind, KindId, Kinds, Nature},
    object,
};
use crate::clock::Clock;

/// What objects of one kind are sorted by, as etcd does.
pub(crate) type Key = String;

/// Objects of one kind by namespace and name.
pub(crate) type Table = BTreeMap<Key, Arc<Value>>;

/// Objects of all kinds.
pub(crate) type Tables = BTreeMap<KindId, Table>;

/// Where an object is.
pub(crate) type Place = (KindId, Key);

/// Everything that is stored, and its history.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) kinds: Kinds,
    pub(crate) clock: Clock,
    pub(crate) garbage: Garbage,
    pulse: watch::Sender<Pulse>,
    tables: Tables,
    /// The objects that name an owner, by its UID.
    owned: BTreeMap<String, BTreeSet<Place>>,
    /// Where each object is, by its UID.
    places: BTreeMap<String, Place>,
    frozen: Option<View>,
    log: Vec<Change>,
    compacted: u64,
    revision: u64,
    uids: u64,
    names: u64,
}

/// What running watches react to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pulse {
    pub(crate) revision: u64,
    pub(crate) frozen: bool,
    pub(crate) calm: bool,
    pub(crate) broken: u64,
    pub(crate) ended: u64,
}

/// One write.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) revision: u64,
    pub(crate) kind: KindId,
    pub(crate) key: Key,
    pub(crate) before: Option<Arc<Value>>,
    /// None for the end of the object.
    pub(crate) after: Option<Arc<Value>>,
}

/// The state at one revision.
#[derive(Clone, Debug)]
struct View {
    revision: u64,
    tables: Tables,
}

impl Store {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            kinds: Kinds::builtin(),
            clock,
            garbage: Garbage::default(),
            // As etcd does, so that no object ever has resource version 1.
            pulse: watch::Sender::new(Pulse { revision: 1, ..Pulse::default() }),
            tables: Tables::new(),
            owned: BTreeMap::new(),
            places: BTreeMap::new(),
            frozen: None,
            log: Vec::new(),
            compacted: 0,
            revision: 1,
            uids: 0,
            names: 0,
        }
    }

    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    pub(crate) fn compacted(&self) -> u64 {
        self.compacted
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<Pulse> {
        self.pulse.subscribe()
    }

    /// Forgets how the present came about.
    pub(crate) fn compact(&mut self) {
        self.compacted = self.revision;
    }

    /// Changes something that all running watches react to.
    pub(crate) fn signal(&self, change: impl FnOnce(&mut Pulse)) {
        self.pulse.send_modify(change);
    }

    /// Lets caches grow stale, or become current again.
    pub(crate) fn freeze(&mut self, frozen: bool) {
        self.frozen = frozen.then(|| View { revision: self.revision, tables: self.tables.clone() });
        self.signal(|pulse| pulse.frozen = frozen);
    }

    /// The state that a cached read sees, and its revision.
    pub(crate) fn cached(&self) -> (u64, &Tables) {
        self.frozen.as_ref().map_or((self.revision, &self.tables), |view| (view.revision, &view.tables))
    }

    /// The state that a consistent read sees, and its revision.
    pub(crate) fn current(&self) -> (u64, &Tables) {
        (self.revision, &self.tables)
    }

    /// The objects of a kind as they were at `revision`, which is not compacted.
    pub(crate) fn past(&self, kind: &Kind, revision: u64) -> Table {
        let id = kind.id();
        let mut table = self.tables.get(&id).cloned().unwrap_or_default();
        for change in self.since(revision).iter().rev().filter(|change| change.kind == id) {
            match &change.before {
                Some(before) => drop(table.insert(change.key.clone(), Arc::clone(before))),
                None => drop(table.remove(&change.key)),
            }
        }
        table
    }

    pub(crate) fn get(&self, kind: &Kind, namespace: &str, name: &str) -> Option<&Arc<Value>> {
        self.tables.get(&kind.id())?.get(&key(namespace, name))
    }

    /// The object at a place, and its kind.
    pub(crate) fn at(&self, (kind, key): &Place) -> Option<(Arc<Kind>, Arc<Value>)> {
        let object = self.tables.get(kind)?.get(key)?;
        Some((Arc::clone(self.kinds.by_id(kind)?), Arc::clone(object)))
    }

    /// Where the object with this UID is.
    pub(crate) fn place_of(&self, uid: &str) -> Option<Place> {
        self.places.get(uid).cloned()
    }

    /// The objects that say they are owned by this one.
    pub(crate) fn dependents(&self, uid: &str) -> Vec<Place> {
        self.owned.get(uid).into_iter().flatten().cloned().collect()
    }

    /// The writes after `revision`, oldest first.
    pub(crate) fn since(&self, revision: u64) -> &[Change] {
        let start = self.log.partition_point(|change| change.revision <= revision);
        self.log.get(start..).unwrap_or_default()
    }

    pub(crate) fn next_uid(&mut self) -> String {
        self.uids += 1;
        format!("00000000-0000-4000-8000-{:012x}", self.uids)
    }

    /// A suffix as `generateName` appends it.
    pub(crate) fn next_suffix(&mut self) -> String {
        const ALPHABET: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
        self.names += 1;
        let mut rest = usize::try_from(self.names).unwrap_or_default();
        let mut suffix = String::new();
        for _ in 0..5 {
            suffix.insert(0, char::from(ALPHABET[rest % ALPHABET.len()]));
            rest /= ALPHABET.len();
        }
        suffix
    }

    /// Stores an object, new or changed.
    pub(crate) fn put(&mut self, kind: &Kind, mut object: Value) -> Arc<Value> {
        let key = key(object::namespace(&object), object::name(&object));
        object::set_meta(&mut object, "resourceVersion", json!((self.revision + 1).to_string()));
        let object = Arc::new(object);
        let before = self.tables.entry(kind.id()).or_default().insert(key.clone(), Arc::clone(&object));
        self.commit(kind, key, before, Some(Arc::clone(&object)));
        if kind.is(Nature::Definition)
            && let Ok(defined) = kind::of_definition(&object)
        {
            self.kinds.insert(defined);
            self.garbage.kinds_changed();
        }
        object
    }

    /// Removes an object.
    pub(crate) fn erase(&mut self, kind: &Kind, object: &Value) {
        let key = key(object::namespace(object), object::name(object));
        let before = self.tables.get_mut(&kind.id()).and_then(|table| table.remove(&key));
        self.commit(kind, key, before, None);
        if kind.is(Nature::Definition)
            && let Ok(defined) = kind::of_definition(object)
        {
            self.kinds.remove(&defined.id());
            self.tables.remove(&defined.id());
        }
    }

    fn commit(&mut self, kind: &Kind, key: Key, before: Option<Arc<Value>>, after: Option<Arc<Value>>) {
        self.revision += 1;
        let change = Change { revision: self.revision, kind: kind.id(), key, before, after };
        self.index(&change);
        self.garbage.observe(&change);
        self.log.push(change);
        let revision = self.revision;
        self.signal(|pulse| pulse.revision = revision);
    }

    fn index(&mut self, change: &Change) {
        let place = (change.kind.clone(), change.key.clone());
        let owners = |object: &Option<Arc<Value>>| -> BTreeSet<String> {
            let references = object.as_deref().map(|object| object::meta_list(object, "ownerReferences"));
            let uids = references.into_iter().flatten().filter_map(|reference| reference["uid"].as_str());
            uids.map(str::to_owned).collect()
        };
        let (old, new) = (owners(&change.before), owners(&change.after));
        match (&change.before, &change.after) {
            (Some(before), None) => drop(self.places.remove(object::uid(before))),
            (_, Some(after)) => drop(self.places.insert(object::uid(after).to_owned(), place.clone())),
            (None, None) => {}
        }
        for uid in old.difference(&new) {
            if let Some(places) = self.owned.get_mut(uid) {
                places.remove(&place);
            }
        }
        for uid in new.difference(&old) {
            self.owned.entry(uid.clone()).or_default().insert(place.clone());
        }
    }

    /// Everything in a namespace.
    pub(crate) fn contents(&self, namespace: &str) -> Vec<(Arc<Kind>, Arc<Value>)> {
        let kinds = self.kinds.iter().filter(|kind| kind.namespaced);
        let rows = kinds.flat_map(|kind| self.tables.get(&kind.id()).into_iter().flatten().map(move |row| (kind, row)));
        rows.filter(|(_, (_, object))| object::namespace(object) == namespace)
            .map(|(kind, (_, object))| (Arc::clone(kind), Arc::clone(object)))
            .collect()
    }
}

/// What an object is found by.
pub(crate) fn key(namespace: &str, name: &str) -> Key {
    if namespace.is_empty() { name.to_owned() } else { format!("{namespace}/{name}") }
}
