//! Defaults, and nulls that stand for nothing.

use serde_json::Value;

use super::{Additional, Schema};

/// Sets what is absent, or null where null may not be, to its default.
pub(crate) fn default(value: &mut Value, schema: &Schema) {
    match value {
        Value::Object(fields) => {
            for (name, field) in &schema.fields {
                let Some(default) = &field.default else {
                    continue;
                };
                if fields.get(name).is_none_or(|value| value.is_null() && !field.nullable()) {
                    fields.insert(name.clone(), default.clone());
                }
            }
            for (name, value) in fields {
                if let Some(field) = described(schema, name) {
                    replace_null(value, field);
                    default(value, field);
                }
            }
        }
        Value::Array(items) => {
            let Some(schema) = schema.item() else {
                return;
            };
            for item in items {
                replace_null(item, schema);
                default(item, schema);
            }
        }
        _ => {}
    }
}

fn replace_null(value: &mut Value, schema: &Schema) {
    if value.is_null()
        && !schema.nullable()
        && let Some(default) = &schema.default
    {
        *value = default.clone();
    }
}

fn described<'a>(schema: &'a Schema, name: &str) -> Option<&'a Schema> {
    schema.fields.get(name).or(match &schema.additional {
        Some(Additional::Of(rest)) => Some(rest),
        _ => None,
    })
}

/// Removes the nulls of fields that may not be null and have no default.
pub(crate) fn drop_nulls(value: &mut Value, schema: Option<&Schema>) {
    match value {
        Value::Object(fields) => fields.retain(|name, value| {
            let field = schema.and_then(|schema| described(schema, name));
            if value.is_null() && field.is_some_and(|field| !field.nullable() && field.default.is_none()) {
                return false;
            }
            drop_nulls(value, field);
            true
        }),
        Value::Array(items) => {
            for item in items {
                drop_nulls(item, schema.and_then(Schema::item));
            }
        }
        _ => {}
    }
}
