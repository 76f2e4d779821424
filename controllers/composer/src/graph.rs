//! A definition that is served: its instances, and the program that they follow.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use cairn_graph::Program;
use cairn_graph::schemas::Gvk;
use cairn_runtime::{
    key::ObjectKey,
    queue::{Priority, Queue},
    store::Store,
};
use kube::core::ApiResource;

use crate::hands::resource;
use crate::rollout::Rollout;
use crate::watches::{Crowd, Extent, WatchId, Whose};

/// The program that instances follow.
#[derive(Debug)]
pub(crate) struct Serving {
    pub(crate) program: Arc<Program>,
    /// The number of the revision that it was compiled from.
    pub(crate) revision: i64,
    /// The UID of the definition.
    pub(crate) uid: String,
    /// The watch of each resource, by position.
    pub(crate) watches: Vec<WatchId>,
    /// Those of objects of which more is read than their metadata.
    bodies: BTreeSet<WatchId>,
}

impl Serving {
    pub(crate) fn new(program: Arc<Program>, revision: i64, uid: &str) -> Self {
        let watch = |node: &cairn_graph::program::Node| WatchId {
            kind: node.kind.gvk.clone(),
            plural: node.kind.traits.plural.clone(),
            of: if node.is_external() { Whose::All } else { Whose::Owned },
        };
        let watches: Vec<WatchId> = program.nodes.iter().map(watch).collect();
        let read = |(at, id): &(usize, &WatchId)| id.of == Whose::All || program.reads_body_of(*at);
        let bodies = watches.iter().enumerate().filter(read).map(|(_, id)| id.clone()).collect();
        Self { program, revision, uid: uid.to_owned(), watches, bodies }
    }

    /// How much is kept of the objects of a watch.
    pub(crate) fn extent(&self, id: &WatchId) -> Extent {
        if self.bodies.contains(id) { Extent::Whole } else { Extent::Marks }
    }

    /// The watch of the objects of a kind that instances own.
    pub(crate) fn watch_of(&self, kind: &Gvk) -> Option<&WatchId> {
        self.watches.iter().find(|id| id.of == Whose::Owned && id.kind == *kind)
    }

    /// The kinds of what instances own: `Kind.group`, as KEP-3659 writes them.
    pub(crate) fn group_kinds(&self) -> BTreeSet<String> {
        self.watches.iter().filter(|id| id.of == Whose::Owned).map(|id| group_kind(&id.kind)).collect()
    }
}

/// A kind as annotations name it: `ConfigMap`, `Deployment.apps`.
pub(crate) fn group_kind(kind: &Gvk) -> String {
    if kind.group.is_empty() { kind.kind.clone() } else { format!("{}.{}", kind.kind, kind.group) }
}

/// The instances of one definition.
#[derive(Debug)]
pub(crate) struct Graph {
    /// The name of the definition.
    pub(crate) name: String,
    /// The kind of the instances.
    pub(crate) kind: Gvk,
    pub(crate) resource: ApiResource,
    pub(crate) store: Store,
    pub(crate) queue: Queue,
    serving: Mutex<Option<Arc<Serving>>>,
    /// Watches of kinds that the program has no more, and instances still have objects of.
    extra: Mutex<BTreeMap<String, WatchId>>,
    /// Whether instances are let go.
    released: AtomicBool,
    pub(crate) rollout: Rollout,
}

impl Graph {
    pub(crate) fn new(name: &str, kind: &Gvk, plural: &str, queue: Queue) -> Self {
        Self {
            name: name.to_owned(),
            kind: kind.clone(),
            resource: resource(kind, plural),
            store: Store::new(),
            queue,
            serving: Mutex::default(),
            extra: Mutex::default(),
            released: AtomicBool::default(),
            rollout: Rollout::default(),
        }
    }

    /// What instances follow now.
    pub(crate) fn serving(&self) -> Option<Arc<Serving>> {
        self.serving.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets instances follow a program from now on.
    pub(crate) fn serve(&self, serving: Arc<Serving>) {
        *self.serving.lock().unwrap_or_else(PoisonError::into_inner) = Some(serving);
    }

    /// Lets every instance go from now on.
    pub(crate) fn release(&self) {
        if !self.released.swap(true, Ordering::SeqCst) {
            self.crowd().wake(Priority::Dependency);
        }
    }

    /// Looks after instances again, or goes on with it.
    pub(crate) fn retake(&self) {
        if self.released.swap(false, Ordering::SeqCst) {
            self.crowd().wake(Priority::Dependency);
        }
    }

    /// Whether instances are let go.
    pub(crate) fn is_released(&self) -> bool {
        self.released.load(Ordering::SeqCst)
    }

    /// What an instance is to follow now. One that may not move yet goes on as it was.
    pub(crate) fn follow(&self, instance: &ObjectKey) -> Option<Arc<Serving>> {
        Some(self.rollout.follow(instance, &self.serving()?))
    }

    /// The watch of a kind that only earlier programs had.
    pub(crate) fn extra(&self, group_kind: &str) -> Option<WatchId> {
        self.extra.lock().unwrap_or_else(PoisonError::into_inner).get(group_kind).cloned()
    }

    /// Remembers such a watch.
    pub(crate) fn add_extra(&self, group_kind: &str, id: WatchId) {
        self.extra.lock().unwrap_or_else(PoisonError::into_inner).insert(group_kind.to_owned(), id);
    }

    /// All watches that the instances need.
    pub(crate) fn needed(&self) -> BTreeSet<WatchId> {
        let extra = self.extra.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect::<Vec<_>>();
        self.serving().iter().flat_map(|serving| serving.watches.clone()).chain(extra).collect()
    }

    pub(crate) fn crowd(&self) -> Crowd {
        Crowd { queue: self.queue.clone(), store: self.store.clone() }
    }
}
