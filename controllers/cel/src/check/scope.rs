//! The variables that macros bring, and what names and calls mean.

use super::read::Path;
use crate::decl::Overload;
use crate::types::Type;

/// What a name or call means.
#[derive(Debug, Clone)]
pub(crate) enum Resolution {
    /// A declared variable: its position among those used.
    Global(usize),
    /// A variable of a macro: its position on the stack.
    Local(usize),
    /// A type as a value.
    TypeName(&'static str),
    /// A call, with every overload that the types leave open.
    Call {
        /// The candidates.
        overloads: Vec<&'static Overload>,
        /// Whether the receiver is an argument; otherwise it is a namespace.
        receiver: bool,
    },
}

/// A variable of a macro.
#[derive(Debug, Clone)]
pub(super) struct Local {
    pub(super) name: String,
    pub(super) ty: Type,
    pub(super) path: Option<Path>,
}

/// The variables of the macros around a node, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Scope {
    locals: Vec<Local>,
}

impl Scope {
    /// The innermost variable of a name and its position on the stack.
    pub(super) fn find(&self, name: &str) -> Option<(usize, &Local)> {
        self.locals.iter().enumerate().rev().find(|(_, local)| local.name == name)
    }

    pub(super) fn push(&mut self, local: Local) {
        self.locals.push(local);
    }

    pub(super) fn pop(&mut self, count: usize) {
        self.locals.truncate(self.locals.len().saturating_sub(count));
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.locals.iter().map(|local| local.name.as_str())
    }
}
