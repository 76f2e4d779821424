//! Whether a field manager still has every field that it applied.
//!
//! Kubernetes keeps who set which field in `managedFields` (`FieldsV1`): `f:name` for fields, `k:{…}` for items of lists
//! with keys, `v:…` for items of sets, and an empty object for a value or list that is one. Who changes a field by an
//! update, or by a forced apply, takes it from the others; so what is missing was changed by somebody.

use cairn_graph::definition::FieldPath;
use serde_json::{Map, Value as Json};

use crate::watches::Other;

/// Whether `fields`, the `FieldsV1` of a manager, has every field of `body`, which that manager applied.
pub(crate) fn covers(fields: &Json, body: &Json) -> bool {
    missing(fields, body).is_none()
}

/// The first field that was taken, as a path; none when all are there.
pub(crate) fn missing(fields: &Json, body: &Json) -> Option<String> {
    let (Some(fields), Some(body)) = (fields.as_object(), body.as_object()) else { return Some(String::new()) };
    body.iter().find_map(|(name, value)| match name.as_str() {
        "apiVersion" | "kind" | "status" => None,
        "metadata" => metadata(fields, value),
        _ => field(fields, name, value, ""),
    })
}

/// Which of other managers has a field that is missing; those alone that applied it.
pub(crate) fn holder<'o>(fields: &Json, body: &Json, path: &str, others: &'o [Other]) -> Option<&'o str> {
    let with = |other: &Other| missing(&union(fields, &parts(&other.fields, body)), body);
    let holds = |other: &&Other| other.applied && with(other).is_none_or(|next| next != path);
    others.iter().find(holds).map(|other| other.manager.as_str())
}

/// Whether any other manager has a field.
pub(crate) fn is_held(path: &FieldPath, others: &[Other]) -> bool {
    let step = |fields: &'_ Json, name: &String| fields.get(format!("f:{name}")).cloned();
    let has = |other: &Other| path.names().iter().try_fold(other.fields.clone(), |fields, name| step(&fields, name));
    others.iter().any(|other| has(other).is_some())
}

/// The fields without those that are objects of which only the name is held: others may have what is in them.
fn parts(fields: &Json, body: &Json) -> Json {
    let Some(all) = fields.as_object() else { return fields.clone() };
    let kept = all.iter().filter_map(|(name, below)| {
        let value = name.strip_prefix("f:").and_then(|name| body.get(name));
        let bare = below.as_object().is_some_and(Map::is_empty) && value.is_some_and(Json::is_object);
        (!bare).then(|| (name.clone(), value.map_or_else(|| below.clone(), |value| parts(below, value))))
    });
    Json::Object(kept.collect())
}

/// The fields of both.
fn union(a: &Json, b: &Json) -> Json {
    let (Some(a), Some(b)) = (a.as_object(), b.as_object()) else { return a.clone() };
    let mut all = a.clone();
    for (name, below) in b {
        let joined = all.get(name).map_or_else(|| below.clone(), |known| union(known, below));
        all.insert(name.clone(), joined);
    }
    Json::Object(all)
}

/// Names, namespaces and versions have no manager.
fn metadata(fields: &Map<String, Json>, metadata: &Json) -> Option<String> {
    let below = fields.get("f:metadata").and_then(Json::as_object);
    let empty = Map::new();
    ["labels", "annotations", "ownerReferences", "finalizers"].iter().find_map(|name| {
        let value = metadata.get(name).filter(|value| !is_empty(value))?;
        field(below.unwrap_or(&empty), name, value, "metadata")
    })
}

fn field(fields: &Map<String, Json>, name: &str, value: &Json, path: &str) -> Option<String> {
    if value.is_null() {
        return None;
    }
    let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match fields.get(&format!("f:{name}")).and_then(Json::as_object) {
        None if value.as_object().is_some_and(|parts| !parts.is_empty()) => within(&Map::new(), value, &path),
        None => Some(path),
        // It is one, whatever is in it.
        Some(below) if below.is_empty() => None,
        Some(below) => within(below, value, &path),
    }
}

fn within(below: &Map<String, Json>, value: &Json, path: &str) -> Option<String> {
    match value {
        Json::Object(parts) => parts.iter().find_map(|(name, value)| field(below, name, value, path)),
        Json::Array(items) => {
            items.iter().enumerate().find_map(|(at, value)| item(below, value, &format!("{path}[{at}]")))
        }
        _ => None,
    }
}

