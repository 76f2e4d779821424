//! Arithmetic, concatenation and membership. Integers overflow into an error, doubles into infinity.

use std::sync::Arc;

use crate::decl::{Outcome, Row, function, no_overload};
use crate::error::EvalError;
use crate::meter::Meter;
use crate::time::Timestamp;
use crate::value::{Key, List, Value, equal};

/// The rows of the table.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    function("_+_(int, int) -> int", "Sum; an overflow is an error.", add),
    function("_+_(uint, uint) -> uint", "Sum; an overflow is an error.", add),
    function("_+_(double, double) -> double", "Sum.", add),
    function("_+_(string, string) -> string", "Concatenation.", add),
    function("_+_(bytes, bytes) -> bytes", "Concatenation.", add),
    function("_+_(list(A), list(A)) -> list(A)", "Concatenation.", add),
    function("_+_(duration, duration) -> duration", "Sum.", add),
    function("_+_(timestamp, duration) -> timestamp", "The point in time so much later.", add),
    function("_+_(duration, timestamp) -> timestamp", "The point in time so much later.", add),
    function("_-_(int, int) -> int", "Difference; an overflow is an error.", subtract),
    function("_-_(uint, uint) -> uint", "Difference; an overflow is an error.", subtract),
    function("_-_(double, double) -> double", "Difference.", subtract),
    function("_-_(duration, duration) -> duration", "Difference.", subtract),
    function("_-_(timestamp, duration) -> timestamp", "The point in time so much earlier.", subtract),
    function("_-_(timestamp, timestamp) -> duration", "The time between.", subtract),
    function("_*_(int, int) -> int", "Product; an overflow is an error.", multiply),
    function("_*_(uint, uint) -> uint", "Product; an overflow is an error.", multiply),
    function("_*_(double, double) -> double", "Product.", multiply),
    function("_/_(int, int) -> int", "Quotient, cut towards zero; by zero is an error.", divide),
    function("_/_(uint, uint) -> uint", "Quotient, cut; by zero is an error.", divide),
    function("_/_(double, double) -> double", "Quotient.", divide),
    function("_%_(int, int) -> int", "Remainder with the sign of the first; by zero is an error.", remainder),
    function("_%_(uint, uint) -> uint", "Remainder; by zero is an error.", remainder),
    function("-_(int) -> int", "The number with the other sign; an overflow is an error.", negate),
    function("-_(double) -> double", "The number with the other sign.", negate),
    function("!_(bool) -> bool", "Not.", not),
    function("@in(A, list(A)) -> bool", "Whether a list has an element.", contains),
    function("@in(A, map(A, B)) -> bool", "Whether a map has a key.", contains),
];

fn overflow(what: &str) -> Box<EvalError> {
    EvalError::value(format!("{what} overflow"))
}

fn number<'a>(what: &str, value: Option<Value<'a>>) -> Outcome<'a> {
    value.ok_or_else(|| overflow(what))
}

fn moved<'a>(time: Timestamp, nanos: i64, sign: i128) -> Outcome<'a> {
    let moved = Timestamp::from_nanos(time.as_nanos() + sign * i128::from(nanos));
    moved.map(Value::Timestamp).ok_or_else(|| overflow("timestamp"))
}

fn add<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Int(a), Value::Int(b)] => number("integer", a.checked_add(*b).map(Value::Int)),
        [Value::Uint(a), Value::Uint(b)] => number("unsigned integer", a.checked_add(*b).map(Value::Uint)),
        [Value::Double(a), Value::Double(b)] => Ok(Value::Double(a + b)),
        [Value::Duration(a), Value::Duration(b)] => number("duration", a.checked_add(*b).map(Value::Duration)),
        [Value::Timestamp(time), Value::Duration(nanos)] | [Value::Duration(nanos), Value::Timestamp(time)] => {
            moved(*time, *nanos, 1)
        }
        [Value::String(a), Value::String(b)] => {
            meter.text(a.len() + b.len())?;
            Ok(Value::text(format!("{}{}", &**a, &**b)))
        }
        [Value::Bytes(a), Value::Bytes(b)] => {
            meter.text(a.len() + b.len())?;
            Ok(Value::Bytes(Arc::from([&**a, &**b].concat())))
        }
        [Value::List(a), Value::List(b)] => {
            meter.elements(a.len() + b.len())?;
            Ok(Value::list(a.iter().chain(b.iter()).collect()))
        }
        _ => no_overload("_+_", args),
    }
}

fn subtract<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Int(a), Value::Int(b)] => number("integer", a.checked_sub(*b).map(Value::Int)),
        [Value::Uint(a), Value::Uint(b)] => number("unsigned integer", a.checked_sub(*b).map(Value::Uint)),
        [Value::Double(a), Value::Double(b)] => Ok(Value::Double(a - b)),
        [Value::Duration(a), Value::Duration(b)] => number("duration", a.checked_sub(*b).map(Value::Duration)),
        [Value::Timestamp(time), Value::Duration(nanos)] => moved(*time, *nanos, -1),
        [Value::Timestamp(a), Value::Timestamp(b)] => {
            number("timestamp", i64::try_from(a.as_nanos() - b.as_nanos()).ok().map(Value::Duration))
        }
        _ => no_overload("_-_", args),
    }
}

fn multiply<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Int(a), Value::Int(b)] => number("integer", a.checked_mul(*b).map(Value::Int)),
        [Value::Uint(a), Value::Uint(b)] => number("unsigned integer", a.checked_mul(*b).map(Value::Uint)),
        [Value::Double(a), Value::Double(b)] => Ok(Value::Double(a * b)),
        _ => no_overload("_*_", args),
    }
}

fn divide<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Int(_), Value::Int(0)] | [Value::Uint(_), Value::Uint(0)] => Err(EvalError::value("division by zero")),
        [Value::Int(a), Value::Int(b)] => number("integer", a.checked_div(*b).map(Value::Int)),
        [Value::Uint(a), Value::Uint(b)] => number("unsigned integer", a.checked_div(*b).map(Value::Uint)),
        [Value::Double(a), Value::Double(b)] => Ok(Value::Double(a / b)),
        _ => no_overload("_/_", args),
    }
}

fn remainder<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Int(_), Value::Int(0)] | [Value::Uint(_), Value::Uint(0)] => Err(EvalError::value("modulus by zero")),
        [Value::Int(a), Value::Int(b)] => number("integer", a.checked_rem(*b).map(Value::Int)),
        [Value::Uint(a), Value::Uint(b)] => number("unsigned integer", a.checked_rem(*b).map(Value::Uint)),
        _ => no_overload("_%_", args),
    }
}

fn negate<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Int(a)] => number("integer", a.checked_neg().map(Value::Int)),
        [Value::Double(a)] => Ok(Value::Double(-a)),
        _ => no_overload("-_", args),
    }
}

fn not<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Bool(value)] => Ok(Value::Bool(!value)),
        _ => no_overload("!_", args),
    }
}

fn contains<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [item, Value::List(List::Values(values))] => {
            for element in &**values {
                if equal(meter, item, element)? {
                    return Ok(Value::Bool(true));
                }
            }
            Ok(Value::Bool(false))
        }
        [item, Value::List(list)] => {
            for element in list.iter() {
                if equal(meter, item, &element)? {
                    return Ok(Value::Bool(true));
                }
            }
            Ok(Value::Bool(false))
        }
        [key, Value::Map(map)] => Ok(Value::Bool(Key::lookup(key).is_some_and(|key| map.get(&key).is_some()))),
        _ => no_overload("@in", args),
    }
}
