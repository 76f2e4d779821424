//! Leaves of a JSON document: the unit in which a spec declares something.
//!
//! A path joins field names by dots. A list of one object is walked into (`rules.0.bucketKeyEnabled`), because AWS
//! wraps single settings so; any other list is one leaf, ours whole or not at all.

use serde_json::{Map, Value};

/// Paths of all leaves of `value`, in order.
#[must_use]
pub fn paths(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(value, String::new(), &mut found);
    found
}

fn collect(value: &Value, path: String, found: &mut Vec<String>) {
    match children(value) {
        Some(children) => {
            for (key, child) in children {
                let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                collect(child, path, found);
            }
        }
        None => found.push(path),
    }
}

fn children(value: &Value) -> Option<Vec<(&str, &Value)>> {
    match value {
        Value::Object(map) => Some(map.iter().map(|(key, child)| (key.as_str(), child)).collect()),
        Value::Array(items) => match items.as_slice() {
            [only @ Value::Object(_)] => Some(vec![("0", only)]),
            _ => None,
        },
        _ => None,
    }
}

/// `declared` laid over `base`: leaves that `declared` does not name stay as they are in `base`.
#[must_use]
pub fn overlay(base: Value, declared: &Value) -> Value {
    match (base, declared) {
        (Value::Object(mut base), Value::Object(declared)) => {
            for (key, value) in declared {
                let below = base.remove(key).unwrap_or(Value::Null);
                base.insert(key.clone(), overlay(below, value));
            }
            Value::Object(base)
        }
        (Value::Array(mut base), Value::Array(declared)) => match (base.as_mut_slice(), declared.as_slice()) {
            ([below @ Value::Object(_)], [only @ Value::Object(_)]) => {
                Value::Array(vec![overlay(std::mem::take(below), only)])
            }
            _ => Value::Array(declared.clone()),
        },
        (_, declared) => declared.clone(),
    }
}

/// The value at a path that [`paths`] gave.
#[must_use]
pub fn get<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, key| match value {
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        other => other.get(key),
    })
}

/// Sets the value at a path, or removes it and the containers that are empty without it.
pub fn set(value: &mut Value, path: &str, leaf: Option<Value>) {
    match path.split_once('.') {
        None => set_here(value, path, leaf),
        Some((head, rest)) => {
            if let Some(child) = child(value, head, leaf.is_some()) {
                set(child, rest, leaf);
                if child.as_object().is_some_and(Map::is_empty) || child.as_array().is_some_and(Vec::is_empty) {
                    set_here(value, head, None);
                }
            }
        }
    }
}

fn set_here(value: &mut Value, key: &str, leaf: Option<Value>) {
    match (value, leaf) {
        (Value::Object(map), Some(leaf)) => {
            map.insert(key.into(), leaf);
        }
        (Value::Object(map), None) => {
            map.remove(key);
        }
        (Value::Array(items), None) if key == "0" => items.clear(),
        _ => {}
    }
}

fn child<'v>(value: &'v mut Value, key: &str, create: bool) -> Option<&'v mut Value> {
    match value {
        Value::Array(items) => items.get_mut(key.parse::<usize>().ok()?),
        Value::Object(map) => {
            if create && !map.contains_key(key) {
                map.insert(key.into(), Value::Object(Map::new()));
            }
            map.get_mut(key)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_of_one_object_is_walked_into_and_any_other_list_is_a_leaf() {
        let value = json!({"a": {"b": 1, "c": [1, 2]}, "rules": [{"x": true, "y": {"z": "k"}}], "two": [{}, {}]});
        assert_eq!(paths(&value), ["a.b", "a.c", "rules.0.x", "rules.0.y.z", "two"]);
    }

    #[test]
    fn overlay_keeps_what_is_not_declared() {
        let base = json!({"rules": [{"alg": "KMS", "key": "k", "bucketKey": false}], "other": 1});
        let declared = json!({"rules": [{"bucketKey": true}]});
        let expected = json!({"rules": [{"alg": "KMS", "key": "k", "bucketKey": true}], "other": 1});
        assert_eq!(overlay(base, &declared), expected);
    }

    #[test]
    fn setting_nothing_removes_containers_that_become_empty() {
        let mut value = json!({"rules": [{"a": {"b": 1}}], "c": 2});
        set(&mut value, "rules.0.a.b", None);
        assert_eq!(value, json!({"c": 2}));
        set(&mut value, "x.y", Some(json!(3)));
        assert_eq!(value, json!({"c": 2, "x": {"y": 3}}));
        set(&mut value, "not.there", None);
        assert_eq!(value, json!({"c": 2, "x": {"y": 3}}));
    }

    fn document() -> impl Strategy<Value = Value> {
        let scalar = prop_oneof![any::<bool>().prop_map(Value::from), any::<i8>().prop_map(Value::from)];
        scalar.prop_recursive(3, 16, 3, |inner| {
            prop_oneof![
                proptest::collection::btree_map("[a-c]", inner.clone(), 1..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
                proptest::collection::vec(inner, 1..3).prop_map(Value::Array),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_path_leads_to_its_leaf(value in document()) {
            for path in paths(&value).iter().filter(|path| !path.is_empty()) {
                prop_assert!(get(&value, path).is_some(), "{path}");
            }
        }

        #[test]
        fn an_overlay_has_every_declared_leaf_and_is_idempotent(base in document(), declared in document()) {
            let merged = overlay(base, &declared);
            for path in paths(&declared).iter().filter(|path| !path.is_empty()) {
                prop_assert_eq!(get(&merged, path), get(&declared, path));
            }
            prop_assert_eq!(overlay(merged.clone(), &declared), merged);
        }
    }
}
