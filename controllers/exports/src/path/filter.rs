//! What a path is made of.

use serde_json::Value;

use super::function::Function;

/// A filter as jq knows them: from one value to any number of values.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Filter {
    /// `.`
    Identity,
    /// A text, a number, `true`, `false` or `null`.
    Literal(Value),
    /// A text with values in it: `"…\(f)…"`.
    Text(Vec<TextPart>),
    /// `f.a[0][]`
    Path(Box<Self>, Vec<Step>),
    /// `f | g`
    Pipe(Box<Self>, Box<Self>),
    /// `f, g`
    Comma(Box<Self>, Box<Self>),
    /// `f // g`
    Alternative(Box<Self>, Box<Self>),
    /// `f and g`
    And(Box<Self>, Box<Self>),
    /// `f or g`
    Or(Box<Self>, Box<Self>),
    /// `f == g`, or `f != g` when that is false.
    Equal(Box<Self>, Box<Self>, bool),
    /// `f + g`
    Add(Box<Self>, Box<Self>),
    /// `if f then g elif … else h end`
    If(Vec<(Self, Self)>, Option<Box<Self>>),
    /// `try f`
    Try(Box<Self>),
    /// `f(g)`
    Call(Function, Option<Box<Self>>),
}

/// Part of a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TextPart {
    /// As it stands.
    Plain(String),
    /// The value of a filter.
    Value(Filter),
}

/// One step down.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) access: Access,
    /// What does not fit is passed over: `?`.
    pub(super) optional: bool,
}

/// Where a step goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// To the value of a key.
    Key(String),
    /// To an item, counted from the end when negative.
    Item(i64),
    /// To each item.
    Each,
}
