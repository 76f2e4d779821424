//! What follows a primary expression: selections, indices, method calls.

use super::ast::{Expr, ExprKind, Name};
use super::macros;
use super::parser::{Parsed, Parser};
use crate::error::ParseError;
use crate::syntax::Token;

impl Parser<'_> {
    /// A primary expression, or the one given, with all that is selected from it.
    pub(super) fn postfix(&mut self, start: Option<Expr>) -> Parsed<Expr> {
        let mut operand = match start {
            Some(start) => start,
            None => self.primary()?,
        };
        loop {
            operand = if self.at(".") {
                self.member(operand)?
            } else if self.at("[") {
                self.index(operand)?
            } else if self.at("{") && operand.dotted().is_some() {
                let message = "messages cannot be constructed here: write a map as {\"key\": value}";
                return Err(ParseError::new(operand.span, message));
            } else {
                return Ok(operand);
            };
        }
    }

    fn index(&mut self, operand: Expr) -> Parsed<Expr> {
        self.expect("[")?;
        let optional = self.eat("?")?;
        let index = Box::new(self.expression()?);
        let close = self.expect("]")?;
        let span = operand.span.to(close);
        self.node(span, ExprKind::Index { operand: Box::new(operand), index, optional })
    }

    fn member(&mut self, operand: Expr) -> Parsed<Expr> {
        self.expect(".")?;
        let optional = self.eat("?")?;
        let (text, quoted) = match &self.ahead.token {
            Token::Ident(text) => (text.clone(), false),
            Token::Quoted(text) => (text.clone(), true),
            _ => return Err(self.unexpected("a field name")),
        };
        let field = Name { text, span: self.advance()?.span };
        if self.at("(") && !optional && !quoted {
            let args = self.arguments()?;
            let span = operand.span.to(self.last);
            return macros::call(self, span, Some(operand), field, args);
        }
        let span = operand.span.to(field.span);
        self.node(span, ExprKind::Select { operand: Box::new(operand), field, optional })
    }
}
