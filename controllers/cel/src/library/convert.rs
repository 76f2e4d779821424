//! Sizes, and conversions between types.

use super::number_text::{format_double, parse_double};
use crate::decl::{Outcome, Row, function, method, no_overload};
use crate::error::EvalError;
use crate::meter::Meter;
use crate::time::{Timestamp, format_duration, parse_duration};
use crate::value::Value;

/// The rows of the table.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    function("size(string) -> int", "The number of code points.", size),
    function("size(bytes) -> int", "The number of bytes.", size),
    function("size(list(A)) -> int", "The number of elements.", size),
    function("size(map(A, B)) -> int", "The number of entries.", size),
    method("string.size() -> int", "The number of code points.", size),
    method("bytes.size() -> int", "The number of bytes.", size),
    method("list(A).size() -> int", "The number of elements.", size),
    method("map(A, B).size() -> int", "The number of entries.", size),
    function("int(int) -> int", "The same.", int),
    function("int(uint) -> int", "The same number; out of range is an error.", int),
    function("int(double) -> int", "The number cut towards zero; out of range is an error.", int),
    function("int(string) -> int", "The number that a text writes in decimal.", int),
    function("int(timestamp) -> int", "Seconds since 1970.", int),
    function("uint(uint) -> uint", "The same.", uint),
    function("uint(int) -> uint", "The same number; negative is an error.", uint),
    function("uint(double) -> uint", "The number cut towards zero; out of range is an error.", uint),
    function("uint(string) -> uint", "The number that a text writes in decimal.", uint),
    function("double(double) -> double", "The same.", double),
    function("double(int) -> double", "The nearest double.", double),
    function("double(uint) -> double", "The nearest double.", double),
    function("double(string) -> double", "The number that a text writes.", double),
    function("bool(bool) -> bool", "The same.", bool),
    function("bool(string) -> bool", "What `true`, `t`, `1`, `false`, `f` or `0` says.", bool),
    function("string(string) -> string", "The same.", string),
    function("string(bool) -> string", "`true` or `false`.", string),
    function("string(int) -> string", "The number in decimal.", string),
    function("string(uint) -> string", "The number in decimal.", string),
    function("string(double) -> string", "The shortest decimal that reads back as the number.", string),
    function("string(bytes) -> string", "The text that the bytes are in UTF-8; anything else is an error.", string),
    function("string(timestamp) -> string", "RFC 3339 in UTC.", string),
    function("string(duration) -> string", "Seconds with `s`.", string),
    function("bytes(bytes) -> bytes", "The same.", bytes),
    function("bytes(string) -> bytes", "The text in UTF-8.", bytes),
    function("timestamp(timestamp) -> timestamp", "The same.", timestamp),
    function("timestamp(string) -> timestamp", "The point in time that RFC 3339 writes.", timestamp),
    function("timestamp(int) -> timestamp", "The point so many seconds after 1970.", timestamp),
    function("duration(duration) -> duration", "The same.", duration),
    function("duration(string) -> duration", "What Go writes as `1h30m`, `1.5s`, `-10ms`.", duration),
    function("dyn(A) -> dyn", "The same value, whose type the checker forgets.", dynamic),
    function("type(A) -> type", "The type of a value.", type_of),
];

fn size<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::String(text)] => {
            meter.text(text.len())?;
            Ok(Value::count(text.chars().count()))
        }
        [Value::Bytes(bytes)] => Ok(Value::count(bytes.len())),
        [Value::List(list)] => Ok(Value::count(list.len())),
        [Value::Map(map)] => Ok(Value::count(map.len())),
        _ => no_overload("size", args),
    }
}

fn range<'a>(what: &str, value: Option<Value<'a>>) -> Outcome<'a> {
    value.ok_or_else(|| EvalError::value(format!("{what} overflow")))
}

fn parsed<'a>(what: &str, text: &str, value: Option<Value<'a>>) -> Outcome<'a> {
    let shown: String = text.chars().take(64).collect();
    value.ok_or_else(|| EvalError::value(format!("cannot convert {shown:?} to {what}")))
}

