//! Macros that bring variables.

use super::Checker;
use super::read::{Path, Step};
use super::scope::Local;
use crate::error::CheckError;
use crate::syntax::ast::{Expr, ExprKind, Macro, MacroKind, Name};
use crate::types::Type;

/// What a macro goes over.
struct Range {
    key: Type,
    value: Type,
    list: bool,
}

impl Checker<'_> {
    /// A macro, and the path that its value is read from, where it only chooses.
    pub(super) fn comprehension(&mut self, call: &Macro) -> (Type, Option<Path>) {
        match call.kind {
            MacroKind::Bind => self.bind(call),
            MacroKind::OptMap | MacroKind::OptFlatMap => (self.optional(call), None),
            _ => self.looping(call),
        }
    }

    fn bind(&mut self, call: &Macro) -> (Type, Option<Path>) {
        let (ty, path) = self.infer(&call.range);
        if let Some(path) = &path {
            self.reads.note(path, true);
        }
        let bound: Vec<_> = call.variables.iter().map(|name| (name, ty.clone(), path.clone())).collect();
        self.within(bound, |checker| call.args.last().map_or((Type::Dyn, None), |result| checker.infer(result)))
    }

    fn optional(&mut self, call: &Macro) -> Type {
        let (ty, path) = self.infer(&call.range);
        if let Some(path) = &path {
            self.reads.note(path, true);
        }
        let inner = self.solver.fresh();
        self.require(&call.range, &ty, &Type::optional(inner.clone()), "the receiver of this macro");
        let inner = self.solver.resolve(&inner);
        let path = path.map(|path| Path { guarded: true, ..path });
        let bound = call.variables.iter().map(|name| (name, inner.clone(), path.clone())).collect();
        self.within(bound, |checker| {
            let Some(result) = call.args.last() else { return Type::Dyn };
            let ty = checker.consume(result);
            if call.kind == MacroKind::OptMap {
                return Type::optional(ty);
            }
            let inner = checker.solver.fresh();
            checker.require(result, &ty, &Type::optional(inner.clone()), "the result of optFlatMap()");
            // What nobody knows may be no optional when it runs.
            if checker.solver.resolve(&ty).is_dyn() { Type::Dyn } else { Type::optional(inner) }
        })
    }

    fn looping(&mut self, call: &Macro) -> (Type, Option<Path>) {
        let (ty, path) = self.infer(&call.range);
        if let Some(path) = path.as_ref().filter(|path| !path.scattered) {
            self.reads.note(path, true);
        }
        let range = self.range(&call.range, &ty);
        let chooses = matches!(call.kind, MacroKind::Filter | MacroKind::SortBy) && range.list;
        let chosen = path.clone().filter(|_| chooses).map(Path::scatter);
        let element = path.map(|path| path.then(Step::Any));
        let bound = match call.variables.as_slice() {
            [only] if range.list => vec![(only, range.value.clone(), element)],
            [only] => vec![(only, range.key.clone(), None)],
            [key, value] => vec![(key, range.key.clone(), None), (value, range.value.clone(), element)],
            _ => Vec::new(),
        };
        (self.within(bound, |checker| checker.body(call, &range)), chosen)
    }

    fn body(&mut self, call: &Macro, range: &Range) -> Type {
        let Some((result, filters)) = call.args.split_last() else { return Type::Dyn };
        for filter in filters {
            self.predicate(filter);
        }
        match call.kind {
            MacroKind::All | MacroKind::Exists | MacroKind::ExistsOne => {
                self.predicate(result);
                Type::Bool
            }
            MacroKind::Filter => {
                self.predicate(result);
                Type::list(if range.list { range.value.clone() } else { range.key.clone() })
            }
            MacroKind::TransformMap => Type::map(range.key.clone(), self.consume(result)),
            MacroKind::TransformMapEntry => self.entry(result),
            MacroKind::SortBy => {
                let key = self.consume(result);
                self.sort_key(result, &key);
                if !range.list {
                    self.fail(CheckError::new(call.range.span, "only lists can be sorted, and this is none"));
                }
                Type::list(range.value.clone())
            }
            _ => Type::list(self.consume(result)),
        }
    }

    /// The entry that `transformMapEntry` ends with gives the type of the map.
    fn entry(&mut self, result: &Expr) -> Type {
        match &result.kind {
            ExprKind::Map(_) => self.consume(result),
            _ => Type::map(Type::Dyn, Type::Dyn),
        }
    }

    fn sort_key(&mut self, expr: &Expr, key: &Type) {
        let key = self.solver.resolve(key);
        let ordered = matches!(
            key,
            Type::Bool
                | Type::Int
                | Type::Uint
                | Type::Double
                | Type::String
                | Type::Bytes
                | Type::Timestamp
                | Type::Duration
                | Type::Var(_)
        );
        if !ordered && !key.is_dyn() {
            self.fail(CheckError::new(expr.span, format!("{key} has no order to sort by")));
        }
    }

    fn predicate(&mut self, expr: &Expr) {
        let ty = self.consume(expr);
        self.require(expr, &ty, &Type::Bool, "a predicate");
    }

    fn range(&mut self, expr: &Expr, ty: &Type) -> Range {
        match self.solver.resolve(ty) {
            Type::List(value) => Range { key: Type::Int, value: (*value).clone(), list: true },
            Type::Map(key, value) => Range { key: (*key).clone(), value: (*value).clone(), list: false },
            Type::Object(_) => Range { key: Type::String, value: Type::Dyn, list: false },
            ty if ty.is_dyn() => Range { key: Type::Dyn, value: Type::Dyn, list: true },
            Type::Var(_) => Range { key: Type::Dyn, value: Type::Dyn, list: true },
            other => {
                let message = format!("{other} has no elements to go over: only lists and maps have");
                self.fail(CheckError::new(expr.span, message));
                Range { key: Type::Dyn, value: Type::Dyn, list: true }
            }
        }
    }

    fn within<T>(&mut self, bound: Vec<(&Name, Type, Option<Path>)>, check: impl FnOnce(&mut Self) -> T) -> T {
        let count = bound.len();
        for (name, ty, path) in bound {
            self.scope.push(Local { name: name.text.clone(), ty, path });
        }
        let result = check(self);
        self.scope.pop(count);
        result
    }
}
