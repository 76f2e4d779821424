//! The watches that graphs need: one for each kind and selector, however many graphs share it, and none that no graph
//! needs any more.

mod child;
mod index;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cairn_graph::run::{Reference, Seen};
use cairn_graph::schemas::Gvk;
use cairn_runtime::{
    key::ObjectKey,
    metrics::Metrics,
    queue::{Priority, Queue},
    source::{Ready, Scope, Source},
    store::{Change, Store, Stored},
};
use kube::{Client, api::DynamicObject, core::ApiResource};
use tokio_util::sync::CancellationToken;

pub(crate) use child::{Child, Extent, Other, owned, reduce};
use index::Index;

use crate::{hands::resource, marks::Marks, spawner::Spawner};

/// What is watched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WatchId {
    pub(crate) kind: Gvk,
    pub(crate) plural: String,
    pub(crate) of: Whose,
}

impl WatchId {
    /// The kind as requests name it.
    pub(crate) fn resource(&self) -> ApiResource {
        resource(&self.kind, &self.plural)
    }
}

/// Which objects of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Whose {
    /// Those that instances own.
    Owned,
    /// All, because instances read objects of others.
    All,
}

/// Who is told of changes: an instance, by its queue.
#[derive(Clone, Debug)]
pub(crate) struct Waker {
    pub(crate) queue: Queue,
    pub(crate) key: ObjectKey,
}

/// A graph: it is told when a watch that it needs has become usable.
#[derive(Clone, Debug)]
pub(crate) struct Crowd {
    pub(crate) queue: Queue,
    pub(crate) store: Store,
}

impl Crowd {
    /// Has every instance looked at.
    pub(crate) fn wake(&self, priority: Priority) {
        for key in self.store.keys(|_| true) {
            self.queue.add(key, priority);
        }
    }
}

#[derive(Debug)]
struct Watch {
    store: Store,
    /// How much is kept of its objects; who begins with less may need more.
    extent: Arc<Mutex<Extent>>,
    ready: Ready,
    stop: CancellationToken,
    users: BTreeSet<String>,
}

#[derive(Debug, Default)]
struct State {
    watches: BTreeMap<WatchId, Watch>,
    crowds: BTreeMap<String, Crowd>,
    index: Index,
}

struct Shared {
    client: Client,
    metrics: Metrics,
    marks: Marks,
    spawner: Spawner,
    state: Mutex<State>,
}

/// All watches. Clones share them.
#[derive(Clone)]
pub(crate) struct Hub(Arc<Shared>);

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").finish_non_exhaustive()
    }
}

impl Hub {
    /// No watches.
    pub(crate) fn new(client: Client, metrics: Metrics, marks: Marks, spawner: Spawner) -> Self {
        Self(Arc::new(Shared { client, metrics, marks, spawner, state: Mutex::default() }))
    }

    /// A graph that may use watches.
    pub(crate) fn join(&self, user: &str, crowd: Crowd) {
        self.state().crowds.insert(user.to_owned(), crowd);
    }

    /// A graph that is no more.
    pub(crate) fn leave(&self, user: &str) {
        self.keep(user, &BTreeSet::new());
        self.state().crowds.remove(user);
    }

    /// Makes sure that a graph has a watch that keeps at least so much; tells whether the list of that is in.
    pub(crate) fn ensure(&self, id: &WatchId, user: &str, extent: Extent) -> bool {
        let state = &mut *self.state();
        let watch = state.watches.entry(id.clone()).or_insert_with(|| self.start(id, extent));
        watch.users.insert(user.to_owned());
        if *lock(&watch.extent) < extent {
            // What is known stays until all of it is listed anew: nobody takes an object for absent.
            *lock(&watch.extent) = extent;
            watch.stop.cancel();
            (watch.ready, watch.stop) = self.watch(id, &watch.store, &watch.extent);
        }
        watch.ready.is_ready()
    }

    /// Drops every watch of a graph but some, and those that no graph has any more.
    pub(crate) fn keep(&self, user: &str, needed: &BTreeSet<WatchId>) {
        let state = &mut *self.state();
        for (id, watch) in &mut state.watches {
            if !needed.contains(id) {
                watch.users.remove(user);
            }
        }
        let unused = state.watches.extract_if(.., |_, watch| watch.users.is_empty());
        for (id, watch) in unused {
            watch.stop.cancel();
            state.index.forget(&id);
        }
    }

    /// Makes an instance known by the id of its set.
    pub(crate) fn own(&self, set: &str, waker: Waker) {
        self.state().index.own(set, waker);
    }

    /// Forgets an instance.
    pub(crate) fn disown(&self, set: &str) {
        self.state().index.disown(set);
    }

    /// The objects of a set.
    pub(crate) fn children(&self, set: &str) -> Vec<Child> {
        let state = self.state();
        let found = state.index.members(set).filter_map(|(id, key)| {
            let stored = state.watches.get(id)?.store.get(key)?;
            self.read(id, &stored)
        });
        found.collect()
    }

