//! What has to be watched because something refers to it, and how far that has come.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use super::index::KindName;
use crate::{source::Ready, store::Store};

/// What is watched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Watched {
    /// Objects of another controller's kind in a group.
    Kind {
        /// The API group.
        group: String,
        /// AWS service and kind.
        kind: KindName,
    },
    /// Metadata of Secrets.
    Secrets,
    /// Grants.
    Grants,
}

/// How far a watch has come.
#[derive(Clone, Debug, Default)]
pub(super) enum Progress {
    /// Nothing is known yet.
    #[default]
    Starting,
    /// The API server serves no such kind.
    Absent,
    /// It cannot be watched; what Kubernetes says.
    Refused(String),
    /// It runs, and everything is known once its first list is in.
    Running(Ready),
}

/// The watches that are wanted.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    entries: Mutex<BTreeMap<Watched, Entry>>,
    changed: Notify,
}

#[derive(Clone, Debug, Default)]
struct Entry {
    store: Store,
    progress: Progress,
}

impl Wanted {
    /// What is known of something, which is wanted from now on.
    pub(super) fn ask(&self, watched: &Watched) -> (Store, Progress) {
        let mut entries = self.entries();
        if let Some(entry) = entries.get(watched) {
            return (entry.store.clone(), entry.progress.clone());
        }
        let Entry { store, progress } = entries.entry(watched.clone()).or_default().clone();
        self.changed.notify_one();
        (store, progress)
    }

    /// Everything that is wanted, with where it is kept.
    pub(super) fn all(&self) -> Vec<(Watched, Store)> {
        self.entries().iter().map(|(watched, entry)| (watched.clone(), entry.store.clone())).collect()
    }

    /// Says how far a watch has come. Tells whether that is news.
    pub(super) fn set(&self, watched: &Watched, progress: Progress) -> bool {
        let mut entries = self.entries();
        let Some(entry) = entries.get_mut(watched) else { return false };
        let news = match (&entry.progress, &progress) {
            (Progress::Absent, Progress::Absent) => false,
            (Progress::Refused(before), Progress::Refused(now)) => before != now,
            _ => true,
        };
        entry.progress = progress;
        news
    }

    /// Nothing refers to it any more.
    pub(super) fn drop(&self, watched: &Watched) {
        self.entries().remove(watched);
    }

    /// Says that something else may be wanted now.
    pub(super) fn look_again(&self) {
        self.changed.notify_one();
    }

    /// Waits until something else may be wanted.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<Watched, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
