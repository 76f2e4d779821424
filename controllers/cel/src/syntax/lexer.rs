//! Splits a source into tokens, one at a time: a template looks for the end of its hole with it.

use super::literal;
use super::token::{PUNCTUATION, Spanned, Token};
use crate::error::ParseError;
use crate::span::Span;

/// A cursor over a source.
pub(crate) struct Lexer<'s> {
    source: &'s str,
    at: usize,
}

impl<'s> Lexer<'s> {
    /// A lexer that starts at a byte, which must be a character boundary.
    pub(crate) fn new(source: &'s str, at: usize) -> Self {
        Self { source, at }
    }

    /// The next token, [`Token::End`] at the end for ever.
    ///
    /// # Errors
    /// A character that starts no token, or a literal that is not closed, not valid or out of range.
    pub(crate) fn next(&mut self) -> Result<Spanned, ParseError> {
        self.skip_blank();
        let start = self.at;
        let token = self.token()?;
        Ok(Spanned { token, span: Span::new(start, self.at) })
    }

    fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']).len();
            self.at += blank;
            if !self.rest().starts_with("//") {
                return;
            }
            self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        }
    }

    fn token(&mut self) -> Result<Token, ParseError> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(Token::End) };
        if let Some(string) = literal::string(rest) {
            let (token, length) = string.map_err(|error| self.shift(error))?;
            self.at += length;
            return Ok(token);
        }
        let point = first == '.' && rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        if first.is_ascii_digit() || point {
            let (token, length) = literal::number(rest).map_err(|error| self.shift(error))?;
            self.at += length;
            return Ok(token);
        }
        if first.is_ascii_alphabetic() || first == '_' {
            return Ok(self.identifier());
        }
        if first == '`' {
            return self.quoted();
        }
        let Some(text) = PUNCTUATION.iter().find(|text| rest.starts_with(**text)) else {
            return Err(self.unexpected(first));
        };
        self.at += text.len();
        Ok(Token::Punct(text))
    }

    fn identifier(&mut self) -> Token {
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        self.at += length;
        Token::Ident(rest.get(..length).unwrap_or_default().to_owned())
    }

    fn quoted(&mut self) -> Result<Token, ParseError> {
        let inner = self.rest().get(1..).unwrap_or_default();
        let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | ' ');
        let length = inner.find(|c| !valid(c)).unwrap_or(inner.len());
        if length == 0 || !inner.get(length..).unwrap_or_default().starts_with('`') {
            let span = Span::new(self.at, self.at + 1 + length);
            return Err(ParseError::new(span, "a name in backticks is not closed or holds a character it may not"));
        }
        self.at += length + 2;
        Ok(Token::Quoted(inner.get(..length).unwrap_or_default().to_owned()))
    }

    fn unexpected(&self, found: char) -> ParseError {
        let span = Span::new(self.at, self.at + found.len_utf8());
        if self.rest().starts_with("${") {
            return ParseError::new(span, "an expression inside an expression: `${` is only allowed within a string");
        }
        let hint = match found {
            '=' => ": equality is written ==",
            '&' => ": and is written &&",
            '|' => ": or is written ||",
            _ => "",
        };
        ParseError::new(span, format!("unexpected character {found:?}{hint}"))
    }

    fn shift(&self, mut error: ParseError) -> ParseError {
        error.span = Span::new(error.span.start + self.at, error.span.end + self.at);
        error
    }
}
