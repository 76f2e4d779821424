//! Removal of fields from a value.

use serde_json::Value;

use crate::api::{
    fields::{Element, Set},
    schema::{Schema, Shape},
};

/// `value` without the fields in `gone`. What is emptied by that is null.
pub(crate) fn remove(value: &Value, gone: &Set, schema: &Schema) -> Value {
    match (schema.shape(value), value) {
        (Shape::Fields, Value::Object(fields)) => {
            let kept = fields.iter().filter_map(|(name, value)| {
                let element = Element::Field(name.clone());
                let below = schema.field(name).unwrap_or(Schema::any());
                Some((name.clone(), left(value, &element, gone, below)?))
            });
            let kept: serde_json::Map<String, Value> = kept.collect();
            if kept.is_empty() { Value::Null } else { Value::Object(kept) }
        }
        (Shape::Items, Value::Array(items)) => {
            let kept = items.iter().filter_map(|item| {
                let below = schema.item().unwrap_or(Schema::any());
                match Element::of_item(schema, item) {
                    Ok(element) => left(item, &element, gone, below),
                    Err(_) => Some(item.clone()),
                }
            });
            let kept: Vec<Value> = kept.collect();
            if kept.is_empty() { Value::Null } else { Value::Array(kept) }
        }
        (Shape::Leaf, Value::Object(_) | Value::Array(_)) => Value::Null,
        _ => value.clone(),
    }
}

fn left(value: &Value, element: &Element, gone: &Set, schema: &Schema) -> Option<Value> {
    if gone.has(element) {
        return None;
    }
    Some(gone.below(element).map_or_else(|| value.clone(), |below| remove(value, below, schema)))
}
