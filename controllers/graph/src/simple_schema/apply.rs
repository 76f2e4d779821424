//! What each marker does to the schema of its field.

use cairn_cel::span::Span;
use cairn_cel::{Env, Type};
use serde_json::{Map, Value as Json, json};

use super::Fault;
use super::build::Built;
use super::markers::Marker;
use crate::openapi::{Cursor, Definitions, Finding, NoHoles, validate};

/// The beginning and end of whole numbers that every reader of JSON takes exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Applies a marker; gives a warning when it has no effect.
pub(super) fn apply(built: &mut Built, marker: &Marker) -> Result<Option<String>, Fault> {
    let kind = kind(&built.schema).to_owned();
    let schema = &mut built.schema;
    let value = marker.value.as_str();
    match marker.key {
        "required" => built.required = boolean(marker)?,
        "default" => drop(schema.insert("default".into(), default(&kind, marker)?)),
        "description" => drop(schema.insert("description".into(), value.into())),
        "minimum" | "maximum" => {
            schema.insert(marker.key.into(), number(marker)?);
            if !matches!(kind.as_str(), "integer" | "number") {
                return Ok(Some(format!("{} has no effect on the type {kind}", marker.key)));
            }
        }
        "minLength" | "maxLength" => {
            only(&kind, "string", marker)?;
            schema.insert(marker.key.into(), count(marker)?);
        }
        "minItems" | "maxItems" => {
            only(&kind, "array", marker)?;
            schema.insert(marker.key.into(), count(marker)?);
        }
        "pattern" => {
            only(&kind, "string", marker)?;
            pattern(value).map_err(|why| fault(marker, why))?;
            schema.insert("pattern".into(), value.into());
        }
        "enum" => drop(schema.insert("enum".into(), choices(&kind, marker)?)),
        "validation" => {
            rule(value).map_err(|why| fault(marker, format!("the validation rule is wrong: {why}")))?;
            add_rule(schema, value, "validation failed");
        }
        "immutable" => {
            if boolean(marker)? {
                add_rule(schema, "self == oldSelf", "field is immutable");
            }
        }
        "uniqueItems" => {
            only(&kind, "array", marker)?;
            if boolean(marker)? {
                list_type(schema, "set", marker)?;
            }
        }
        "listType" => {
            only(&kind, "array", marker)?;
            if !matches!(value, "atomic" | "set" | "map") {
                return Err(fault(marker, format!("{value:?} is no list type")).expected("atomic, set or map"));
            }
            list_type(schema, value, marker)?;
        }
        _ => {
            only(&kind, "array", marker)?;
            list_key(schema, marker)?;
        }
    }
    Ok(None)
}

/// Checks what only all markers together show.
pub(super) fn check(built: &Built, span: Span) -> Result<(), Fault> {
    let schema = &built.schema;
    for (low, high) in [("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")] {
        let bound = |key| schema.get(key).and_then(Json::as_f64);
        if let (Some(low_value), Some(high_value)) = (bound(low), bound(high))
            && low_value > high_value
        {
            return Err(Fault::new(span, format!("{low} is greater than {high}: no value is valid")));
        }
    }
    let keyed = schema.get("x-kubernetes-list-type") == Some(&json!("map"));
    if keyed != schema.contains_key("x-kubernetes-list-map-keys") {
        let (has, lacks) = if keyed { ("listType=map", "listMapKey") } else { ("listMapKey", "listType=map") };
        return Err(Fault::new(span, format!("{has} needs {lacks} as well")));
    }
    match schema.get("default").and_then(|value| unfit(schema, value)) {
        Some(why) => Err(Fault::new(span, format!("the default is not valid: {why}"))),
        None => Ok(()),
    }
}

/// Why a default is not valid: the API server refuses a definition of a kind whose defaults are not.
fn unfit(schema: &Map<String, Json>, value: &Json) -> Option<String> {
    let (schema, definitions) = (Json::Object(schema.clone()), Definitions::new());
    let found = validate(Cursor::new(&schema, &definitions), value, "", &mut NoHoles);
    let problem = found.first().map(Finding::problem)?;
    let place = if problem.path.is_empty() { String::new() } else { format!("at {}: ", problem.path) };
    let expected = problem.expected.as_ref().map(|what| format!("; expected {what}")).unwrap_or_default();
    Some(format!("{place}{}{expected}", problem.message))
}

pub(super) fn kind(schema: &Map<String, Json>) -> &str {
    schema.get("type").and_then(Json::as_str).unwrap_or_default()
}

fn fault(marker: &Marker, message: impl Into<String>) -> Fault {
    Fault::new(marker.span, message)
}

fn only(kind: &str, wanted: &str, marker: &Marker) -> Result<(), Fault> {
    if kind == wanted {
        return Ok(());
    }
    Err(fault(marker, format!("{} is only valid for the type {wanted}, and this is {kind}", marker.key)))
}

