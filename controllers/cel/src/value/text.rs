//! Text that is borrowed from JSON or from the program, or shared.

use std::ops::Deref;
use std::sync::Arc;

/// Text.
#[derive(Debug, Clone)]
pub enum Text<'a> {
    /// Lives in the JSON or the program.
    Borrowed(&'a str),
    /// Was computed.
    Shared(Arc<str>),
}

impl Text<'_> {
    /// The same text, borrowing nothing.
    pub(crate) fn to_static(&self) -> Text<'static> {
        match self {
            Self::Borrowed(text) => Text::Shared((*text).into()),
            Self::Shared(text) => Text::Shared(Arc::clone(text)),
        }
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Shared(text) => text,
        }
    }
}
