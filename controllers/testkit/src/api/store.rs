//! What the API server stores.

use std::{collections::BTreeMap, sync::Arc};

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::{
    kind::{Kind, KindId, Kinds},
    object,
};
use crate::clock::Clock;

/// Objects of one kind by namespace and name.
pub(super) type Table = BTreeMap<(String, String), Arc<Value>>;

/// Objects of all kinds.
pub(super) type Tables = BTreeMap<KindId, Table>;

/// Everything that is stored, and its history.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) kinds: Kinds,
    pub(super) clock: Clock,
    pub(super) pages: Pages,
    pulse: watch::Sender<Pulse>,
    tables: Tables,
    frozen: Option<View>,
    log: Vec<Change>,
    compacted: u64,
    revision: u64,
    uids: u64,
    names: u64,
}

/// What running watches react to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pulse {
    pub(super) revision: u64,
    pub(super) frozen: bool,
    pub(super) broken: u64,
    pub(super) ended: u64,
}

/// One write.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) revision: u64,
    pub(super) kind: KindId,
    pub(super) before: Option<Arc<Value>>,
    pub(super) object: Arc<Value>,
    pub(super) deleted: bool,
}

/// The state at one revision.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) revision: u64,
    pub(super) tables: Tables,
}

/// Lists that are being read page by page.
#[derive(Debug, Default)]
pub(super) struct Pages {
    next: u64,
    open: BTreeMap<u64, (u64, Vec<Arc<Value>>)>,
}

impl Pages {
    /// Keeps a list for later pages.
    pub(super) fn open(&mut self, revision: u64, items: Vec<Arc<Value>>) -> u64 {
        self.next += 1;
        self.open.insert(self.next, (revision, items));
        self.next
    }

    pub(super) fn get(&self, id: u64) -> Option<&(u64, Vec<Arc<Value>>)> {
        self.open.get(&id)
    }
}

impl Store {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            kinds: Kinds::builtin(),
            clock,
            pages: Pages::default(),
            // As etcd does, so that no object ever has resource version 1.
            pulse: watch::Sender::new(Pulse { revision: 1, ..Pulse::default() }),
            tables: Tables::new(),
            frozen: None,
            log: Vec::new(),
            compacted: 0,
            revision: 1,
            uids: 0,
            names: 0,
        }
    }

    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    pub(super) fn compacted(&self) -> u64 {
        self.compacted
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Pulse> {
        self.pulse.subscribe()
    }

    /// Forgets how the present came about.
    pub(super) fn compact(&mut self) {
        self.compacted = self.revision;
        self.pages.open.clear();
    }

    /// Changes something that all running watches react to.
    pub(super) fn signal(&self, change: impl FnOnce(&mut Pulse)) {
        self.pulse.send_modify(change);
    }

    /// Lets caches grow stale, or become current again.
    pub(super) fn freeze(&mut self, frozen: bool) {
        self.frozen = frozen.then(|| View { revision: self.revision, tables: self.tables.clone() });
        self.signal(|pulse| pulse.frozen = frozen);
    }

    /// The state that a cached read sees, and its revision.
    pub(super) fn cached(&self) -> (u64, &Tables) {
        self.frozen.as_ref().map_or((self.revision, &self.tables), |view| (view.revision, &view.tables))
    }

    /// The state that a consistent read sees, and its revision.
    pub(super) fn current(&self) -> (u64, &Tables) {
        (self.revision, &self.tables)
    }

    pub(super) fn get(&self, kind: &Kind, namespace: &str, name: &str) -> Option<&Arc<Value>> {
        self.tables.get(&kind.id())?.get(&(namespace.to_owned(), name.to_owned()))
    }

    /// The writes after `revision`, oldest first.
    pub(super) fn since(&self, revision: u64) -> &[Change] {
        let start = self.log.partition_point(|change| change.revision <= revision);
        self.log.get(start..).unwrap_or_default()
    }

    pub(super) fn next_uid(&mut self) -> String {
        self.uids += 1;
        format!("00000000-0000-4000-8000-{:012x}", self.uids)
    }

    /// A suffix as `generateName` appends it.
    pub(super) fn next_suffix(&mut self) -> String {
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
    pub(super) fn put(&mut self, kind: &Kind, object: Value) -> Arc<Value> {
        let key = key(&object);
        let before = self.tables.get(&kind.id()).and_then(|table| table.get(&key)).cloned();
        let object = self.commit(kind, object, before, false);
        self.tables.entry(kind.id()).or_default().insert(key, Arc::clone(&object));
        self.after_put(kind, &object);
        object
    }

    /// Removes an object, whose last state is `object`.
    pub(super) fn erase(&mut self, kind: &Kind, object: Value) -> Arc<Value> {
        let before = self.tables.get_mut(&kind.id()).and_then(|table| table.remove(&key(&object)));
        let object = self.commit(kind, object, before, true);
        if is_definition(kind)
            && let Some(defined) = defined(&object)
        {
            self.kinds.remove(&defined.id());
            self.tables.remove(&defined.id());
        }
        object
    }

    fn commit(&mut self, kind: &Kind, mut object: Value, before: Option<Arc<Value>>, deleted: bool) -> Arc<Value> {
        self.revision += 1;
        object::set_meta(&mut object, "resourceVersion", json!(self.revision.to_string()));
        let object = Arc::new(object);
        let change = Change { revision: self.revision, kind: kind.id(), before, object: Arc::clone(&object), deleted };
        self.log.push(change);
        let revision = self.revision;
        self.signal(|pulse| pulse.revision = revision);
        object
    }

    fn after_put(&mut self, kind: &Kind, object: &Value) {
        if is_definition(kind)
            && let Some(defined) = defined(object)
        {
            self.kinds.insert(defined);
        }
    }

    /// Everything in a namespace.
    pub(super) fn contents(&self, namespace: &str) -> Vec<(Arc<Kind>, Arc<Value>)> {
        let kinds = self.kinds.iter().filter(|kind| kind.namespaced);
        let rows = kinds.flat_map(|kind| self.tables.get(&kind.id()).into_iter().flatten().map(move |row| (kind, row)));
        rows.filter(|(_, ((within, _), _))| within == namespace)
            .map(|(kind, (_, object))| (Arc::clone(kind), Arc::clone(object)))
            .collect()
    }
}

fn key(object: &Value) -> (String, String) {
    let namespace = object::meta_str(object, "namespace").unwrap_or_default();
    (namespace.to_owned(), object::name(object).to_owned())
}

pub(super) fn is_definition(kind: &Kind) -> bool {
    kind.group == "apiextensions.k8s.io" && kind.plural == "customresourcedefinitions"
}

fn defined(object: &Value) -> Option<Kind> {
    let crd: CustomResourceDefinition = serde_json::from_value(object.clone()).ok()?;
    Some(Kind::from_crd(&crd))
}
