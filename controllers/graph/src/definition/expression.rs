//! Texts that are one expression.

use cairn_cel::span::Span;
use cairn_cel::template::{Part, split};

use crate::problem::Problem;

/// An expression as a definition writes it: `${…}` and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// The path of the text in the definition.
    pub path: String,
    /// The expression without its braces.
    pub source: String,
    /// Its place in the text.
    pub span: Span,
}

impl Expression {
    /// Reads a text that must be one expression.
    pub(super) fn read(text: &str, path: &str) -> Result<Self, Problem> {
        let parts = split(text).map_err(|error| Problem::new(path, error.message.clone()).at(error.span))?;
        match parts.as_slice() {
            [Part::Hole { source, span }] if !source.trim().is_empty() => {
                Ok(Self { path: path.to_owned(), source: source.clone(), span: *span })
            }
            [Part::Hole { span, .. }] => Err(Problem::new(path, "the expression is empty").at(*span)),
            _ => Err(Problem::new(path, "this must be one expression and nothing else").expected("`${EXPRESSION}`")),
        }
    }
}

/// Reads every text of a list, each of which must be one expression.
pub(super) fn read_all(texts: &[String], path: &str, problems: &mut Vec<Problem>) -> Vec<Expression> {
    let mut found = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        match Expression::read(text, &crate::problem::index(path, at)) {
            Ok(expression) => found.push(expression),
            Err(problem) => problems.push(problem),
        }
    }
    found
}
