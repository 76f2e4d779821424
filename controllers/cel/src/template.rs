//! Text with `${…}` holes: kro's string templates.
//!
//! A text that is one hole gives the value of its expression as it is; any other is a concatenation. Where kro counts
//! braces and knows only double quotes, holes end here where the expression's own tokens say: `${'}'}` is a hole with
//! a brace in it. A hole that does not end is an error, as in later versions of kro.

use crate::error::{CheckError, CompileError, EvalError, ParseError};
use crate::library::convert::to_text;
use crate::meter::Limits;
use crate::program::{Bindings, Env, Program};
use crate::span::Span;
use crate::syntax::{Lexer, Token};
use crate::types::Type;
use crate::value::Value;

/// One part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text that stands for itself.
    Text(String),
    /// An expression, and where it stands between its braces.
    Hole {
        /// The expression.
        source: String,
        /// Its place in the template.
        span: Span,
    },
}

/// Splits a text into its parts; neighbouring texts are one, and empty ones are left out.
///
/// # Errors
/// A hole that does not end, or holds a character that no expression does.
pub fn split(text: &str) -> Result<Vec<Part>, ParseError> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("${")) {
        let open = at + found;
        if found > 0 {
            parts.push(Part::Text(text.get(at..open).unwrap_or_default().to_owned()));
        }
        let close = end_of_hole(text, open)?;
        let span = Span::new(open + 2, close);
        parts.push(Part::Hole { source: span.text(text).to_owned(), span });
        at = close + 1;
    }
    match text.get(at..) {
        Some(rest) if !rest.is_empty() => parts.push(Part::Text(rest.to_owned())),
        _ => {}
    }
    Ok(parts)
}

/// The brace that ends the hole which starts at `open`.
fn end_of_hole(text: &str, open: usize) -> Result<usize, ParseError> {
    let mut lexer = Lexer::new(text, open + 2);
    let mut depth = 0_usize;
    loop {
        let next = lexer.next().map_err(|error| unterminated(text, open).unwrap_or(error))?;
        match next.token {
            Token::Punct("{") => depth += 1,
            Token::Punct("}") if depth == 0 => return Ok(next.span.start),
            Token::Punct("}") => depth -= 1,
            Token::End => {
                return Err(ParseError::new(
                    Span::new(open, text.len()),
                    "the expression that `${` starts does not end",
                ));
            }
            _ => {}
        }
    }
}

/// Without any closing brace the missing end is the mistake, whatever else cannot be read.
fn unterminated(text: &str, open: usize) -> Option<ParseError> {
    let rest = text.get(open..)?;
    let message = "the expression that `${` starts does not end";
    (!rest.contains('}')).then(|| ParseError::new(Span::new(open, text.len()), message))
}

/// A compiled template.
#[derive(Debug, Clone)]
pub enum Template {
    /// Text without holes.
    Literal(String),
    /// One hole and nothing else: the value keeps its type.
    Whole(Box<Program>),
    /// Texts and holes, to be joined.
    Joined(Vec<Piece>),
}

/// One piece of a joined template.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Text.
    Text(String),
    /// An expression whose value is put in as text.
    Hole(Box<Program>),
}

/// Compiles a template. Spans in errors count from the start of the template.
///
/// # Errors
/// A hole does not end, does not compile, or is put into a longer text and has a value that is no text and has none
/// either: text, numbers, booleans, timestamps and durations do.
pub fn compile(env: &Env, text: &str) -> Result<Template, CompileError> {
    let parts = split(text)?;
    if let [Part::Hole { source, span }] = parts.as_slice() {
        return Ok(Template::Whole(Box::new(hole(env, source, *span)?)));
    }
    if !parts.iter().any(|part| matches!(part, Part::Hole { .. })) {
        return Ok(Template::Literal(text.to_owned()));
    }
    let pieces = parts.into_iter().map(|part| match part {
        Part::Text(text) => Ok(Piece::Text(text)),
        Part::Hole { source, span } => {
            let program = hole(env, &source, span)?;
            joinable(program.ty(), span)?;
            Ok(Piece::Hole(Box::new(program)))
        }
    });
    Ok(Template::Joined(pieces.collect::<Result<_, CompileError>>()?))
}

