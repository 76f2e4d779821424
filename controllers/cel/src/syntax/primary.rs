//! What an expression starts with: literals, names, calls, brackets.

use super::ast::{Element, Entry, Expr, ExprKind, Literal, Name};
use super::parser::{Parsed, Parser};
use super::{is_reserved, macros};
use crate::error::ParseError;
use crate::span::Span;
use crate::syntax::Token;

impl Parser<'_> {
    /// The number that follows a minus sign at `sign`, negated, with what is selected from it.
    pub(super) fn negative(&mut self, sign: Span) -> Parsed<Expr> {
        let taken = self.advance()?;
        let span = sign.to(taken.span);
        let literal = match taken.token {
            Token::Double(value) => Literal::Double(-value),
            Token::Int(value) => Literal::Int(0_i64.checked_sub_unsigned(value).ok_or_else(|| out_of_range(span))?),
            _ => return Err(ParseError::new(span, "expected a number")),
        };
        let number = self.node(span, ExprKind::Literal(literal))?;
        self.postfix(Some(number))
    }

    /// An expression without operators and selections.
    pub(super) fn primary(&mut self) -> Parsed<Expr> {
        if self.at("(") {
            self.advance()?;
            let mut inner = self.expression()?;
            let close = self.expect(")")?;
            inner.span = inner.span.to(close);
            return Ok(inner);
        }
        if self.at("[") {
            return self.list();
        }
        if self.at("{") {
            return self.map();
        }
        let absolute = self.eat(".")?;
        if let Token::Ident(name) = &self.ahead.token {
            let name = name.clone();
            return self.name(name, absolute);
        }
        if absolute {
            return Err(self.unexpected("a name"));
        }
        self.literal()
    }

    fn literal(&mut self) -> Parsed<Expr> {
        if matches!(self.ahead.token, Token::Punct(_) | Token::End | Token::Quoted(_)) {
            return Err(self.unexpected("an expression"));
        }
        let taken = self.advance()?;
        let literal = match taken.token {
            Token::Int(value) => Literal::Int(i64::try_from(value).map_err(|_| out_of_range(taken.span))?),
            Token::Uint(value) => Literal::Uint(value),
            Token::Double(value) => Literal::Double(value),
            Token::Str(value) => Literal::String(value),
            Token::Bytes(value) => Literal::Bytes(value),
            _ => return Err(ParseError::new(taken.span, "expected an expression")),
        };
        self.node(taken.span, ExprKind::Literal(literal))
    }

    fn name(&mut self, text: String, absolute: bool) -> Parsed<Expr> {
        let span = self.advance()?.span;
        let constant = match text.as_str() {
            "true" => Some(Literal::Bool(true)),
            "false" => Some(Literal::Bool(false)),
            "null" => Some(Literal::Null),
            _ => None,
        };
        if let Some(literal) = constant.filter(|_| !absolute) {
            return self.node(span, ExprKind::Literal(literal));
        }
        if is_reserved(&text) {
            return Err(ParseError::new(span, format!("{text:?} is a reserved word and cannot be a variable")));
        }
        let name = Name { text, span };
        if !self.at("(") {
            return self.node(span, ExprKind::Ident(name));
        }
        let args = self.arguments()?;
        macros::call(self, span, None, name, args)
    }

    /// `(a, b)`
    pub(super) fn arguments(&mut self) -> Parsed<Vec<Expr>> {
        self.expect("(")?;
        let mut args = Vec::new();
        if !self.at(")") {
            args.push(self.expression()?);
            while self.eat(",")? {
                args.push(self.expression()?);
            }
        }
        self.expect(")")?;
        Ok(args)
    }

    fn list(&mut self) -> Parsed<Expr> {
        let open = self.advance()?.span;
        let mut elements = Vec::new();
        if self.at(",") {
            // The grammar of cel-go allows a comma alone.
            self.advance()?;
        }
        while !self.at("]") {
            let optional = self.eat("?")?;
            elements.push(Element { optional, value: self.expression()? });
            if !self.eat(",")? {
                break;
            }
        }
        let close = self.expect("]")?;
        self.node(open.to(close), ExprKind::List(elements))
    }

    fn map(&mut self) -> Parsed<Expr> {
        let open = self.advance()?.span;
        let mut entries = Vec::new();
        while !self.at("}") {
            let optional = self.eat("?")?;
            let key = self.expression()?;
            self.expect(":")?;
            entries.push(Entry { optional, key, value: self.expression()? });
            if !self.eat(",")? {
                break;
            }
        }
        let close = self.expect("}")?;
        self.node(open.to(close), ExprKind::Map(entries))
    }
}

fn out_of_range(span: Span) -> ParseError {
    ParseError::new(span, "the integer is out of range for int")
}
