//! Where two answers differ.

use serde_json::Value;

/// The paths at which two values differ, with both sides.
pub(crate) fn differences(testkit: &Value, real: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(testkit, real, "", &mut found);
    found
}

fn walk(testkit: &Value, real: &Value, path: &str, found: &mut Vec<String>) {
    match (testkit, real) {
        (Value::Object(a), Value::Object(b)) => {
            let mut keys: Vec<&String> = a.keys().chain(b.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let side = |fields: &serde_json::Map<String, Value>| fields.get(key).cloned();
                match (side(a), side(b)) {
                    (Some(a), Some(b)) => walk(&a, &b, &format!("{path}.{key}"), found),
                    (a, b) => found.push(line(&format!("{path}.{key}"), a.as_ref(), b.as_ref())),
                }
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                walk(a, b, &format!("{path}[{index}]"), found);
            }
            for index in a.len().min(b.len())..a.len().max(b.len()) {
                found.push(line(&format!("{path}[{index}]"), a.get(index), b.get(index)));
            }
        }
        (a, b) if a != b => found.push(line(path, Some(a), Some(b))),
        _ => {}
    }
}

fn line(path: &str, testkit: Option<&Value>, real: Option<&Value>) -> String {
    let show = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
    format!("{path}: the testkit has {}, Kubernetes {}", show(testkit), show(real))
}
