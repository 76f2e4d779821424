//! Macros that bring variables: each a loop of its own.

use std::collections::BTreeMap;

use super::chain::Chain;
use super::node::{Loop, Node};
use super::run::{Local, Machine};
use crate::decl::{Outcome, no_overload};
use crate::error::EvalError;
use crate::syntax::ast::MacroKind;
use crate::value::{Key, List, Map, Value};

/// What a macro goes over: positions or keys, and values.
type Items<'r, 'a> = Box<dyn Iterator<Item = (Value<'a>, Value<'a>)> + 'r>;

impl<'a> Machine<'a> {
    /// A macro.
    pub(super) fn looping(&mut self, call: &'a Loop) -> Outcome<'a> {
        if call.kind == MacroKind::Bind {
            let slot = self.locals.len();
            self.locals.push(Local::Later(&call.range));
            let result = self.eval(&call.result);
            self.locals.truncate(slot);
            return result;
        }
        let range = self.eval(&call.range)?;
        let result = match call.kind {
            MacroKind::OptMap | MacroKind::OptFlatMap => self.optional(call, range),
            MacroKind::All => self.quantify(call, &range, false),
            MacroKind::Exists => self.quantify(call, &range, true),
            MacroKind::ExistsOne => self.exists_one(call, &range),
            MacroKind::Filter => self.filter(call, &range),
            MacroKind::Map | MacroKind::TransformList | MacroKind::Bind => self.transform_list(call, &range),
            MacroKind::TransformMap => self.transform_map(call, &range),
            MacroKind::TransformMapEntry => self.transform_entries(call, &range),
            MacroKind::SortBy => self.sort_by(call, &range),
        };
        result.map_err(|error| error.at(call.span))
    }

    /// Evaluates with variables on the stack.
    fn with<const N: usize, T>(
        &mut self,
        values: [Value<'a>; N],
        work: impl FnOnce(&mut Self) -> Result<T, Box<EvalError>>,
    ) -> Result<T, Box<EvalError>> {
        let before = self.locals.len();
        self.locals.extend(values.map(Local::Ready));
        let result = work(self);
        self.locals.truncate(before);
        result
    }

    /// Evaluates a node for one item.
    fn each(&mut self, call: &Loop, node: &'a Node, (key, value): (Value<'a>, Value<'a>), list: bool) -> Outcome<'a> {
        match (call.variables, list) {
            (1, true) => self.with([value], |machine| machine.eval(node)),
            (1, false) => self.with([key], |machine| machine.eval(node)),
            _ => self.with([key, value], |machine| machine.eval(node)),
        }
    }

    fn optional(&mut self, call: &'a Loop, range: Value<'a>) -> Outcome<'a> {
        let Value::Optional(inner) = range else { return no_overload(&call.name, &[range]) };
        let Some(inner) = inner else { return Ok(Value::Optional(None)) };
        let result = self.with([(*inner).clone()], |machine| machine.eval(&call.result))?;
        Ok(if call.kind == MacroKind::OptMap { Value::some(result) } else { result })
    }

    fn quantify(&mut self, call: &'a Loop, range: &Value<'a>, decisive: bool) -> Outcome<'a> {
        let (items, list) = items(call, range)?;
        let mut chain = Chain::new(decisive);
        for item in items {
            let term = self.each(call, &call.result, item, list);
            if let Some(result) = chain.take(term) {
                return Ok(result);
            }
        }
        chain.finish()
    }

    fn exists_one(&mut self, call: &'a Loop, range: &Value<'a>) -> Outcome<'a> {
        let (items, list) = items(call, range)?;
        let mut count = 0_usize;
        for item in items {
            let found = self.each(call, &call.result, item, list)?;
            count += usize::from(truth(call, found)?);
        }
        Ok(Value::Bool(count == 1))
    }

    fn filter(&mut self, call: &'a Loop, range: &Value<'a>) -> Outcome<'a> {
        let (items, list) = items(call, range)?;
        let mut out = Vec::new();
        for item in items {
            let kept = if list { item.1.clone() } else { item.0.clone() };
            let found = self.each(call, &call.result, item, list)?;
            if truth(call, found)? {
                self.meter.elements(1)?;
                out.push(kept);
            }
        }
        Ok(Value::list(out))
    }

    /// Whether the macro's filter lets an item pass.
    fn passes(&mut self, call: &'a Loop, item: &(Value<'a>, Value<'a>), list: bool) -> Result<bool, Box<EvalError>> {
        let Some(filter) = &call.filter else { return Ok(true) };
        let found = self.each(call, filter, item.clone(), list)?;
        truth(call, found)
    }

    fn transform_list(&mut self, call: &'a Loop, range: &Value<'a>) -> Outcome<'a> {
        let (items, list) = items(call, range)?;
        let mut out = Vec::new();
        for item in items {
            if self.passes(call, &item, list)? {
                self.meter.elements(1)?;
                out.push(self.each(call, &call.result, item, list)?);
            }
        }
        Ok(Value::list(out))
    }

    fn transform_map(&mut self, call: &'a Loop, range: &Value<'a>) -> Outcome<'a> {
        let (items, list) = items(call, range)?;
        let mut out = BTreeMap::new();
        for item in items {
            if self.passes(call, &item, list)? {
                self.meter.elements(1)?;
                let key = Key::new(item.0.clone())?;
                out.insert(key, self.each(call, &call.result, item, list)?);
            }
        }
        Ok(Value::Map(Map::new(out)))
    }

    fn transform_entries(&mut self, call: &'a Loop, range: &Value<'a>) -> Outcome<'a> {
        let (items, list) = items(call, range)?;
        let mut out = BTreeMap::new();
        for item in items {
            if !self.passes(call, &item, list)? {
                continue;
            }
            let Value::Map(entries) = self.each(call, &call.result, item, list)? else { continue };
            for (key, value) in entries.entries() {
                self.meter.elements(1)?;
                if out.contains_key(&key) {
                    return Err(EvalError::value(format!("insert failed: key {} already exists", key.value())));
                }
                out.insert(key, value);
            }
        }
        Ok(Value::Map(Map::new(out)))
    }

    fn sort_by(&mut self, call: &'a Loop, range: &Value<'a>) -> Outcome<'a> {
        let (Value::List(list), (items, _)) = (range, items(call, range)?) else {
            return no_overload(&call.name, std::slice::from_ref(range));
        };
        let mut keys = Vec::with_capacity(list.len());
        for item in items {
            self.meter.elements(1)?;
            keys.push(self.each(call, &call.result, item, true)?);
        }
        super::sort_by_keys(&mut self.meter, list, &keys)
    }
}

fn items<'r, 'a>(call: &Loop, range: &'r Value<'a>) -> Result<(Items<'r, 'a>, bool), Box<EvalError>> {
    match range {
        Value::List(list) => Ok((indexed(list), true)),
        Value::Map(map) => Ok((Box::new(map.entries().map(|(key, value)| (key.value(), value))), false)),
        other => Err(EvalError::overload(format!("no such overload: {}.{}()", other.type_name(), call.name))),
    }
}

fn indexed<'r, 'a>(list: &'r List<'a>) -> Items<'r, 'a> {
    Box::new(list.iter().enumerate().map(|(index, value)| (Value::count(index), value)))
}

fn truth(call: &Loop, value: Value<'_>) -> Result<bool, Box<EvalError>> {
    match value {
        Value::Bool(value) => Ok(value),
        other => {
            Err(EvalError::overload(format!("the predicate of {}() is {}, not bool", call.name, other.type_name())))
        }
    }
}
