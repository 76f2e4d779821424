//! `runtime.newCondition()` and `runtime.condition()`: where they are allowed, and what they make and read.

use super::Checker;
use super::read::Step;
use crate::decl::Overload;
use crate::error::CheckError;
use crate::library::conditions::STATUSES;
use crate::syntax::ast::{Entry, Expr, ExprKind, Literal, Name};
use crate::types::Type;

/// Whether a function is one of them.
pub(super) fn is_about_conditions(name: &str) -> bool {
    matches!(name, "runtime.newCondition" | "runtime.condition")
}

impl Checker<'_> {
    /// A call of one of them.
    pub(super) fn about_conditions(
        &mut self,
        expr: &Expr,
        function: &Name,
        (overloads, args): (&'static [Overload], &[Expr]),
    ) -> Type {
        if !self.permissions.conditions {
            let message = format!("runtime.{}() is only allowed in status.conditions", function.text);
            return self.fail(CheckError::new(expr.span, message));
        }
        let types = match (function.text.as_str(), args) {
            ("newCondition", [fields]) => vec![self.fields(fields)],
            ("condition", [object, name]) => vec![self.conditions_of(object, name), self.consume(name)],
            (_, args) => args.iter().map(|arg| self.consume(arg)).collect(),
        };
        self.resolve(expr, function, overloads, (&types, false))
    }

    /// The fields of a new condition, each of which is a text.
    fn fields(&mut self, arg: &Expr) -> Type {
        let ExprKind::Map(entries) = &arg.kind else { return self.consume(arg) };
        self.consume(arg);
        for entry in entries {
            if let Some(found) = self.types.get(entry.value.id).cloned() {
                let wanted = if entry.optional { Type::optional(Type::String) } else { Type::String };
                self.require(&entry.value, &found, &wanted, "a field of a condition");
            }
        }
        let field = |name: &str| entries.iter().find(|entry| constant(&entry.key) == Some(name));
        let status =
            field("status").filter(|entry| constant(&entry.value).is_some_and(|text| !STATUSES.contains(&text)));
        if let Some(entry) = status {
            let message = format!("the status of a condition is {}", STATUSES.join(", "));
            self.fail(CheckError::new(entry.value.span, message));
        }
        let kind = field("type");
        self.conditions.push(kind.map(|entry: &Entry| &entry.value).and_then(constant).map(str::to_owned));
        Type::map(Type::String, Type::String)
    }

    /// Of the object only its conditions are read.
    fn conditions_of(&mut self, object: &Expr, name: &Expr) -> Type {
        let (ty, path) = self.infer(object);
        let ty = self.solver.resolve(&ty);
        if !ty.is_dyn() && !matches!(ty, Type::Object(_) | Type::Map(..) | Type::Var(_)) {
            let message = format!("runtime.condition() takes an object, found {ty}");
            return self.fail(CheckError::new(object.span, message));
        }
        if let Some(path) = path {
            let path =
                ["status", "conditions"].iter().fold(path, |path, name| path.then(Step::Field((*name).to_owned())));
            let part = constant(name).map_or(Step::Any, |name| Step::Field(name.to_owned()));
            self.reads.note(&path.then(part), false);
        }
        ty
    }
}

fn constant(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Literal(Literal::String(text)) => Some(text),
        _ => None,
    }
}
