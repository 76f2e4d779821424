//! What components say about themselves.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// The state of all components of the process. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Health {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    /// Why each check does not hold.
    checks: BTreeMap<String, Option<String>>,
    pulses: BTreeMap<String, Beat>,
}

#[derive(Clone, Copy, Debug)]
struct Beat {
    last: Instant,
    longest_silence: Duration,
}

/// One named condition of being ready.
#[derive(Clone, Debug)]
pub struct Check {
    health: Health,
    name: String,
}

/// The sign of life of one loop.
#[derive(Clone, Debug)]
pub struct Pulse {
    health: Health,
    name: String,
}

impl Health {
    /// A process without components: alive and ready.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a condition of being ready, which does not hold yet.
    #[must_use]
    pub fn check(&self, name: &str) -> Check {
        self.lock().checks.insert(name.to_owned(), Some("starting".to_owned()));
        Check { health: self.clone(), name: name.to_owned() }
    }

    /// Adds a loop that counts as stuck when it has not beaten for so long.
    #[must_use]
    pub fn pulse(&self, name: &str, longest_silence: Duration) -> Pulse {
        self.lock().pulses.insert(name.to_owned(), Beat { last: Instant::now(), longest_silence });
        Pulse { health: self.clone(), name: name.to_owned() }
    }

    /// The checks that do not hold, and why.
    #[must_use]
    pub fn not_ready(&self) -> Vec<(String, String)> {
        self.lock().checks.iter().filter_map(|(name, why)| Some((name.clone(), why.clone()?))).collect()
    }

    /// The loops that are stuck, and since when.
    #[must_use]
    pub fn silent(&self) -> Vec<(String, String)> {
        let stuck = |beat: &Beat| Some(beat.last.elapsed()).filter(|silence| *silence > beat.longest_silence);
        let inner = self.lock();
        let silent = inner.pulses.iter().filter_map(|(name, beat)| Some((name, stuck(beat)?)));
        silent.map(|(name, silence)| (name.clone(), format!("silent for {} s", silence.as_secs()))).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Check {
    /// The condition holds.
    pub fn ready(&self) {
        self.health.lock().checks.insert(self.name.clone(), None);
    }

    /// The condition does not hold, because.
    pub fn not_ready(&self, why: &str) {
        self.health.lock().checks.insert(self.name.clone(), Some(why.to_owned()));
    }
}

impl Pulse {
    /// Shows that the loop goes on.
    pub fn beat(&self) {
        if let Some(beat) = self.health.lock().pulses.get_mut(&self.name) {
            beat.last = Instant::now();
        }
    }
}
