//! One step at a time.

use super::node::{Call, Node, OneOf};
use super::select::Selected;
use crate::decl::{Outcome, no_overload};
use crate::error::{EvalError, FaultKind};
use crate::meter::Meter;
use crate::value::{Key, Map, Text, Value, equal};

/// A variable of a macro.
pub(super) enum Local<'a> {
    /// Its value.
    Ready(Value<'a>),
    /// What `cel.bind` names: evaluated when it is read, as in cel-go, and once.
    Later(&'a Node),
}

/// The state of one evaluation.
pub(super) struct Machine<'a> {
    pub(super) globals: &'a [Option<Value<'a>>],
    pub(super) locals: Vec<Local<'a>>,
    pub(super) meter: Meter,
}

impl<'a> Machine<'a> {
    /// The value of a node.
    pub(super) fn eval(&mut self, node: &'a Node) -> Outcome<'a> {
        self.meter.spend(1)?;
        match node {
            // Text is lent, not shared: that costs nothing.
            Node::Constant(Value::String(text)) => Ok(Value::String(Text::Borrowed(text))),
            Node::Constant(value) => Ok(value.clone()),
            Node::Global(slot, name) => self.global(*slot, name),
            Node::Local(slot, name) => self.local(*slot, name),
            Node::Select(select) => self.select(select),
            Node::Has(has) => self.has(has),
            Node::Call(call) => self.call(call),
            Node::Fallback(call) => self.fallback(call),
            Node::And(terms) => self.logic(terms, false),
            Node::Or(terms) => self.logic(terms, true),
            Node::Conditional(parts) => self.conditional(parts),
            Node::List(elements) => self.list(elements),
            Node::Map(entries) => self.map(entries),
            Node::OneOf(one) => self.one_of(one),
            Node::Loop(call) => self.looping(call),
        }
    }

    fn global(&self, slot: usize, name: &str) -> Outcome<'a> {
        self.globals.get(slot).and_then(Option::clone).ok_or_else(|| EvalError::unbound(name))
    }

    fn local(&mut self, slot: usize, name: &str) -> Outcome<'a> {
        let node = match self.locals.get(slot) {
            Some(Local::Ready(value)) => return Ok(value.clone()),
            Some(Local::Later(node)) => *node,
            None => return Err(EvalError::unbound(name)),
        };
        // What is named sees the variables around its macro only, at the positions they had there.
        let inner = self.locals.split_off(slot + 1);
        let later = self.locals.pop();
        let result = self.eval(node);
        self.locals.extend(result.as_ref().ok().cloned().map(Local::Ready).or(later));
        self.locals.extend(inner);
        result
    }

    /// Calls the first overload that takes the values, or what runs all that the checker left.
    fn call(&mut self, call: &'a Call) -> Outcome<'a> {
        let result = match call.args.as_slice() {
            [] => self.dispatch(call, &[]),
            [a] => {
                let a = self.eval(a)?;
                self.dispatch(call, &[a])
            }
            [a, b] => {
                let args = [self.eval(a)?, self.eval(b)?];
                if let ([Value::Int(a), Value::Int(b)], Some(short)) = (&args, call.short)
                    && let Some(value) = short(*a, *b)
                {
                    return Ok(value);
                }
                self.dispatch(call, &args)
            }
            args => {
                let args = args.iter().map(|arg| self.eval(arg)).collect::<Result<Vec<_>, _>>()?;
                self.dispatch(call, &args)
            }
        };
        result.map_err(|error| absent_in(error, call).at(call.span))
    }

    fn one_of(&mut self, one: &'a OneOf) -> Outcome<'a> {
        let item = self.eval(&one.item)?;
        for value in &*one.values {
            if equal(&mut self.meter, &item, value)? {
                return Ok(Value::Bool(true));
            }
        }
        Ok(Value::Bool(false))
    }

    fn fallback(&mut self, call: &'a Call) -> Outcome<'a> {
        let [first, second] = call.args.as_slice() else { return no_overload(&call.name, &[]) };
        let value = match first {
            Node::Select(select) => match self.selected(select)? {
                Selected::Plain(value) => value,
                Selected::Present(value) if call.name == "or" => return Ok(Value::some(value)),
                Selected::Present(value) => return Ok(value),
                Selected::Nothing => return self.eval(second),
            },
            other => self.eval(other)?,
        };
        match value {
            first @ Value::Optional(Some(_)) if call.name == "or" => Ok(first),
            Value::Optional(Some(inner)) => Ok((*inner).clone()),
            Value::Optional(None) => self.eval(second),
            // cel-go takes what is no optional for a value.
            other => Ok(other),
        }
    }

    fn dispatch(&mut self, call: &Call, args: &[Value<'a>]) -> Outcome<'a> {
        let taking = || call.overloads.iter().find(|overload| overload.takes(args));
        match call.only {
            Some(eval) => match eval(&mut self.meter, args) {
                Err(error) if error.kind == FaultKind::Type && call.overloads.len() > 1 && taking().is_none() => {
                    no_overload(&call.name, args)
                }
                outcome => outcome,
            },
            None => match taking() {
                Some(overload) => (overload.row.eval)(&mut self.meter, args),
                None => no_overload(&call.name, args),
            },
        }
    }

    fn conditional(&mut self, [condition, yes, no]: &'a [Node; 3]) -> Outcome<'a> {
        match self.eval(condition)? {
            Value::Bool(true) => self.eval(yes),
            Value::Bool(false) => self.eval(no),
            other => no_overload("_?_:_", &[other]),
        }
    }

    fn list(&mut self, elements: &'a [(bool, Node)]) -> Outcome<'a> {
        self.meter.elements(elements.len())?;
        let mut out = Vec::with_capacity(elements.len());
        for (optional, element) in elements {
            let value = self.eval(element)?;
            if let Some(value) = part(*optional, value)? {
                out.push(value);
            }
        }
        Ok(Value::list(out))
    }

    fn map(&mut self, entries: &'a [(bool, Node, Node)]) -> Outcome<'a> {
        self.meter.elements(entries.len())?;
        let mut out = Vec::with_capacity(entries.len());
        for (optional, key, value) in entries {
            let key = Key::new(self.eval(key)?)?;
            let value = self.eval(value)?;
            if let Some(value) = part(*optional, value)? {
                out.push((key, value));
            }
        }
        Ok(Value::Map(Map::from_pairs(out)))
    }
}

/// Data that a function misses is named by the path that it was given.
fn absent_in(mut error: Box<EvalError>, call: &Call) -> Box<EvalError> {
    if error.kind == FaultKind::Absent && error.path.is_none() {
        error.path = call.args.first().and_then(Node::path);
    }
    error
}

/// What a part written with `?` contributes: nothing when its optional is empty.
fn part(optional: bool, value: Value<'_>) -> Result<Option<Value<'_>>, Box<EvalError>> {
    match value {
        value if !optional => Ok(Some(value)),
        Value::Optional(None) => Ok(None),
        Value::Optional(Some(inner)) => Ok(Some((*inner).clone())),
        other => Err(EvalError::overload(format!("a part written with '?' is {}, not an optional", other.type_name()))),
    }
}
