//! Reading and writing the common parts of objects.

use serde_json::{Map, Value, json};

/// A string of the metadata.
pub(crate) fn meta_str<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get("metadata")?.get(key)?.as_str()
}

/// A string of the metadata, unless it is empty.
pub(crate) fn meta_text<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    meta_str(object, key).filter(|text| !text.is_empty())
}

/// Name, or empty.
pub(crate) fn name(object: &Value) -> &str {
    meta_str(object, "name").unwrap_or_default()
}

/// Namespace, or empty.
pub(crate) fn namespace(object: &Value) -> &str {
    meta_str(object, "namespace").unwrap_or_default()
}

/// UID, or empty.
pub(crate) fn uid(object: &Value) -> &str {
    meta_str(object, "uid").unwrap_or_default()
}

/// Whether the object waits for its finalizers.
pub(crate) fn is_deleting(object: &Value) -> bool {
    meta_str(object, "deletionTimestamp").is_some()
}

/// A list of the metadata.
pub(crate) fn meta_list<'a>(object: &'a Value, key: &str) -> &'a [Value] {
    let list = object.get("metadata").and_then(|meta| meta.get(key)?.as_array());
    list.map(Vec::as_slice).unwrap_or_default()
}

/// The finalizers, in order.
pub(crate) fn finalizers(object: &Value) -> Vec<&str> {
    meta_list(object, "finalizers").iter().filter_map(Value::as_str).collect()
}

/// Sets the finalizers; none at all are left out.
pub(crate) fn set_finalizers(object: &mut Value, finalizers: &[String]) {
    set_meta(object, "finalizers", if finalizers.is_empty() { Value::Null } else { json!(finalizers) });
}

/// `metadata.generation`, or 0.
pub(crate) fn generation(object: &Value) -> u64 {
    object.get("metadata").and_then(|meta| meta.get("generation")?.as_u64()).unwrap_or_default()
}

/// Sets (or with null removes) one key of the metadata.
pub(crate) fn set_meta(object: &mut Value, key: &str, value: Value) {
    if value.is_null() {
        if let Some(meta) = object.get_mut("metadata").and_then(Value::as_object_mut) {
            meta.remove(key);
        }
    } else if let Some(meta) = object_at(object, "metadata") {
        meta.insert(key.to_owned(), value);
    }
}

/// Makes one key of the metadata what it is in `from`.
pub(crate) fn copy_meta(object: &mut Value, from: &Value, key: &str) {
    let value = from.get("metadata").and_then(|meta| meta.get(key)).cloned().unwrap_or(Value::Null);
    set_meta(object, key, value);
}

/// Makes one top-level key what it is in `from`.
pub(crate) fn copy_field(object: &mut Value, from: &Value, key: &str) {
    match (object.as_object_mut(), from.get(key)) {
        (Some(fields), Some(value)) => drop(fields.insert(key.to_owned(), value.clone())),
        (Some(fields), None) => drop(fields.remove(key)),
        (None, _) => {}
    }
}

/// The map under `key`, made where it is missing; none where something else is there.
pub(crate) fn object_at<'a>(object: &'a mut Value, key: &str) -> Option<&'a mut Map<String, Value>> {
    object.as_object_mut()?.entry(key).or_insert_with(|| json!({})).as_object_mut()
}

/// A path of field names from its text.
pub(crate) fn split(path: &str) -> Vec<String> {
    path.split('.').map(str::to_owned).collect()
}

/// The value at a path of field names.
pub(crate) fn get<'a>(object: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(object, |value, name| value.get(name))
}

/// Sets the value at a path of field names, making the objects on the way.
pub(crate) fn set(object: &mut Value, path: &[String], value: Value) {
    let Some((last, parents)) = path.split_last() else {
        return;
    };
    let mut at = object;
    for name in parents {
        let Some(fields) = at.as_object_mut() else {
            return;
        };
        at = fields.entry(name.clone()).or_insert_with(|| json!({}));
    }
    if let Some(fields) = at.as_object_mut() {
        fields.insert(last.clone(), value);
    }
}

/// Everything but the metadata, which is what `metadata.generation` counts.
pub(crate) fn same_but_meta(a: &Value, b: &Value) -> bool {
    let rest = |object: &Value| {
        let mut fields = object.as_object().cloned().unwrap_or_default();
        fields.remove("metadata");
        fields
    };
    rest(a) == rest(b)
}
