//! Who else writes where Cairn writes: to the status, and to Cairn's finalizer.
//!
//! Like what an adoption wrote, it is told by `managedFields` and kept as little of them as tells it. An object to
//! which nobody else writes keeps nothing.

use cairn_core::api::OtherWrite;
use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ManagedFieldsEntry, Time};
use serde_json::{Map, Value};

use super::filled::ADOPTION;

/// The field manager of the engine's writes.
pub(crate) const MANAGER: &str = "cairn";

const STATUS: &str = "status";

/// What others have written, as the object says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Others {
    /// Cairn has written this object's status.
    pub(crate) we_wrote: bool,
    /// What others have written.
    pub(crate) writes: Vec<OtherWrite>,
}

/// The entries to keep. `finalizer` is ours.
pub(super) fn kept(entries: &[ManagedFieldsEntry], finalizer: &str) -> Vec<ManagedFieldsEntry> {
    let others: Vec<_> = entries.iter().filter(|entry| !is_ours(entry) && tells(entry, finalizer)).map(bare).collect();
    if others.is_empty() {
        return others;
    }
    let ours = entries.iter().filter(|entry| entry.manager.as_deref() == Some(MANAGER) && is_status(entry)).map(bare);
    ours.chain(others).collect()
}

/// What kept entries say.
pub(crate) fn read(kept: &[ManagedFieldsEntry]) -> Others {
    let we_wrote = kept.iter().any(|entry| entry.manager.as_deref() == Some(MANAGER) && is_status(entry));
    Others { we_wrote, writes: writes(kept).collect() }
}

/// What others wrote. A finalizer stands in one entry with all that its manager wrote to the object, and so its time
/// says nothing.
pub(super) fn writes(kept: &[ManagedFieldsEntry]) -> impl Iterator<Item = OtherWrite> {
    let others = kept.iter().filter(|entry| !is_ours(entry));
    others.map(|entry| OtherWrite {
        manager: entry.manager.clone().unwrap_or_default(),
        at: entry.time.as_ref().filter(|_| is_status(entry)).map(to_the_second),
    })
}

fn to_the_second(Time(at): &Time) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(*at)
}

fn bare(entry: &ManagedFieldsEntry) -> ManagedFieldsEntry {
    ManagedFieldsEntry {
        manager: entry.manager.clone(),
        subresource: entry.subresource.clone(),
        time: entry.time.clone(),
        ..ManagedFieldsEntry::default()
    }
}

fn is_ours(entry: &ManagedFieldsEntry) -> bool {
    matches!(entry.manager.as_deref(), Some(MANAGER | ADOPTION))
}

fn is_status(entry: &ManagedFieldsEntry) -> bool {
    entry.subresource.as_deref() == Some(STATUS)
}

/// Whether an entry tells of a controller that does what Cairn does. A manifest may name the finalizer, because it is a
/// dump of the object, and anybody may add a condition of their own.
fn tells(entry: &ManagedFieldsEntry, finalizer: &str) -> bool {
    let Some(Value::Object(fields)) = entry.fields_v1.as_ref().map(|fields| &fields.0) else { return false };
    if is_status(entry) {
        return fields.get("f:status").and_then(Value::as_object).is_some_and(tells_of_us);
    }
    let applied = entry.operation.as_deref() == Some("Apply");
    let finalizers = fields.get("f:metadata").and_then(|metadata| metadata.get("f:finalizers"));
    let Some(Value::Object(finalizers)) = finalizers.filter(|_| !applied) else { return false };
    finalizers.contains_key(&format!("v:\"{finalizer}\""))
}

fn tells_of_us(status: &Map<String, Value>) -> bool {
    status.iter().any(|(field, below)| match (field.as_str(), below.as_object()) {
        (".", _) => false,
        ("f:conditions", Some(list)) if !list.is_empty() => list.keys().any(|key| is_our_condition(key)),
        _ => true,
    })
}

