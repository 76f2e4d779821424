//! Wall time, either the machine's or one that follows tokio's virtual time.
//!
//! Everything that reads the date takes a [`Clock`], so that a simulation on paused time sees the same moments
//! whenever it is replayed.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// No timer is set further ahead than this; what is due later is looked at once more on the way.
const FURTHEST: Duration = Duration::from_hours(365 * 24);

/// Tells the wall time. Cheap to clone; clones of one clock agree.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Simulated { start: Timestamp, origin: Instant },
}

impl Clock {
    /// The machine's own wall clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that shows `start` now and goes on with tokio's time, paused or not.
    #[must_use]
    pub fn simulated(start: Timestamp) -> Self {
        Self(Source::Simulated { start, origin: Instant::now() })
    }

    /// The wall time at this moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => Timestamp::now(),
            Source::Simulated { start, origin } => later(*start, origin.elapsed()),
        }
    }

    /// The monotonic instant at which this clock will show `at`: now for a moment in the past, and never more than
    /// a year ahead.
    #[must_use]
    pub fn instant_of(&self, at: Timestamp) -> Instant {
        let ahead = Duration::try_from(at.duration_since(self.now())).unwrap_or(Duration::ZERO);
        Instant::now() + ahead.min(FURTHEST)
    }
}

fn later(start: Timestamp, elapsed: Duration) -> Timestamp {
    SignedDuration::try_from(elapsed).ok().and_then(|elapsed| start.checked_add(elapsed).ok()).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_simulated_clock_follows_paused_time() {
        let clock = Clock::simulated(start());
        let other = clock.clone();
        tokio::time::advance(Duration::from_secs(90)).await;
        assert_eq!(clock.now(), start() + SignedDuration::from_secs(90));
        assert_eq!(other.now(), clock.now());
    }

    #[tokio::test(start_paused = true)]
    async fn instants_are_clamped_at_both_ends() {
        let clock = Clock::simulated(start());
        let now = Instant::now();
        assert_eq!(clock.instant_of(start() + SignedDuration::from_secs(5)), now + Duration::from_secs(5));
        assert_eq!(clock.instant_of(start() - SignedDuration::from_secs(5)), now);
        assert_eq!(clock.instant_of(Timestamp::MAX), now + FURTHEST);
    }

    #[test]
    fn the_system_clock_shows_the_time_of_the_machine() {
        let before = Timestamp::now();
        let shown = Clock::system().now();
        assert!(before <= shown && shown <= Timestamp::now());
    }
}
