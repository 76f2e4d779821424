//! The conditions that ACK's controllers write on a `FieldExport`, for those who read them.

use cairn_crds::status::time;
use cairn_runtime::condition::Progress;
use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;

use crate::report::{Reason, Report};

/// The reason of ACK's advice against reaching into another namespace.
const CROSS_NAMESPACE: &str = "CrossNamespaceOptInRequired";

/// `conditions` with those of ACK that follow from a report and an advice; none when all is well, as with ACK.
pub(crate) fn add(
    conditions: Vec<Condition>,
    previous: &[Condition],
    report: &Report,
    advice: Option<&str>,
    now: Timestamp,
) -> Vec<Condition> {
    let failure = match report.reason.progress() {
        Progress::Stuck => Some("ACK.Terminal"),
        Progress::Working if report.reason != Reason::Exporting => Some("ACK.Recoverable"),
        _ => None,
    };
    let failure = failure.map(|kind| (kind, report.reason.as_str(), report.message.as_str()));
    let advice = advice.map(|advice| ("ACK.Advisory", CROSS_NAMESPACE, advice));
    let acks = failure.into_iter().chain(advice).map(|(kind, reason, message)| {
        let since = previous.iter().find(|condition| condition.type_ == kind && condition.status == "True");
        Condition {
            type_: kind.into(),
            status: "True".into(),
            reason: reason.into(),
            message: message.into(),
            observed_generation: None,
            last_transition_time: since.map_or_else(|| time(now), |since| since.last_transition_time.clone()),
        }
    });
    let acks: Vec<_> = acks.collect();
    conditions.into_iter().filter(|condition| !condition.type_.starts_with("ACK.")).chain(acks).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn after(previous: &[Condition], reason: Reason, advice: Option<&str>, now: i64) -> Vec<(String, i64)> {
        let report = Report::new(reason, "why");
        let all = add(previous.to_vec(), previous, &report, advice, at(now));
        all.into_iter().map(|c| (c.type_, c.last_transition_time.0.as_second())).collect()
    }

    #[test]
    fn a_failure_has_acks_condition_and_success_has_none() {
        assert_eq!(after(&[], Reason::Conflict, None, 5), [("ACK.Terminal".to_owned(), 5)]);
        assert_eq!(after(&[], Reason::SourceNotReady, None, 5), [("ACK.Recoverable".to_owned(), 5)]);
        assert!(after(&[], Reason::Exporting, None, 5).is_empty());
        let failed = add(Vec::new(), &[], &Report::new(Reason::Conflict, "why"), Some("advice"), at(5));
        assert_eq!(after(&failed, Reason::Conflict, Some("advice"), 9)[1], ("ACK.Advisory".to_owned(), 5));
        assert!(after(&failed, Reason::Exported, None, 9).is_empty());
    }
}
