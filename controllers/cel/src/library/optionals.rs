//! Values that may be missing. `or` and `orValue` look at their argument only when they need it.

use crate::decl::{Outcome, Row, function, method, no_overload};
use crate::error::EvalError;
use crate::meter::Meter;
use crate::value::{List, Value};

/// The rows of the table.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    function("optional.of(A) -> optional(A)", "An optional with a value.", of),
    function("optional.ofNonZeroValue(A) -> optional(A)", "An optional with a value unless that is empty, zero, false or null.", of_non_zero),
    function("optional.none() -> optional(A)", "An optional without a value.", none),
    method("optional(A).hasValue() -> bool", "Whether there is a value.", has_value),
    method("optional(A).value() -> A", "The value; an error if there is none.", value),
    method("optional(A).or(optional(A)) -> optional(A)", "The first of two that has a value.", or),
    method("optional(A).orValue(A) -> A", "The value, or another if there is none.", or_value),
    function("optional.unwrap(list(optional(A))) -> list(A)", "The values of those that have one.", unwrap),
    method("list(optional(A)).unwrapOpt() -> list(A)", "The values of those that have one.", unwrap),
];

fn of<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [value] = args else { return no_overload("optional.of", args) };
    Ok(Value::some(value.clone()))
}

fn of_non_zero<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [value] = args else { return no_overload("optional.ofNonZeroValue", args) };
    Ok(if value.is_zero() { Value::Optional(None) } else { Value::some(value.clone()) })
}

fn none<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [] = args else { return no_overload("optional.none", args) };
    Ok(Value::Optional(None))
}

fn has_value<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::Optional(inner)] = args else { return no_overload("hasValue", args) };
    Ok(Value::Bool(inner.is_some()))
}

fn value<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Optional(Some(inner))] => Ok((**inner).clone()),
        [Value::Optional(None)] => Err(EvalError::absent("optional.none() dereference")),
        _ => no_overload("value", args),
    }
}

fn or<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [first @ Value::Optional(Some(_)), Value::Optional(_)] => Ok(first.clone()),
        [Value::Optional(None), second @ Value::Optional(_)] => Ok(second.clone()),
        _ => no_overload("or", args),
    }
}

fn or_value<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Optional(Some(inner)), _] => Ok((**inner).clone()),
        [Value::Optional(None), other] => Ok(other.clone()),
        _ => no_overload("orValue", args),
    }
}

fn unwrap<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(list)] = args else { return no_overload("unwrap", args) };
    meter.elements(list.len())?;
    present(list).map(Value::list).map_or_else(|| no_overload("unwrap", args), Ok)
}

fn present<'a>(list: &List<'a>) -> Option<Vec<Value<'a>>> {
    let mut out = Vec::new();
    for item in list.iter() {
        match item {
            Value::Optional(Some(inner)) => out.push((*inner).clone()),
            Value::Optional(None) => {}
            _ => return None,
        }
    }
    Some(out)
}
