//! Fields, elements and `has()`.

use super::node::{By, Has, Select, Step};
use super::run::Machine;
use crate::decl::Outcome;
use crate::error::{EvalError, FaultKind};
use crate::value::{Key, List, Map, Value, entry, integral};
use serde_json::Value as Json;

impl<'a> Machine<'a> {
    /// `operand.field`, `operand.?field`, `operand[index]`, `operand[?index]`, and so on from there.
    ///
    /// What is selected from an optional, or with `?`, is an optional: made at the end, not at each step.
    pub(super) fn select(&mut self, select: &'a Select) -> Outcome<'a> {
        let mut value = self.eval(&select.operand)?;
        let mut wrapped = false;
        let plain = self.plain(&mut value, &select.steps)?;
        for (at, step) in select.steps.iter().enumerate().skip(plain) {
            self.meter.spend(1)?;
            if let (Value::Optional(inner), false) = (&value, wrapped) {
                wrapped = true;
                let Some(inner) = inner.as_ref().map(|inner| (**inner).clone()) else {
                    return self.nothing(select.steps.get(at..));
                };
                value = inner;
            }
            let found = match &step.by {
                By::Field(name) => part(&value, name, step.optional),
                By::Key(key) => {
                    let key = self.eval(key)?;
                    element(&value, &key).or_else(|| absent(&value, &key, step.optional || wrapped))
                }
            };
            wrapped |= step.optional;
            value = match found {
                Some(Ok(found)) => found,
                None if wrapped => return self.nothing(select.steps.get(at + 1..)),
                None => return Err(locate(EvalError::no_key(step.name()).at(step.span), select, at + 1)),
                Some(Err(error)) => return Err(locate(error.at(step.span), select, at + 1)),
            };
        }
        Ok(if wrapped { Value::some(value) } else { value })
    }

    /// Goes from a JSON object to objects within it, for which no values need be made; gives the number of steps done.
    fn plain(&mut self, value: &mut Value<'a>, steps: &[Step]) -> Result<usize, Box<EvalError>> {
        let Value::Map(Map::Json(mut object, mut ty)) = *value else { return Ok(0) };
        let mut done = 0;
        for step in steps {
            let By::Field(name) = &step.by else { break };
            let Some((Json::Object(inner), inner_ty)) = entry(object, ty, name) else { break };
            if step.optional {
                break;
            }
            self.meter.spend(1)?;
            (object, ty) = (inner, inner_ty);
            done += 1;
        }
        *value = Value::Map(Map::Json(object, ty));
        Ok(done)
    }

    /// An optional without a value, after the keys of further steps, which may fail all the same.
    fn nothing(&mut self, steps: Option<&'a [Step]>) -> Outcome<'a> {
        for step in steps.into_iter().flatten() {
            self.meter.spend(1)?;
            if let By::Key(key) = &step.by {
                self.eval(key)?;
            }
        }
        Ok(Value::Optional(None))
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

/// A field of a value. As in cel-go, what has no fields has not this one either, when it is asked for with `?`.
fn part<'a>(value: &Value<'a>, name: &str, optional: bool) -> Option<Outcome<'a>> {
    match value {
        Value::Map(map) => map.field(name).map(Ok),
        Value::List(_) => field(value, name),
        _ if optional => None,
        other => field(other, name),
    }
}

/// The failure of an element that is not there, unless that is no failure.
fn absent<'a>(value: &Value<'a>, key: &Value<'a>, allowed: bool) -> Option<Outcome<'a>> {
    (!allowed).then(|| {
        Err(match (value, key) {
            (Value::List(_), key) => EvalError::absent(format!("index out of bounds: {key}")),
            (_, Value::String(text)) => EvalError::no_key(&**text),
            (_, key) => EvalError::no_key(key),
        })
    })
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
