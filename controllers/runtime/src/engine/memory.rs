//! What an engine remembers of its objects while the process lives. None of it is needed for correctness.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

use crate::key::ObjectKey;

/// By object: up to when its checks are accounted for, and since when AWS is waited for.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<HashMap<ObjectKey, Remembered>>);

#[derive(Clone, Copy, Debug, Default)]
struct Remembered {
    seen: Option<Timestamp>,
    waiting_since: Option<Timestamp>,
}

impl Memory {
    fn all(&self) -> MutexGuard<'_, HashMap<ObjectKey, Remembered>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Up to when the checks of the object are accounted for, in this process.
    pub(super) fn seen(&self, key: &ObjectKey) -> Option<Timestamp> {
        self.all().get(key).and_then(|known| known.seen)
    }

    /// The object was looked at, and nothing is waited for.
    pub(super) fn settled(&self, key: &ObjectKey, at: Timestamp) {
        self.all().insert(key.clone(), Remembered { seen: Some(at), waiting_since: None });
    }

    /// AWS is waited for: since when.
    pub(super) fn waiting(&self, key: &ObjectKey, now: Timestamp) -> Timestamp {
        *self.all().entry(key.clone()).or_default().waiting_since.get_or_insert(now)
    }

    pub(super) fn forget(&self, key: &ObjectKey) {
        self.all().remove(key);
    }
}
