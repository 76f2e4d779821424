//! What Kubernetes asks of whole lists: order, sum, extremes, positions.

use std::cmp::Ordering;

use crate::decl::{Outcome, Row, method, no_overload};
use crate::error::EvalError;
use crate::meter::Meter;
use crate::value::{Value, equal, ordering};

/// The table: each question for each type of element that has an order.
macro_rules! rows {
    ($($ty:literal),*) => {
        &[
            $(
                method(concat!("list(", $ty, ").isSorted() -> bool"), "Whether the elements are in order.", is_sorted),
                method(concat!("list(", $ty, ").min() -> ", $ty), "The least element; an empty list is an error.", min),
                method(concat!("list(", $ty, ").max() -> ", $ty), "The greatest element; an empty list is an error.", max),
            )*
            method("list(int).sum() -> int", "The sum; 0 for an empty list.", sum_int),
            method("list(uint).sum() -> uint", "The sum; 0 for an empty list.", sum_uint),
            method("list(double).sum() -> double", "The sum; 0 for an empty list.", sum_double),
            method("list(duration).sum() -> duration", "The sum; 0 for an empty list.", sum_duration),
            method("list(A).indexOf(A) -> int", "The first position of an element, or -1.", index_of),
            method("list(A).lastIndexOf(A) -> int", "The last position of an element, or -1.", last_index_of),
        ]
    };
}

/// The rows of the table.
pub(crate) const ROWS: &[Row] = rows!["int", "uint", "double", "bool", "string", "bytes", "timestamp", "duration"];

fn is_sorted<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(list)] = args else { return no_overload("isSorted", args) };
    let mut before: Option<Value<'a>> = None;
    for item in list.iter() {
        if let Some(before) = &before
            && ordering(meter, before, &item)? == Ordering::Greater
        {
            return Ok(Value::Bool(false));
        }
        before = Some(item);
    }
    Ok(Value::Bool(true))
}

fn extreme<'a>(meter: &mut Meter, args: &[Value<'a>], name: &str, better: Ordering) -> Outcome<'a> {
    let [Value::List(list)] = args else { return no_overload(name, args) };
    let mut best = list.get(0).ok_or_else(|| EvalError::value(format!("{name} called on empty list")))?;
    for item in list.iter() {
        if ordering(meter, &item, &best)? == better {
            best = item;
        }
    }
    Ok(best)
}

fn min<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    extreme(meter, args, "min", Ordering::Less)
}

fn max<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    extreme(meter, args, "max", Ordering::Greater)
}

/// The sum, started from the zero of the type that the checker found: an empty list does not tell its type.
fn sum<'a>(meter: &mut Meter, args: &[Value<'a>], zero: Value<'a>) -> Outcome<'a> {
    let [Value::List(list)] = args else { return no_overload("sum", args) };
    let mut so_far: Option<Value<'a>> = None;
    for item in list.iter() {
        meter.spend(1)?;
        so_far = Some(match (so_far, item) {
            (None, first @ (Value::Int(_) | Value::Uint(_) | Value::Double(_) | Value::Duration(_))) => first,
            (Some(Value::Int(a)), Value::Int(b)) => Value::Int(a.checked_add(b).ok_or_else(overflow)?),
            (Some(Value::Uint(a)), Value::Uint(b)) => Value::Uint(a.checked_add(b).ok_or_else(overflow)?),
            (Some(Value::Double(a)), Value::Double(b)) => Value::Double(a + b),
            (Some(Value::Duration(a)), Value::Duration(b)) => Value::Duration(a.checked_add(b).ok_or_else(overflow)?),
            _ => return no_overload("sum", args),
        });
    }
    Ok(so_far.unwrap_or(zero))
}

fn overflow() -> Box<EvalError> {
    EvalError::value("integer overflow")
}

fn sum_int<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    sum(meter, args, Value::Int(0))
}

fn sum_uint<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    sum(meter, args, Value::Uint(0))
}

fn sum_double<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    sum(meter, args, Value::Double(0.0))
}

fn sum_duration<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    sum(meter, args, Value::Duration(0))
}

fn positions<'a>(meter: &mut Meter, args: &[Value<'a>], name: &str, to_the_end: bool) -> Outcome<'a> {
    let [Value::List(list), wanted] = args else { return no_overload(name, args) };
    let mut found = Value::Int(-1);
    for (index, item) in list.iter().enumerate() {
        if equal(meter, &item, wanted)? {
            found = Value::count(index);
            if !to_the_end {
                break;
            }
        }
    }
    Ok(found)
}

fn index_of<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    positions(meter, args, "indexOf", false)
}

fn last_index_of<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    positions(meter, args, "lastIndexOf", true)
}
