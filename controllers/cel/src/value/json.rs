//! From JSON, lazily and by the schema; and back.

use serde_json::{Number, Value as Json};

use super::{Key, List, Map, Text, Value, format};
use crate::error::EvalError;
use crate::time;
use crate::types::Type;

/// Deeper results are refused; the API server's limits are far below.
const MAX_NESTING: usize = 130;

impl<'a> Value<'a> {
    /// The view of a JSON value, read by its type where a schema tells it: `format: byte` gives bytes, `date-time` a
    /// timestamp, `duration` a duration, `number` a double. What does not fit its type is read as it stands.
    #[must_use]
    pub fn from_json(json: &'a Json, ty: Option<&'a Type>) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => from_number(number, ty),
            Json::String(text) => from_text(text, ty),
            Json::Array(items) => {
                let element = match ty {
                    Some(Type::List(element)) => Some(&**element),
                    _ => None,
                };
                Self::List(List::Json(items, element))
            }
            Json::Object(object) => Self::Map(Map::Json(object, ty)),
        }
    }

    /// The value as JSON text knows it. Timestamps and durations become text, an empty optional becomes null, `omit()`
    /// leaves its field or element out.
    ///
    /// # Errors
    /// Bytes (kro: they are to be encoded explicitly), types, opaque values, numbers that JSON does not have, keys
    /// that are not text, and nesting without end.
    pub fn to_json(&self) -> Result<Json, EvalError> {
        match to_json(self, Empty::Null, MAX_NESTING) {
            Ok(Some(json)) => Ok(json),
            Ok(None) => Err(*EvalError::value("omit() has no field or element to leave out here")),
            Err(error) => Err(*error),
        }
    }

    /// The value as it fills a field, or nothing where the field is left out: an empty optional does that as `omit()`
    /// does, wherever it stands. (kro writes null for it.)
    ///
    /// # Errors
    /// As for [`Value::to_json`].
    pub fn to_field(&self) -> Result<Option<Json>, EvalError> {
        to_json(self, Empty::LeftOut, MAX_NESTING).map_err(|error| *error)
    }
}

/// What becomes of an optional without a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Empty {
    Null,
    LeftOut,
}

fn from_number<'a>(number: &Number, ty: Option<&Type>) -> Value<'a> {
    let double = || Value::Double(number.as_f64().unwrap_or(f64::NAN));
    match ty {
        Some(Type::Double) => double(),
        Some(Type::Int) => match number.as_i64().or_else(|| number.as_f64().and_then(integral)) {
            Some(value) => Value::Int(value),
            None => double(),
        },
        _ => number.as_i64().map_or_else(double, Value::Int),
    }
}

fn from_text<'a>(text: &'a str, ty: Option<&Type>) -> Value<'a> {
    let parsed = match ty {
        Some(Type::Bytes) => format::bytes(text).map(|bytes| Value::Bytes(bytes.into())),
        Some(Type::Timestamp) => format::timestamp(text).map(Value::Timestamp),
        Some(Type::Duration) => format::duration(text).map(Value::Duration),
        _ => None,
    };
    parsed.unwrap_or(Value::String(Text::Borrowed(text)))
}

/// The integer that a whole number in range is.
#[allow(clippy::cast_possible_truncation, clippy::float_cmp, reason = "exactly whole, and in range, is what is asked")]
pub(crate) fn integral(number: f64) -> Option<i64> {
    // 2^63 is the first double out of range; every whole double below it converts exactly.
    (number.trunc() == number && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&number))
        .then_some(number as i64)
}

fn to_json(value: &Value<'_>, empty: Empty, left: usize) -> Result<Option<Json>, Box<EvalError>> {
    let left = left.checked_sub(1).ok_or_else(|| EvalError::limit("the value nests too deeply"))?;
    Ok(Some(match value {
        Value::Omit => return Ok(None),
        Value::Optional(None) if empty == Empty::LeftOut => return Ok(None),
        Value::Null | Value::Optional(None) => Json::Null,
        Value::Optional(Some(inner)) => return to_json(inner, empty, left),
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::from(*value),
        Value::Uint(value) => match i64::try_from(*value) {
            Ok(value) => Json::from(value),
            Err(_) => return Err(EvalError::value("the uint is out of range for a field")),
        },
        Value::Double(value) => from_double(*value)?,
        Value::String(text) => Json::from(&**text),
        Value::Timestamp(time) => Json::from(time.to_string()),
        Value::Duration(nanos) => Json::from(time::format_duration(*nanos)),
        Value::List(list) => {
            let items = list.iter().filter_map(|item| to_json(&item, empty, left).transpose());
            Json::Array(items.collect::<Result<_, _>>()?)
        }
        Value::Map(map) => Json::Object(object(map, empty, left)?),
        Value::Bytes(_) => {
            return Err(EvalError::value("bytes cannot be used directly: encode them, as in base64.encode(...)"));
        }
        Value::Type(_) | Value::Opaque(_) => {
            let message =
                format!("a value of type {} cannot be used directly: convert it with string()", value.type_name());
            return Err(EvalError::value(message));
        }
    }))
}

fn from_double(value: f64) -> Result<Json, Box<EvalError>> {
    if let Some(whole) = integral(value).filter(|whole| whole.unsigned_abs() < 1 << 53) {
        return Ok(Json::from(whole));
    }
    match Number::from_f64(value) {
        Some(number) => Ok(Json::Number(number)),
        None => Err(EvalError::value(format!("{value} is not a number that JSON has"))),
    }
}

fn object(map: &Map<'_>, empty: Empty, left: usize) -> Result<super::map::JsonMap, Box<EvalError>> {
    let mut out = super::map::JsonMap::new();
    for (key, value) in map.written() {
        let name = match key {
            Key::String(text) => text.to_string(),
            Key::Bool(value) => value.to_string(),
            Key::Int(value) => value.to_string(),
            Key::Uint(value) => value.to_string(),
        };
        if let Some(json) = to_json(&value, empty, left)? {
            out.insert(name, json);
        }
    }
    Ok(out)
}
