//! Conditions of objects: kro's `runtime` functions.

use std::collections::BTreeMap;

use crate::decl::{Outcome, Row, function, no_overload};
use crate::error::EvalError;
use crate::meter::Meter;
use crate::time::Timestamp;
use crate::types::CONDITION_FIELDS;
use crate::value::{Key, Map, Text, Value};

/// The rows of the table. `runtime.newCondition` is reached through its macro, which checks the names of its fields.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    function("runtime.newCondition(map(string, string)) -> condition", "What the macro of the same name becomes.", new_condition),
    function("runtime.condition(dyn, string) -> condition", "The condition of a type in the status of an object, in `status.conditions` only. Of `schema` those that the operator makes.", condition),
];

/// What the status of a condition may be.
pub(crate) const STATUSES: [&str; 3] = ["True", "False", "Unknown"];

fn new_condition<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::Map(fields)] = args else { return no_overload("runtime.newCondition", args) };
    meter.elements(fields.len())?;
    for name in ["type", "status"] {
        match fields.field(name) {
            Some(Value::String(text)) if text.is_empty() => {
                return Err(EvalError::value(format!("the {name} of the condition is empty")));
            }
            Some(Value::String(text)) if name == "status" && !STATUSES.contains(&&*text) => {
                let message = format!("the status of a condition is {}, not {:?}", STATUSES.join(", "), &*text);
                return Err(EvalError::value(message));
            }
            _ => {}
        }
    }
    match fields.entries().find(|(_, value)| !matches!(value, Value::String(_))) {
        Some((key, value)) => {
            let message = format!("the {} of a condition is {}, not string", key.value(), value.type_name());
            Err(EvalError::overload(message))
        }
        None => Ok(Value::Map(fields.clone())),
    }
}

fn condition<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::Map(object), Value::String(wanted)] = args else { return no_overload("runtime.condition", args) };
    let inner = |value: Option<Value<'a>>, name: &str| match value {
        Some(Value::Map(map)) => map.field(name),
        _ => None,
    };
    if let Some(Value::List(conditions)) = inner(object.field("status"), "conditions") {
        meter.elements(conditions.len())?;
        for found in conditions.iter() {
            let Value::Map(found) = found else { continue };
            if matches!(found.field("type"), Some(Value::String(name)) if *name == **wanted) {
                return Ok(Value::Map(typed(&found)));
            }
        }
    }
    Err(EvalError::absent(format!("no condition {:?}", &**wanted)))
}

/// The condition with the fields and types that its type promises: the schema it comes from may know them otherwise.
fn typed<'a>(found: &Map<'a>) -> Map<'a> {
    let mut fields = BTreeMap::new();
    let mut put = |name: &'static str, value: Value<'a>| {
        fields.insert(Key::String(Text::Borrowed(name)), value);
    };
    for name in CONDITION_FIELDS {
        if let Some(value @ Value::String(_)) = found.field(name) {
            put(name, value);
        }
    }
    match found.field("lastTransitionTime") {
        Some(Value::String(text)) => {
            if let Some(time) = Timestamp::parse(&text) {
                put("lastTransitionTime", Value::Timestamp(time));
            }
        }
        Some(value @ Value::Timestamp(_)) => put("lastTransitionTime", value),
        _ => {}
    }
    if let Some(value @ Value::Int(_)) = found.field("observedGeneration") {
        put("observedGeneration", value);
    }
    Map::new(fields)
}
