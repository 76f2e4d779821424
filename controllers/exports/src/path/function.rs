//! The functions that a path may call.

use std::borrow::Cow;

use serde_json::Value;

use super::{NoValue, eval::describe};

/// A function by its name in jq.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Select,
    Not,
    First,
    Last,
    ToString,
    ToJson,
    Split,
    Join,
    TrimStart,
    TrimEnd,
    LowerCase,
    UpperCase,
}

/// Name, number of arguments, function.
const FUNCTIONS: [(&str, usize, Function); 12] = [
    ("select", 1, Function::Select),
    ("not", 0, Function::Not),
    ("first", 0, Function::First),
    ("last", 0, Function::Last),
    ("tostring", 0, Function::ToString),
    ("tojson", 0, Function::ToJson),
    ("split", 1, Function::Split),
    ("join", 1, Function::Join),
    ("ltrimstr", 1, Function::TrimStart),
    ("rtrimstr", 1, Function::TrimEnd),
    ("ascii_downcase", 0, Function::LowerCase),
    ("ascii_upcase", 0, Function::UpperCase),
];

impl Function {
    pub(super) fn named(name: &str, arguments: usize) -> Option<Self> {
        FUNCTIONS.iter().find(|(known, arity, _)| *known == name && *arity == arguments).map(|(.., function)| *function)
    }
}

/// The result of a function; none where `select` does not.
pub(super) fn call<'a>(
    function: Function,
    input: Cow<'a, Value>,
    argument: &Value,
) -> Result<Option<Cow<'a, Value>>, NoValue> {
    let owned = |value: Value| Ok(Some(Cow::Owned(value)));
    match function {
        Function::Select => Ok(is_true(argument).then_some(input)),
        Function::Not => owned(Value::Bool(!is_true(&input))),
        Function::First => owned(items(&input)?.first().cloned().unwrap_or_default()),
        Function::Last => owned(items(&input)?.last().cloned().unwrap_or_default()),
        Function::ToString => owned(text_of(&input).into()),
        Function::ToJson => owned(input.to_string().into()),
        Function::Split => owned(split(text(&input)?, text(argument)?)),
        Function::Join => owned(join(items(&input)?, text(argument)?)?.into()),
        Function::TrimStart => Ok(Some(trim(input, argument, |text, affix| text.strip_prefix(affix)))),
        Function::TrimEnd => Ok(Some(trim(input, argument, |text, affix| text.strip_suffix(affix)))),
        Function::LowerCase => owned(text(&input)?.to_ascii_lowercase().into()),
        Function::UpperCase => owned(text(&input)?.to_ascii_uppercase().into()),
    }
}

/// `false` and `null` are not.
pub(super) fn is_true(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

/// A text as it is, everything else as JSON.
pub(super) fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn split(text: &str, by: &str) -> Value {
    match (text, by) {
        ("", _) => Value::Array(Vec::new()),
        (text, "") => text.chars().map(|char| Value::from(char.to_string())).collect(),
        (text, by) => text.split(by).map(Value::from).collect(),
    }
}

fn join(items: &[Value], by: &str) -> Result<String, NoValue> {
    let texts = items.iter().map(|item| match item {
        Value::Null => Ok(String::new()),
        Value::Array(_) | Value::Object(_) => Err(NoValue::Mismatch(format!("{} cannot be joined", describe(item)))),
        scalar => Ok(text_of(scalar)),
    });
    Ok(texts.collect::<Result<Vec<_>, _>>()?.join(by))
}

/// jq leaves alone what is no text.
fn trim<'a>(
    input: Cow<'a, Value>,
    affix: &Value,
    strip: for<'t> fn(&'t str, &str) -> Option<&'t str>,
) -> Cow<'a, Value> {
    let stripped = input.as_str().zip(affix.as_str()).and_then(|(text, affix)| strip(text, affix));
    match stripped.map(Value::from) {
        Some(stripped) => Cow::Owned(stripped),
        None => input,
    }
}

fn text(value: &Value) -> Result<&str, NoValue> {
    value.as_str().ok_or_else(|| NoValue::Mismatch(format!("{} is no text", describe(value))))
}

fn items(value: &Value) -> Result<&[Value], NoValue> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| NoValue::Mismatch(format!("{} is no list", describe(value))))
}
