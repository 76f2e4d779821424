//! The tree that runs.

use std::fmt::Write as _;
use std::sync::Arc;

use super::short::Short;
use crate::decl::{Eval, Overload};
use crate::span::Span;
use crate::syntax::ast::MacroKind;
use crate::value::Value;

/// A node.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    /// A constant.
    Constant(Value<'static>),
    /// A variable by its position, and its name for messages.
    Global(usize, String),
    /// A variable of a macro by its position on the stack, and its name.
    Local(usize, String),
    /// `operand.field[index]…`: everything that is selected one from another.
    Select(Box<Select>),
    /// `has(operand.field)`
    Has(Box<Has>),
    /// A call with its possible overloads.
    Call(Box<Call>),
    /// `optional.or(other)` and `optional.orValue(other)`: the other is evaluated only when it is needed.
    Fallback(Box<Call>),
    /// `&&`
    And(Vec<Node>),
    /// `||`
    Or(Vec<Node>),
    /// `condition ? yes : no`
    Conditional(Box<[Node; 3]>),
    /// A list; `true` marks an element written with `?`.
    List(Vec<(bool, Node)>),
    /// A map; `true` marks an entry written with `?`.
    Map(Vec<(bool, Node, Node)>),
    /// `item in [a, b]`, where the list is a constant.
    OneOf(Box<OneOf>),
    /// A macro.
    Loop(Box<Loop>),
}

/// A value, and what is selected from it, step by step.
#[derive(Debug, Clone)]
pub(crate) struct Select {
    pub(crate) operand: Node,
    pub(crate) steps: Vec<Step>,
}

/// One selection.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) by: By,
    pub(crate) optional: bool,
    pub(crate) span: Span,
}

/// What is selected.
#[derive(Debug, Clone)]
pub(crate) enum By {
    /// `.field`
    Field(String),
    /// `[key]`
    Key(Node),
}

/// `has(operand.field)`
#[derive(Debug, Clone)]
pub(crate) struct Has {
    pub(crate) operand: Node,
    pub(crate) field: String,
    pub(crate) span: Span,
}

/// A call.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) overloads: Vec<&'static Overload>,
    /// What runs all of them, where that is one function: it looks at its operands itself.
    pub(crate) only: Option<Eval>,
    /// The short way for two whole numbers, if there is one.
    pub(crate) short: Option<Short>,
    pub(crate) args: Vec<Node>,
    pub(crate) span: Span,
}

/// Whether an item is one of several constants.
#[derive(Debug, Clone)]
pub(crate) struct OneOf {
    pub(crate) item: Node,
    pub(crate) values: Arc<[Value<'static>]>,
}

/// A macro that brings variables.
#[derive(Debug, Clone)]
pub(crate) struct Loop {
    pub(crate) kind: MacroKind,
    pub(crate) name: String,
    pub(crate) range: Node,
    pub(crate) variables: usize,
    pub(crate) filter: Option<Node>,
    pub(crate) result: Node,
    pub(crate) span: Span,
}

impl Node {
    /// The path that a chain of selections spells, for messages about absent data.
    pub(crate) fn path(&self) -> Option<String> {
        match self {
            Self::Global(_, name) | Self::Local(_, name) => Some(name.clone()),
            Self::Select(select) => select.path(select.steps.len()),
            _ => None,
        }
    }
}

impl Select {
    /// The path that the first of the steps spell.
    pub(crate) fn path(&self, steps: usize) -> Option<String> {
        let mut path = self.operand.path()?;
        for step in self.steps.iter().take(steps) {
            // Writing to a string cannot fail.
            let _ = match &step.by {
                By::Field(name) => write!(path, ".{name}"),
                By::Key(Node::Constant(key)) => write!(path, "[{key}]"),
                By::Key(_) => write!(path, "[…]"),
            };
        }
        Some(path)
    }
}

impl Step {
    /// The name of the field that is selected.
    pub(crate) fn name(&self) -> &str {
        match &self.by {
            By::Field(name) => name,
            By::Key(_) => "",
        }
    }
}