#[allow(clippy::cast_possible_truncation, reason = "the range is checked first")]
fn int<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Int(value)] => Ok(Value::Int(*value)),
        [Value::Uint(value)] => range("integer", i64::try_from(*value).ok().map(Value::Int)),
        // cel-go takes neither end of the range.
        [Value::Double(value)] => {
            let fits = *value > -9_223_372_036_854_775_808.0 && *value < 9_223_372_036_854_775_807.0;
            range("integer", fits.then_some(Value::Int(*value as i64)))
        }
        [Value::String(text)] => parsed("int", text, text.parse().ok().map(Value::Int)),
        [Value::Timestamp(time)] => Ok(Value::Int(time.seconds())),
        _ => no_overload("int", args),
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked first")]
fn uint<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Uint(value)] => Ok(Value::Uint(*value)),
        [Value::Int(value)] => range("unsigned integer", u64::try_from(*value).ok().map(Value::Uint)),
        [Value::Double(value)] => {
            let fits = *value >= 0.0 && *value < 18_446_744_073_709_551_615.0;
            range("unsigned integer", fits.then_some(Value::Uint(*value as u64)))
        }
        [Value::String(text)] => {
            let value = text.parse().ok().filter(|_| !text.starts_with('+'));
            parsed("uint", text, value.map(Value::Uint))
        }
        _ => no_overload("uint", args),
    }
}

#[allow(clippy::cast_precision_loss, reason = "the nearest double is what is asked for")]
fn double<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Double(value)] => Ok(Value::Double(*value)),
        [Value::Int(value)] => Ok(Value::Double(*value as f64)),
        [Value::Uint(value)] => Ok(Value::Double(*value as f64)),
        [Value::String(text)] => parsed("double", text, parse_double(text).map(Value::Double)),
        _ => no_overload("double", args),
    }
}

fn bool<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Bool(value)] => Ok(Value::Bool(*value)),
        [Value::String(text)] => {
            let value = match &**text {
                "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
                "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
                _ => None,
            };
            parsed("bool", text, value.map(Value::Bool))
        }
        _ => no_overload("bool", args),
    }
}

/// The text of a value that can stand inside a longer text.
pub(crate) fn to_text(value: &Value<'_>) -> Option<String> {
    Some(match value {
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => value.to_string(),
        Value::Double(value) => format_double(*value),
        Value::Timestamp(time) => time.to_string(),
        Value::Duration(nanos) => format_duration(*nanos),
        Value::String(text) => text.to_string(),
        _ => return None,
    })
}

fn string<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::String(text)] => Ok(Value::String(text.clone())),
        [Value::Bytes(bytes)] => {
            meter.text(bytes.len())?;
            let text = std::str::from_utf8(bytes).map_err(|_| EvalError::value("invalid UTF-8 in bytes"))?;
            Ok(Value::text(text))
        }
        [value] => to_text(value).map_or_else(|| no_overload("string", args), |text| Ok(Value::text(text))),
        _ => no_overload("string", args),
    }
}

fn bytes<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Bytes(bytes)] => Ok(Value::Bytes(bytes.clone())),
        [Value::String(text)] => {
            meter.text(text.len())?;
            Ok(Value::Bytes(text.as_bytes().into()))
        }
        _ => no_overload("bytes", args),
    }
}

fn timestamp<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Timestamp(time)] => Ok(Value::Timestamp(*time)),
        [Value::Int(seconds)] => range("timestamp", Timestamp::from_seconds(*seconds).map(Value::Timestamp)),
        [Value::String(text)] => parsed("timestamp", text, Timestamp::parse(text).map(Value::Timestamp)),
        _ => no_overload("timestamp", args),
    }
}

fn duration<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Duration(nanos)] => Ok(Value::Duration(*nanos)),
        [Value::String(text)] => parsed("duration", text, parse_duration(text).map(Value::Duration)),
        _ => no_overload("duration", args),
    }
}

fn dynamic<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [value] => Ok(value.clone()),
        _ => no_overload("dyn", args),
    }
}

fn type_of<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [value] => Ok(Value::Type(value.type_name())),
        _ => no_overload("type", args),
    }
}
