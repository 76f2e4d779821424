//! The schema of an instance's status, from the types of its expressions.

use std::collections::BTreeMap;

use cairn_cel::Type;
use serde_json::{Map, Value as Json, json};

use crate::openapi::from_type;
use crate::problem::{Problem, field, index};

/// The fields of the status that the definition names; `types` are those of its texts, by path.
pub(crate) fn fields(
    status: &Map<String, Json>,
    types: &BTreeMap<&str, &Type>,
    problems: &mut Vec<Problem>,
) -> Map<String, Json> {
    let schema = |(name, part): (&String, &Json)| {
        let path = field("schema.status", name);
        (name.clone(), within(part, &path, types, problems))
    };
    status.iter().map(schema).collect()
}

fn within(part: &Json, path: &str, types: &BTreeMap<&str, &Type>, problems: &mut Vec<Problem>) -> Json {
    match part {
        Json::Object(fields) => {
            let mut properties = Map::new();
            for (name, part) in fields {
                properties.insert(name.clone(), within(part, &field(path, name), types, problems));
            }
            json!({"type": "object", "properties": properties})
        }
        Json::Array(items) => {
            let items = items.iter().enumerate();
            let items: Vec<Json> = items.map(|(at, item)| within(item, &index(path, at), types, problems)).collect();
            json!({"type": "array", "items": common(&items)})
        }
        Json::String(_) => types.get(path).map_or_else(
            || json!({"type": "string"}),
            |ty| {
                from_type(ty).unwrap_or_else(|error| {
                    problems.push(Problem::new(path, error.to_string()));
                    open()
                })
            },
        ),
        Json::Bool(_) => json!({"type": "boolean"}),
        Json::Number(number) if number.is_f64() => json!({"type": "number"}),
        Json::Number(_) => json!({"type": "integer"}),
        Json::Null => open(),
    }
}

/// One schema for elements of a list that are written apart.
fn common(items: &[Json]) -> Json {
    match items {
        [first, rest @ ..] if rest.iter().all(|item| item == first) => first.clone(),
        _ => open(),
    }
}

fn open() -> Json {
    json!({"x-kubernetes-preserve-unknown-fields": true})
}
