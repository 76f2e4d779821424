//! Constants, lists and maps.

use super::Checker;
use crate::error::CheckError;
use crate::syntax::ast::{Element, Entry, Expr, Literal};
use crate::types::Type;

/// The type of a constant.
pub(super) fn constant(literal: &Literal) -> Type {
    match literal {
        Literal::Null => Type::Null,
        Literal::Bool(_) => Type::Bool,
        Literal::Int(_) => Type::Int,
        Literal::Uint(_) => Type::Uint,
        Literal::Double(_) => Type::Double,
        Literal::String(_) => Type::String,
        Literal::Bytes(_) => Type::Bytes,
    }
}

impl Checker<'_> {
    /// A list literal; elements of different types make a list of `dyn`.
    pub(super) fn list(&mut self, elements: &[Element]) -> Type {
        let mut joined = None;
        for element in elements {
            let ty = self.part(&element.value, element.optional);
            joined = Some(self.join(joined, ty));
        }
        Type::list(joined.unwrap_or_else(|| self.solver.fresh()))
    }

    /// A map literal; keys or values of different types make a map of `dyn`.
    pub(super) fn map(&mut self, entries: &[Entry]) -> Type {
        let (mut keys, mut values) = (None, None);
        for entry in entries {
            let key = self.consume(&entry.key);
            let key = self.key(&entry.key, &key);
            keys = Some(self.join(keys, key));
            let value = self.part(&entry.value, entry.optional);
            values = Some(self.join(values, value));
        }
        let key = keys.unwrap_or_else(|| self.solver.fresh());
        Type::map(key, values.unwrap_or_else(|| self.solver.fresh()))
    }

    /// cel-go finds out only at run time that a key is of no use.
    fn key(&mut self, expr: &Expr, ty: &Type) -> Type {
        let ty = self.solver.resolve(ty);
        let fits = ty.is_dyn() || matches!(ty, Type::Bool | Type::Int | Type::Uint | Type::String | Type::Var(_));
        if fits {
            return ty;
        }
        self.fail(CheckError::new(expr.span, format!("a map key must be a string, int, uint or bool, found {ty}")))
    }

    fn part(&mut self, expr: &Expr, optional: bool) -> Type {
        let ty = self.consume(expr);
        if !optional {
            return ty;
        }
        let inner = self.solver.fresh();
        self.require(expr, &ty, &Type::optional(inner.clone()), "a part written with '?'");
        self.solver.resolve(&inner)
    }

    /// The type that two types have in common.
    pub(super) fn join(&mut self, known: Option<Type>, next: Type) -> Type {
        let Some(known) = known else { return next };
        if known.is_dyn() {
            return Type::Dyn;
        }
        let common = self.solver.fresh();
        if self.solver.assign(&known, &common) && self.solver.assign(&next, &common) {
            return self.solver.resolve(&common);
        }
        Type::Dyn
    }
}
