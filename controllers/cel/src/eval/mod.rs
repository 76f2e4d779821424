//! The evaluator: a tree with resolved slots, run over borrowed values.

mod chain;
mod follow;
mod loops;
mod lower;
mod node;
mod order;
mod run;
mod select;
mod short;

pub(crate) use lower::lower;
pub(crate) use node::Node;
pub(crate) use order::sort_by_keys;

use crate::error::EvalError;
use crate::meter::{Limits, Meter};
use crate::value::Value;

/// Runs a tree.
///
/// # Errors
/// Whatever the expression meets: absent data, values out of range, limits.
pub(crate) fn run<'a>(
    node: &'a Node,
    globals: &'a [Option<Value<'a>>],
    limits: Limits,
) -> Result<(Value<'a>, u64), EvalError> {
    let mut machine = run::Machine { globals, locals: Vec::new(), meter: Meter::new(limits) };
    let outcome = machine.eval(node);
    let cost = machine.meter.spent();
    outcome.map(|value| (value, cost)).map_err(|error| EvalError { cost, ..*error })
}
