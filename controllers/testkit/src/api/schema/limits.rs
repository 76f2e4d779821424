//! What a schema demands of values beyond their type.

use std::sync::Arc;

use regex::Regex;
use serde_json::Value;

use super::{Schema, parse};

/// The demands of one node of a schema.
#[derive(Clone, Debug, Default)]
pub(crate) struct Limits {
    pub(crate) nullable: bool,
    pub(crate) required: Vec<String>,
    pub(crate) one_of_values: Vec<Value>,
    pub(crate) pattern: Option<Arc<Regex>>,
    /// Characters of a string.
    pub(crate) length: Range,
    /// Items of a list.
    pub(crate) items: Range,
    /// Keys of an object.
    pub(crate) properties: Range,
    pub(crate) minimum: Option<Bound>,
    pub(crate) maximum: Option<Bound>,
    pub(crate) multiple_of: Option<f64>,
    pub(crate) logic: Logic,
}

/// How many there may be.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Range {
    pub(crate) min: Option<u64>,
    pub(crate) max: Option<u64>,
}

/// One end of a range of numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    pub(crate) value: f64,
    pub(crate) exclusive: bool,
}

/// Schemas that are combined.
#[derive(Clone, Debug, Default)]
pub(crate) struct Logic {
    pub(crate) all: Vec<Schema>,
    pub(crate) any: Vec<Schema>,
    pub(crate) one: Vec<Schema>,
    pub(crate) not: Option<Box<Schema>>,
}

impl Limits {
    pub(super) fn parse(json: &Value) -> Result<Self, String> {
        let pattern = json["pattern"].as_str().filter(|pattern| !pattern.is_empty());
        let required = json["required"].as_array().into_iter().flatten();
        Ok(Self {
            nullable: json["nullable"].as_bool().unwrap_or_default(),
            required: required.filter_map(|name| name.as_str().map(str::to_owned)).collect(),
            one_of_values: json["enum"].as_array().cloned().unwrap_or_default(),
            pattern: pattern.map(|pattern| Regex::new(pattern).map(Arc::new)).transpose().map_err(|e| e.to_string())?,
            length: Range::parse(json, "minLength", "maxLength"),
            items: Range::parse(json, "minItems", "maxItems"),
            properties: Range::parse(json, "minProperties", "maxProperties"),
            minimum: bound(json, "minimum", "exclusiveMinimum"),
            maximum: bound(json, "maximum", "exclusiveMaximum"),
            multiple_of: json["multipleOf"].as_f64(),
            logic: Logic::parse(json)?,
        })
    }
}

impl Range {
    fn parse(json: &Value, min: &str, max: &str) -> Self {
        Self { min: json[min].as_u64(), max: json[max].as_u64() }
    }
}

fn bound(json: &Value, key: &str, exclusive: &str) -> Option<Bound> {
    Some(Bound { value: json[key].as_f64()?, exclusive: json[exclusive].as_bool().unwrap_or_default() })
}

impl Logic {
    fn parse(json: &Value) -> Result<Self, String> {
        let list = |key: &str| json[key].as_array().into_iter().flatten().map(parse).collect::<Result<Vec<_>, _>>();
        let not = json.get("not").map(|not| parse(not).map(Box::new)).transpose()?;
        Ok(Self { all: list("allOf")?, any: list("anyOf")?, one: list("oneOf")?, not })
    }
}
