//! The garbage collector: what goes because its owners go, as kube-controller-manager decides it.
//!
//! It is a controller like any other: it acts a moment after what it reacts to. Unlike others it is no client: its
//! writes are not in the log of calls and meet no faults.

mod decide;
mod work;

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use serde_json::Value;

use self::decide::{begins, freed_owners, has_new_owners};
use super::{
    object,
    store::{Change, Place, Store},
    write::delete::{FOREGROUND, ORPHAN},
};
use crate::sync::lock;

/// How long after a change the collector acts on it.
pub(crate) const DELAY: Duration = Duration::from_millis(20);

/// What is to be looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Task {
    /// Whether this object shall go, or may go.
    Look(Place),
    /// What the object with this UID owns.
    LookAtDependents(String),
    /// The object with this UID, if it waits for its dependents.
    LookAtOwner(String),
    /// The dependents of this object are on their own from now on.
    Orphan(Place),
}

/// What the collector has to do.
#[derive(Debug, Default)]
pub(crate) struct Garbage {
    queue: VecDeque<Task>,
    queued: BTreeSet<Task>,
    /// What names owners of kinds that nobody serves: it waits for these kinds.
    stuck: BTreeSet<Place>,
    running: bool,
}

impl Garbage {
    fn add(&mut self, task: Task) {
        if self.queued.insert(task.clone()) {
            self.queue.push_back(task);
        }
    }

    fn drain(&mut self) -> VecDeque<Task> {
        self.queued.clear();
        std::mem::take(&mut self.queue)
    }

    /// Notes what a write means for owners and dependents.
    pub(crate) fn observe(&mut self, change: &Change) {
        let (before, after) = (change.before.as_deref(), change.after.as_deref());
        for uid in freed_owners(before, after) {
            self.add(Task::LookAtOwner(uid));
        }
        let Some(after) = after else {
            if let Some(before) = before {
                self.add(Task::LookAtDependents(object::uid(before).to_owned()));
            }
            return;
        };
        let place = (change.kind.clone(), change.key.clone());
        if has_new_owners(before, after) {
            self.add(Task::Look(place.clone()));
        }
        if begins(before, after, ORPHAN) {
            self.add(Task::Orphan(place));
        } else if begins(before, after, FOREGROUND) {
            self.add(Task::LookAtDependents(object::uid(after).to_owned()));
            self.add(Task::Look(place));
        }
    }

    /// Looks again at what named owners of unknown kinds.
    pub(crate) fn kinds_changed(&mut self) {
        for place in std::mem::take(&mut self.stuck) {
            self.add(Task::Look(place));
        }
    }

    /// Whether a collector must be started now.
    fn start(&mut self) -> bool {
        let start = !self.running && !self.queue.is_empty();
        self.running |= start;
        start
    }
}

/// Starts the collector, if there is anything to do and nobody at it.
///
/// Without a runtime there is no time either: then it waits for the next occasion.
pub(crate) fn start(store: &Arc<Mutex<Store>>) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else {
        return;
    };
    if lock(store).garbage.start() {
        let shift = Shift(Arc::downgrade(store));
        runtime.spawn(async move { while shift.work().await {} });
    }
}

/// One collector at work; however it ends, another may start.
struct Shift(Weak<Mutex<Store>>);

impl Shift {
    /// Does what there is to do a moment later; says whether there is more.
    async fn work(&self) -> bool {
        tokio::time::sleep(DELAY).await;
        let Some(store) = self.0.upgrade() else {
            return false;
        };
        let mut store = lock(&store);
        for task in store.garbage.drain() {
            work::work(&mut store, task);
        }
        !store.garbage.queue.is_empty()
    }
}

impl Drop for Shift {
    fn drop(&mut self) {
        if let Some(store) = self.0.upgrade() {
            lock(&store).garbage.running = false;
        }
    }
}

/// Whether an object waits for its dependents to go first.
fn waits_for_dependents(object: &Value) -> bool {
    object::is_deleting(object) && object::finalizers(object).contains(&FOREGROUND)
}