    /// Takes in the answer to a write of ours.
    pub(crate) fn accept(&self, id: &WatchId, mut object: DynamicObject) {
        let of = |watch: &Watch| (watch.store.clone(), *lock(&watch.extent));
        let Some((store, extent)) = self.state().watches.get(id).map(of) else { return };
        reduce(&mut object, &self.0.marks.manager(), extent);
        let key = ObjectKey::of(&object);
        if let Err(error) = store.accept(object) {
            tracing::warn!(kind = %id.kind, object = %key, %error, "answer to a write cannot be kept");
        }
        drop(self.index(id, &store, &key));
    }

    /// Says which objects of others an instance reads.
    pub(crate) fn reading(&self, set: &str, references: Vec<(WatchId, Reference)>) {
        self.state().index.reading(set, references);
    }

    /// What is observed of objects of others.
    pub(crate) fn seen(&self, id: &WatchId, reference: &Reference) -> Seen {
        let Some(store) = self.state().watches.get(id).filter(|watch| watch.ready.is_ready()).map(|w| w.store.clone())
        else {
            return Seen::Unknown;
        };
        let mut found: Vec<_> = match reference {
            Reference::Named(name) => {
                let key = ObjectKey::new(name.namespace.as_deref().unwrap_or_default(), &name.name);
                store.get(&key).into_iter().filter_map(|stored| self.read(id, &stored)).collect()
            }
            Reference::Selected { .. } => {
                let all = store.all().into_iter().filter_map(|(_, stored)| self.read(id, &stored));
                all.filter(|child| reference.selects(&child.object)).collect()
            }
        };
        found.sort_by(|a, b| (&a.name.namespace, &a.name.name).cmp(&(&b.name.namespace, &b.name.name)));
        Seen::Objects(found.into_iter().map(|child| child.object).collect())
    }

    fn read(&self, id: &WatchId, stored: &Stored) -> Option<Child> {
        let read = Child::read(&self.0.marks, id, stored);
        read.inspect_err(|error| tracing::warn!(kind = %id.kind, %error, "object cannot be read")).ok()
    }

    fn start(&self, id: &WatchId, extent: Extent) -> Watch {
        let (store, extent) = (Store::new(), Arc::new(Mutex::new(extent)));
        let (ready, stop) = self.watch(id, &store, &extent);
        Watch { store, extent, ready, stop, users: BTreeSet::new() }
    }

    /// Fills a store until the token is cancelled.
    fn watch(&self, id: &WatchId, store: &Store, extent: &Arc<Mutex<Extent>>) -> (Ready, CancellationToken) {
        let stop = self.0.spawner.shutdown.child_token();
        let (client, metrics) = (self.0.client.clone(), self.0.metrics.clone());
        let (manager, extent) = (self.0.marks.manager(), Arc::clone(extent));
        let source = Source::new(client, id.resource(), Scope::All, store.clone(), metrics);
        let source = source.reduce(move |object| reduce(object, &manager, *lock(&extent)));
        let source = source.listen(self.listener(id, store));
        let source = match id.of {
            Whose::Owned => source.labelled(&self.0.marks.owned_selector()),
            Whose::All => source,
        };
        let ready = source.ready();
        let (hub, listed, usable) = (self.clone(), ready.clone(), id.clone());
        let token = stop.clone();
        self.0.spawner.spawn(async move {
            let tell = async {
                listed.wait().await;
                hub.usable(&usable);
            };
            tokio::join!(source.run(token.clone()), token.run_until_cancelled(tell));
        });
        (ready, stop)
    }

    fn listener(&self, id: &WatchId, store: &Store) -> impl Fn(&ObjectKey, Change, Priority) + Send + Sync + use<> {
        let (hub, id, store) = (self.clone(), id.clone(), store.clone());
        move |key, change, priority| {
            let priority = priority.min(Priority::Dependency);
            let concerned = match id.of {
                Whose::Owned => hub.index(&id, &store, key),
                Whose::All => {
                    let object = store.get(key).and_then(|stored| hub.read(&id, &stored));
                    let object = object.as_ref().map(|child| &*child.object);
                    hub.state().index.readers(&id, key, object, change == Change::Content)
                }
            };
            for Waker { queue, key } in concerned {
                queue.add(key, priority);
            }
        }
    }

    /// Brings the index in step with the store; gives the instances that this concerns.
    fn index(&self, id: &WatchId, store: &Store, key: &ObjectKey) -> Vec<Waker> {
        let set = store.get(key).and_then(|stored| self.read(id, &stored)?.set);
        self.state().index.put(id, key, set)
    }

    /// What waits for a watch goes on.
    fn usable(&self, id: &WatchId) {
        let state = self.state();
        let users = state.watches.get(id).into_iter().flat_map(|watch| &watch.users);
        let crowds: Vec<Crowd> = users.filter_map(|user| state.crowds.get(user).cloned()).collect();
        drop(state);
        for crowd in crowds {
            crowd.wake(Priority::Resync);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0.state)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
