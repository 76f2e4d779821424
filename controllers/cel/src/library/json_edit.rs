//! JSON text, and values made from it.

use serde_json::Value as Json;

use crate::error::EvalError;
use crate::meter::Meter;
use crate::value::{Key, Map, Text, Value};

/// The value of JSON that nobody keeps: everything is copied.
///
/// # Errors
/// The cost limit is reached. `serde_json` bounds the depth.
pub(super) fn owned<'a>(meter: &mut Meter, json: Json) -> Result<Value<'a>, Box<EvalError>> {
    meter.elements(1)?;
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(value),
        Json::Number(number) => match number.as_i64() {
            Some(value) => Value::Int(value),
            None => Value::Double(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::text(text),
        Json::Array(items) => {
            let items = items.into_iter().map(|item| owned(meter, item));
            Value::list(items.collect::<Result<_, _>>()?)
        }
        Json::Object(object) => {
            let entries = object.into_iter();
            let entries = entries.map(|(key, value)| Ok((Key::String(Text::Shared(key.into())), owned(meter, value)?)));
            Value::Map(Map::new(entries.collect::<Result<_, Box<EvalError>>>()?))
        }
    })
}

/// JSON text as Go writes it: `<`, `>`, `&` and the two line separators of Unicode are escaped.
pub(super) fn go_text(json: &Json) -> String {
    let mut out = json.to_string();
    for (letter, escape) in
        [("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u{2028}", "\\u2028"), ("\u{2029}", "\\u2029")]
    {
        out = out.replace(letter, escape);
    }
    out
}
