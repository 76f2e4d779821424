//! `math.greatest` and `math.least`, of numbers of any types.

use std::cmp::Ordering;

use crate::decl::{Outcome, Row, function, no_overload};
use crate::error::EvalError;
use crate::meter::Meter;
use crate::value::{Value, numeric_cmp};

/// The overloads of one function.
macro_rules! rows {
    ($(($name:literal, $doc:literal, $eval:ident)),*) => {
        &[
            $(
                function(concat!($name, "(int) -> int"), $doc, $eval),
                function(concat!($name, "(uint) -> uint"), $doc, $eval),
                function(concat!($name, "(double) -> double"), $doc, $eval),
                function(concat!($name, "(int, int) -> int"), $doc, $eval),
                function(concat!($name, "(uint, uint) -> uint"), $doc, $eval),
                function(concat!($name, "(double, double) -> double"), $doc, $eval),
                function(concat!($name, "(int, uint) -> dyn"), $doc, $eval),
                function(concat!($name, "(int, double) -> dyn"), $doc, $eval),
                function(concat!($name, "(uint, int) -> dyn"), $doc, $eval),
                function(concat!($name, "(uint, double) -> dyn"), $doc, $eval),
                function(concat!($name, "(double, int) -> dyn"), $doc, $eval),
                function(concat!($name, "(double, uint) -> dyn"), $doc, $eval),
                function(concat!($name, "(list(int)) -> int"), $doc, $eval),
                function(concat!($name, "(list(uint)) -> uint"), $doc, $eval),
                function(concat!($name, "(list(double)) -> double"), $doc, $eval),
            )*
        ]
    };
}

/// The rows of the table.
pub(crate) const ROWS: &[Row] = rows![
    ("math.greatest", "The greatest of the numbers; an empty list is an error.", greatest),
    ("math.least", "The least of the numbers; an empty list is an error.", least)
];

fn extreme<'a>(meter: &mut Meter, name: &str, args: &[Value<'a>], better: Ordering) -> Outcome<'a> {
    let numbers: Vec<Value<'a>> = match args {
        [Value::List(list)] => list.iter().collect(),
        numbers => numbers.to_vec(),
    };
    meter.elements(numbers.len())?;
    let mut best: Option<Value<'a>> = None;
    for number in numbers {
        if !matches!(number, Value::Int(_) | Value::Uint(_) | Value::Double(_)) {
            return no_overload(name, &[number]);
        }
        if best.as_ref().is_none_or(|best| numeric_cmp(&number, best) == Some(better)) {
            best = Some(number);
        }
    }
    best.ok_or_else(|| EvalError::value(format!("{name}(list) argument must not be empty")))
}

fn greatest<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    extreme(meter, "math.greatest", args, Ordering::Greater)
}

fn least<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    extreme(meter, "math.least", args, Ordering::Less)
}
