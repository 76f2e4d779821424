//! The wall clock of a simulation.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use aws_smithy_async::time::TimeSource;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::sync::lock;

/// 2026-01-01T00:00:00Z.
const START: Timestamp = Timestamp::constant(1_767_225_600, 0);

/// A wall clock that advances with tokio's clock, and with nothing else.
///
/// Clones show the same time. It is a [`TimeSource`] too, so that the AWS SDK may be given the same idea of now.
#[derive(Clone, Debug)]
pub struct Clock {
    origin: Arc<Mutex<Origin>>,
}

#[derive(Debug)]
struct Origin {
    wall: Timestamp,
    instant: Instant,
}

impl Clock {
    /// A clock that shows `start` now.
    #[must_use]
    pub fn new(start: Timestamp) -> Self {
        let origin = Origin { wall: start, instant: Instant::now() };
        Self { origin: Arc::new(Mutex::new(origin)) }
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let origin = lock(&self.origin);
        origin.wall.checked_add(origin.instant.elapsed()).unwrap_or(Timestamp::MAX)
    }

    /// Sets the clock, forwards or backwards; timers are not affected.
    pub fn set(&self, now: Timestamp) {
        *lock(&self.origin) = Origin { wall: now, instant: Instant::now() };
    }

    /// The current time as Kubernetes writes it: RFC 3339 in whole seconds.
    pub(crate) fn stamp(&self) -> String {
        let now = self.now();
        Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
    }
}

impl Default for Clock {
    /// A clock that shows 2026-01-01T00:00:00Z now.
    fn default() -> Self {
        Self::new(START)
    }
}

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        let since = Clock::now(self).duration_since(Timestamp::UNIX_EPOCH);
        SystemTime::UNIX_EPOCH + Duration::try_from(since).unwrap_or_default()
    }
}
