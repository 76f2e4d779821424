//! Whether a default is valid: the API server refuses a definition of a kind whose defaults are not.

use serde_json::{Map, Value as Json};

use super::apply::kind;

/// Checks a value against a schema that `SimpleSchema` makes.
///
/// # Errors
/// What is wrong with it.
pub(super) fn fits(schema: &Map<String, Json>, value: &Json) -> Result<(), String> {
    let known = match kind(schema) {
        "string" => value.is_string(),
        "integer" => value.as_i64().is_some() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        _ => value.is_object(),
    };
    if !known {
        return Err(format!("{value} is no {}", kind(schema)));
    }
    if let Some(choices) = schema.get("enum").and_then(Json::as_array).filter(|choices| !choices.contains(value)) {
        let choices: Vec<String> = choices.iter().map(ToString::to_string).collect();
        return Err(format!("{value} is none of {}", choices.join(", ")));
    }
    match value {
        Json::Number(number) => bounds(schema, "imum", number.as_f64().unwrap_or_default(), value),
        Json::String(text) => {
            bounds(schema, "Length", length(text.chars().count()), value)?;
            pattern(schema, text)
        }
        Json::Array(items) => {
            bounds(schema, "Items", length(items.len()), value)?;
            list(schema, items)
        }
        Json::Object(fields) => object(schema, fields),
        _ => Ok(()),
    }
}

#[allow(clippy::cast_precision_loss, reason = "no text in a definition is that long")]
fn length(count: usize) -> f64 {
    count as f64
}

fn bounds(schema: &Map<String, Json>, what: &str, number: f64, value: &Json) -> Result<(), String> {
    for (side, low) in [("min", true), ("max", false)] {
        let key = format!("{side}{what}");
        let Some(bound) = schema.get(&key).and_then(Json::as_f64) else { continue };
        if (low && number < bound) || (!low && number > bound) {
            return Err(format!("{value} is outside {key} {bound}"));
        }
    }
    Ok(())
}

fn pattern(schema: &Map<String, Json>, text: &str) -> Result<(), String> {
    let Some(pattern) = schema.get("pattern").and_then(Json::as_str) else { return Ok(()) };
    match cairn_cel::pattern_matches(pattern, text) {
        Ok(true) => Ok(()),
        Ok(false) => Err(format!("{text:?} does not match the pattern {pattern:?}")),
        Err(error) => Err(error.to_string()),
    }
}

fn list(schema: &Map<String, Json>, items: &[Json]) -> Result<(), String> {
    let keyed = schema.get("x-kubernetes-list-map-keys").and_then(Json::as_array);
    let set = schema.get("x-kubernetes-list-type").is_some_and(|kind| kind == "set");
    for (at, item) in items.iter().enumerate() {
        let earlier = items.get(..at).unwrap_or_default();
        if set && earlier.contains(item) {
            return Err(format!("{item} is in it twice"));
        }
        let same = |other: &Json, keys: &[Json]| {
            keys.iter().filter_map(Json::as_str).all(|key| other.get(key) == item.get(key))
        };
        if keyed.is_some_and(|keys| earlier.iter().any(|other| same(other, keys))) {
            return Err(format!("{item} has the keys of an earlier element"));
        }
        if let Some(Json::Object(schema)) = schema.get("items") {
            fits(schema, item)?;
        }
    }
    Ok(())
}

fn object(schema: &Map<String, Json>, fields: &Map<String, Json>) -> Result<(), String> {
    let properties = schema.get("properties").and_then(Json::as_object);
    let part = |name: &str| properties.and_then(|known| known.get(name)).or_else(|| schema.get("additionalProperties"));
    let open = schema.contains_key("x-kubernetes-preserve-unknown-fields");
    for (name, value) in fields {
        match part(name) {
            Some(Json::Object(schema)) => fits(schema, value).map_err(|why| format!("in {name:?}: {why}"))?,
            _ if open => {}
            _ => return Err(format!("there is no field {name:?}")),
        }
    }
    let required = schema.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    for name in required.filter(|name| !fields.contains_key(*name)) {
        if part(name).is_none_or(|part| part.get("default").is_none()) {
            return Err(format!("the required field {name:?} is missing"));
        }
    }
    Ok(())
}
