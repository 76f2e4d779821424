//! What can be wrong with an expression, before it runs and while it runs.

use crate::span::Span;
use crate::types::Type;

/// An expression that is not in the language's grammar, or exceeds its limits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("syntax error: {message}")]
pub struct ParseError {
    /// Where.
    pub span: Span,
    /// What, in lower case.
    pub message: String,
}

impl ParseError {
    /// An error at a place.
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}

/// An expression that is well formed and cannot mean anything with the declared types.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}{}", suggestion.as_ref().map(|name| format!(" (did you mean {name:?}?)")).unwrap_or_default())]
pub struct CheckError {
    /// Where.
    pub span: Span,
    /// What, in lower case.
    pub message: String,
    /// The type that is needed here, when one is.
    pub expected: Option<Type>,
    /// The type that was found.
    pub found: Option<Type>,
    /// The nearest name that would be valid.
    pub suggestion: Option<String>,
}

impl CheckError {
    /// An error at a place.
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), expected: None, found: None, suggestion: None }
    }

    /// The same error, with what was needed and what was found.
    pub(crate) fn mismatch(mut self, expected: Type, found: Type) -> Self {
        (self.expected, self.found) = (Some(expected), Some(found));
        self
    }

    /// The same error, with the nearest valid name.
    pub(crate) fn suggest(mut self, name: Option<String>) -> Self {
        self.suggestion = name;
        self
    }
}

/// Why an expression did not compile.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CompileError {
    /// It does not parse.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// It does not type-check: every error found, in source order, at least one.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Check(Vec<CheckError>),
}

/// What kind of failure an evaluation met: what decides whether waiting can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// A map or object has no such key, a list no such index: data that may still come.
    Absent,
    /// A variable is not bound.
    Unbound,
    /// The operand types fit no overload.
    Type,
    /// Data are not what their schema says, so that the operation does not take them.
    Misfit,
    /// Division by zero, overflow, an unparsable value, a value out of range.
    Value,
    /// The cost or depth limit is reached.
    Limit,
}

/// A failed evaluation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EvalError {
    /// What kind of failure.
    pub kind: FaultKind,
    /// What, in lower case.
    pub message: String,
    /// The part of the expression that failed, as near as known.
    pub span: Option<Span>,
    /// The path that was read when data was absent, for example `db.status.endpoint`.
    pub path: Option<String>,
    /// What the evaluation cost until it failed.
    pub cost: u64,
}

impl EvalError {
    /// Boxed, as evaluation hands it on: what succeeds is not to carry the room of a failure.
    fn new(kind: FaultKind, message: impl Into<String>) -> Box<Self> {
        Box::new(Self { kind, message: message.into(), span: None, path: None, cost: 0 })
    }

    /// Data that is not there.
    pub(crate) fn absent(message: impl Into<String>) -> Box<Self> {
        Self::new(FaultKind::Absent, message)
    }

    /// A key that is not there.
    pub(crate) fn no_key(key: impl std::fmt::Display) -> Box<Self> {
        Self::absent(format!("no such key: {key}"))
    }

    /// A variable that is not bound.
    pub(crate) fn unbound(name: &str) -> Box<Self> {
        Self::new(FaultKind::Unbound, format!("variable {name:?} is not bound"))
    }

    /// Operands that no overload takes.
    pub(crate) fn overload(message: impl Into<String>) -> Box<Self> {
        Self::new(FaultKind::Type, message)
    }

    /// A value that the operation cannot take.
    pub(crate) fn value(message: impl Into<String>) -> Box<Self> {
        Self::new(FaultKind::Value, message)
    }

    /// A limit that is reached.
    pub(crate) fn limit(message: impl Into<String>) -> Box<Self> {
        Self::new(FaultKind::Limit, message)
    }

    /// The same error, at a place unless a nearer one is known.
    pub(crate) fn at(mut self: Box<Self>, span: Span) -> Box<Self> {
        self.span.get_or_insert(span);
        self
    }
}
