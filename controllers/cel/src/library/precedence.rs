//! The order of quantities, and of versions: the questions are the same.

use std::cmp::Ordering;

use crate::decl::{Outcome, no_overload};
use crate::meter::Meter;
use crate::value::{Handle, Value};

fn both<'a>(name: &str, args: &[Value<'a>], read: impl Fn(Ordering) -> Value<'a>) -> Outcome<'a> {
    let order = match args {
        [Value::Opaque(a), Value::Opaque(b)] => Handle::order(a, b),
        _ => None,
    };
    order.map_or_else(|| no_overload(name, args), |order| Ok(read(order)))
}

/// Whether the first is more, or newer.
pub(super) fn is_greater<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    both("isGreaterThan", args, |order| Value::Bool(order.is_gt()))
}

/// Whether the first is less, or older.
pub(super) fn is_less<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    both("isLessThan", args, |order| Value::Bool(order.is_lt()))
}

/// -1, 0 or 1.
pub(super) fn compare<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    both("compareTo", args, |order| Value::Int(order as i64))
}
