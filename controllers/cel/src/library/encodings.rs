//! Encodings of bytes and text.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use crate::decl::{Outcome, Row, function, no_overload};
use crate::error::EvalError;
use crate::meter::Meter;
use crate::value::Value;

/// The rows of the table.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    function("base64.encode(bytes) -> string", "Base64 with padding.", encode),
    function("base64.decode(string) -> bytes", "The bytes that base64 writes, padded or not.", decode),
    function("jsonpatch.escapeKey(string) -> string", "A key as a JSON pointer writes it.", escape_key),
];

fn encode<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::Bytes(bytes)] = args else { return no_overload("base64.encode", args) };
    meter.text(bytes.len().saturating_mul(2))?;
    Ok(Value::text(STANDARD.encode(bytes)))
}

fn decode<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_overload("base64.decode", args) };
    meter.text(text.len())?;
    // Go skips line ends.
    let plain: String = text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    let bytes = STANDARD.decode(&plain).or_else(|_| STANDARD_NO_PAD.decode(&plain));
    bytes
        .map(|bytes| Value::Bytes(bytes.into()))
        .map_err(|error| EvalError::value(format!("illegal base64 data: {error}")))
}

fn escape_key<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_overload("jsonpatch.escapeKey", args) };
    meter.text(text.len().saturating_mul(2))?;
    Ok(Value::text(text.replace('~', "~0").replace('/', "~1")))
}
