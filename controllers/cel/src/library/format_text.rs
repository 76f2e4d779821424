//! `string.format()`: the verbs of cel-go.

use std::fmt::Write as _;

use super::number_text::go_exponent;
use crate::decl::{Outcome, no_overload};
use crate::error::EvalError;
use crate::meter::Meter;
use crate::time::format_duration;
use crate::value::{Key, Value};

/// More digits after the point are refused: they would be zeros.
const MAX_PRECISION: usize = 1000;

/// `text.format([a, b])`
pub(super) fn format<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(template), Value::List(values)] = args else { return no_overload("format", args) };
    let mut out = String::new();
    let mut next = 0;
    let mut rest: &str = template;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        meter.text(10 + before.len())?;
        if let Some(after) = after.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let (precision, verb, after) = clause(after)?;
        let value =
            values.get(next).ok_or_else(|| EvalError::value(format!("index {next} out of range in format()")))?;
        next += 1;
        let text = fill(meter, verb, precision, &value)?;
        meter.text(text.len())?;
        out.push_str(&text);
        rest = after;
    }
    out.push_str(rest);
    meter.text(rest.len())?;
    Ok(Value::text(out))
}

/// The verbs of a format, each of which takes one value.
///
/// # Errors
/// The format does not parse.
pub(crate) fn verbs(template: &str) -> Result<Vec<char>, Box<EvalError>> {
    let mut verbs = Vec::new();
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('%') {
        if let Some(after) = after.strip_prefix('%') {
            rest = after;
            continue;
        }
        let (_, verb, after) = clause(after)?;
        if !"sdfeboxX".contains(verb) {
            return Err(unknown_verb(verb));
        }
        verbs.push(verb);
        rest = after;
    }
    Ok(verbs)
}

fn unknown_verb(verb: char) -> Box<EvalError> {
    EvalError::value(format!("could not parse formatting clause: unrecognized verb %{verb}"))
}

/// `.2f` as precision and verb, and what follows.
fn clause(after: &str) -> Result<(usize, char, &str), Box<EvalError>> {
    let unfinished = || EvalError::value("unexpected end of a format string");
    let (precision, after) = match after.strip_prefix('.') {
        None => (6, after),
        Some(rest) => {
            let length = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(unfinished)?;
            let (digits, rest) = rest.split_at_checked(length).ok_or_else(unfinished)?;
            let precision = digits.parse().ok().filter(|precision| *precision <= MAX_PRECISION);
            (precision.ok_or_else(|| EvalError::value("invalid precision in a format string"))?, rest)
        }
    };
    let verb = after.chars().next().ok_or_else(unfinished)?;
    Ok((precision, verb, after.get(verb.len_utf8()..).unwrap_or_default()))
}

fn fill(meter: &mut Meter, verb: char, precision: usize, value: &Value<'_>) -> Result<String, Box<EvalError>> {
    let text = match verb {
        's' => Some(shown(meter, value)?),
        'd' => decimal(value),
        'f' => number(value).map(|value| named(value).unwrap_or_else(|| format!("{value:.precision$}"))),
        'e' => number(value).map(|value| named(value).unwrap_or_else(|| scientific(value, precision))),
        'b' => binary(value),
        'o' => integer(value).map(|(sign, digits)| format!("{sign}{digits:o}")),
        'x' => hexadecimal(value),
        'X' => hexadecimal(value).map(|text| text.to_ascii_uppercase()),
        other => return Err(unknown_verb(other)),
    };
    text.ok_or_else(|| {
        EvalError::value(format!("a value of type {} cannot be formatted with %{verb}", value.type_name()))
    })
}

#[allow(clippy::cast_precision_loss, reason = "the nearest double is what is written")]
fn number(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Double(value) => Some(*value),
        Value::Int(value) => Some(*value as f64),
        Value::Uint(value) => Some(*value as f64),
        _ => None,
    }
}

fn named(value: f64) -> Option<String> {
    let name = match value {
        value if value.is_nan() => "NaN",
        value if value.is_finite() => return None,
        value if value > 0.0 => "Infinity",
        _ => "-Infinity",
    };
    Some(name.to_owned())
}

fn scientific(value: f64, precision: usize) -> String {
    let text = format!("{value:.precision$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    go_exponent(digits, exponent.parse().unwrap_or_default())
}

fn decimal(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Int(value) => Some(value.to_string()),
        Value::Uint(value) => Some(value.to_string()),
        Value::Double(value) => Some(named(*value).unwrap_or_else(|| value.to_string())),
        _ => None,
    }
}

fn integer(value: &Value<'_>) -> Option<(&'static str, u64)> {
    match value {
        Value::Int(value) => Some((if *value < 0 { "-" } else { "" }, value.unsigned_abs())),
        Value::Uint(value) => Some(("", *value)),
        _ => None,
    }
}

fn binary(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Bool(value) => Some(u8::from(*value).to_string()),
        other => integer(other).map(|(sign, digits)| format!("{sign}{digits:b}")),
    }
}

/// Bytes as two hexadecimal digits each.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn hexadecimal(value: &Value<'_>) -> Option<String> {
    match value {
        Value::String(text) => Some(hex(text.as_bytes())),
        Value::Bytes(bytes) => Some(hex(bytes)),
        other => integer(other).map(|(sign, digits)| format!("{sign}{digits:x}")),
    }
}

/// `%s`: lists and maps in brackets, text without quotes, map entries in the order of their keys as text.
fn shown(meter: &mut Meter, value: &Value<'_>) -> Result<String, Box<EvalError>> {
    meter.spend(1)?;
    Ok(match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(_) | Value::Uint(_) | Value::Double(_) => decimal(value).unwrap_or_default(),
        Value::String(text) => {
            meter.text(text.len())?;
            text.to_string()
        }
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Value::Duration(nanos) => format_duration(*nanos),
        Value::Timestamp(time) => time.to_string(),
        Value::Type(name) => (*name).to_owned(),
        Value::List(list) => {
            let items = list.iter().map(|item| meter.deeper(|meter| shown(meter, &item)));
            format!("[{}]", items.collect::<Result<Vec<_>, _>>()?.join(", "))
        }
        Value::Map(map) => {
            let mut entries = Vec::new();
            for (key, item) in map.entries() {
                let key = match key {
                    Key::String(text) => text.to_string(),
                    other => shown(meter, &other.value())?,
                };
                entries.push((key, meter.deeper(|meter| shown(meter, &item))?));
            }
            entries.sort();
            let entries: Vec<_> = entries.into_iter().map(|(key, item)| format!("{key}: {item}")).collect();
            format!("{{{}}}", entries.join(", "))
        }
        other => {
            let message = format!("a value of type {} cannot be formatted with %s", other.type_name());
            return Err(EvalError::value(message));
        }
    })
}
