//! Lists as sets.

use crate::decl::{Outcome, Row, function, no_overload};
use crate::error::EvalError;
use crate::meter::Meter;
use crate::value::{List, Value, equal};

/// The rows of the table.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    function("sets.contains(list(A), list(A)) -> bool", "Whether the first holds every element of the second.", contains),
    function("sets.equivalent(list(A), list(A)) -> bool", "Whether each holds every element of the other.", equivalent),
    function("sets.intersects(list(A), list(A)) -> bool", "Whether any element is in both.", intersects),
];

fn has(meter: &mut Meter, list: &List<'_>, wanted: &Value<'_>) -> Result<bool, Box<EvalError>> {
    for item in list.iter() {
        if equal(meter, &item, wanted)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn covers(meter: &mut Meter, all: &List<'_>, part: &List<'_>) -> Result<bool, Box<EvalError>> {
    for item in part.iter() {
        if !has(meter, all, &item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn contains<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(a), Value::List(b)] = args else { return no_overload("sets.contains", args) };
    covers(meter, a, b).map(Value::Bool)
}

fn equivalent<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(a), Value::List(b)] = args else { return no_overload("sets.equivalent", args) };
    Ok(Value::Bool(covers(meter, a, b)? && covers(meter, b, a)?))
}

fn intersects<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(a), Value::List(b)] = args else { return no_overload("sets.intersects", args) };
    for item in a.iter() {
        if has(meter, b, &item)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}