fn item(below: &Map<String, Json>, value: &Json, path: &str) -> Option<String> {
    let found = below.iter().find_map(|(key, below)| is_of(key, value).then_some(below));
    match found.and_then(Json::as_object) {
        None => Some(path.to_owned()),
        Some(below) if below.is_empty() => None,
        Some(below) => within(below, value, path),
    }
}

/// Whether an item is the one of an entry. What it leaves out of its key was filled in by the API server.
fn is_of(entry: &str, item: &Json) -> bool {
    if let Some(keys) = entry.strip_prefix("k:") {
        let keys: Map<String, Json> = serde_json::from_str(keys).unwrap_or_default();
        return !keys.is_empty()
            && keys.iter().any(|(name, _)| item.get(name).is_some())
            && keys.iter().all(|(name, value)| item.get(name).is_none_or(|own| own == value));
    }
    let value = entry.strip_prefix("v:").and_then(|value| serde_json::from_str::<Json>(value).ok());
    value.is_some_and(|value| value == *item)
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Object(fields) => fields.is_empty(),
        Json::Array(items) => items.is_empty(),
        other => other.is_null(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields() -> Json {
        json!({
            "f:metadata": {"f:labels": {"f:a": {}, "f:b": {}}},
            "f:data": {"f:x": {}, "f:y": {}},
            "f:spec": {
                "f:replicas": {},
                "f:atomic": {},
                "f:ports": {"k:{\"port\":80,\"protocol\":\"TCP\"}": {".": {}, "f:port": {}, "f:name": {}}},
                "f:set": {"v:\"one\"": {}, "v:2": {}},
            },
        })
    }

    #[test]
    fn what_is_still_there_is_covered() {
        let body = json!({
            "apiVersion": "v1", "kind": "X",
            "metadata": {"name": "n", "namespace": "s", "labels": {"a": "1"}, "annotations": {}},
            "data": {"x": "1", "gone": null},
            "spec": {
                "replicas": 2, "atomic": [{"any": "thing"}], "ports": [{"port": 80, "name": "http"}], "set": ["one", 2],
            },
        });
        assert_eq!(missing(&fields(), &body), None);
    }

    #[test]
    fn what_was_taken_is_named() {
        for (body, path) in [
            (json!({"data": {"z": "1"}}), "data.z"),
            (json!({"metadata": {"labels": {"c": "1"}}}), "metadata.labels.c"),
            (json!({"metadata": {"annotations": {"c": "1"}}}), "metadata.annotations.c"),
            (json!({"spec": {"ports": [{"port": 80, "targetPort": 8080}]}}), "spec.ports[0].targetPort"),
            (json!({"spec": {"ports": [{"port": 81}]}}), "spec.ports[0]"),
            (json!({"spec": {"set": ["one", "three"]}}), "spec.set[1]"),
            (json!({"rules": []}), "rules"),
        ] {
            assert_eq!(missing(&fields(), &body).as_deref(), Some(path), "{body}");
        }
        assert!(!covers(&Json::Null, &json!({"data": {}})));
    }

    #[test]
    fn who_applied_it_holds_it_and_who_updated_it_does_not() {
        let other = |manager: &str, applied: bool, fields: Json| Other { manager: manager.into(), applied, fields };
        let others = [
            other("editor", false, json!({"f:data": {"f:z": {}}})),
            other("helm", true, json!({"f:data": {"f:w": {}}, "f:spec": {"f:replicas": {}}})),
        ];
        let held = |name: &str| {
            let body = json!({"data": {name: "1"}});
            holder(&fields(), &body, &missing(&fields(), &body).unwrap(), &others).map(str::to_owned)
        };
        assert_eq!((held("z"), held("w").as_deref(), held("v")), (None, Some("helm"), None));
        let bare = [other("helm", true, json!({"f:data": {}}))];
        assert_eq!(holder(&fields(), &json!({"data": {"w": "1"}}), "data.w", &bare), None);
        let path = |text: &str| FieldPath::parse(text).unwrap();
        assert!(is_held(&path("spec.replicas"), &others) && is_held(&path("data.z"), &others));
        assert!(!is_held(&path("spec.paused"), &others));
    }
}
