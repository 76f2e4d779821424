//! What the API server demands of a schema as a whole, beyond what each marker shows.

use serde_json::{Map, Value as Json};

use super::apply::kind;
use crate::problem::{Problem, field};

/// Adds what the API server would refuse.
pub(super) fn check(schema: &Json, path: &str, problems: &mut Vec<Problem>) {
    walk(schema, path, false, problems);
}

/// `unmatched` is whether old values cannot be found here: elements of lists have none, unless keys say which is which.
fn walk(schema: &Json, path: &str, unmatched: bool, problems: &mut Vec<Problem>) {
    let Json::Object(schema) = schema else { return };
    if unmatched && compares(schema) {
        let message = "a field in an element of a list cannot be immutable or compared with `oldSelf`, unless the list \
                       has listType=map: the API server refuses this";
        problems.push(Problem::new(path, message));
    }
    for (name, part) in schema.get("properties").and_then(Json::as_object).into_iter().flatten() {
        walk(part, &field(path, name), unmatched, problems);
    }
    if let Some(values) = schema.get("additionalProperties") {
        walk(values, &format!("{path}[*]"), unmatched, problems);
    }
    let Some(Json::Object(items)) = schema.get("items") else { return };
    let list_type = schema.get("x-kubernetes-list-type").and_then(Json::as_str);
    let wrong = match list_type {
        Some("set") => set(items),
        Some("map") => keyed(schema, items),
        _ => None,
    };
    problems.extend(wrong.map(|message| Problem::new(path, message)));
    let unmatched = unmatched || list_type != Some("map");
    walk(&Json::Object(items.clone()), &format!("{path}[*]"), unmatched, problems);
}

fn compares(schema: &Map<String, Json>) -> bool {
    let rules = schema.get("x-kubernetes-validations").and_then(Json::as_array);
    let names = |rule: &str| {
        let env = cairn_cel::Env::new().with("self", cairn_cel::Type::Dyn).with("oldSelf", cairn_cel::Type::Dyn);
        env.compile(rule).is_ok_and(|program| program.variables().iter().any(|name| name == "oldSelf"))
    };
    let mut rules = rules.into_iter().flatten().filter_map(|rule| rule.get("rule").and_then(Json::as_str));
    rules.any(names)
}

fn set(items: &Map<String, Json>) -> Option<String> {
    let scalar = matches!(kind(items), "string" | "integer" | "number" | "boolean");
    let atomic = items.get("x-kubernetes-list-type").is_some_and(|kind| kind == "atomic");
    (!scalar && !atomic).then(|| "the elements of a set must be scalars: the API server refuses others".to_owned())
}

fn keyed(schema: &Map<String, Json>, items: &Map<String, Json>) -> Option<String> {
    let Some(properties) = items.get("properties").and_then(Json::as_object) else {
        return Some("the elements of a list with listType=map must be objects with fields".to_owned());
    };
    let required = items.get("required").and_then(Json::as_array);
    let keys = schema.get("x-kubernetes-list-map-keys").and_then(Json::as_array).into_iter().flatten();
    keys.filter_map(Json::as_str).find_map(|key| {
        let Some(Json::Object(part)) = properties.get(key) else {
            return Some(format!("listMapKey {key:?} is no field of the elements"));
        };
        if !matches!(kind(part), "string" | "integer" | "number" | "boolean") {
            return Some(format!("listMapKey {key:?} must be a scalar field"));
        }
        let always = part.contains_key("default") || required.is_some_and(|names| names.iter().any(|name| name == key));
        (!always).then(|| format!("listMapKey {key:?} must be required or have a default"))
    })
}