/// Go's spellings of truth, which kro takes.
fn truth(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

fn boolean(marker: &Marker) -> Result<bool, Fault> {
    truth(&marker.value)
        .ok_or_else(|| fault(marker, format!("{:?} is no boolean", marker.value)).expected("true or false"))
}

fn number(marker: &Marker) -> Result<Json, Fault> {
    let wrong = || fault(marker, format!("{:?} is no number", marker.value)).expected("a number");
    let number: f64 = marker.value.parse().map_err(|_| wrong())?;
    if number.fract() == 0.0 && number.abs() < EXACT {
        #[allow(clippy::cast_possible_truncation, reason = "the number is whole and small enough")]
        return Ok((number as i64).into());
    }
    serde_json::Number::from_f64(number).map(Json::Number).ok_or_else(wrong)
}

fn count(marker: &Marker) -> Result<Json, Fault> {
    let wrong = |_| fault(marker, format!("{:?} is no count", marker.value)).expected("a whole number from 0");
    marker.value.parse::<u32>().map(Json::from).map_err(wrong)
}

fn default(kind: &str, marker: &Marker) -> Result<Json, Fault> {
    let value = marker.value.as_str();
    let wrong = |what: &str| {
        fault(marker, format!("the default of a field of type {kind} must be {what}, and {value:?} is not"))
    };
    match kind {
        "string" => Ok(text(value)),
        "integer" => value.parse::<i64>().map(Json::from).map_err(|_| wrong("a whole number")),
        "number" => number(marker).map_err(|_| wrong("a number")),
        "boolean" => truth(value).map(Json::from).ok_or_else(|| wrong("true or false")),
        _ => {
            let what = if kind == "array" { "a list in JSON, like `[\"a\"]`" } else { "an object in JSON, like `{}`" };
            let parsed: Json = serde_json::from_str(value).map_err(|_| wrong(what))?;
            let right = if kind == "array" { parsed.is_array() } else { parsed.is_object() };
            if right { Ok(parsed) } else { Err(wrong(what)) }
        }
    }
}

/// kro puts quotes around the value and reads it as JSON, so escapes count where it is; where it is not, the value is
/// taken as it stands.
fn text(value: &str) -> Json {
    serde_json::from_str::<String>(&format!("\"{value}\"")).unwrap_or_else(|_| value.to_owned()).into()
}

fn pattern(value: &str) -> Result<(), String> {
    if value.is_empty() {
        return Err("the pattern is empty".into());
    }
    cairn_cel::pattern_matches(value, "").map(drop).map_err(|error| error.to_string())
}

fn choices(kind: &str, marker: &Marker) -> Result<Json, Fault> {
    let values = marker.value.split(',').map(str::trim);
    let choice = |value: &str| match kind {
        _ if value.is_empty() => Err(fault(marker, "an enum value is empty").expected("values with commas between")),
        "string" => Ok(Json::from(value)),
        "integer" => value.parse::<i64>().map(Json::from).map_err(|_| {
            fault(marker, format!("the enum value {value:?} is no whole number")).expected("whole numbers")
        }),
        _ => Err(fault(marker, format!("enum is only valid for the types string and integer, and this is {kind}"))),
    };
    let found: Vec<Json> = values.map(choice).collect::<Result<_, _>>()?;
    Ok(found.into())
}

/// Types are left open here: the API server knows them, and a rule that it takes must not be refused.
fn rule(source: &str) -> Result<(), String> {
    let env = Env::new().with("self", Type::Dyn).with("oldSelf", Type::Dyn);
    let program = env.compile(source).map_err(|error| error.to_string())?;
    match program.ty() {
        Type::Bool => Ok(()),
        ty if ty.is_dyn() => Ok(()),
        ty => Err(format!("it must be true or false, and is {ty}")),
    }
}

fn add_rule(schema: &mut Map<String, Json>, rule: &str, message: &str) {
    let rules = schema.entry("x-kubernetes-validations").or_insert_with(|| json!([]));
    if let Json::Array(rules) = rules {
        rules.push(json!({"message": message, "rule": rule}));
    }
}

fn list_type(schema: &mut Map<String, Json>, wanted: &str, marker: &Marker) -> Result<(), Fault> {
    match schema.get("x-kubernetes-list-type").and_then(Json::as_str) {
        Some(known) if known != wanted => {
            Err(fault(marker, format!("the list type is {known} already, and cannot be {wanted} as well")))
        }
        _ => {
            schema.insert("x-kubernetes-list-type".into(), wanted.into());
            Ok(())
        }
    }
}

fn list_key(schema: &mut Map<String, Json>, marker: &Marker) -> Result<(), Fault> {
    let keys = schema.entry("x-kubernetes-list-map-keys").or_insert_with(|| json!([]));
    let Json::Array(keys) = keys else { return Ok(()) };
    if keys.iter().any(|key| key == marker.value.as_str()) {
        return Err(fault(marker, format!("the key {:?} is named twice", marker.value)));
    }
    keys.push(marker.value.as_str().into());
    Ok(())
}
