//! Which instance follows which revision, and when it may move on to the next.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cairn_runtime::key::ObjectKey;
use tokio::sync::Notify;

use crate::graph::Serving;

/// Whether an instance may move now from the revision that it follows to the newest that is served. Every one may at
/// once; waves, of which each waits for the health of those before it, are to be decided here.
pub(crate) fn may_move(_instance: &ObjectKey, _from: i64, _to: i64) -> bool {
    true
}

/// How many instances follow each revision.
pub(crate) type Tally = BTreeMap<i64, usize>;

/// What the instances of a graph follow.
#[derive(Debug, Default)]
pub(crate) struct Rollout {
    /// None for those that follow nothing by their author's wish.
    following: Mutex<HashMap<ObjectKey, Option<Arc<Serving>>>>,
    /// Told when that changes.
    pub(crate) changed: Notify,
}

impl Rollout {
    /// What an instance is to follow, of which `newest` is to be had.
    pub(crate) fn follow(&self, instance: &ObjectKey, newest: &Arc<Serving>) -> Arc<Serving> {
        let mut following = self.lock();
        let current = following.get(instance).cloned().flatten();
        let to = newest.revision;
        let is_new = current.as_ref().is_none_or(|current| current.revision != to);
        if let Some(current) = current.filter(|current| is_new && !may_move(instance, current.revision, to)) {
            return current;
        }
        following.insert(instance.clone(), Some(Arc::clone(newest)));
        drop(following);
        if is_new {
            self.changed.notify_one();
        }
        Arc::clone(newest)
    }

    /// An instance follows nothing for now.
    pub(crate) fn hold(&self, instance: &ObjectKey) {
        if self.lock().insert(instance.clone(), None).is_none_or(|before| before.is_some()) {
            self.changed.notify_one();
        }
    }

    /// An instance is gone.
    pub(crate) fn forget(&self, instance: &ObjectKey) {
        if self.lock().remove(instance).is_some() {
            self.changed.notify_one();
        }
    }

    /// How many instances follow each revision, once that is known of all of `instances`.
    pub(crate) fn tally(&self, instances: &[ObjectKey]) -> Option<Tally> {
        let following = self.lock();
        let mut tally = Tally::new();
        for instance in instances {
            if let Some(serving) = following.get(instance)? {
                *tally.entry(serving.revision).or_default() += 1;
            }
        }
        Some(tally)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ObjectKey, Option<Arc<Serving>>>> {
        self.following.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
