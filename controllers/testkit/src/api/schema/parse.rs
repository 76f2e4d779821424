//! Schemas from the JSON in which definitions write them.

use serde_json::Value;

use super::{Additional, Limits, ListType, MapType, Schema, Type};

/// The schema that is written here.
///
/// # Errors
/// What cannot be understood.
pub(crate) fn parse(json: &Value) -> Result<Schema, String> {
    parse_in(json, false)
}

fn parse_in(json: &Value, open: bool) -> Result<Schema, String> {
    let preserve = flag(json, "x-kubernetes-preserve-unknown-fields");
    let open = open || preserve;
    let children = json["properties"].as_object().into_iter().flatten();
    let fields = children.map(|(name, child)| Ok((name.clone(), parse_in(child, open)?)));
    Ok(Schema {
        kind: kind(json)?,
        format: json["format"].as_str().map(str::to_owned),
        default: json.get("default").filter(|default| !default.is_null()).cloned(),
        preserve,
        open,
        embedded: flag(json, "x-kubernetes-embedded-resource"),
        fields: fields.collect::<Result<_, String>>()?,
        additional: additional(json, open)?,
        items: json.get("items").map(|items| parse_in(items, open).map(Box::new)).transpose()?,
        list: list(json)?,
        map: if json["x-kubernetes-map-type"] == "atomic" { MapType::Atomic } else { MapType::Granular },
        limits: Limits::parse(json)?,
        ..Schema::default()
    })
}

fn flag(json: &Value, key: &str) -> bool {
    json[key].as_bool().unwrap_or_default()
}

fn kind(json: &Value) -> Result<Option<Type>, String> {
    if flag(json, "x-kubernetes-int-or-string") {
        return Ok(Some(Type::IntOrString));
    }
    Ok(Some(match json["type"].as_str() {
        None | Some("") => return Ok(None),
        Some("object") => Type::Object,
        Some("array") => Type::Array,
        Some("string") => Type::String,
        Some("integer") => Type::Integer,
        Some("number") => Type::Number,
        Some("boolean") => Type::Boolean,
        Some(other) => return Err(format!("unknown type {other:?}")),
    }))
}

fn additional(json: &Value, open: bool) -> Result<Option<Additional>, String> {
    Ok(match json.get("additionalProperties") {
        None => None,
        Some(Value::Bool(true)) => Some(Additional::Anything),
        Some(Value::Bool(false)) => Some(Additional::Nothing),
        Some(schema) => Some(Additional::Of(Box::new(parse_in(schema, open)?))),
    })
}

fn list(json: &Value) -> Result<ListType, String> {
    match json["x-kubernetes-list-type"].as_str() {
        None | Some("atomic") => Ok(ListType::Atomic),
        Some("set") => Ok(ListType::Set),
        Some("map") => {
            let keys = json["x-kubernetes-list-map-keys"].as_array().into_iter().flatten();
            Ok(ListType::Keyed(keys.filter_map(|key| key.as_str().map(str::to_owned)).collect()))
        }
        Some(other) => Err(format!("unknown list type {other:?}")),
    }
}
