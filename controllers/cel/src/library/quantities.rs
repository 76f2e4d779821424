//! Quantities of Kubernetes.

use std::sync::Arc;

use super::precedence::{compare, is_greater, is_less};
use crate::decl::{Outcome, Row, function, method, no_overload};
use crate::error::EvalError;
use crate::meter::Meter;
use crate::value::{Handle, Quantity, Value};

/// The rows of the table.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    function("quantity(string) -> quantity", "The quantity that a text writes, as in `100m` or `1Gi`.", quantity),
    function("isQuantity(string) -> bool", "Whether a text writes a quantity.", is_quantity),
    function("sign(quantity) -> int", "-1, 0 or 1: how Kubernetes declares it.", sign),
    method("quantity.sign() -> int", "-1, 0 or 1: how Kubernetes documents it.", sign),
    method("quantity.isGreaterThan(quantity) -> bool", "Whether it is more.", is_greater),
    method("quantity.isLessThan(quantity) -> bool", "Whether it is less.", is_less),
    method("quantity.compareTo(quantity) -> int", "-1 when it is less, 0 when equal, 1 when more.", compare),
    method("quantity.asApproximateFloat() -> double", "The nearest double.", approximate),
    method("quantity.asInteger() -> int", "The whole number; what is not written as one (`2000m`, `2.0`) is an error.", as_integer),
    method("quantity.isInteger() -> bool", "Whether it is written as a whole number that int can hold: `2` and `2k` are, `2000m` and `2.0` are not.", is_integer),
    method("quantity.add(quantity) -> quantity", "The sum.", add),
    method("quantity.add(int) -> quantity", "The sum.", add),
    method("quantity.sub(quantity) -> quantity", "The difference.", sub),
    method("quantity.sub(int) -> quantity", "The difference.", sub),
];

fn quantity<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_overload("quantity", args) };
    let parsed = Quantity::parse(text).ok_or_else(|| EvalError::value("the text is not a quantity"))?;
    Ok(Value::Opaque(Handle::Quantity(Arc::new(parsed))))
}

fn is_quantity<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_overload("isQuantity", args) };
    Ok(Value::Bool(Quantity::parse(text).is_some()))
}

fn of<'a>(name: &str, args: &[Value<'a>], read: impl Fn(Quantity) -> Outcome<'a>) -> Outcome<'a> {
    let [Value::Opaque(Handle::Quantity(quantity))] = args else { return no_overload(name, args) };
    read(**quantity)
}

fn sign<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    of("sign", args, |quantity| Ok(Value::Int(quantity.sign())))
}

fn approximate<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    of("asApproximateFloat", args, |quantity| Ok(Value::Double(quantity.approximate())))
}

fn as_integer<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    of("asInteger", args, |quantity| {
        quantity.whole().map(Value::Int).ok_or_else(|| EvalError::value("cannot convert value to integer"))
    })
}

fn is_integer<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    of("isInteger", args, |quantity| Ok(Value::Bool(quantity.whole().is_some())))
}

fn sum<'a>(name: &str, args: &[Value<'a>], negate: bool) -> Outcome<'a> {
    let (a, b) = match args {
        [Value::Opaque(Handle::Quantity(a)), Value::Opaque(Handle::Quantity(b))] => (**a, **b),
        [Value::Opaque(Handle::Quantity(a)), Value::Int(b)] => (**a, Quantity::from_int(*b)),
        _ => return no_overload(name, args),
    };
    let total = a.checked_add(if negate { b.negated() } else { b });
    total.map(|sum| Value::Opaque(Handle::Quantity(Arc::new(sum)))).ok_or_else(|| EvalError::value("quantity overflow"))
}

fn add<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    sum("add", args, false)
}

fn sub<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    sum("sub", args, true)
}
