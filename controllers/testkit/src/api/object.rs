//! Reading and writing the common parts of objects.

use serde_json::{Map, Value, json};

/// A string of the metadata.
pub(super) fn meta_str<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get("metadata")?.get(key)?.as_str()
}

/// Name, or empty.
pub(super) fn name(object: &Value) -> &str {
    meta_str(object, "name").unwrap_or_default()
}

/// Whether the object waits for its finalizers.
pub(super) fn is_deleting(object: &Value) -> bool {
    meta_str(object, "deletionTimestamp").is_some()
}

/// The finalizers, in order.
pub(super) fn finalizers(object: &Value) -> Vec<&str> {
    let list = object.get("metadata").and_then(|meta| meta.get("finalizers")?.as_array());
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The resource version, where it is one that can be compared.
///
/// Absent, empty and `0` all mean that none is asked for.
pub(super) fn revision(object: &Value) -> Option<&str> {
    meta_str(object, "resourceVersion").filter(|revision| !revision.is_empty() && *revision != "0")
}

/// Sets (or with null removes) one key of the metadata.
pub(super) fn set_meta(object: &mut Value, key: &str, value: Value) {
    let Some(meta) = object_at(object, "metadata") else {
        return;
    };
    if value.is_null() {
        meta.remove(key);
    } else {
        meta.insert(key.to_owned(), value);
    }
}

/// Makes one key of the metadata what it is in `from`.
pub(super) fn copy_meta(object: &mut Value, from: &Value, key: &str) {
    let value = from.get("metadata").and_then(|meta| meta.get(key)).cloned().unwrap_or(Value::Null);
    set_meta(object, key, value);
}

/// Makes one top-level key what it is in `from`.
pub(super) fn copy_field(object: &mut Value, from: &Value, key: &str) {
    match (object.as_object_mut(), from.get(key)) {
        (Some(fields), Some(value)) => drop(fields.insert(key.to_owned(), value.clone())),
        (Some(fields), None) => drop(fields.remove(key)),
        (None, _) => {}
    }
}

/// The map under `key`, made where it is missing; none where something else is there.
pub(super) fn object_at<'a>(object: &'a mut Value, key: &str) -> Option<&'a mut Map<String, Value>> {
    object.as_object_mut()?.entry(key).or_insert_with(|| json!({})).as_object_mut()
}

/// Everything but metadata and status, which is what `metadata.generation` counts.
pub(super) fn same_spec(a: &Value, b: &Value) -> bool {
    strip(a) == strip(b)
}

fn strip(object: &Value) -> Map<String, Value> {
    let mut fields = object.as_object().cloned().unwrap_or_default();
    for key in ["metadata", "status", "apiVersion", "kind"] {
        fields.remove(key);
    }
    fields
}