fn hole(env: &Env, source: &str, span: Span) -> Result<Program, CompileError> {
    let shift = |at: Span| Span::new(at.start + span.start, at.end + span.start);
    env.compile(source).map_err(|error| match error {
        CompileError::Parse(error) => CompileError::Parse(ParseError { span: shift(error.span), ..error }),
        CompileError::Check(errors) => CompileError::Check(
            errors.into_iter().map(|error| CheckError { span: shift(error.span), ..error }).collect(),
        ),
    })
}

fn joinable(ty: &Type, span: Span) -> Result<(), CompileError> {
    let fits = match ty {
        Type::Optional(inner) => return joinable(inner, span),
        Type::String | Type::Int | Type::Uint | Type::Double | Type::Bool | Type::Timestamp | Type::Duration => true,
        ty => ty.is_dyn(),
    };
    if fits {
        return Ok(());
    }
    let message = format!("{ty} cannot be put into a text: convert it, for example with string() or json.marshal()");
    Err(CompileError::Check(vec![CheckError::new(span, message).mismatch(Type::String, ty.clone())]))
}

impl Template {
    /// The static type of its value.
    #[must_use]
    pub fn ty(&self) -> &Type {
        match self {
            Self::Whole(program) => program.ty(),
            Self::Literal(_) | Self::Joined(_) => &Type::String,
        }
    }

    /// The programs of its holes, in order.
    #[must_use]
    pub fn programs(&self) -> Vec<&Program> {
        match self {
            Self::Literal(_) => Vec::new(),
            Self::Whole(program) => vec![program],
            Self::Joined(pieces) => pieces
                .iter()
                .filter_map(|piece| match piece {
                    Piece::Hole(program) => Some(&**program),
                    Piece::Text(_) => None,
                })
                .collect(),
        }
    }

    /// The JSON that it gives; nothing for `omit()` and for an optional without a value.
    ///
    /// # Errors
    /// An expression fails, or its value cannot be written where it stands.
    pub fn render(&self, bindings: &Bindings<'_>, limits: Limits) -> Result<Option<serde_json::Value>, EvalError> {
        self.render_within(bindings, limits).map(|(json, _)| json)
    }

    /// The same, with what it cost; all its expressions share the limits.
    ///
    /// # Errors
    /// As for [`Template::render`]; the error has the cost too.
    pub fn render_within(
        &self,
        bindings: &Bindings<'_>,
        limits: Limits,
    ) -> Result<(Option<serde_json::Value>, u64), EvalError> {
        match self {
            Self::Literal(text) => Ok((Some(text.as_str().into()), 0)),
            Self::Whole(program) => {
                let bound = program.bind(bindings);
                let (value, cost) = bound.evaluate_within(limits)?;
                value.to_field().map(|json| (json, cost)).map_err(|error| EvalError { cost, ..error })
            }
            Self::Joined(pieces) => join(pieces, bindings, limits).map(|(text, cost)| (Some(text.into()), cost)),
        }
    }
}

fn join(pieces: &[Piece], bindings: &Bindings<'_>, limits: Limits) -> Result<(String, u64), EvalError> {
    let mut out = String::new();
    let mut spent = 0;
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Hole(program) => {
                let bound = program.bind(bindings);
                let left = Limits { cost: limits.cost.saturating_sub(spent), ..limits };
                let dearer = |error: EvalError| EvalError { cost: error.cost.saturating_add(spent), ..error };
                let (value, cost) = bound.evaluate_within(left).map_err(dearer)?;
                spent = spent.saturating_add(cost);
                out.push_str(&piece_text(&value).map_err(|error| EvalError { cost: spent, ..error })?);
            }
        }
    }
    Ok((out, spent))
}

fn piece_text(value: &Value<'_>) -> Result<String, EvalError> {
    let inner = match value {
        Value::Optional(Some(inner)) => inner,
        Value::Optional(None) => {
            return Err(*EvalError::absent("an optional without a value cannot be put into a text"));
        }
        other => other,
    };
    to_text(inner)
        .ok_or_else(|| *EvalError::overload(format!("a value of type {} cannot be put into a text", inner.type_name())))
}
