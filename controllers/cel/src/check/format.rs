//! Formats that are written out: what cel-go's validator of `string.format()` refuses.

use super::Checker;
use crate::error::CheckError;
use crate::library::format_text::verbs;
use crate::syntax::ast::{Expr, ExprKind, Literal};
use crate::types::Type;

impl Checker<'_> {
    /// Checks a format against the values that it is filled from, where both are literals.
    pub(super) fn check_format(&mut self, target: &Expr, args: &[Expr]) {
        let (ExprKind::Literal(Literal::String(template)), [list]) = (&target.kind, args) else { return };
        let verbs = match verbs(template) {
            Ok(verbs) => verbs,
            Err(error) => {
                self.fail(CheckError::new(target.span, error.message));
                return;
            }
        };
        let ExprKind::List(elements) = &list.kind else { return };
        if elements.iter().any(|element| element.optional) {
            return;
        }
        if verbs.len() != elements.len() {
            let message = format!("the format takes {} values, found {}", verbs.len(), elements.len());
            self.fail(CheckError::new(list.span, message));
            return;
        }
        for (verb, element) in verbs.into_iter().zip(elements) {
            let ty = self.types.get(element.value.id).map_or(Type::Dyn, |ty| self.solver.resolve(ty));
            if !takes(verb, &ty) {
                let message = format!("a value of type {ty} cannot be formatted with %{verb}");
                self.fail(CheckError::new(element.value.span, message));
            }
        }
    }
}

fn takes(verb: char, ty: &Type) -> bool {
    let integer = matches!(ty, Type::Int | Type::Uint);
    ty.is_dyn()
        || matches!(ty, Type::Var(_))
        || match verb {
            'd' | 'f' | 'e' => integer || *ty == Type::Double,
            'b' => integer || *ty == Type::Bool,
            'o' => integer,
            'x' | 'X' => integer || matches!(ty, Type::String | Type::Bytes),
            _ => !matches!(ty, Type::Optional(_) | Type::Opaque(_)),
        }
}
