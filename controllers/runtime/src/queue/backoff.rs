//! How long a failing key waits.

use std::{
    hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState},
    time::Duration,
};

use cairn_core::schedule::LONGEST_RETRY;

use crate::key::ObjectKey;

const BASE: Duration = Duration::from_millis(500);

/// Exponential backoff with jitter. The jitter is a function of seed, key and number of failures, so that a run with
/// the same seed waits the same whatever the order of events.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// The longest first wait.
    pub base: Duration,
    /// The longest wait of all.
    pub cap: Duration,
    /// What the jitter is drawn from.
    pub seed: u64,
}

impl Backoff {
    /// 500 ms doubling up to 5 minutes, with the given seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self { base: BASE, cap: LONGEST_RETRY, seed }
    }

    /// The wait after `failures` failures in a row (at least one): between half of the full wait and all of it.
    #[must_use]
    pub fn delay(&self, key: &ObjectKey, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(31);
        let full = self.base.saturating_mul(1 << doublings).min(self.cap);
        full.mul_f64(0.5 + 0.5 * self.fraction(key, failures))
    }

    fn fraction(&self, key: &ObjectKey, failures: u32) -> f64 {
        let mut hasher = DefaultHasher::new();
        (self.seed, key, failures).hash(&mut hasher);
        f64::from(u32::try_from(hasher.finish() >> 32).unwrap_or(u32::MAX)) / f64::from(u32::MAX)
    }
}

impl Default for Backoff {
    /// As [`Backoff::seeded`], with a seed of this process alone.
    fn default() -> Self {
        Self::seeded(RandomState::new().build_hasher().finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap() {
        let backoff = Backoff::seeded(7);
        let key = ObjectKey::new("ns", "a");
        for (failures, full) in [(1, 500), (2, 1_000), (3, 2_000), (10, 256_000), (11, 300_000), (4_000_000, 300_000)] {
            let full = Duration::from_millis(full);
            let wait = backoff.delay(&key, failures);
            assert!(full / 2 <= wait && wait <= full, "{failures} failures: {wait:?}");
        }
    }

    #[test]
    fn jitter_replays_by_seed_and_differs_between_keys() {
        let wait = |seed, name| Backoff::seeded(seed).delay(&ObjectKey::new("ns", name), 5);
        assert_eq!(wait(1, "a"), wait(1, "a"));
        assert_ne!(wait(1, "a"), wait(1, "b"));
        assert_ne!(wait(1, "a"), wait(2, "a"));
    }
}
