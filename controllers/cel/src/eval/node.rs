//! The tree that runs.

use crate::decl::Overload;
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
    /// `operand.field`
    Select(Box<Select>),
    /// `has(operand.field)`
    Has(Box<Select>),
    /// `operand[index]`
    Index(Box<Index>),
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
    /// A macro.
    Loop(Box<Loop>),
}

/// A selection of a field.
#[derive(Debug, Clone)]
pub(crate) struct Select {
    pub(crate) operand: Node,
    pub(crate) field: String,
    pub(crate) optional: bool,
    pub(crate) span: Span,
}

/// A selection of an element.
#[derive(Debug, Clone)]
pub(crate) struct Index {
    pub(crate) operand: Node,
    pub(crate) key: Node,
    pub(crate) optional: bool,
    pub(crate) span: Span,
}

/// A call.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) overloads: Vec<&'static Overload>,
    pub(crate) args: Vec<Node>,
    pub(crate) span: Span,
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
            Self::Select(select) => Some(format!("{}.{}", select.operand.path()?, select.field)),
            Self::Index(index) => {
                let key = match &index.key {
                    Self::Constant(value) => value.to_string(),
                    _ => "…".to_owned(),
                };
                Some(format!("{}[{key}]", index.operand.path()?))
            }
            _ => None,
        }
    }
}
