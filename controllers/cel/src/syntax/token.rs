//! The tokens of the language.

use crate::span::Span;

/// One token.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// A name, also a keyword.
    Ident(String),
    /// A name between backticks, which may hold `.`, `-`, `/` and spaces.
    Quoted(String),
    /// An integer without its sign, so that the least integer can be written.
    Int(u64),
    /// An unsigned integer.
    Uint(u64),
    /// A floating-point number.
    Double(f64),
    /// A string, unescaped.
    Str(String),
    /// Bytes, unescaped.
    Bytes(Vec<u8>),
    /// An operator or bracket.
    Punct(&'static str),
    /// The end of the source.
    End,
}

impl Token {
    /// How the token is named in an error.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Ident(name) | Self::Quoted(name) => format!("{name:?}"),
            Self::Int(_) | Self::Uint(_) | Self::Double(_) => "a number".to_owned(),
            Self::Str(_) => "a string".to_owned(),
            Self::Bytes(_) => "bytes".to_owned(),
            Self::Punct(text) => format!("'{text}'"),
            Self::End => "the end of the expression".to_owned(),
        }
    }
}

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spanned {
    /// The token.
    pub(crate) token: Token,
    /// Where.
    pub(crate) span: Span,
}

/// Operators and brackets, longer ones first, so that the first match is the right one.
pub(crate) const PUNCTUATION: [&str; 24] = [
    "==", "!=", "<=", ">=", "&&", "||", "(", ")", "[", "]", "{", "}", ".", ",", ":", "?", "+", "-", "*", "/", "%", "<",
    ">", "!",
];
