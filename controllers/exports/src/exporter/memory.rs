//! What this process knows of its exports beyond what is recorded on them. Losing it costs no more than a write.

use std::{
    collections::{BTreeMap, HashMap},
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use cairn_runtime::key::ObjectKey;
use jiff::{SignedDuration, Timestamp};

use crate::wish::Wish;

/// How long a request that was lost may still take effect: an API server gives up any request after a minute, unless it
/// was told otherwise.
const DOUBT: SignedDuration = SignedDuration::from_mins(1);

/// What is known of each export.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    hasher: RandomState,
    exports: Mutex<HashMap<ObjectKey, Known>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// Hash of what its target has, which no other process understands.
    exported: Option<u64>,
    last: Option<Outcome>,
}

#[derive(Clone, Copy, Debug)]
enum Outcome {
    /// It was answered.
    Certain,
    /// It was sent then, and was not answered.
    Lost(Timestamp),
}

impl Memory {
    pub(super) fn hash(&self, wish: &Wish, values: &BTreeMap<String, String>, asked: Option<&str>) -> u64 {
        self.hasher.hash_one((&wish.target, values, asked))
    }

    /// Whether the export's target is known to have what has this hash.
    pub(super) fn has(&self, key: &ObjectKey, hash: u64) -> bool {
        self.get(key).exported == Some(hash)
    }

    pub(super) fn exported(&self, key: &ObjectKey, hash: u64) {
        self.change(key, |known| known.exported = Some(hash));
    }

    /// A write is about to be sent.
    pub(super) fn sending(&self, key: &ObjectKey, now: Timestamp) {
        self.change(key, |known| *known = Known { exported: None, last: Some(Outcome::Lost(now)) });
    }

    /// The write was answered.
    pub(super) fn answered(&self, key: &ObjectKey) {
        self.change(key, |known| known.last = Some(Outcome::Certain));
    }

    pub(super) fn forget(&self, key: &ObjectKey) {
        self.exports.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    /// How long it is to be feared that the last write takes effect. What another process has sent and not recorded as
    /// done was sent before `unrecorded`.
    pub(super) fn doubt(&self, key: &ObjectKey, unrecorded: Option<Timestamp>, now: Timestamp) -> Option<Duration> {
        let sent = match self.get(key).last {
            Some(Outcome::Certain) => return None,
            Some(Outcome::Lost(at)) => at,
            None => unrecorded?,
        };
        let left = DOUBT.checked_sub(now.duration_since(sent))?;
        Duration::try_from(left).ok().filter(|left| !left.is_zero())
    }

    fn get(&self, key: &ObjectKey) -> Known {
        self.exports.lock().unwrap_or_else(PoisonError::into_inner).get(key).copied().unwrap_or_default()
    }

    fn change(&self, key: &ObjectKey, change: impl FnOnce(&mut Known)) {
        change(self.exports.lock().unwrap_or_else(PoisonError::into_inner).entry(key.clone()).or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_write_is_in_doubt_until_it_was_answered_or_a_minute_has_passed() {
        let (memory, key) = (Memory::default(), ObjectKey::new("team", "arn"));
        let doubt = |now| memory.doubt(&key, Some(at(100)), at(now)).map(|left| left.as_secs());
        assert_eq!(memory.doubt(&key, None, at(100)), None);
        assert_eq!(
            (doubt(100), doubt(130), doubt(160)),
            (Some(60), Some(30), None),
            "another process may have sent one"
        );
        memory.sending(&key, at(200));
        assert_eq!((doubt(210), doubt(300)), (Some(50), None));
        memory.answered(&key);
        assert_eq!(doubt(201), None);
        memory.forget(&key);
        assert_eq!(doubt(101), Some(59));
    }

    #[test]
    fn what_was_exported_is_forgotten_when_something_else_is_sent() {
        let (memory, key) = (Memory::default(), ObjectKey::new("team", "arn"));
        memory.exported(&key, 7);
        assert!(memory.has(&key, 7) && !memory.has(&key, 8));
        memory.sending(&key, at(1));
        assert!(!memory.has(&key, 7));
    }
}
