//! What the metadata of a target says of who has written what into it.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ManagedFieldsEntry, ObjectMeta, OwnerReference};
use serde_json::Value;

/// The field manager of ACK's controllers: none is set, so that it is the name of their program.
pub(crate) const ACK: &str = "controller";

/// How an export gives back a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Return {
    /// It holds nothing of the export.
    Nothing,
    /// The keys go, and with them the export ceases to be an owner: somebody else has written into it.
    All,
    /// The keys go; the export stays the owner of what was created for exports and is empty now, so that the garbage
    /// collector takes it when the export is gone.
    Keys,
}

/// How the export with this manager and UID gives back the target.
pub(crate) fn give_back(target: &ObjectMeta, manager: &str, uid: &str) -> Return {
    let entries = || target.managed_fields.iter().flatten();
    if !entries().any(|entry| is_applied_by(entry, manager)) {
        return Return::Nothing;
    }
    let others = entries().any(|entry| !is_applied_by(entry, manager) && holds_data(entry));
    let owner = target.owner_references.iter().flatten().any(|owner| owner.uid == uid);
    if owner && !others { Return::Keys } else { Return::All }
}

/// Whether the target was created for exports: one of them is among its owners.
pub(crate) fn is_made_for_exports(target: &ObjectMeta, group: &str, kind: &str) -> bool {
    let is_export = |owner: &OwnerReference| {
        owner.kind == kind && owner.api_version.split_once('/').is_some_and(|(of, _)| of == group)
    };
    target.owner_references.iter().flatten().any(is_export)
}

/// Whether all that others hold of these keys is what ACK's controllers wrote.
pub(crate) fn held_by_ack_alone<'k>(
    target: &ObjectMeta,
    manager: &str,
    keys: impl IntoIterator<Item = &'k String>,
) -> bool {
    let others = || target.managed_fields.iter().flatten().filter(|entry| !is_applied_by(entry, manager));
    let is_acks = |entry: &ManagedFieldsEntry| {
        entry.manager.as_deref() == Some(ACK) && entry.operation.as_deref() == Some("Update")
    };
    keys.into_iter().all(|key| others().filter(|entry| holds_key(entry, key)).all(is_acks))
}

fn is_applied_by(entry: &ManagedFieldsEntry, manager: &str) -> bool {
    entry.manager.as_deref() == Some(manager) && entry.operation.as_deref() == Some("Apply")
}

fn fields<'e>(entry: &'e ManagedFieldsEntry, of: &str) -> Option<&'e serde_json::Map<String, Value>> {
    entry.fields_v1.as_ref()?.0.get(of)?.as_object()
}

fn holds_data(entry: &ManagedFieldsEntry) -> bool {
    let has_keys = |of| fields(entry, of).is_some_and(|keys| keys.keys().any(|key| key.starts_with("f:")));
    has_keys("f:data") || has_keys("f:binaryData")
}

fn holds_key(entry: &ManagedFieldsEntry, key: &str) -> bool {
    fields(entry, "f:data").is_some_and(|keys| keys.contains_key(&format!("f:{key}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const OURS: &str = "fieldexports.aws.cairn.run/team/arn";

    fn meta(entries: &[(&str, &str, Value)], owners: &[(&str, &str, &str)]) -> ObjectMeta {
        let entry = |(manager, operation, fields): &(&str, &str, Value)| json!({"manager": manager, "operation": operation, "apiVersion": "v1", "fieldsV1": fields});
        let owner = |(version, kind, uid): &(&str, &str, &str)| json!({"apiVersion": version, "kind": kind, "name": "x", "uid": uid});
        let entries: Vec<_> = entries.iter().map(entry).collect();
        let owners: Vec<_> = owners.iter().map(owner).collect();
        serde_json::from_value(json!({"managedFields": entries, "ownerReferences": owners})).unwrap()
    }

    fn data(keys: &[&str]) -> Value {
        let keys: serde_json::Map<_, _> = keys.iter().map(|key| (format!("f:{key}"), json!({}))).collect();
        json!({"f:data": keys})
    }

    const EXPORT: (&str, &str, &str) = ("aws.cairn.run/v1alpha1", "FieldExport", "me");

    #[test]
    fn what_holds_nothing_of_ours_is_left() {
        let others = meta(&[("kubectl", "Update", data(&["A"])), (OURS, "Update", data(&["B"]))], &[]);
        assert_eq!(give_back(&others, OURS, "me"), Return::Nothing);
    }

    #[test]
    fn what_was_made_for_us_goes_with_us_unless_others_have_written_into_it() {
        let ours = (OURS, "Apply", data(&["A"]));
        assert_eq!(give_back(&meta(std::slice::from_ref(&ours), &[EXPORT]), OURS, "me"), Return::Keys);
        assert_eq!(give_back(&meta(std::slice::from_ref(&ours), &[]), OURS, "me"), Return::All);
        assert_eq!(give_back(&meta(std::slice::from_ref(&ours), &[EXPORT]), OURS, "another"), Return::All);
        for other in [data(&["B"]), json!({"f:binaryData": {".": {}, "f:B": {}}})] {
            let shared = meta(&[ours.clone(), ("kubectl", "Update", other)], &[EXPORT]);
            assert_eq!(give_back(&shared, OURS, "me"), Return::All);
        }
        let labels = json!({"f:data": {".": {}}, "f:metadata": {"f:labels": {"f:x": {}}}});
        let labelled = meta(&[ours, ("kubectl", "Update", labels)], &[EXPORT]);
        assert_eq!(give_back(&labelled, OURS, "me"), Return::Keys);
    }

    #[test]
    fn only_exports_of_the_group_make_it_theirs() {
        let made = |owners: &[_]| is_made_for_exports(&meta(&[], owners), "aws.cairn.run", "FieldExport");
        assert!(made(&[("v1", "Pod", "p"), EXPORT]));
        assert!(!made(&[]));
        assert!(!made(&[("services.k8s.aws/v1alpha1", "FieldExport", "x"), ("aws.cairn.run/v1alpha1", "Other", "y")]));
    }

    #[test]
    fn acks_keys_are_those_that_nobody_else_holds() {
        let keys = ["A".to_owned(), "B".to_owned()];
        let held = |entries: &[_]| held_by_ack_alone(&meta(entries, &[]), OURS, &keys);
        let acks = (ACK, "Update", data(&["A", "B", "C"]));
        assert!(held(&[acks.clone(), (OURS, "Apply", data(&["A"])), ("kubectl", "Update", data(&["C"]))]));
        assert!(!held(&[acks.clone(), ("kubectl", "Update", data(&["B"]))]));
        assert!(!held(&[(ACK, "Apply", data(&["A"]))]));
    }
}
