//! A Pratt parser: precedence climbing over tokens, bounded in depth and size.
//!
//! Grammar and precedence are those of the CEL specification, with cel-go's optional syntax and quoted fields.

use super::ast::{Expr, ExprKind, Logic, Name, NodeId};
use super::token::{Spanned, Token};
use super::{Lexer, MAX_DEPTH, MAX_SOURCE};
use crate::error::ParseError;
use crate::span::Span;

pub(super) type Parsed<T> = Result<T, ParseError>;

/// Parses one expression.
///
/// # Errors
/// The source is longer than [`MAX_SOURCE`], its tree higher than [`MAX_DEPTH`], or it is not in the grammar.
pub fn parse(source: &str) -> Result<Expr, ParseError> {
    if source.len() > MAX_SOURCE {
        let message = format!("the expression has {} bytes, more than the {MAX_SOURCE} allowed", source.len());
        return Err(ParseError::new(Span::new(0, source.len()), message));
    }
    let mut lexer = Lexer::new(source, 0);
    let ahead = lexer.next()?;
    let mut parser = Parser { lexer, ahead, last: Span::default(), ids: 0, depth: 0 };
    if parser.ahead.token == Token::End {
        return Err(ParseError::new(parser.ahead.span, "the expression is empty"));
    }
    let tree = parser.expression()?;
    if parser.ahead.token != Token::End {
        return Err(parser.unexpected("an operator or the end of the expression"));
    }
    Ok(tree)
}

/// The state of one parse: one token of look-ahead.
pub(super) struct Parser<'s> {
    lexer: Lexer<'s>,
    pub(super) ahead: Spanned,
    pub(super) last: Span,
    ids: NodeId,
    depth: usize,
}

impl Parser<'_> {
    /// Takes the next token.
    pub(super) fn advance(&mut self) -> Parsed<Spanned> {
        let next = self.lexer.next()?;
        let taken = std::mem::replace(&mut self.ahead, next);
        self.last = taken.span;
        Ok(taken)
    }

    /// Whether an operator or bracket comes next.
    pub(super) fn at(&self, text: &str) -> bool {
        matches!(self.ahead.token, Token::Punct(found) if found == text)
    }

    /// Takes an operator or bracket if it comes next.
    pub(super) fn eat(&mut self, text: &str) -> Parsed<bool> {
        let found = self.at(text);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    /// Takes an operator or bracket that has to come next.
    pub(super) fn expect(&mut self, text: &str) -> Parsed<Span> {
        if self.at(text) { Ok(self.advance()?.span) } else { Err(self.unexpected(&format!("'{text}'"))) }
    }

    /// The error for a token that may not come next.
    pub(super) fn unexpected(&self, wanted: &str) -> ParseError {
        ParseError::new(self.ahead.span, format!("expected {wanted}, found {}", self.ahead.token.describe()))
    }

    /// A node, refused when it makes the tree too high.
    pub(super) fn node(&mut self, span: Span, kind: ExprKind) -> Parsed<Expr> {
        let height = 1 + kind.children().iter().map(|child| child.height).max().unwrap_or_default();
        if height > MAX_DEPTH {
            return Err(too_deep(span));
        }
        let id = self.ids;
        self.ids += 1;
        Ok(Expr { id, span, height, kind })
    }

    /// An operator as a call of the function that the table has for it.
    pub(super) fn operator(&mut self, name: &str, at: Span, args: Vec<Expr>) -> Parsed<Expr> {
        let span = args.iter().fold(at, |span, arg| span.to(arg.span));
        let function = Name { text: name.to_owned(), span: at };
        self.node(span, ExprKind::Call { target: None, function, args })
    }

    /// A whole expression: one chain of operators, or a condition and two of them.
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        let condition = self.climb(0)?;
        if self.at("?") { self.conditional(condition) } else { Ok(condition) }
    }

    fn conditional(&mut self, condition: Expr) -> Parsed<Expr> {
        self.expect("?")?;
        let yes = self.climb(0)?;
        self.expect(":")?;
        // A chain of conditions nests to the right, and nothing else counts it.
        self.depth += 1;
        let no = if self.depth > MAX_DEPTH { Err(too_deep(self.ahead.span)) } else { self.expression() }?;
        self.depth -= 1;
        self.node(condition.span.to(no.span), ExprKind::Conditional(Box::new([condition, yes, no])))
    }

    /// A chain of operators that bind at least so strongly. Every recursion but that of conditions passes here.
    fn climb(&mut self, least: u8) -> Parsed<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(too_deep(self.ahead.span));
        }
        // Most operands have no sign, and a frame less a level is worth having.
        let signed = self.at("!") || self.at("-");
        let mut left = if signed { self.unary() } else { self.postfix(None) }?;
        while let Some((power, name)) = binary_operator(&self.ahead.token).filter(|(power, _)| *power >= least) {
            left = match name {
                "_||_" => self.logic(Logic::Or, "||", power, left)?,
                "_&&_" => self.logic(Logic::And, "&&", power, left)?,
                name => self.binary(name, power, left)?,
            };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn binary(&mut self, name: &str, power: u8, left: Expr) -> Parsed<Expr> {
        let at = self.advance()?.span;
        let right = self.climb(power + 1)?;
        self.operator(name, at, vec![left, right])
    }

    /// A chain of `&&` or of `||` is one node, however long.
    fn logic(&mut self, op: Logic, text: &str, power: u8, first: Expr) -> Parsed<Expr> {
        let mut span = first.span;
        let mut terms = vec![first];
        while self.eat(text)? {
            let term = self.climb(power + 1)?;
            span = span.to(term.span);
            terms.push(term);
        }
        self.node(span, ExprKind::Logic { op, terms })
    }

    /// `!` and `-`, of which pairs cancel, as in cel-go.
    fn unary(&mut self) -> Parsed<Expr> {
        for (text, name) in [("!", "!_"), ("-", "-_")] {
            let at = self.ahead.span;
            let mut count = 0_usize;
            while self.eat(text)? {
                count += 1;
                if text == "-" && matches!(self.ahead.token, Token::Int(_) | Token::Double(_)) {
                    let number = self.negative(at)?;
                    return if count % 2 == 1 { Ok(number) } else { self.operator(name, at, vec![number]) };
                }
            }
            if count > 0 {
                let operand = self.postfix(None)?;
                return if count % 2 == 1 { self.operator(name, at, vec![operand]) } else { Ok(operand) };
            }
        }
        self.postfix(None)
    }
}

fn too_deep(span: Span) -> ParseError {
    ParseError::new(span, format!("the expression nests deeper than {MAX_DEPTH} levels"))
}

fn binary_operator(token: &Token) -> Option<(u8, &'static str)> {
    Some(match token {
        Token::Punct("||") => (1, "_||_"),
        Token::Punct("&&") => (2, "_&&_"),
        Token::Ident(name) if name == "in" => (3, "@in"),
        Token::Punct("==") => (3, "_==_"),
        Token::Punct("!=") => (3, "_!=_"),
        Token::Punct("<") => (3, "_<_"),
        Token::Punct("<=") => (3, "_<=_"),
        Token::Punct(">") => (3, "_>_"),
        Token::Punct(">=") => (3, "_>=_"),
        Token::Punct("+") => (4, "_+_"),
        Token::Punct("-") => (4, "_-_"),
        Token::Punct("*") => (5, "_*_"),
        Token::Punct("/") => (5, "_/_"),
        Token::Punct("%") => (5, "_%_"),
        _ => return None,
    })
}
