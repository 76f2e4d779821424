//! Removal of what a schema does not know.

use serde_json::{Map, Value};

use super::{Additional, Path, Schema};

/// What every object has, whatever its schema says.
const META: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// Removes the unknown fields of an object, and gives their paths, sorted.
pub(crate) fn prune(object: &mut Value, schema: &Schema) -> Vec<String> {
    let mut unknown = Vec::new();
    below(object, Some(schema), &Path::root(), false, &mut unknown);
    unknown.sort();
    unknown
}

/// `preserve`: whether a list around this preserves what is unknown in its items.
fn below(value: &mut Value, schema: Option<&Schema>, path: &Path, preserve: bool, unknown: &mut Vec<String>) {
    let preserve = preserve || schema.is_some_and(|schema| schema.preserve);
    match value {
        Value::Object(fields) => object(fields, schema, path, preserve, unknown),
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                below(item, schema.and_then(Schema::item), &path.index(index), preserve, unknown);
            }
        }
        _ => {}
    }
}

fn object(
    fields: &mut Map<String, Value>,
    schema: Option<&Schema>,
    path: &Path,
    preserve: bool,
    unknown: &mut Vec<String>,
) {
    let embedded = schema.is_some_and(|schema| schema.embedded);
    fields.retain(|name, value| {
        if embedded && META.contains(&name.as_str()) {
            return true;
        }
        let at = path.field(name);
        match schema.map(|schema| (schema.fields.get(name), &schema.additional)) {
            Some((Some(field), _)) => below(value, Some(field), &at, false, unknown),
            Some((None, Some(Additional::Of(rest)))) => below(value, Some(rest), &at, false, unknown),
            Some((None, Some(Additional::Anything))) => below(value, None, &at, false, unknown),
            _ if preserve => {}
            _ => {
                unknown.push(at.to_string());
                return false;
            }
        }
        true
    });
}
