//! What an API server that did not take a write says.

use kube::core::Status;

use crate::{
    report::{Reason, Report},
    wish::Target,
};

/// What came of a write to a target that was not answered with success.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The target is not the one that it was: it was created, deleted or replaced meanwhile.
    Moved,
    /// Other managers have set keys to other values.
    Conflict(Report),
    /// Others have applied the target with no data in it, which is in the way of the first key and of no value.
    NoData(Report),
    /// Something that is to be said on the export.
    Said(Report),
    /// Nobody knows whether it had an effect, or will have one.
    Unknown(Report),
}

impl Refusal {
    /// What is to be said on the export.
    pub(crate) fn into_report(self) -> Report {
        match self {
            Self::Conflict(report) | Self::NoData(report) | Self::Said(report) | Self::Unknown(report) => report,
            Self::Moved => Report::new(Reason::Retrying, "the target changed meanwhile"),
        }
    }
}

/// What a refused write means.
pub(crate) fn refusal(target: &Target, status: &Status) -> Refusal {
    let conflicts = conflicts(status);
    let said = |reason, why: String| Refusal::Said(Report::new(reason, why));
    match status.code {
        409 if conflicts.is_empty() => Refusal::Moved,
        409 => {
            let named: Vec<_> = conflicts.iter().map(|(field, holder)| named(field, holder)).collect();
            let why = format!("{target}: {}; nothing was overwritten", named.join(", "));
            let report = Report::new(Reason::Conflict, why);
            let no_data = conflicts.iter().all(|(field, _)| *field == ".data");
            if no_data { Refusal::NoData(report) } else { Refusal::Conflict(report) }
        }
        403 => said(Reason::Forbidden, format!("{target}: {}{}", status.message, way_out(target, status))),
        429 => said(Reason::Retrying, format!("{target}: {}", status.message)),
        408 | 500.. => unknown(target, &status.message),
        _ => said(Reason::TargetRefused, format!("{target}: {}", status.message)),
    }
}

/// A write whose outcome was lost.
pub(crate) fn unknown(target: &Target, why: &str) -> Refusal {
    Refusal::Unknown(Report::new(Reason::Retrying, format!("{target}: {why}")))
}

/// Each field in conflict, with what is said of who holds it: `"manager" using v1 at …`.
fn conflicts(status: &Status) -> Vec<(&str, &str)> {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let conflicts = causes.filter(|cause| cause.reason == "FieldManagerConflict");
    conflicts
        .map(|cause| (cause.field.as_str(), cause.message.strip_prefix("conflict with ").unwrap_or(&cause.message)))
        .collect()
}

fn named(field: &str, holder: &str) -> String {
    match field.strip_prefix(".data.") {
        Some(key) => format!("key {key} has another value by {holder}"),
        None => format!("{field} has another value by {holder}"),
    }
}

/// The settings that give the right which is missing.
fn way_out(target: &Target, status: &Status) -> &'static str {
    let by_role = status.message.contains("cannot ");
    match target.kind() {
        "Secret" if by_role => "; the chart's value fieldExport.secrets gives the right to write Secrets",
        _ if by_role => "; the chart's value fieldExport.enabled gives the right to write ConfigMaps",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use cairn_crds::shared::TargetKind;
    use serde_json::json;

    use super::*;

    fn refused(kind: TargetKind, code: u16, message: &str, causes: &[(&str, &str)]) -> Refusal {
        let target = Target { kind, namespace: "team".into(), name: "app".into() };
        let cause = |(field, message): &(&str, &str)| json!({"reason": "FieldManagerConflict", "field": field, "message": message});
        let causes: Vec<_> = causes.iter().map(cause).collect();
        let status = json!({"status": "Failure", "message": message, "reason": "R", "code": code, "details": {"causes": causes}});
        refusal(&target, &serde_json::from_value(status).unwrap())
    }

    fn report(refusal: Refusal) -> (Reason, String) {
        match refusal {
            Refusal::Said(report) | Refusal::Conflict(report) | Refusal::Unknown(report) => {
                (report.reason, report.message)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_conflict_names_keys_and_managers() {
        let causes = [(".data.A", "conflict with \"kubectl\" using v1"), (".data.a.b", "conflict with \"x\"")];
        let (reason, message) = report(refused(TargetKind::ConfigMap, 409, "conflicts", &causes));
        assert_eq!(reason, Reason::Conflict);
        let expected = "ConfigMap team/app: key A has another value by \"kubectl\" using v1, key a.b has another value by \
            \"x\"; nothing was overwritten";
        assert_eq!(message, expected);
        assert!(matches!(refused(TargetKind::ConfigMap, 409, "uid mismatch", &[]), Refusal::Moved));
        let empty = (".data", "conflict with \"kubectl\"");
        assert!(matches!(refused(TargetKind::ConfigMap, 409, "conflicts", &[empty]), Refusal::NoData(_)));
        assert!(matches!(refused(TargetKind::ConfigMap, 409, "conflicts", &[empty, causes[0]]), Refusal::Conflict(_)));
        let (_, message) =
            report(refused(TargetKind::ConfigMap, 409, "conflicts", &[(".metadata.ownerReferences", "x")]));
        assert!(message.contains(".metadata.ownerReferences has another value by x"), "{message}");
    }

    #[test]
    fn a_missing_right_names_the_setting_that_gives_it() {
        let (reason, message) = report(refused(TargetKind::Secret, 403, "user cannot patch resource \"secrets\"", &[]));
        assert_eq!(reason, Reason::Forbidden);
        assert!(message.contains("fieldExport.secrets"), "{message}");
        let (_, message) = report(refused(TargetKind::ConfigMap, 403, "exceeded quota", &[]));
        assert!(!message.contains("fieldExport"), "{message}");
    }

    #[test]
    fn what_passes_by_itself_is_told_from_what_does_not() {
        for (code, expected) in [
            (408, Reason::Retrying),
            (429, Reason::Retrying),
            (500, Reason::Retrying),
            (503, Reason::Retrying),
            (400, Reason::TargetRefused),
            (404, Reason::TargetRefused),
            (413, Reason::TargetRefused),
            (422, Reason::TargetRefused),
        ] {
            let refused = refused(TargetKind::ConfigMap, code, "why", &[]);
            assert_eq!(matches!(refused, Refusal::Unknown(_)), code == 408 || code >= 500, "{code}");
            assert_eq!(report(refused).0, expected, "{code}");
        }
    }
}
