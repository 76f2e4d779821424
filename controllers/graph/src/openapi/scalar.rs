//! Whether one value fits what the schema says of it alone: its type, its choices, its bounds.

use cairn_cel::value::is_of_format;
use serde_json::Value as Json;

use super::{Cursor, kind_of};

/// From here on, doubles leave whole numbers out: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What is wrong with a value, whatever is in it: its type first, then its choices and bounds.
pub(super) fn wrong(schema: Cursor<'_>, value: &Json) -> Option<(String, Option<String>)> {
    if let Some(expected) = wrong_type(schema, value) {
        let quotes = expected == "a text" && !value.is_array() && !value.is_object();
        let hint = if quotes { ": put it into quotes" } else { "" };
        return Some((format!("this is {}{hint}", kind_of(value)), Some(expected.to_owned())));
    }
    if let Some(choices) = schema.get("enum").and_then(Json::as_array).filter(|choices| !choices.contains(value)) {
        let choices: Vec<String> = choices.iter().map(ToString::to_string).collect();
        return Some((format!("{value} is none of the values allowed"), Some(choices.join(", "))));
    }
    let found = match value {
        Json::Number(number) => bounds(schema, "imum", number.as_f64().unwrap_or_default(), value),
        Json::String(text) => bounds(schema, "Length", count(text.chars().count()), value)
            .or_else(|| pattern(schema, text))
            .or_else(|| format(schema, text)),
        Json::Array(items) => bounds(schema, "Items", count(items.len()), value),
        Json::Object(fields) => bounds(schema, "Properties", count(fields.len()), value),
        _ => None,
    };
    found.map(|message| (message, None))
}

/// The type that is needed, where the value has another.
fn wrong_type(schema: Cursor<'_>, value: &Json) -> Option<&'static str> {
    if value.is_null() {
        return None;
    }
    if schema.is_int_or_string() {
        // Quantities are such fields, and the API server reads `0.5` for them as well.
        return (!value.is_number() && !value.is_string()).then_some("a whole number or a text");
    }
    let (fits, expected) = match schema.kind()? {
        "string" => (value.is_string(), "a text"),
        "integer" => (is_whole(value), "a whole number"),
        "number" => (value.is_number(), "a number"),
        "boolean" => (value.is_boolean(), "true or false"),
        "array" => (value.is_array(), "a list"),
        "object" => (value.is_object(), "an object"),
        _ => return None,
    };
    (!fits).then_some(expected)
}

/// The API server reads whole numbers of 64 bits, and takes one written otherwise, as `1.0`, as far as doubles are exact.
fn is_whole(value: &Json) -> bool {
    value.is_i64() || value.as_f64().is_some_and(|number| number.fract() == 0.0 && number.abs() < EXACT)
}

#[expect(clippy::cast_precision_loss, reason = "nothing in a manifest is that long")]
fn count(length: usize) -> f64 {
    length as f64
}

fn bounds(schema: Cursor<'_>, what: &str, number: f64, value: &Json) -> Option<String> {
    let bound = |side: &str| schema.get(&format!("{side}{what}")).and_then(Json::as_f64);
    let name = match what {
        "imum" => value.to_string(),
        "Length" => format!("a text of {number} characters"),
        "Items" => format!("a list of {number} elements"),
        _ => format!("an object of {number} fields"),
    };
    let strict = |side: &str| schema.flag(&format!("exclusive{side}imum")) && what == "imum";
    if let Some(low) = bound("min").filter(|low| number < *low || (strict("Min") && number <= *low)) {
        return Some(format!("{name} is below the least allowed, min{what} {low}"));
    }
    if let Some(high) = bound("max").filter(|high| number > *high || (strict("Max") && number >= *high)) {
        return Some(format!("{name} is above the most allowed, max{what} {high}"));
    }
    let step = schema.get("multipleOf").and_then(Json::as_f64).filter(|step| what == "imum" && *step > 0.0)?;
    let whole = (number / step).fract() == 0.0;
    (!whole).then(|| format!("{name} is no multiple of {step}"))
}

fn pattern(schema: Cursor<'_>, text: &str) -> Option<String> {
    let pattern = schema.text("pattern")?;
    // A pattern that this engine cannot read is the API server's to judge.
    let matches = cairn_cel::pattern_matches(pattern, text).unwrap_or(true);
    (!matches).then(|| format!("{text:?} does not match {pattern:?}"))
}

fn format(schema: Cursor<'_>, text: &str) -> Option<String> {
    let format = schema.text("format").filter(|format| !is_of_format(text, format))?;
    let what = match format {
        "byte" => "base64",
        "date" => "a date like 2026-01-31",
        "duration" => "a duration like 1h30m",
        _ => "a time like 2026-01-31T12:00:00Z",
    };
    Some(format!("{text:?} is not {what}"))
}
