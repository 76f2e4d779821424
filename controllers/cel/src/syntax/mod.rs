//! From text to tree: lexer, literals, parser and the tree itself.

pub mod ast;
mod lexer;
mod literal;
mod macros;
mod parser;
mod postfix;
mod primary;
mod token;

pub use parser::parse;

pub(crate) use lexer::Lexer;
pub(crate) use token::Token;

/// The longest source of one expression in bytes; cel-go's default limit is 100,000 code points.
pub const MAX_SOURCE: usize = 100_000;

/// The greatest height of an expression tree; cel-go's default recursion limit is the same.
pub const MAX_DEPTH: usize = 250;

/// The names that the grammar of CEL reserves: they are no variables, though fields may bear them.
pub const RESERVED: [&str; 20] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
];

/// Whether a name is reserved as an identifier by the grammar of CEL.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    name == "while" || RESERVED.contains(&name)
}
