//! What is left of what an evaluation may cost, and how much it ran.

use cairn_cel::template::Template;
use cairn_cel::value::Value;
use cairn_cel::{Bindings, Bound, EvalError, FaultKind, Limits};
use serde_json::Value as Json;

use crate::program::Bounds;

/// What is left for one evaluation of an instance.
#[derive(Debug)]
pub(crate) struct Allowance {
    bounds: Bounds,
    left: u64,
    evaluations: u64,
}

impl Allowance {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self { bounds, left: bounds.total, evaluations: 0 }
    }

    /// How many expressions and texts were evaluated.
    pub(crate) fn evaluations(&self) -> u64 {
        self.evaluations
    }

    /// The most objects of one resource.
    pub(crate) fn collection(&self) -> usize {
        self.bounds.collection
    }

    /// The value of an expression.
    pub(crate) fn expression<'b>(&mut self, bound: &'b Bound<'_>) -> Result<Value<'b>, EvalError> {
        self.evaluations += 1;
        let outcome = bound.evaluate_within(self.limits());
        self.pay(outcome)
    }

    /// The value of a text, or nothing where its field is left out.
    pub(crate) fn text(&mut self, text: &Template, bindings: &Bindings<'_>) -> Result<Option<Json>, EvalError> {
        self.evaluations += 1;
        let outcome = text.render_within(bindings, self.limits());
        self.pay(outcome)
    }

    fn limits(&self) -> Limits {
        Limits { cost: self.bounds.expression.cost.min(self.left), ..self.bounds.expression }
    }

    fn pay<T>(&mut self, outcome: Result<(T, u64), EvalError>) -> Result<T, EvalError> {
        let short = self.left < self.bounds.expression.cost;
        match outcome {
            Ok((value, cost)) => {
                self.left = self.left.saturating_sub(cost);
                Ok(value)
            }
            Err(error) => {
                self.left = self.left.saturating_sub(error.cost);
                let total = self.bounds.total;
                Err(match error.kind {
                    FaultKind::Limit if short && self.left == 0 => EvalError {
                        message: format!("the expressions of the instance cost more than the {total} units allowed"),
                        ..error
                    },
                    _ => error,
                })
            }
        }
    }
}
