//! What is known of the objects of one kind: compact, and never older than our own last write.
//!
//! An object is kept as the compressed bytes of its JSON, without what no reconcile reads (managedFields but for what an
//! adoption wrote and, where that is asked for, who else writes; the last-applied annotation of kubectl), and is parsed
//! where it is needed. Resource versions are compared as integers, which Kubernetes documents since 1.35 (KEP-5504); one
//! that is no integer replaces whatever is there.

pub(crate) mod filled;
pub(crate) mod others;
mod packed;
mod stored;

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use cairn_core::condition::Reason;
use kube::core::DynamicObject;

pub use stored::{StoreError, Stored};

use self::packed::Packer;
use crate::key::ObjectKey;

/// How many deleted objects are remembered, against answers that arrive after the deletion was seen.
const GRAVES: usize = 512;

/// What an event from the API server meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing new.
    None,
    /// Something changed that is no input of a reconcile of the object itself, such as its status. Of interest to
    /// those that refer to the object.
    Content,
    /// An input changed: generation, deletion, finalizers, annotations, labels, or what others write where we do; or
    /// anything at all in a kind without generations. Its own writes of finalizers and status that came in by [`Store::accept`] are no such change.
    Trigger,
    /// The object is gone.
    Gone,
}

/// The objects of one kind. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Store {
    inner: Arc<RwLock<Inner>>,
    packer: Packer,
    /// Our finalizer, where it is kept who else writes to it and to the status.
    shared: Option<Arc<str>>,
}

#[derive(Debug, Default)]
struct Inner {
    objects: HashMap<ObjectKey, Entry>,
    /// Their namespaces, each once in memory.
    namespaces: HashSet<Arc<str>>,
    /// UIDs, and the versions as of which they were gone. What has a later one has come back: it left a selection.
    graves: VecDeque<(Box<str>, u64)>,
    epoch: u64,
}

#[derive(Debug)]
struct Entry {
    stored: Arc<Stored>,
    /// The inputs as of the last [`Change::Trigger`], which our own writes may move silently.
    announced_inputs: u64,
    /// The resource version as of the last change of any kind that was told.
    announced_version: u64,
    epoch: u64,
}

/// A list of the objects that is being read. Given back to [`Store::end_list`] it removes what the list did not name.
#[derive(Debug)]
pub struct Listing {
    namespace: Option<Box<str>>,
    epoch: u64,
}

impl Store {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same store, which keeps who else writes to the status of an object or to that finalizer, and tells of each
    /// such write as [`Change::Trigger`]: for kinds that another controller may manage, too.
    #[must_use]
    pub fn beside_others(self, finalizer: &str) -> Self {
        Self { shared: Some(finalizer.into()), ..self }
    }

    /// The object of that name, if it exists.
    #[must_use]
    pub fn get(&self, key: &ObjectKey) -> Option<Arc<Stored>> {
        self.read().objects.get(key).map(|entry| Arc::clone(&entry.stored))
    }

    /// The same key as the store itself holds it, so that its text is in memory once however many hold it.
    #[must_use]
    pub fn key(&self, key: ObjectKey) -> ObjectKey {
        self.read().objects.get_key_value(&key).map_or(key, |(known, _)| known.clone())
    }

    /// All objects, in no order.
    #[must_use]
    pub fn all(&self) -> Vec<(ObjectKey, Arc<Stored>)> {
        self.read().objects.iter().map(|(key, entry)| (key.clone(), Arc::clone(&entry.stored))).collect()
    }

    /// The names of the objects that are wanted, in no order.
    #[must_use]
    pub fn keys(&self, wanted: impl Fn(&ObjectKey) -> bool) -> Vec<ObjectKey> {
        self.read().objects.keys().filter(|key| wanted(key)).cloned().collect()
    }

    /// How many objects there are by the reason that their condition `Ready` gives; `None` for one that is not ours.
    #[must_use]
    pub fn standings(&self) -> HashMap<Option<Reason>, usize> {
        let mut standings = HashMap::new();
        for entry in self.read().objects.values() {
            *standings.entry(entry.stored.reason()).or_default() += 1;
        }
        standings
    }

    /// How many objects there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.read().objects.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes in an object from a list or a watch. One that is older than what is known changes nothing.
    ///
    /// # Errors
    /// When the object cannot be written as JSON; what was known stays.
    pub fn apply(&self, object: DynamicObject) -> Result<Change, StoreError> {
        let (key, stored) = self.ingest(object)?;
        Ok(self.write().apply(key, stored))
    }

    /// Takes in the answer to a write of our own, so that no later reconcile acts on something older. What somebody
    /// else changed in the meantime is told when its watch event comes, although that brings nothing new any more.
    ///
    /// # Errors
    /// When the object cannot be written as JSON; what was known stays.
    pub fn accept(&self, object: DynamicObject) -> Result<(), StoreError> {
        let (key, stored) = self.ingest(object)?;
        self.write().accept(key, stored);
        Ok(())
    }