/// Whether the key of a condition in `managedFields`, such as `k:{"type":"Ready"}`, is of one that we write.
fn is_our_condition(key: &str) -> bool {
    let Some(Ok(Value::Object(key))) = key.strip_prefix("k:").map(serde_json::from_str) else { return false };
    let name = key.get("type").and_then(Value::as_str).unwrap_or_default();
    matches!(name, "Ready" | "Reconciling" | "Stalled") || name.starts_with("ACK.")
}

#[cfg(test)]
mod tests {
    use k8s_openapi::apimachinery::pkg::apis::meta::v1::FieldsV1;
    use serde_json::json;

    use super::*;

    const FINALIZER: &str = "finalizers.s3.services.k8s.aws/Bucket";

    fn entry(manager: &str, subresource: Option<&str>, operation: &str, fields: &Value) -> ManagedFieldsEntry {
        ManagedFieldsEntry {
            manager: Some(manager.into()),
            subresource: subresource.map(Into::into),
            operation: Some(operation.into()),
            time: Some(Time(Timestamp::from_second(7).unwrap())),
            fields_v1: Some(FieldsV1(fields.clone())),
            ..ManagedFieldsEntry::default()
        }
    }

    fn status(manager: &str, fields: &Value) -> ManagedFieldsEntry {
        entry(manager, Some("status"), "Update", &json!({"f:status": fields}))
    }

    fn condition(name: &str) -> Value {
        json!({"f:conditions": {".": {}, (format!("k:{{\"type\":\"{name}\"}}")): {".": {}, "f:status": {}}}})
    }

    fn told(entries: &[ManagedFieldsEntry]) -> Others {
        read(&kept(entries, FINALIZER))
    }

    fn wrote(manager: &str, second: Option<i64>) -> OtherWrite {
        OtherWrite { manager: manager.into(), at: second.map(|second| Timestamp::from_second(second).unwrap()) }
    }

    #[test]
    fn an_object_of_ours_alone_keeps_nothing() {
        let ours = status("cairn", &json!({"f:record": {}}));
        let spec = entry("kubectl", None, "Update", &json!({"f:spec": {"f:name": {}}}));
        assert!(kept(&[ours, spec], FINALIZER).is_empty());
    }

    #[test]
    fn what_others_write_where_we_do_is_told() {
        let ours = status("cairn", &json!({"f:record": {}}));
        let place = status("controller", &json!({"f:ackResourceMetadata": {"f:arn": {}}}));
        let expected = Others { we_wrote: true, writes: vec![wrote("controller", Some(7))] };
        assert_eq!(told(&[ours, place.clone()]), expected);
        assert_eq!(told(&[place]), Others { we_wrote: false, ..expected });
        for name in ["Ready", "ACK.ResourceSynced"] {
            assert_eq!(told(&[status("x", &condition(name))]).writes, [wrote("x", Some(7))], "{name}");
        }
        // A list that is one value to the API server.
        assert_eq!(told(&[status("x", &json!({"f:conditions": {}}))]).writes, [wrote("x", Some(7))]);
    }

    #[test]
    fn a_condition_of_their_own_is_everybodys_right() {
        assert_eq!(told(&[status("x", &condition("Audited"))]), Others::default());
    }

    #[test]
    fn our_finalizer_tells_by_whom_it_was_written_and_not_when() {
        let fields =
            json!({"f:metadata": {"f:finalizers": {".": {}, (format!("v:\"{FINALIZER}\"")): {}}}, "f:spec": {}});
        let other = json!({"f:metadata": {"f:finalizers": {".": {}, "v:\"example.org/other\"": {}}}});
        assert_eq!(told(&[entry("controller", None, "Update", &fields)]).writes, [wrote("controller", None)]);
        assert_eq!(told(&[entry("kubectl", None, "Apply", &fields)]), Others::default());
        assert_eq!(told(&[entry("x", None, "Update", &other)]), Others::default());
    }
}
