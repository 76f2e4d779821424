//! Fields, elements and `has()`.

use super::Checker;
use super::read::{Path, Step};
use crate::error::CheckError;
use crate::syntax::ast::{Expr, ExprKind, Literal, Name};
use crate::types::{Object, Type};

impl Checker<'_> {
    /// `operand.field` or `operand.?field`.
    pub(super) fn select(&mut self, expr: &Expr, operand: &Expr, field: &Name, optional: bool) -> (Type, Option<Path>) {
        if let Some(ty) = self.dotted_type(expr) {
            return (ty, None);
        }
        let (ty, path) = self.infer(operand);
        let ty = self.solver.resolve(&ty);
        let (inner, wrapped) = unwrap(&ty);
        let (part, always) = self.field(inner, field);
        let path = path.map(|path| extend(path, Step::Field(plain_name(inner, field)), optional || always || wrapped));
        (wrap(part, optional || wrapped), path)
    }

    /// `has(operand.field)`.
    pub(super) fn has(&mut self, operand: &Expr, field: &Name) -> Type {
        let (ty, path) = self.infer(operand);
        let ty = self.solver.resolve(&ty);
        let (inner, _) = unwrap(&ty);
        self.field(inner, field);
        if let Some(path) = path {
            self.reads.note(&extend(path, Step::Field(plain_name(inner, field)), true), true);
        }
        Type::Bool
    }

    /// The type of a field, and whether it is always there.
    fn field(&mut self, ty: &Type, field: &Name) -> (Type, bool) {
        match ty {
            Type::Object(object) => self.object_field(object, field),
            Type::Map(key, value) if self.solver.assign(&Type::String, key) => ((**value).clone(), false),
            ty if ty.is_dyn() => (Type::Dyn, false),
            Type::Var(_) => (Type::Dyn, false),
            other => {
                let message = format!("{other} has no fields, so not {:?} either", field.text);
                (self.fail(CheckError::new(field.span, message)), false)
            }
        }
    }

    fn object_field(&mut self, object: &Object, field: &Name) -> (Type, bool) {
        if let Some((_, known)) = object.field(&field.text) {
            return (known.ty.clone(), known.always);
        }
        if object.is_open() {
            return (Type::Dyn, false);
        }
        let message = format!("{} has no field {:?}", object.name(), field.text);
        let error = CheckError::new(field.span, message).suggest(object.nearest(&field.text));
        (self.fail(error), false)
    }

    /// `operand[index]` or `operand[?index]`.
    pub(super) fn index(&mut self, expr: &Expr, operand: &Expr, index: &Expr, optional: bool) -> (Type, Option<Path>) {
        let (ty, path) = self.infer(operand);
        let ty = self.solver.resolve(&ty);
        let (inner, wrapped) = unwrap(&ty);
        let key = self.consume(index);
        let part = self.element(expr, inner, index, &key);
        let path = path.map(|path| extend(path, step(index), optional || wrapped));
        (wrap(part, optional || wrapped), path)
    }

    fn element(&mut self, expr: &Expr, ty: &Type, index: &Expr, key: &Type) -> Type {
        match ty {
            Type::List(element) => {
                self.require(index, key, &Type::Int, "the index of a list");
                (**element).clone()
            }
            Type::Map(wanted, value) => {
                self.require(index, key, wanted, "the key of this map");
                (**value).clone()
            }
            Type::Object(object) => {
                if let ExprKind::Literal(Literal::String(text)) = &index.kind {
                    let name = Name { text: text.clone(), span: index.span };
                    return self.object_field(object, &name).0;
                }
                self.require(index, key, &Type::String, "the name of a field");
                Type::Dyn
            }
            ty if ty.is_dyn() => Type::Dyn,
            Type::Var(_) => Type::Dyn,
            other => {
                let message = format!("{other} has no elements: only lists, maps and objects have");
                self.fail(CheckError::new(expr.span, message))
            }
        }
    }

    /// The path that an expression is, without checking it: for what `has()` proves.
    pub(super) fn static_path(&self, expr: &Expr) -> Option<Path> {
        match &expr.kind {
            ExprKind::Ident(name) => match self.scope.find(&name.text) {
                Some((_, local)) => local.path.clone(),
                None if self.declared.contains_key(&name.text) => Some(Path::variable(&name.text)),
                None => None,
            },
            ExprKind::Select { operand, field, .. } => {
                self.static_path(operand).map(|path| path.then(Step::Field(field.text.clone())))
            }
            ExprKind::Index { operand, index, .. } => self.static_path(operand).map(|path| path.then(step(index))),
            _ => None,
        }
    }
}

/// The type inside an optional, and whether it was inside one.
fn unwrap(ty: &Type) -> (&Type, bool) {
    match ty {
        Type::Optional(inner) => (inner, true),
        other => (other, false),
    }
}

/// Selecting from an optional gives one optional, not two.
fn wrap(ty: Type, optional: bool) -> Type {
    if optional { Type::optional(ty) } else { ty }
}

/// A path is guarded if any step that may fail is; a step that cannot fail leaves it as it was.
fn extend(path: Path, step: Step, sure: bool) -> Path {
    let guarded = if path.steps.is_empty() { sure } else { path.guarded && sure };
    Path { guarded, ..path.then(step) }
}

fn plain_name(ty: &Type, field: &Name) -> String {
    match ty {
        Type::Object(object) => object.field(&field.text).map(|(name, _)| name.to_owned()),
        _ => None,
    }
    .unwrap_or_else(|| field.text.clone())
}

fn step(index: &Expr) -> Step {
    match &index.kind {
        ExprKind::Literal(Literal::String(text)) => Step::Field(text.clone()),
        ExprKind::Literal(Literal::Int(value)) => Step::Index(*value),
        _ => Step::Any,
    }
}
