//! Which leaves of a spec nobody declared: Cairn wrote them there when it adopted the resource.
//!
//! Kubernetes keeps who wrote what in `managedFields`, which is large and which no reconcile reads. What one does need of
//! it is kept: the leaves of the spec that the adoption wrote and that nobody else has written since.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{FieldsV1, ManagedFieldsEntry};
use serde_json::{Map, Value};

/// The field manager under which an adoption writes what AWS has into the spec.
pub(crate) const ADOPTION: &str = "cairn-adoption";

/// The entry to keep; `None` when there is nothing to remember.
pub(super) fn kept(entries: &[ManagedFieldsEntry]) -> Option<ManagedFieldsEntry> {
    let ours = entries.iter().find(|entry| entry.manager.as_deref() == Some(ADOPTION))?;
    let mut left = spec(ours)?.clone();
    for other in entries.iter().filter(|entry| entry.manager.as_deref() != Some(ADOPTION)) {
        if let Some(theirs) = spec(other) {
            subtract(&mut left, theirs);
        }
    }
    let fields = FieldsV1(Value::Object(Map::from_iter([("f:spec".to_owned(), Value::Object(left))])));
    Some(ManagedFieldsEntry { fields_v1: Some(fields), time: None, ..ours.clone() })
}

/// Dotted paths below `spec` that an entry names, in the form of `leaf::paths`.
pub(crate) fn paths(entries: &[ManagedFieldsEntry]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in entries.iter().filter(|entry| entry.manager.as_deref() == Some(ADOPTION)) {
        if let Some(fields) = spec(entry) {
            collect(fields, "", &mut found);
        }
    }
    found
}

fn spec(entry: &ManagedFieldsEntry) -> Option<&Map<String, Value>> {
    entry.fields_v1.as_ref()?.0.get("f:spec")?.as_object()
}

/// Takes away what the other manager has, too. A leaf is an empty object.
fn subtract(left: &mut Map<String, Value>, theirs: &Map<String, Value>) {
    left.retain(|key, mine| match (mine, theirs.get(key)) {
        (_, None) => true,
        (Value::Object(mine), Some(Value::Object(theirs))) if !mine.is_empty() => {
            subtract(mine, theirs);
            !mine.is_empty()
        }
        _ => false,
    });
}

fn collect(fields: &Map<String, Value>, path: &str, found: &mut Vec<String>) {
    for (key, below) in fields {
        let Some(name) = key.strip_prefix("f:") else {
            // An item of a list, or the object itself: the list is ours as far as it goes.
            if !path.is_empty() && found.last().is_none_or(|last| last != path) {
                found.push(path.to_owned());
            }
            continue;
        };
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        match below.as_object() {
            Some(below) if !below.is_empty() => collect(below, &path, found),
            _ => found.push(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(manager: &str, fields: &Value) -> ManagedFieldsEntry {
        ManagedFieldsEntry {
            manager: Some(manager.into()),
            fields_v1: Some(FieldsV1(json!({"f:spec": fields}))),
            ..ManagedFieldsEntry::default()
        }
    }

    #[test]
    fn what_another_has_written_too_is_declared() {
        let ours =
            entry(ADOPTION, &json!({"f:name": {}, "f:a": {"f:x": {}, "f:y": {}}, "f:b": {"f:z": {}}, "f:list": {}}));
        let theirs = entry("kubectl", &json!({"f:name": {}, "f:a": {"f:x": {}}, "f:b": {"f:z": {}}}));
        let kept = kept(&[theirs, ours]).unwrap();
        assert_eq!(paths(&[kept]), ["a.y", "list"]);
    }

    #[test]
    fn an_object_that_adopted_nothing_keeps_nothing() {
        assert_eq!(kept(&[entry("kubectl", &json!({"f:name": {}}))]), None);
        assert!(paths(&[entry("kubectl", &json!({"f:name": {}}))]).is_empty());
    }

    #[test]
    fn items_of_a_list_stand_for_the_list() {
        let ours = entry(ADOPTION, &json!({"f:tags": {".": {}, "k:{\"key\":\"a\"}": {".": {}, "f:value": {}}}}));
        assert_eq!(paths(&[ours]), ["tags"]);
    }
}
