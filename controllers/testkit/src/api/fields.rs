//! Sets of fields, as `metadata.managedFields` records them.
//!
//! A field is the path to a leaf. Lists are one leaf each: ownership of single items is not simulated.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Path to a leaf.
pub(super) type FieldPath = Vec<String>;

/// Set of leaves.
pub(super) type FieldSet = BTreeSet<FieldPath>;

/// What the server itself sets, and nobody owns.
const SYSTEM: [&str; 10] = [
    "name",
    "generateName",
    "namespace",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "managedFields",
];

/// All leaves of `object` that may have an owner.
pub(super) fn leaves(object: &Value) -> FieldSet {
    let mut set = FieldSet::new();
    collect(object, &mut Vec::new(), &mut set);
    set.retain(|path| !is_system(path));
    set
}

fn collect(value: &Value, path: &mut FieldPath, set: &mut FieldSet) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (key, value) in fields {
                path.push(key.clone());
                collect(value, path, set);
                path.pop();
            }
        }
        _ => drop(set.insert(path.clone())),
    }
}

fn is_system(path: &[String]) -> bool {
    match path {
        [] => true,
        [only] => matches!(only.as_str(), "apiVersion" | "kind" | "metadata"),
        [first, second, ..] => first == "metadata" && SYSTEM.contains(&second.as_str()),
    }
}

/// The value at `path`.
pub(super) fn get<'a>(object: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(object, |value, key| value.get(key))
}

/// Sets the value at `path`, making the maps on the way.
pub(super) fn set(object: &mut Value, path: &[String], value: Value) {
    let Some((last, parents)) = path.split_last() else {
        return;
    };
    let mut at = object;
    for key in parents {
        if !at.is_object() {
            *at = json!({});
        }
        let Some(fields) = at.as_object_mut() else {
            return;
        };
        at = fields.entry(key.clone()).or_insert_with(|| json!({}));
    }
    if !at.is_object() {
        *at = json!({});
    }
    if let Some(fields) = at.as_object_mut() {
        fields.insert(last.clone(), value);
    }
}

/// Removes the value at `path`, and the maps that become empty by that.
pub(super) fn remove(object: &mut Value, path: &[String]) {
    let (Some(fields), Some((first, rest))) = (object.as_object_mut(), path.split_first()) else {
        return;
    };
    if rest.is_empty() {
        fields.remove(first);
        return;
    }
    if let Some(child) = fields.get_mut(first) {
        remove(child, rest);
        if child.as_object().is_some_and(Map::is_empty) {
            fields.remove(first);
        }
    }
}

/// The wire format of a set.
pub(super) fn to_v1(set: &FieldSet) -> Value {
    let mut tree = json!({});
    for path in set {
        let keys: FieldPath = path.iter().map(|key| format!("f:{key}")).collect();
        if get(&tree, &keys).is_none() {
            self::set(&mut tree, &keys, json!({}));
        }
    }
    tree
}

/// Reads the wire format.
pub(super) fn from_v1(tree: &Value) -> FieldSet {
    let keys = leaves_raw(tree);
    let strip = |key: String| key.strip_prefix("f:").map(str::to_owned).unwrap_or(key);
    keys.into_iter().map(|path| path.into_iter().map(strip).collect()).collect()
}

fn leaves_raw(tree: &Value) -> FieldSet {
    let mut set = FieldSet::new();
    collect(tree, &mut Vec::new(), &mut set);
    set.remove(&Vec::new());
    set
}
