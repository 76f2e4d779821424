//! That what is applied fits its schema.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::api::{
    fields::{Element, show},
    schema::{ListType, Schema, Type},
};

/// Refuses what cannot be merged: fields that nobody declared, values of the wrong type, items that are there twice.
///
/// # Errors
/// The path, and what is wrong with it.
pub(crate) fn verify(value: &Value, schema: &Schema) -> Result<(), String> {
    at(value, schema, &mut Vec::new())
}

fn at(value: &Value, schema: &Schema, path: &mut Vec<Element>) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{}: {what}", show(path)));
    match (value, schema.kind) {
        (Value::Object(fields), None | Some(Type::Object)) => {
            for (name, value) in fields {
                path.push(Element::Field(name.clone()));
                match schema.field(name) {
                    Some(field) => at(value, field, path)?,
                    None => return Err(format!("{}: field not declared in schema", show(path))),
                }
                path.pop();
            }
            Ok(())
        }
        (Value::Array(items), None | Some(Type::Array)) => list(items, schema, path),
        (Value::Null, _)
        | (Value::String(_), Some(Type::String))
        | (Value::Number(_), Some(Type::Integer | Type::Number))
        | (Value::Bool(_), Some(Type::Boolean))
        | (_, None | Some(Type::IntOrString)) => Ok(()),
        // A string with a format of its own may be written in another way.
        (Value::Number(_) | Value::Bool(_), Some(Type::String)) if has_free_form(schema) => Ok(()),
        (_, Some(Type::Object)) => wrong("expected map"),
        (_, Some(Type::Array)) => wrong("expected list"),
        (_, Some(Type::String)) => wrong("expected string"),
        (_, Some(Type::Integer | Type::Number)) => wrong("expected numeric (int or float)"),
        (_, Some(Type::Boolean)) => wrong("expected boolean"),
    }
}

fn has_free_form(schema: &Schema) -> bool {
    schema.format.as_ref().is_some_and(|format| format != "byte")
}

fn list(items: &[Value], schema: &Schema, path: &mut Vec<Element>) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for (index, item) in items.iter().enumerate() {
        let element = if schema.list == ListType::Atomic {
            Element::Index(index as u64)
        } else {
            let element = Element::of_item(schema, item);
            element.map_err(|error| format!("{}: element {index}: {error}", show(path)))?
        };
        path.push(element.clone());
        if !seen.insert(element) {
            return Err(format!("{}: duplicate entries for key", show(path)));
        }
        at(item, schema.item().unwrap_or(Schema::any()), path)?;
        path.pop();
    }
    Ok(())
}
