//! When an object is checked against AWS although nothing about it changed.
//!
//! No time of check is stored. The times of checks follow from the time of the last change and the object's UID alone,
//! so that a clean check writes nothing, and a restart neither repeats a check nor skips one.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::digest;

/// The longest wait before something that failed is tried again.
pub const LONGEST_RETRY: Duration = Duration::from_mins(5);

const HOUR: i64 = 3_600;

/// The periods between checks after a change, in seconds: one hour, doubling while nothing is found, up to a day.
const GROWING: [i64; 5] = [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR];

/// The longest period between checks, in seconds.
const LONGEST: i64 = 24 * HOUR;

/// How often an object is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// One hour after a change, doubling up to 24 hours.
    Growing,
    /// Always this many seconds; at least one.
    Fixed(u32),
}

impl Period {
    /// From a flag in which 0 means the default.
    #[must_use]
    pub fn from_seconds(seconds: u32) -> Self {
        if seconds == 0 { Self::Growing } else { Self::Fixed(seconds) }
    }
}

/// When to ask again about what AWS has been working on since `since`: soon at first, then in steps that grow with the
/// time already waited. AWS works on some things for hours.
#[must_use]
pub fn next_poll(since: Timestamp, now: Timestamp) -> Timestamp {
    const SHORTEST: SignedDuration = SignedDuration::from_millis(200);
    const LONG: SignedDuration = SignedDuration::from_secs(10);
    const LONGEST: SignedDuration = SignedDuration::from_secs(60);
    let waited = now.duration_since(since);
    let wait = (waited / 4).clamp(SHORTEST, LONG).max((waited / 60).min(LONGEST));
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

/// The first check after `now` of an object that last changed at `changed`.
#[must_use]
pub fn next_check(changed: Timestamp, uid: &str, period: Period, now: Timestamp) -> Timestamp {
    let phase = digest::spread(uid);
    let mut at = changed;
    let growing: &[i64] = match period {
        Period::Growing => &GROWING,
        Period::Fixed(_) => &[],
    };
    for period in growing {
        at = after(at, *period, phase);
        if at > now {
            return at;
        }
    }
    let steady = match period {
        Period::Growing => LONGEST,
        Period::Fixed(seconds) => i64::from(seconds.max(1)),
    };
    at = after(at, steady, phase);
    if at > now {
        return at;
    }
    let whole = (now.as_second() - at.as_second()) / steady + 1;
    plus(at, whole * steady)
}

/// Whether a check fell due after `since` and not after `now`.
#[must_use]
pub fn due(changed: Timestamp, uid: &str, period: Period, since: Timestamp, now: Timestamp) -> bool {
    next_check(changed, uid, period, since) <= now
}

/// The first instant more than half a period after `at` whose distance from the epoch is the object's phase in the
/// period: objects that changed together are checked apart, and none at once after its change.
fn after(at: Timestamp, period: i64, phase: u64) -> Timestamp {
    let phase = i64::try_from(phase % period.unsigned_abs()).unwrap_or(0);
    let earliest = at.as_second() + period / 2 + 1;
    let wait = (phase - earliest).rem_euclid(period);
    Timestamp::from_second(earliest + wait).unwrap_or(Timestamp::MAX)
}

fn plus(at: Timestamp, seconds: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn checks(changed: i64, uid: &str, period: Period, until: i64) -> Vec<i64> {
        let mut now = at(changed);
        let mut found = Vec::new();
        loop {
            now = next_check(at(changed), uid, period, now);
            if now > at(until) {
                return found;
            }
            found.push(now.as_second());
        }
    }

    #[test]
    fn polls_begin_at_once_and_grow_rare() {
        let mut now = at(0);
        let mut polls = 0;
        while now < at(600) {
            now = next_poll(at(0), now);
            polls += 1;
            assert!(polls > 1 || now == Timestamp::from_millisecond(200).unwrap());
        }
        assert!((60..100).contains(&polls), "{polls}");
    }

    #[test]
    fn checks_grow_rare_while_nothing_changes() {
        let day = 24 * HOUR;
        let times = checks(1_000_000_000, "uid", Period::Growing, 1_000_000_000 + 30 * day);
        assert!((29..=34).contains(&times.len()), "{}", times.len());
        assert!(times.windows(2).skip(6).all(|pair| pair[1] - pair[0] == day));
    }

    #[test]
    fn ten_thousand_objects_that_changed_together_are_checked_apart() {
        let mut minutes = [0u32; 91];
        for object in 0..10_000 {
            let first = next_check(at(0), &format!("uid-{object}"), Period::Growing, at(0)).as_second();
            minutes[usize::try_from(first / 60).unwrap()] += 1;
        }
        assert!(minutes.iter().all(|count| *count < 250), "{minutes:?}");
    }

    proptest! {
        #[test]
        fn the_next_check_is_later_and_soon_enough(
            changed in 0i64..2_000_000_000, uid in "[a-z0-9]{8}", later in 0i64..10_000_000, seconds in 0u32..100_000
        ) {
            let period = Period::from_seconds(seconds);
            let next = next_check(at(changed), &uid, period, at(changed + later));
            prop_assert!(next > at(changed + later));
            let longest = if seconds == 0 { LONGEST } else { i64::from(seconds) };
            prop_assert!(next.as_second() <= changed + later + 2 * longest + 1);
        }

        #[test]
        fn a_restart_neither_repeats_nor_skips(
            changed in 0i64..2_000_000_000, uid in "[a-z0-9]{8}", later in 1i64..1_000_000, down in 0i64..200_000
        ) {
            let (stop, start) = (at(changed + later), at(changed + later + down));
            let all = checks(changed, &uid, Period::Growing, start.as_second());
            let missed = all.iter().any(|check| at(*check) > stop);
            prop_assert_eq!(due(at(changed), &uid, Period::Growing, stop, start), missed);
        }
    }
}
