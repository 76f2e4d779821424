//! The static checker: the type of every node, the overloads that each call may take, and what is read.

mod call;
mod conditions;
mod format;
mod infer;
mod literal;
mod loops;
mod names;
mod nearest;
mod read;
mod scope;
mod select;

use std::collections::BTreeMap;

pub use nearest::nearest;
pub use read::{Read, Reads, Step};
pub(crate) use scope::Resolution;
use scope::Scope;

use crate::decl::Overload;
use crate::error::CheckError;
use crate::span::Span;
use crate::syntax::ast::{Expr, NodeId};
use crate::types::{Solver, Type};

/// The most errors that one expression reports.
const MAX_ERRORS: usize = 20;

/// Which functions are allowed where an expression stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Permissions {
    /// `omit()`
    pub omit: bool,
    /// `runtime.newCondition()` and `runtime.condition()`
    pub conditions: bool,
}

/// What the checker finds out about an expression without errors.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The type of the whole expression.
    pub ty: Type,
    /// The type of every node, by its number.
    pub types: Vec<Type>,
    /// Which paths of which variables the expression reads.
    pub reads: Vec<Read>,
    /// The types of the conditions that it makes, as far as they are constants; nothing for one that is not.
    pub conditions: Vec<Option<String>>,
    /// What names and calls mean, by node.
    pub(crate) resolutions: BTreeMap<NodeId, Resolution>,
    /// The variables that the expression uses; names resolve to positions in it.
    pub(crate) variables: Vec<String>,
}

impl Checked {
    /// The overloads that the call at a node may take, in the order of the table.
    #[must_use]
    pub fn overloads(&self, node: NodeId) -> &[&'static Overload] {
        match self.resolutions.get(&node) {
            Some(Resolution::Call { overloads, .. }) => overloads,
            _ => &[],
        }
    }

    /// Whether the type of every node within a span of the expression's tree is known. Where it is not, evaluation finds
    /// out what operands are; null has a type, and is a value of many (cel-go's rule).
    #[must_use]
    pub fn knows(&self, tree: &Expr, span: Span) -> bool {
        let within = |node: &Expr| span.start <= node.span.start && node.span.end <= span.end;
        let known = |node: &Expr| self.types.get(node.id).is_some_and(Type::is_known);
        let mut open = vec![tree];
        while let Some(node) = open.pop() {
            if within(node) && !known(node) {
                return false;
            }
            open.extend(node.kind.children());
        }
        true
    }

    /// For each call, the overloads that it may take: one where the types leave no choice.
    pub fn calls(&self) -> impl Iterator<Item = &[&'static Overload]> {
        self.resolutions.keys().map(|node| self.overloads(*node)).filter(|overloads| !overloads.is_empty())
    }
}

/// Checks an expression against the types of its variables.
///
/// # Errors
/// Everything that cannot mean anything with these types: unknown names, fields and functions, operands that no
/// overload takes. Never empty.
pub fn check(
    tree: &Expr,
    variables: &BTreeMap<String, Type>,
    permissions: Permissions,
) -> Result<Checked, Vec<CheckError>> {
    let mut checker = Checker {
        declared: variables,
        permissions,
        solver: Solver::default(),
        scope: Scope::default(),
        types: vec![Type::Dyn; tree.id + 1],
        reads: Reads::default(),
        conditions: Vec::new(),
        resolutions: BTreeMap::new(),
        used: Vec::new(),
        errors: Vec::new(),
    };
    let ty = checker.consume(tree);
    checker.finish(&ty)
}

/// The state of one check.
struct Checker<'e> {
    declared: &'e BTreeMap<String, Type>,
    permissions: Permissions,
    solver: Solver,
    scope: Scope,
    types: Vec<Type>,
    reads: Reads,
    conditions: Vec<Option<String>>,
    resolutions: BTreeMap<NodeId, Resolution>,
    used: Vec<String>,
    errors: Vec<CheckError>,
}

impl Checker<'_> {
    fn finish(mut self, ty: &Type) -> Result<Checked, Vec<CheckError>> {
        if !self.errors.is_empty() {
            self.errors.sort_by_key(|error| error.span);
            self.errors.truncate(MAX_ERRORS);
            return Err(self.errors);
        }
        let solver = self.solver;
        Ok(Checked {
            ty: solver.finish(ty),
            types: self.types.iter().map(|ty| solver.finish(ty)).collect(),
            reads: self.reads.finish(),
            conditions: self.conditions,
            resolutions: self.resolutions,
            variables: self.used,
        })
    }

    /// Reports an error and goes on as if the type were not known, so that one mistake is reported once.
    fn fail(&mut self, error: CheckError) -> Type {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(error);
        }
        Type::Dyn
    }

    /// Requires a type; `dyn` passes, and evaluation decides.
    fn require(&mut self, expr: &Expr, found: &Type, wanted: &Type, what: &str) {
        if !self.solver.assign(found, wanted) {
            let (wanted, found) = (self.solver.resolve(wanted), self.solver.resolve(found));
            let message = format!("{what} must be {wanted}, found {found}");
            self.fail(CheckError::new(expr.span, message).mismatch(wanted, found));
        }
    }
}
