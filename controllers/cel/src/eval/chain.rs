//! `&&` and `||`: a side that decides absorbs the error of another.

use super::node::Node;
use super::run::Machine;
use crate::decl::{Outcome, no_overload};
use crate::error::EvalError;
use crate::value::Value;

/// Collects the terms of a chain until one decides.
pub(super) struct Chain {
    decisive: bool,
    failure: Option<Box<EvalError>>,
}

impl Chain {
    /// A chain that `true` decides (`||`), or `false` (`&&`).
    pub(super) fn new(decisive: bool) -> Self {
        Self { decisive, failure: None }
    }

    /// Takes a term; gives the result when it decides.
    pub(super) fn take<'a>(&mut self, term: Outcome<'a>) -> Option<Value<'a>> {
        match term {
            Ok(Value::Bool(value)) if value == self.decisive => return Some(Value::Bool(value)),
            Ok(Value::Bool(_)) => {}
            Ok(other) => {
                let name = if self.decisive { "_||_" } else { "_&&_" };
                self.failure = self.failure.take().or_else(|| no_overload(name, &[other]).err());
            }
            Err(error) => {
                self.failure.get_or_insert(error);
            }
        }
        None
    }

    /// The result when no term decided.
    pub(super) fn finish<'a>(self) -> Outcome<'a> {
        self.failure.map_or(Ok(Value::Bool(!self.decisive)), Err)
    }
}

impl<'a> Machine<'a> {
    /// A chain of terms.
    pub(super) fn logic(&mut self, terms: &'a [Node], decisive: bool) -> Outcome<'a> {
        let mut chain = Chain::new(decisive);
        for term in terms {
            let value = self.eval(term);
            match value {
                Ok(Value::Bool(value)) if value == decisive => return Ok(Value::Bool(value)),
                Ok(Value::Bool(_)) => continue,
                _ => {}
            }
            if let Some(result) = chain.take(value) {
                return Ok(result);
            }
        }
        chain.finish()
    }
}
