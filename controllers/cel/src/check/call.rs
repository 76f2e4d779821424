//! Calls: which overloads the types leave open, and what comes out.

use super::scope::Resolution;
use super::{Checker, nearest};
use crate::decl::{Overload, table};
use crate::error::CheckError;
use crate::syntax::ast::{Expr, Name};
use crate::types::Type;

impl Checker<'_> {
    /// A call of a function, method or operator.
    pub(super) fn call(&mut self, expr: &Expr, target: Option<&Expr>, function: &Name, args: &[Expr]) -> Type {
        let qualified = target.and_then(Expr::dotted).map(|prefix| format!("{prefix}.{}", function.text));
        let namespaced = qualified.as_deref().map(|name| table().function(name)).unwrap_or_default();
        let (overloads, receiver) = match target {
            None => (table().function(&function.text), None),
            Some(_) if !namespaced.is_empty() => (namespaced, None),
            Some(target) => (table().method(&function.text), Some(target)),
        };
        if overloads.is_empty() {
            let error = self.unknown(target, function, qualified);
            return self.fail(error);
        }
        if function.text == "omit" && !self.permissions.omit {
            let message = "omit() is only allowed where a field or element of a template is filled";
            return self.fail(CheckError::new(expr.span, message));
        }
        if qualified.as_deref().is_some_and(super::conditions::is_about_conditions) && receiver.is_none() {
            return self.about_conditions(expr, function, (overloads, args));
        }
        let types: Vec<_> = receiver.into_iter().chain(args).map(|arg| self.consume(arg)).collect();
        let result = self.resolve(expr, function, overloads, (&types, receiver.is_some()));
        // What nobody knows may be no optional when it runs, and is then the value itself.
        let unsure = |ty: &Type| ty.is_dyn() || *ty == Type::Null;
        let falls_back = receiver.is_some() && matches!(function.text.as_str(), "or" | "orValue");
        if falls_back && types.first().is_some_and(|ty| unsure(&self.solver.resolve(ty))) {
            return Type::Dyn;
        }
        if let (Some(target), "format") = (receiver, function.text.as_str()) {
            self.check_format(target, args);
        }
        result
    }

    pub(super) fn resolve(
        &mut self,
        expr: &Expr,
        function: &Name,
        overloads: &'static [Overload],
        (types, receiver): (&[Type], bool),
    ) -> Type {
        let mut found: Vec<&'static Overload> = Vec::new();
        let mut result: Option<Type> = None;
        for overload in overloads.iter().filter(|overload| overload.params.len() == types.len()) {
            let Some(ty) = self.attempt(overload, types, result.is_none()) else { continue };
            found.push(overload);
            result = Some(match result {
                Some(known) if known != ty => Type::Dyn,
                Some(known) => known,
                None => ty,
            });
        }
        let Some(result) = result else {
            let error = self.no_match(function, overloads, types, receiver);
            return self.fail(error);
        };
        self.resolutions.insert(expr.id, Resolution::Call { overloads: found, receiver });
        result
    }

    /// Tries an overload. The first that fits keeps what it taught about type variables, as in cel-go.
    fn attempt(&mut self, overload: &Overload, types: &[Type], first: bool) -> Option<Type> {
        let base = self.solver.fresh_block(overload.variables);
        let mark = self.solver.mark();
        let fits = types.iter().zip(&overload.params).all(|(ty, param)| self.solver.assign(ty, &shift(param, base)));
        let result = shift(&overload.result, base);
        let resolved = self.solver.resolve(&result);
        if !fits || !first {
            self.solver.undo(mark);
        }
        fits.then_some(resolved)
    }

    fn no_match(&self, function: &Name, overloads: &[Overload], types: &[Type], receiver: bool) -> CheckError {
        let found: Vec<_> = types.iter().map(|ty| self.solver.resolve(ty).to_string()).collect();
        let found = operands(&function.text, &found, receiver);
        let mut known: Vec<_> = overloads.iter().map(|overload| overload.row.signature).take(6).collect();
        if overloads.len() > known.len() {
            known.push("…");
        }
        let message = format!("no matching overload for {found}; there is {}", known.join("; "));
        CheckError::new(function.span, message)
    }

    fn unknown(&self, target: Option<&Expr>, function: &Name, qualified: Option<String>) -> CheckError {
        let root = target.and_then(Expr::dotted);
        let root = root.as_deref().and_then(|dotted| dotted.split('.').next());
        let variable = root.is_some_and(|root| self.declared.contains_key(root) || self.scope.find(root).is_some());
        let namespace = qualified.filter(|_| root.is_some() && !variable);
        if let Some(name) = &namespace {
            let error = CheckError::new(function.span, format!("unknown function {name:?}"));
            return error.suggest(nearest(name, table().names(false)));
        }
        let (what, method) = if target.is_some() { ("method", true) } else { ("function", false) };
        let elsewhere = if method { table().function(&function.text) } else { table().method(&function.text) };
        let hint = elsewhere.first().map(|overload| format!("; there is {}", overload.row.signature));
        let arity = crate::decl::macros::MACROS.iter().find(|row| row.name == function.text);
        let hint = hint.or_else(|| arity.map(|row| format!("; there is {}", row.signature))).unwrap_or_default();
        let suggestion = nearest(&function.text, table().names(method)).filter(|_| hint.is_empty());
        CheckError::new(function.span, format!("unknown {what} {:?}{hint}", function.text)).suggest(suggestion)
    }
}

/// The types of a call as one would write it.
fn operands(name: &str, types: &[String], receiver: bool) -> String {
    let operator = name.trim_start_matches('@').trim_matches('_');
    match types {
        [only] if name.ends_with('_') => format!("{operator}{only}"),
        [left, right] if name.starts_with(['_', '@']) => format!("{left} {operator} {right}"),
        [first, rest @ ..] if receiver => format!("{first}.{name}({})", rest.join(", ")),
        all => format!("{name}({})", all.join(", ")),
    }
}

/// The same type with its variables renumbered.
fn shift(ty: &Type, base: usize) -> Type {
    match ty {
        Type::Var(index) => Type::Var(index + base),
        other => other.rebuild(|part| shift(part, base)),
    }
}
