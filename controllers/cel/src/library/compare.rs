//! Equality and order.

use std::cmp::Ordering;

use crate::decl::{Outcome, Row, function, no_overload};
use crate::meter::Meter;
use crate::value::{Value, equal, ordering};

/// The table: equality, and each operator of order within each ordered type and between the types of numbers.
macro_rules! rows {
    ($(($operator:literal, $doc:literal, $eval:ident)),*) => {
        &[
            function("_==_(A, A) -> bool", "Whether two values are equal, numbers whatever their types.", is_equal),
            function("_!=_(A, A) -> bool", "Whether two values differ.", is_different),
            $(
                function(concat!($operator, "(bool, bool) -> bool"), $doc, $eval),
                function(concat!($operator, "(int, int) -> bool"), $doc, $eval),
                function(concat!($operator, "(uint, uint) -> bool"), $doc, $eval),
                function(concat!($operator, "(double, double) -> bool"), $doc, $eval),
                function(concat!($operator, "(string, string) -> bool"), $doc, $eval),
                function(concat!($operator, "(bytes, bytes) -> bool"), $doc, $eval),
                function(concat!($operator, "(timestamp, timestamp) -> bool"), $doc, $eval),
                function(concat!($operator, "(duration, duration) -> bool"), $doc, $eval),
                function(concat!($operator, "(int, uint) -> bool"), $doc, $eval),
                function(concat!($operator, "(int, double) -> bool"), $doc, $eval),
                function(concat!($operator, "(uint, int) -> bool"), $doc, $eval),
                function(concat!($operator, "(uint, double) -> bool"), $doc, $eval),
                function(concat!($operator, "(double, int) -> bool"), $doc, $eval),
                function(concat!($operator, "(double, uint) -> bool"), $doc, $eval),
            )*
        ]
    };
}

/// The rows of the table.
pub(crate) const ROWS: &[Row] = rows![
    ("_<_", "Whether the first comes before the second.", less),
    ("_<=_", "Whether the first does not come after the second.", less_or_equal),
    ("_>_", "Whether the first comes after the second.", greater),
    ("_>=_", "Whether the first does not come before the second.", greater_or_equal)
];

fn is_equal<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [a, b] => equal(meter, a, b).map(Value::Bool),
        _ => no_overload("_==_", args),
    }
}

fn is_different<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [a, b] => equal(meter, a, b).map(|equal| Value::Bool(!equal)),
        _ => no_overload("_!=_", args),
    }
}

fn order<'a>(meter: &mut Meter, args: &[Value<'a>], holds: fn(Ordering) -> bool) -> Outcome<'a> {
    match args {
        [a, b] => ordering(meter, a, b).map(|order| Value::Bool(holds(order))),
        _ => no_overload("an order", args),
    }
}

fn less<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    order(meter, args, Ordering::is_lt)
}

fn less_or_equal<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    order(meter, args, Ordering::is_le)
}

fn greater<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    order(meter, args, Ordering::is_gt)
}

fn greater_or_equal<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    order(meter, args, Ordering::is_ge)
}