    /// Takes in that an object was deleted. Ignored when another object has taken its name since.
    ///
    /// # Errors
    /// When the object cannot be written as JSON; what was known stays.
    pub fn remove(&self, object: DynamicObject) -> Result<Change, StoreError> {
        let (key, stored) = self.ingest(object)?;
        Ok(self.write().remove(&key, &stored))
    }

    /// Says that a list of everything (or of everything in one namespace) is about to be read.
    #[must_use]
    pub fn begin_list(&self, namespace: Option<&str>) -> Listing {
        let mut inner = self.write();
        inner.epoch += 1;
        Listing { namespace: namespace.map(Into::into), epoch: inner.epoch }
    }

    /// Says that the list is complete: removes what was known before it began and has not been seen or written since.
    /// Returns the removed keys.
    #[must_use]
    pub fn end_list(&self, listing: &Listing) -> Vec<ObjectKey> {
        let in_scope = |key: &ObjectKey| listing.namespace.as_deref().is_none_or(|scope| *key.namespace == *scope);
        let missing = |key: &ObjectKey, entry: &mut Entry| entry.epoch < listing.epoch && in_scope(key);
        self.write().objects.extract_if(missing).map(|(key, _)| key).collect()
    }

    fn ingest(&self, object: DynamicObject) -> Result<(ObjectKey, Stored), StoreError> {
        Ok((ObjectKey::of(&object), Stored::new(object, self.shared.as_deref(), &self.packer)?))
    }

    fn read(&self) -> RwLockReadGuard<'_, Inner> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Inner> {
        self.inner.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn apply(&mut self, key: ObjectKey, stored: Stored) -> Change {
        if self.is_buried(&stored) {
            return Change::None;
        }
        let epoch = self.epoch;
        if let Some(entry) = self.objects.get_mut(&key) {
            entry.take(stored, epoch);
            return entry.announce();
        }
        self.insert(key, Entry::announced(stored, epoch));
        Change::Trigger
    }

    fn accept(&mut self, key: ObjectKey, stored: Stored) {
        if self.is_buried(&stored) {
            return;
        }
        let epoch = self.epoch;
        if let Some(entry) = self.objects.get_mut(&key) {
            entry.absorb(&stored);
            entry.take(stored, epoch);
        } else {
            let entry = Entry { announced_version: 0, ..Entry::announced(stored, epoch) };
            self.insert(key, entry);
        }
    }

    fn insert(&mut self, key: ObjectKey, entry: Entry) {
        let namespace = self.namespaces.get(&key.namespace).cloned().unwrap_or_else(|| {
            self.namespaces.retain(|namespace| Arc::strong_count(namespace) > 1);
            self.namespaces.insert(Arc::clone(&key.namespace));
            Arc::clone(&key.namespace)
        });
        self.objects.insert(ObjectKey { namespace, ..key }, entry);
    }

    fn remove(&mut self, key: &ObjectKey, deleted: &Stored) -> Change {
        self.bury(deleted);
        let gone = self.objects.get(key).is_some_and(|entry| {
            entry.stored.uid() == deleted.uid() || entry.stored.resource_version() < deleted.resource_version()
        });
        if !gone {
            return Change::None;
        }
        self.objects.remove(key);
        Change::Gone
    }

    fn bury(&mut self, deleted: &Stored) {
        if deleted.uid().is_empty() {
            return;
        }
        self.graves.retain(|(uid, _)| **uid != *deleted.uid());
        if self.graves.len() == GRAVES {
            self.graves.pop_front();
        }
        self.graves.push_back((deleted.uid().into(), deleted.resource_version()));
    }

    fn is_buried(&self, stored: &Stored) -> bool {
        let version = stored.resource_version();
        self.graves.iter().any(|(uid, gone)| **uid == *stored.uid() && (version == 0 || version < *gone))
    }
}

impl Entry {
    fn announced(stored: Stored, epoch: u64) -> Self {
        Self {
            announced_inputs: stored.inputs(),
            announced_version: stored.resource_version(),
            stored: Arc::new(stored),
            epoch,
        }
    }

    fn take(&mut self, stored: Stored, epoch: u64) {
        self.epoch = epoch;
        if !stored.is_older_than(&self.stored) {
            self.stored = Arc::new(stored);
        }
    }

    /// Lets a finalizer that we wrote ourselves pass unannounced, provided nobody changed anything else.
    fn absorb(&mut self, ours: &Stored) {
        let seen = self.announced_inputs == self.stored.inputs();
        if seen && self.stored.foreign_inputs() == ours.foreign_inputs() && !ours.is_older_than(&self.stored) {
            self.announced_inputs = ours.inputs();
        }
    }

    fn announce(&mut self) -> Change {
        let (inputs, version) = (self.stored.inputs(), self.stored.resource_version());
        let inputs_before = std::mem::replace(&mut self.announced_inputs, inputs);
        let version_before = std::mem::replace(&mut self.announced_version, version);
        if inputs != inputs_before {
            Change::Trigger
        } else if version == 0 || version != version_before {
            Change::Content
        } else {
            Change::None
        }
    }
}

#[cfg(test)]
mod tests;
