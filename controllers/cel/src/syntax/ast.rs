//! The tree of an expression, with macros as nodes of their own, so that errors speak of what was written.

use crate::span::Span;

/// The number of a node in its tree, counted from zero.
pub type NodeId = usize;

/// A node.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// Its number, unique in the tree.
    pub id: NodeId,
    /// What it covers in the source.
    pub span: Span,
    /// The length of the longest path down from here, one for a leaf.
    pub height: usize,
    /// What it is.
    pub kind: ExprKind,
}

/// A name and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A constant.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// `1`
    Int(i64),
    /// `1u`
    Uint(u64),
    /// `1.0`
    Double(f64),
    /// `"text"`
    String(String),
    /// `b"bytes"`
    Bytes(Vec<u8>),
}

/// `&&` or `||`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logic {
    /// `&&`
    And,
    /// `||`
    Or,
}

/// An element of a list literal.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// Whether it is written with `?`, and left out when its optional is empty.
    pub optional: bool,
    /// The element.
    pub value: Expr,
}

/// An entry of a map literal.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Whether it is written with `?`, and left out when its optional is empty.
    pub optional: bool,
    /// The key.
    pub key: Expr,
    /// The value.
    pub value: Expr,
}

/// Which macro.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MacroKind {
    /// `range.all(x, p)`
    All,
    /// `range.exists(x, p)`
    Exists,
    /// `range.exists_one(x, p)`
    ExistsOne,
    /// `range.map(x, t)` or `range.map(x, p, t)`
    Map,
    /// `range.filter(x, p)`
    Filter,
    /// `range.transformList(i, v, t)`
    TransformList,
    /// `range.transformMap(k, v, t)`
    TransformMap,
    /// `range.transformMapEntry(k, v, {key: value})`
    TransformMapEntry,
    /// `optional.optMap(x, t)`
    OptMap,
    /// `optional.optFlatMap(x, t)`
    OptFlatMap,
    /// `cel.bind(x, init, result)`
    Bind,
    /// `list.sortBy(x, key)`
    SortBy,
}

/// A macro with the variables that it brings.
#[derive(Debug, Clone, PartialEq)]
pub struct Macro {
    /// Which one.
    pub kind: MacroKind,
    /// As it was written.
    pub name: Name,
    /// What it goes over: the receiver, or what `cel.bind` names.
    pub range: Expr,
    /// One or two variables.
    pub variables: Vec<Name>,
    /// A predicate where the macro filters; the last one is the result.
    pub args: Vec<Expr>,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A constant.
    Literal(Literal),
    /// A variable.
    Ident(Name),
    /// `operand.field`, or `operand.?field`.
    Select {
        /// The object or map.
        operand: Box<Expr>,
        /// The field.
        field: Name,
        /// Whether it gives an optional.
        optional: bool,
    },
    /// `has(operand.field)`.
    Has {
        /// The object or map.
        operand: Box<Expr>,
        /// The field.
        field: Name,
    },
    /// `operand[index]`, or `operand[?index]`.
    Index {
        /// The list or map.
        operand: Box<Expr>,
        /// The position or key.
        index: Box<Expr>,
        /// Whether it gives an optional.
        optional: bool,
    },
    /// A function, method or operator; operators have names like `_+_`.
    Call {
        /// The receiver of a method.
        target: Option<Box<Expr>>,
        /// The function.
        function: Name,
        /// The arguments.
        args: Vec<Expr>,
    },
    /// A chain of `&&` or of `||`.
    Logic {
        /// Which.
        op: Logic,
        /// At least two.
        terms: Vec<Expr>,
    },
    /// `condition ? yes : no`: in this order.
    Conditional(Box<[Expr; 3]>),
    /// `[a, ?b]`
    List(Vec<Element>),
    /// `{k: v, ?k: o}`
    Map(Vec<Entry>),
    /// A macro.
    Macro(Box<Macro>),
}

impl ExprKind {
    /// The direct children in source order.
    #[must_use]
    pub fn children(&self) -> Vec<&Expr> {
        match self {
            Self::Literal(_) | Self::Ident(_) => Vec::new(),
            Self::Select { operand, .. } | Self::Has { operand, .. } => vec![operand],
            Self::Index { operand, index, .. } => vec![operand, index],
            Self::Call { target, args, .. } => target.as_deref().into_iter().chain(args).collect(),
            Self::Logic { terms, .. } => terms.iter().collect(),
            Self::Conditional(parts) => parts.iter().collect(),
            Self::List(elements) => elements.iter().map(|element| &element.value).collect(),
            Self::Map(entries) => entries.iter().flat_map(|entry| [&entry.key, &entry.value]).collect(),
            Self::Macro(call) => std::iter::once(&call.range).chain(&call.args).collect(),
        }
    }
}

impl Expr {
    /// The dotted name that a chain of plain selections spells, as in `math.greatest`.
    #[must_use]
    pub fn dotted(&self) -> Option<String> {
        match &self.kind {
            ExprKind::Ident(name) => Some(name.text.clone()),
            ExprKind::Select { operand, field, optional: false } => {
                operand.dotted().map(|prefix| format!("{prefix}.{}", field.text))
            }
            _ => None,
        }
    }
}
