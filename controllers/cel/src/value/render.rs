//! Values in the notation of the language, with their types: for messages, test tables and `cairn render`.

use std::fmt;

use super::{Key, Value};
use crate::time::format_duration;

/// Deeper values are cut.
const MAX_NESTING: usize = 64;

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&render(self, MAX_NESTING))
    }
}

fn render(value: &Value<'_>, left: usize) -> String {
    let Some(left) = left.checked_sub(1) else { return "…".to_owned() };
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => format!("{value}u"),
        Value::Double(value) => double(*value),
        Value::String(text) => quoted(text),
        Value::Bytes(bytes) => format!("b{}", quoted_bytes(bytes)),
        Value::List(list) => {
            let items: Vec<_> = list.iter().map(|item| render(&item, left)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(map) => {
            let entries: Vec<_> =
                map.entries().map(|(key, item)| format!("{}: {}", name(&key), render(&item, left))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Timestamp(time) => format!("timestamp(\"{time}\")"),
        Value::Duration(nanos) => format!("duration(\"{}\")", format_duration(*nanos)),
        Value::Type(name) => (*name).to_owned(),
        Value::Optional(None) => "optional.none()".to_owned(),
        Value::Optional(Some(inner)) => format!("optional.of({})", render(inner, left)),
        Value::Opaque(handle) => format!("{}({})", handle.kind().name(), quoted(&handle.text())),
        Value::Omit => "omit()".to_owned(),
    }
}

fn name(key: &Key<'_>) -> String {
    render(&key.value(), 1)
}

/// A double that can be read back as one.
fn double(value: f64) -> String {
    if value.is_nan() {
        return "double(\"NaN\")".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "double(\"Infinity\")" } else { "double(\"-Infinity\")" }.to_owned();
    }
    format!("{value:?}")
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn quoted_bytes(bytes: &[u8]) -> String {
    let plain = |byte: u8| (byte.is_ascii_graphic() || byte == b' ') && byte != b'"' && byte != b'\\';
    let escaped: String = bytes
        .iter()
        .map(|byte| if plain(*byte) { char::from(*byte).to_string() } else { format!("\\x{byte:02x}") })
        .collect();
    format!("\"{escaped}\"")
}
