//! Fields, elements and `has()`.

use super::node::{Index, Node, Select};
use super::run::Machine;
use crate::decl::Outcome;
use crate::error::{EvalError, FaultKind};
use crate::value::{Key, List, Value, integral};

impl<'a> Machine<'a> {
    /// `operand.field` or `operand.?field`.
    pub(super) fn select(&mut self, node: &'a Node, select: &'a Select) -> Outcome<'a> {
        let operand = self.eval(&select.operand)?;
        let find = |value: &Value<'a>| match value {
            // cel-go: what has no fields has not this one either, when it is asked for with `?`.
            Value::Map(_) | Value::List(_) => field(value, &select.field),
            _ if select.optional => None,
            other => field(other, &select.field),
        };
        maybe(&operand, select.optional, find, || EvalError::no_key(&select.field))
            .map_err(|error| locate(error.at(select.span), node))
    }

    /// `has(operand.field)`
    pub(super) fn has(&mut self, select: &'a Select) -> Outcome<'a> {
        let operand = self.eval(&select.operand)?;
        let found = match &operand {
            Value::Optional(None) => None,
            Value::Optional(Some(inner)) => field(inner, &select.field),
            other => field(other, &select.field),
        };
        match found {
            Some(found) => found.map(|_| Value::Bool(true)).map_err(|error| error.at(select.span)),
            None => Ok(Value::Bool(false)),
        }
    }

    /// `operand[index]` or `operand[?index]`.
    pub(super) fn index(&mut self, node: &'a Node, index: &'a Index) -> Outcome<'a> {
        let operand = self.eval(&index.operand)?;
        let key = self.eval(&index.key)?;
        let find = |value: &Value<'a>| element(value, &key);
        let absent = || match (&operand, &key) {
            (Value::List(_), key) => EvalError::absent(format!("index out of bounds: {key}")),
            (_, Value::String(text)) => EvalError::no_key(&**text),
            (_, key) => EvalError::no_key(key),
        };
        maybe(&operand, index.optional, find, absent).map_err(|error| locate(error.at(index.span), node))
    }
}

/// A part of a value, or of what an optional holds: then, or when asked for so, as an optional.
fn maybe<'a>(
    operand: &Value<'a>,
    optional: bool,
    find: impl Fn(&Value<'a>) -> Option<Outcome<'a>>,
    absent: impl Fn() -> EvalError,
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

fn position<'a>(list: &List<'a>, key: &Value<'a>) -> Result<Option<Value<'a>>, EvalError> {
    let whole = match key {
        Value::Int(index) => Some(*index),
        Value::Uint(index) => i64::try_from(*index).ok(),
        Value::Double(index) => integral(*index),
        other => return Err(EvalError::overload(format!("unsupported index type {}", other.type_name()))),
    };
    Ok(whole.and_then(|whole| usize::try_from(whole).ok()).and_then(|index| list.get(index)))
}

/// Absent data is named by the path that was read.
fn locate(mut error: EvalError, node: &Node) -> EvalError {
    if error.kind == FaultKind::Absent && error.path.is_none() {
        error.path = node.path();
    }
    error
}
