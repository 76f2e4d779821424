//! What is null and may not be.

use serde_json::Value as Json;

use super::Cursor;
use crate::problem::{Problem, field, index};

/// What is null in a value of a custom resource although its schema does not allow it (`nullable`). The API server takes
/// null for the fields of its own kinds, so this is asked apart; [`super::fill`] comes first, because a default stands
/// for null.
#[must_use]
pub fn nulls(schema: Cursor<'_>, value: &Json, path: &str) -> Vec<Problem> {
    let mut found = Vec::new();
    within(schema, value, path, &mut found);
    found
}

fn within(schema: Cursor<'_>, value: &Json, path: &str, found: &mut Vec<Problem>) {
    match (value, schema.kind()) {
        (Json::Null, Some(kind)) if !schema.flag("nullable") => {
            found.push(Problem::new(path, "this is null, and no default stands for it").expected(kind));
        }
        (Json::Object(fields), _) => {
            for (name, part) in fields {
                if let Some(member) = schema.member(name) {
                    within(member, part, &field(path, name), found);
                }
            }
        }
        (Json::Array(items), _) => {
            let Some(element) = schema.items() else { return };
            items.iter().enumerate().for_each(|(at, item)| within(element, item, &index(path, at), found));
        }
        _ => {}
    }
}
