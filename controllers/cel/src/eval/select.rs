//! Fields, elements and `has()`.

use super::follow::{Followed, follow};
use super::node::{By, Has, Node, Select, Step};
use super::run::{Local, Machine};
use crate::decl::Outcome;
use crate::error::{EvalError, FaultKind};
use crate::types::Type;
use crate::value::{JsonMap, Key, List, Map, Value, entry, integral};

/// What a chain of selections gives.
pub(super) enum Selected<'a> {
    /// A value that was selected without `?`.
    Plain(Value<'a>),
    /// A value in an optional, which is not made unless somebody asks for it.
    Present(Value<'a>),
    /// An optional without a value.
    Nothing,
}

impl<'a> Machine<'a> {
    /// `operand.field`, `operand.?field`, `operand[index]`, `operand[?index]`, and so on from there.
    pub(super) fn select(&mut self, select: &'a Select) -> Outcome<'a> {
        let selected = match self.object(&select.operand) {
            Some((object, ty)) => {
                let followed = follow(object, ty, &select.steps);
                self.pay(1 + followed.steps)?;
                if let (Some(json), false, true) =
                    (followed.json, followed.wrapped, followed.steps == select.steps.len())
                {
                    return Ok(Value::from_json(json, followed.ty));
                }
                self.onwards(select, Value::Map(Map::Json(object, ty)), &followed)?
            }
            None => self.selected(select)?,
        };
        Ok(match selected {
            Selected::Plain(value) => value,
            Selected::Present(value) => Value::some(value),
            Selected::Nothing => Value::Optional(None),
        })
    }

    /// The same, before an optional is made of it.
    pub(super) fn selected(&mut self, select: &'a Select) -> Result<Selected<'a>, Box<EvalError>> {
        if let Some((object, ty)) = self.object(&select.operand) {
            let followed = follow(object, ty, &select.steps);
            self.pay(1 + followed.steps)?;
            if followed.ended {
                return self.nothing(select.steps.get(followed.steps + 1..));
            }
            return self.onwards(select, Value::Map(Map::Json(object, ty)), &followed);
        }
        let operand = self.eval(&select.operand)?;
        let followed = match &operand {
            Value::Map(Map::Json(object, ty)) => follow(object, *ty, &select.steps),
            _ => Followed::default(),
        };
        self.pay(followed.steps)?;
        self.onwards(select, operand, &followed)
    }

    /// The steps that are left when a chain was followed as far as it goes.
    ///
    /// What is selected from an optional, or with `?`, is an optional: made at the end, not at each step.
    fn onwards(
        &mut self,
        select: &'a Select,
        operand: Value<'a>,
        followed: &Followed<'a>,
    ) -> Result<Selected<'a>, Box<EvalError>> {
        if followed.ended {
            return self.nothing(select.steps.get(followed.steps + 1..));
        }
        let mut value = followed.json.map_or(operand, |json| Value::from_json(json, followed.ty));
        let mut wrapped = followed.wrapped;
        for (at, step) in select.steps.iter().enumerate().skip(followed.steps) {
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
        Ok(if wrapped { Selected::Present(value) } else { Selected::Plain(value) })
    }

    fn pay(&mut self, steps: usize) -> Result<(), Box<EvalError>> {
        self.meter.elements(steps)
    }

    /// The JSON object that a variable is.
    fn object(&self, node: &Node) -> Option<(&'a JsonMap, Option<&'a Type>)> {
        match self.variable(node) {
            Some(Value::Map(Map::Json(object, ty))) => Some((object, *ty)),
            _ => None,
        }
    }

    /// The value of a variable where it is known: nothing need be copied then.
    fn variable(&self, node: &Node) -> Option<&Value<'a>> {
        match node {
            Node::Global(slot, _) => self.globals.get(*slot)?.as_ref(),
            Node::Local(slot, _) => match self.locals.get(*slot)? {
                Local::Ready(value) => Some(value),
                Local::Later(_) => None,
            },
            _ => None,
        }
    }

    /// An optional without a value, after the keys of further steps, which may fail all the same.
    fn nothing(&mut self, steps: Option<&'a [Step]>) -> Result<Selected<'a>, Box<EvalError>> {
        for step in steps.into_iter().flatten() {
            self.meter.spend(1)?;
            match &step.by {
                By::Field(_) | By::Key(Node::Constant(_)) => {}
                By::Key(key) => drop(self.eval(key)?),
            }
        }
        Ok(Selected::Nothing)
    }

    /// `has(operand.field)`
    pub(super) fn has(&mut self, has: &'a Has) -> Outcome<'a> {
        let operand = self.eval(&has.operand)?;
        let found = match &operand {
            Value::Map(Map::Json(object, ty)) => return Ok(Value::Bool(entry(object, *ty, &has.field).is_some())),
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
