//! What to do about a lease, as a function of what was seen of it and when.

use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::api::coordination::v1::LeaseSpec;
use tokio::time::Instant;

/// What a lease says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) holder: Option<String>,
    pub(super) renewed: Option<Timestamp>,
    pub(super) duration: Duration,
}

impl Record {
    /// Reads a lease. One that names no duration is given `fallback`.
    pub(super) fn of(spec: Option<&LeaseSpec>, fallback: Duration) -> Self {
        let seconds = spec.and_then(|spec| spec.lease_duration_seconds).and_then(|seconds| u64::try_from(seconds).ok());
        Self {
            holder: spec.and_then(|spec| spec.holder_identity.clone()).filter(|holder| !holder.is_empty()),
            renewed: spec.and_then(|spec| spec.renew_time.as_ref()).map(|time| time.0),
            duration: seconds.filter(|seconds| *seconds > 0).map_or(fallback, Duration::from_secs),
        }
    }
}

/// A record and since when this process has seen it unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sighting {
    pub(super) record: Record,
    pub(super) unchanged_since: Instant,
}

impl Sighting {
    /// What is known after `record` was read at `now`.
    pub(super) fn after(before: Option<&Self>, record: Record, now: Instant) -> Self {
        let unchanged =
            before.filter(|before| before.record.holder == record.holder && before.record.renewed == record.renewed);
        Self { unchanged_since: unchanged.map_or(now, |before| before.unchanged_since), record }
    }
}

/// The next step of a process that wants to hold the lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// There is no lease: create it.
    Create,
    /// It is free, or was left: write our name into it.
    Take,
    /// It is ours: write a new time into it.
    Renew,
    /// Another holds it; it counts as left at that moment unless it changes.
    Wait(Instant),
}

/// Decides for the process named `me`, which believes that it holds the lease or not.
pub(super) fn decide(me: &str, held: bool, seen: Option<&Sighting>, now: Instant) -> Decision {
    let Some(Sighting { record, unchanged_since }) = seen else { return Decision::Create };
    match record.holder.as_deref() {
        Some(holder) if holder == me && held => Decision::Renew,
        Some(holder) if holder != me => {
            let left = *unchanged_since + record.duration;
            if now < left { Decision::Wait(left) } else { Decision::Take }
        }
        _ => Decision::Take,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Duration = Duration::from_secs(15);

    fn sighting(holder: Option<&str>, unchanged_since: Instant) -> Sighting {
        let record = Record { holder: holder.map(Into::into), renewed: None, duration: LEASE };
        Sighting { record, unchanged_since }
    }

    #[test]
    fn each_situation_has_one_answer() {
        let seen = Instant::now();
        let (just_before, at_the_end) = (seen + LEASE - Duration::from_nanos(1), seen + LEASE);
        for (held, holder, now, expected) in [
            (false, Some("me"), seen, Decision::Take),
            (true, Some("me"), seen, Decision::Renew),
            (false, None, seen, Decision::Take),
            (true, None, seen, Decision::Take),
            (false, Some("other"), just_before, Decision::Wait(at_the_end)),
            (true, Some("other"), just_before, Decision::Wait(at_the_end)),
            (false, Some("other"), at_the_end, Decision::Take),
        ] {
            assert_eq!(decide("me", held, Some(&sighting(holder, seen)), now), expected, "{held} {holder:?}");
        }
        assert_eq!(decide("me", false, None, seen), Decision::Create);
    }

    #[test]
    fn any_renewal_starts_the_wait_again() {
        let start = Instant::now();
        let later = start + LEASE / 2;
        let record = |holder: &str, second| Record {
            holder: Some(holder.into()),
            renewed: Timestamp::from_second(second).ok(),
            duration: LEASE,
        };
        let first = Sighting::after(None, record("a", 1), start);
        let since = |record| Sighting::after(Some(&first), record, later).unchanged_since;
        assert_eq!(since(record("a", 1)), start);
        assert_eq!(since(record("a", 2)), later);
        assert_eq!(since(record("b", 1)), later);
    }

    #[test]
    fn a_lease_that_says_little_is_read_with_defaults() {
        let empty = Record { holder: None, renewed: None, duration: LEASE };
        assert_eq!(Record::of(None, LEASE), empty);
        let blank = LeaseSpec {
            holder_identity: Some(String::new()),
            lease_duration_seconds: Some(-1),
            ..LeaseSpec::default()
        };
        assert_eq!(Record::of(Some(&blank), LEASE), empty);
        let brief = LeaseSpec { lease_duration_seconds: Some(3), ..LeaseSpec::default() };
        assert_eq!(Record::of(Some(&brief), LEASE).duration, Duration::from_secs(3));
    }
}
