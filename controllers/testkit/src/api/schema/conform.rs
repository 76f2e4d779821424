//! Decoding into a built-in type and encoding again: wrong types are errors, unknown fields and nulls go, empty values
//! go where the type leaves them out, times are written in one way.

use jiff::{SignedDuration, Timestamp, Unit};
use serde_json::{Map, Number, Value};

use super::{Additional, Empty, Path, Schema, Type};

/// Makes `value` what comes back from the type; the paths of unknown fields are added to `unknown`.
///
/// # Errors
/// Which field cannot be decoded.
pub(crate) fn conform(
    value: &mut Value,
    schema: &Schema,
    path: &Path,
    unknown: &mut Vec<String>,
) -> Result<(), String> {
    match (value, schema.kind) {
        (Value::Object(fields), Some(Type::Object)) => object(fields, schema, path, unknown),
        (Value::Array(items), Some(Type::Array)) => items.iter_mut().enumerate().try_for_each(|(index, item)| {
            conform(item, schema.item().unwrap_or(Schema::any()), &path.index(index), unknown)
        }),
        (Value::String(text), Some(Type::String)) => string(text, schema, path),
        (Value::Null, _) | (Value::Bool(_), Some(Type::Boolean)) | (_, None) => Ok(()),
        (Value::Number(number), Some(Type::Integer)) if !number.is_f64() => Ok(()),
        (Value::Number(number), Some(Type::Integer)) => whole(number, path),
        (found, Some(_)) => Err(format!("json: cannot unmarshal {} into Go struct field {path}", name(found))),
    }
}

fn whole(number: &Number, path: &Path) -> Result<(), String> {
    Err(format!("json: cannot unmarshal number {number} into Go struct field {path} of type int"))
}

fn object(
    fields: &mut Map<String, Value>,
    schema: &Schema,
    path: &Path,
    unknown: &mut Vec<String>,
) -> Result<(), String> {
    let names: Vec<String> = fields.keys().cloned().collect();
    for name in names {
        let at = path.field(&name);
        let known = schema.fields.get(&name).or(match &schema.additional {
            Some(Additional::Of(rest)) => Some(rest),
            Some(Additional::Anything) => Some(Schema::any()),
            _ => None,
        });
        let Some(field) = known else {
            if !schema.preserve {
                unknown.push(at.to_string());
                fields.remove(&name);
            }
            continue;
        };
        if let Some(value) = fields.get_mut(&name) {
            conform(value, field, &at, unknown)?;
            let is_entry = !schema.declares(&name);
            let gone = (value.is_null() && !is_entry) || (field.empty == Empty::Omitted && is_zero(value));
            if gone {
                fields.remove(&name);
            } else if value.is_null() && field.kind == Some(Type::String) {
                *value = Value::from("");
            }
        }
    }
    Ok(())
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}

fn string(text: &mut String, schema: &Schema, path: &Path) -> Result<(), String> {
    let unit = match schema.format.as_deref() {
        Some("date-time") => Unit::Second,
        Some("micro-time") => Unit::Microsecond,
        Some("byte") => {
            let bytes = aws_smithy_types::base64::decode(text.as_str());
            return bytes.map(drop).map_err(|error| format!("illegal base64 data in {path}: {error}"));
        }
        _ => return Ok(()),
    };
    let time: Timestamp = text.parse().map_err(|error| format!("parsing time {text:?} in {path}: {error}"))?;
    *text = match unit {
        Unit::Second => {
            // What is finer is cut off, not rounded.
            let whole = time.checked_sub(SignedDuration::from_nanos(time.subsec_nanosecond().into())).unwrap_or(time);
            whole.to_string()
        }
        _ => format!("{time:.6}"),
    };
    Ok(())
}

fn name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
