//! Fields, elements and `has()`.

use super::node::{By, Has, Select};
use super::run::Machine;
use crate::decl::Outcome;
use crate::error::{EvalError, FaultKind};
use crate::value::{Key, List, Value, integral};

impl<'a> Machine<'a> {
    /// `operand.field`, `operand.?field`, `operand[index]`, `operand[?index]`, and so on from there.
    pub(super) fn select(&mut self, select: &'a Select) -> Outcome<'a> {
        let mut value = self.eval(&select.operand)?;
        for (at, step) in select.steps.iter().enumerate() {
            self.meter.spend(1)?;
            let found = match &step.by {
                By::Field(name) => part(&value, name, step.optional),
                By::Key(key) => {
                    let key = self.eval(key)?;
                    item(&value, &key, step.optional)
                }
            };
            value = found.map_err(|error| locate(error.at(step.span), select, at + 1))?;
        }
        Ok(value)
    }

    /// `has(operand.field)`
    pub(super) fn has(&mut self, has: &'a Has) -> Outcome<'a> {
        let operand = self.eval(&has.operand)?;
        let found = match &operand {
            Value::Optional(None) => None,
            Value::Optional(Some(inner)) => field(inner, &has.field),
            other => field(other, &has.field),
        };
        match found {
            Some(found) => found.map(|_| Value::Bool(true)).map_err(|error| error.at(has.span)),
            None => Ok(Value::Bool(false)),
        }
    }
}

fn part<'a>(operand: &Value<'a>, name: &str, optional: bool) -> Outcome<'a> {
    if let (Value::Map(map), false) = (operand, optional) {
        return map.field(name).ok_or_else(|| EvalError::no_key(name));
    }
    let find = |value: &Value<'a>| match value {
        // cel-go: what has no fields has not this one either, when it is asked for with `?`.
        Value::Map(_) | Value::List(_) => field(value, name),
        _ if optional => None,
        other => field(other, name),
    };
    maybe(operand, optional, find, || EvalError::no_key(name))
}

fn item<'a>(operand: &Value<'a>, key: &Value<'a>, optional: bool) -> Outcome<'a> {
    let absent = || match (operand, key) {
        (Value::List(_), key) => EvalError::absent(format!("index out of bounds: {key}")),
        (_, Value::String(text)) => EvalError::no_key(&**text),
        (_, key) => EvalError::no_key(key),
    };
    maybe(operand, optional, |value: &Value<'a>| element(value, key), absent)
}

/// A part of a value, or of what an optional holds: then, or when asked for so, as an optional.
fn maybe<'a>(
    operand: &Value<'a>,
    optional: bool,
    find: impl Fn(&Value<'a>) -> Option<Outcome<'a>>,
    absent: impl Fn() -> Box<EvalError>,
) -> Outcome<'a> {
    let (found, wrap) = match operand {
        Value::Optional(None) => (None, true),
        Value::Optional(Some(inner)) => (find(inner), true),
        other => (find(other), optional),
    };
    match found.transpose()? {
        Some(value) if wrap => Ok(Value::some(value)),
        Some(value) => Ok(value),
        None if wrap => Ok(Value::Optional(None)),
        None => Err(absent()),
    }
}

fn field<'a>(value: &Value<'a>, name: &str) -> Option<Outcome<'a>> {
    match value {
        Value::Map(map) => map.field(name).map(Ok),
        other => Some(Err(EvalError::overload(format!("no such overload: {} has no fields", other.type_name())))),
    }
}

fn element<'a>(value: &Value<'a>, key: &Value<'a>) -> Option<Outcome<'a>> {
    match value {
        Value::List(list) => position(list, key).transpose(),
        Value::Map(map) => match Key::lookup(key) {
            Some(key) => map.get(&key).map(Ok),
            None if matches!(key, Value::Double(_)) => None,
            None => Some(Err(EvalError::overload(format!("unsupported key type: {}", key.type_name())))),
        },
        other => Some(Err(EvalError::overload(format!("no such overload: {} has no elements", other.type_name())))),
    }
}

fn position<'a>(list: &List<'a>, key: &Value<'a>) -> Result<Option<Value<'a>>, Box<EvalError>> {
    let whole = match key {
        Value::Int(index) => Some(*index),
        Value::Uint(index) => i64::try_from(*index).ok(),
        Value::Double(index) => integral(*index),
        other => return Err(EvalError::overload(format!("unsupported index type {}", other.type_name()))),
    };
    Ok(whole.and_then(|whole| usize::try_from(whole).ok()).and_then(|index| list.get(index)))
}

/// Absent data is named by the path that was read.
fn locate(mut error: Box<EvalError>, select: &Select, steps: usize) -> Box<EvalError> {
    if error.kind == FaultKind::Absent && error.path.is_none() {
        error.path = select.path(steps);
    }
    error
}
