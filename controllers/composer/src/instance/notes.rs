//! What is remembered of an instance from one reconcile to the next. Losing it costs requests and nothing else.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cairn_graph::run::ObjectName;
use cairn_runtime::key::ObjectKey;
use serde_json::Value as Json;
use tokio::time::Instant;

use super::decide::Past;
use super::hear::Heard;

/// A deletion whose effect was not seen for so long is sent once more.
const DELETED_WITHIN: Duration = Duration::from_secs(30);
/// An object of another is looked at again after so long: it is not watched.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_secs(30);
/// Within so long as many mends as [`PATIENCE`] are a fight.
const FIGHT: Duration = Duration::from_mins(1);
/// The mends of an instance that are made before it is called a fight.
const PATIENCE: usize = 10;

/// What is remembered of one instance.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// The request that was followed last.
    requested: Option<String>,
    removed: HashMap<String, Instant>,
    settled: HashMap<String, u64>,
    blocked: HashMap<ObjectName, (String, Instant)>,
    mends: Vec<(Instant, ObjectName)>,
    /// What objects were made, by their UIDs.
    sent: HashMap<String, (String, Instant)>,
    /// Since when the status is not what it could be.
    pub(crate) behind: Option<Instant>,
    /// Since when objects are waited for that say nothing.
    pub(crate) silent_since: Option<Instant>,
    /// What Events said of them, by their UIDs.
    pub(crate) heard: HashMap<String, Heard>,
    /// What was refused in this very reconcile.
    refused: Vec<ObjectName>,
}

impl Past for Notes {
    fn is_refused(&self, name: &ObjectName) -> bool {
        self.refused.contains(name)
    }

    fn is_blocked(&self, name: &ObjectName) -> bool {
        self.blocked.get(name).is_some_and(|(_, until)| *until > Instant::now())
    }

    fn is_removed(&self, uid: &str) -> bool {
        self.removed.get(uid).is_some_and(|at| at.elapsed() < DELETED_WITHIN)
    }

    fn is_sent(&self, uid: &str, digest: &str) -> bool {
        self.sent.get(uid).is_some_and(|(known, at)| known == digest && at.elapsed() < FIGHT)
    }

    fn is_settled(&self, uid: &str, owned: &Json) -> bool {
        self.is_fighting() || self.settled.get(uid).is_some_and(|known| *known == hash(owned))
    }
}

impl Notes {
    /// A new reconcile begins. Who asks for it anew wants everything tried, whatever came of it before.
    pub(crate) fn begin(&mut self, requested: Option<String>) {
        if self.requested != requested {
            *self = Self { requested, ..Self::default() };
        }
        self.refused.clear();
        self.removed.retain(|_, at| at.elapsed() < DELETED_WITHIN);
        self.sent.retain(|_, (_, at)| at.elapsed() < FIGHT);
        self.mends.retain(|(at, _)| at.elapsed() < FIGHT);
    }

    /// It is no use to apply an object before something changes.
    pub(crate) fn refuse(&mut self, name: &ObjectName) {
        self.refused.push(name.clone());
    }

    /// An object is another's.
    pub(crate) fn block(&mut self, name: &ObjectName, why: String) {
        self.blocked.insert(name.clone(), (why, Instant::now() + LOOK_AGAIN));
    }

    /// An object is not another's any more.
    pub(crate) fn unblock(&mut self, name: &ObjectName) {
        self.blocked.remove(name);
    }

    /// The objects that are another's, each with what to say of it.
    pub(crate) fn blocked(&self) -> impl Iterator<Item = (&ObjectName, &str)> {
        self.blocked.iter().map(|(name, (why, _))| (name, why.as_str()))
    }

    /// The deletion of an object was sent.
    pub(crate) fn removed(&mut self, uid: &str) {
        self.removed.insert(uid.to_owned(), Instant::now());
    }

    /// Our manager gets no more of an object than this, because the API server writes fields in another way.
    pub(crate) fn settled(&mut self, uid: &str, owned: &Json) {
        self.settled.insert(uid.to_owned(), hash(owned));
    }

    /// An object was made what it is to be. It matters where another may apply in our name.
    pub(crate) fn sent(&mut self, uid: &str, digest: &str) {
        self.sent.insert(uid.to_owned(), (digest.to_owned(), Instant::now()));
    }

    /// What somebody changed was changed back.
    pub(crate) fn mended(&mut self, name: &ObjectName) {
        self.mends.push((Instant::now(), name.clone()));
    }

    /// The object of a fight, and what to say of it.
    pub(crate) fn fight(&self) -> Option<(ObjectName, String)> {
        let (_, name) = self.mends.last().filter(|_| self.is_fighting())?;
        let why = format!("somebody changes it again and again; it is put back no more than {PATIENCE} times a minute");
        Some((name.clone(), why))
    }

    /// Whether somebody changes again and again what is changed back.
    pub(crate) fn is_fighting(&self) -> bool {
        self.mends.iter().filter(|(at, _)| at.elapsed() < FIGHT).count() >= PATIENCE
    }
}

fn hash(owned: &Json) -> u64 {
    let mut hasher = DefaultHasher::new();
    owned.to_string().hash(&mut hasher);
    hasher.finish()
}

/// The notes of all instances of a graph.
#[derive(Debug, Default)]
pub(crate) struct Notebook(Mutex<HashMap<ObjectKey, Notes>>);

impl Notebook {
    /// Takes the notes of an instance out.
    pub(crate) fn take(&self, key: &ObjectKey) -> Notes {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key).unwrap_or_default()
    }

    /// Puts them back.
    pub(crate) fn put(&self, key: &ObjectKey, notes: Notes) {
        let empty = notes.requested.is_none()
            && notes.removed.is_empty()
            && notes.settled.is_empty()
            && notes.blocked.is_empty()
            && notes.mends.is_empty()
            && notes.sent.is_empty()
            && notes.silent_since.is_none()
            && notes.behind.is_none();
        if !empty {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone(), notes);
        }
    }
}
