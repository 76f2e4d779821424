//! The `ACK.*` conditions, which are written beside ours under ACK's groups: names, states and sentences are ACK's, because
//! people and pipelines wait for them.

mod facts;

use cairn_crds::status::time;
use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;

use crate::condition::{Progress, Reason, Report};

pub use facts::{Facts, References};

const PREFIX: &str = "ACK.";
const SYNCED: &str = "ACK.ResourceSynced";
const TERMINAL: &str = "ACK.Terminal";
const RECOVERABLE: &str = "ACK.Recoverable";

/// What ACK would make of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sync {
    Done,
    UnderWay,
    /// It is tried again.
    Failed,
    /// ACK waits for an edit.
    Given,
}

fn sync(reason: Reason) -> Sync {
    match reason {
        Reason::Retrying
        | Reason::DependencyNotReady
        | Reason::AccessDenied
        | Reason::NoCredentials
        | Reason::QuotaExceeded
        | Reason::InternalError => Sync::Failed,
        other => match other.progress() {
            Progress::Done => Sync::Done,
            Progress::Working | Progress::Held => Sync::UnderWay,
            Progress::Stuck => Sync::Given,
        },
    }
}

/// The conditions with ACK's among them. `conditions` are ours and those of others, with ACK's as they were.
#[must_use]
pub fn with(
    conditions: Vec<Condition>,
    report: &Report,
    facts: &Facts,
    generation: Option<i64>,
    now: Timestamp,
) -> Vec<Condition> {
    let sync = sync(report.reason);
    let said: Vec<_> = facts::said(facts).collect();
    let mut wanted = vec![synced(sync)];
    for (name, state) in [(TERMINAL, Sync::Given), (RECOVERABLE, Sync::Failed)] {
        let known = conditions.iter().any(|condition| condition.type_ == name);
        if sync == state {
            wanted.push((name, "True", report.message.as_str()));
        } else if known {
            wanted.push((name, "False", ""));
        }
    }
    wanted.extend(said.iter().filter_map(|said| {
        let (status, message) = said.says.as_ref()?;
        Some((said.name, *status, message.as_str()))
    }));
    let made = wanted.into_iter().map(|(name, status, message)| {
        let since = conditions.iter().find(|condition| condition.type_ == name && condition.status == status);
        Condition {
            type_: name.into(),
            status: status.into(),
            observed_generation: generation,
            last_transition_time: since.map_or_else(|| time(now), |known| known.last_transition_time.clone()),
            reason: report.reason.as_str().into(),
            message: message.into(),
        }
    });
    let made: Vec<_> = made.collect();
    let mut kept = conditions;
    kept.retain(|condition| {
        let anew = made.iter().any(|made| made.type_ == condition.type_);
        !anew && said.iter().all(|said| said.name != condition.type_)
    });
    one_of_each(&mut kept);
    kept.into_iter().chain(made).collect()
}

fn synced(sync: Sync) -> (&'static str, &'static str, &'static str) {
    match sync {
        Sync::Done => (SYNCED, "True", "Resource synced successfully"),
        Sync::UnderWay | Sync::Given => (SYNCED, "False", "Resource not synced"),
        Sync::Failed => {
            (SYNCED, "Unknown", "Unable to determine if desired resource state matches latest observed state")
        }
    }
}

/// ACK writes several `ACK.Advisory`; a list keyed by type takes one.
fn one_of_each(conditions: &mut Vec<Condition>) {
    let mut seen: Vec<String> = Vec::new();
    conditions.retain(|condition| {
        let again = condition.type_.starts_with(PREFIX) && seen.contains(&condition.type_);
        seen.push(condition.type_.clone());
        !again
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{condition::conditions, scope::Selection};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn after(previous: &[Condition], reason: Reason, message: &str, now: i64) -> Vec<Condition> {
        let report = Report::new(reason, message);
        with(conditions(previous, &report, Some(1), at(now)), &report, &Facts::default(), Some(1), at(now))
    }

    fn told(previous: &[Condition], facts: &Facts, now: i64) -> Vec<Condition> {
        let mut told = with(previous.to_vec(), &Report::new(Reason::Available, ""), facts, Some(1), at(now));
        told.retain(|condition| condition.type_ != SYNCED);
        told
    }

    fn ack(conditions: &[Condition]) -> Vec<(&str, &str, &str, i64)> {
        let ours = conditions.iter().filter(|condition| condition.type_.starts_with(PREFIX));
        ours.map(|c| (&c.type_[4..], &*c.status, &*c.message, c.last_transition_time.0.as_second())).collect()
    }

    #[test]
    fn acks_words_follow_the_report() {
        let unsure = "Unable to determine if desired resource state matches latest observed state";
        let creating = after(&[], Reason::Creating, "x", 1);
        assert_eq!(ack(&creating), [("ResourceSynced", "False", "Resource not synced", 1)]);
        let failed = after(&creating, Reason::AccessDenied, "denied", 2);
        assert_eq!(ack(&failed), [("ResourceSynced", "Unknown", unsure, 2), ("Recoverable", "True", "denied", 2)]);
        let ready = after(&failed, Reason::Available, "", 3);
        let synced = ("ResourceSynced", "True", "Resource synced successfully", 3);
        assert_eq!(ack(&ready), [synced, ("Recoverable", "False", "", 3)]);
        let refused = after(&ready, Reason::Refused, "no", 4);
        let expected = [
            ("ResourceSynced", "False", "Resource not synced", 4),
            ("Terminal", "True", "no", 4),
            ("Recoverable", "False", "", 3),
        ];
        assert_eq!(ack(&refused), expected);
    }

    #[test]
    fn our_own_conditions_and_those_of_others_stay() {
        let other = Condition { type_: "Other".into(), ..after(&[], Reason::Available, "", 1).remove(0) };
        let next = after(std::slice::from_ref(&other), Reason::Available, "", 2);
        let types: Vec<_> = next.iter().map(|condition| condition.type_.as_str()).collect();
        assert_eq!(types, ["Ready", "Other", "ACK.ResourceSynced"]);
    }

    #[test]
    fn references_and_role_are_told_as_far_as_they_are_known() {
        let selection = Selection { arn: "arn:a".into(), selector: "team".into(), version: "7".into() };
        let facts = |references, role| Facts { references: Some(references), role: Some(role) };
        let waits = told(&[], &facts(References::Waiting("x".into()), Some(selection)), 1);
        let role = "roleARN: arn:a, selectorName: team, selectorResourceVersion: 7";
        let references = |status, message, since| ("ReferencesResolved", status, message, since);
        let expected =
            [references("Unknown", "Reference resolution failed: x", 1), ("IAMRoleSelected", "True", role, 1)];
        assert_eq!(ack(&waits), expected);
        assert_eq!(ack(&told(&waits, &Facts::default(), 2)), expected, "what is not known stays");
        let resolved = told(&waits, &facts(References::Resolved, None), 3);
        assert_eq!(ack(&resolved), [references("True", "", 3)]);
        assert_eq!(ack(&told(&resolved, &facts(References::Absent, None), 4)), []);
    }

    #[test]
    fn several_advisories_become_one() {
        let advisory = |message: &str| Condition {
            type_: "ACK.Advisory".into(),
            message: message.into(),
            ..after(&[], Reason::Available, "", 1).remove(0)
        };
        let next = after(&[advisory("a"), advisory("b")], Reason::Available, "", 2);
        assert_eq!(next.iter().filter(|condition| condition.type_ == "ACK.Advisory").count(), 1);
    }
}
