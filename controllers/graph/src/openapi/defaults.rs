//! Defaults of a schema, filled in as the API server does for custom resources.

use serde_json::Value as Json;

use super::Cursor;

/// Deeper parts are left as they are.
const MAX_DEPTH: usize = 128;

/// Fills the defaults in; a null where the schema allows none is dropped first.
pub fn fill(schema: Cursor<'_>, value: &mut Json) {
    within(schema, value, MAX_DEPTH);
}

fn within(schema: Cursor<'_>, value: &mut Json, left: usize) {
    let Some(left) = left.checked_sub(1) else { return };
    match value {
        Json::Object(fields) => {
            for (name, part) in schema.properties().into_iter().flatten() {
                let default = part.get("default");
                let nullable = part.get("nullable") == Some(&Json::Bool(true));
                let unset = fields.get(name).is_none_or(|value| value.is_null() && !nullable);
                if let Some(default) = default.filter(|_| unset) {
                    fields.insert(name.clone(), default.clone());
                }
            }
            for (name, part) in fields {
                if let Some(member) = schema.member(name) {
                    within(member, part, left);
                }
            }
        }
        Json::Array(items) => {
            if let Some(element) = schema.items() {
                for item in items {
                    within(element, item, left);
                }
            }
        }
        _ => {}
    }
}
