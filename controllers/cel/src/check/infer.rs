//! The type of a node, by its kind.

use super::Checker;
use super::read::{Path, Step};
use crate::error::CheckError;
use crate::syntax::ast::{Expr, ExprKind, Logic};
use crate::types::Type;

impl Checker<'_> {
    /// The type of an expression whose value is used: what it reads is noted.
    pub(super) fn consume(&mut self, expr: &Expr) -> Type {
        let (ty, path) = self.infer(expr);
        if let Some(path) = path {
            self.reads.note(&path, false);
        }
        ty
    }

    /// The type of an expression, and the path that it is, for the caller to extend or note.
    pub(super) fn infer(&mut self, expr: &Expr) -> (Type, Option<Path>) {
        let (ty, path) = match &expr.kind {
            ExprKind::Ident(name) => self.name(expr, name),
            ExprKind::Select { operand, field, optional } => self.select(expr, operand, field, *optional),
            ExprKind::Index { operand, index, optional } => self.index(expr, operand, index, *optional),
            ExprKind::Macro(call) => self.comprehension(call),
            kind => (self.infer_value(expr, kind), None),
        };
        if let Some(slot) = self.types.get_mut(expr.id) {
            *slot = ty.clone();
        }
        (ty, path)
    }

    fn infer_value(&mut self, expr: &Expr, kind: &ExprKind) -> Type {
        match kind {
            ExprKind::Literal(literal) => super::literal::constant(literal),
            ExprKind::Has { operand, field } => self.has(operand, field),
            ExprKind::Call { target, function, args } => self.call(expr, target.as_deref(), function, args),
            ExprKind::Logic { op, terms } => self.logic(*op, terms),
            ExprKind::Conditional(parts) => self.conditional(parts),
            ExprKind::List(elements) => self.list(elements),
            ExprKind::Map(entries) => self.map(entries),
            ExprKind::Ident(_) | ExprKind::Select { .. } | ExprKind::Index { .. } | ExprKind::Macro(_) => Type::Dyn,
        }
    }

    /// A chain of `&&` or `||`. After `has(a.b) &&`, and after `!has(a.b) ||`, the path is there.
    fn logic(&mut self, op: Logic, terms: &[Expr]) -> Type {
        let before = self.reads.assume(Vec::new());
        for term in terms {
            let ty = self.consume(term);
            let what = if op == Logic::And { "an operand of &&" } else { "an operand of ||" };
            self.require(term, &ty, &Type::Bool, what);
            let known = self.proved(term, op == Logic::And);
            self.reads.assume(known);
        }
        self.reads.forget(before);
        Type::Bool
    }

    fn conditional(&mut self, [condition, yes, no]: &[Expr; 3]) -> Type {
        let ty = self.consume(condition);
        self.require(condition, &ty, &Type::Bool, "a condition");
        let branch = |checker: &mut Self, expr: &Expr, holds: bool| {
            let known = checker.proved(condition, holds);
            let before = checker.reads.assume(known);
            let ty = checker.consume(expr);
            checker.reads.forget(before);
            ty
        };
        let (first, second) = (branch(self, yes, true), branch(self, no, false));
        let result = self.solver.fresh();
        if self.solver.assign(&first, &result) && self.solver.assign(&second, &result) {
            return result;
        }
        let (first, second) = (self.solver.resolve(&first), self.solver.resolve(&second));
        let message = format!("both sides of ':' must have one type, found {first} and {second}");
        self.fail(CheckError::new(yes.span.to(no.span), message).mismatch(first, second))
    }

    /// The paths that are there when an expression is true, or when it is false.
    fn proved(&self, expr: &Expr, holds: bool) -> Vec<(String, Vec<Step>)> {
        match &expr.kind {
            ExprKind::Has { operand, field } if holds => {
                let path = self.static_path(operand);
                path.map(|path| path.then(Step::Field(field.text.clone())))
                    .map(|path| vec![(path.variable, path.steps)])
                    .unwrap_or_default()
            }
            ExprKind::Logic { op, terms } if (*op == Logic::And) == holds => {
                terms.iter().flat_map(|term| self.proved(term, holds)).collect()
            }
            ExprKind::Call { function, args, .. } if function.text == "!_" => {
                args.first().map(|inner| self.proved(inner, !holds)).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }
}
