//! Recognizes the calls that are macros, by the table of declarations.

use super::ast::{Element, Expr, ExprKind, Literal, Macro, MacroKind, Name};
use super::parser::{Parsed, Parser};
use crate::decl::macros::{Form, MacroRow, find};
use crate::error::ParseError;
use crate::span::Span;
use crate::types::CONDITION_FIELDS;

/// A call: of a macro when the table has one of this name and number of arguments, else of a function.
pub(super) fn call(
    parser: &mut Parser<'_>,
    at: Span,
    target: Option<Expr>,
    function: Name,
    args: Vec<Expr>,
) -> Parsed<Expr> {
    let span = at.to(parser.last);
    let namespace = target.as_ref().and_then(Expr::dotted);
    match find(namespace.as_deref(), &function.text, target.is_some(), args.len()) {
        None => {
            let target = target.map(Box::new);
            parser.node(span, ExprKind::Call { target, function, args })
        }
        Some(MacroRow { form: Form::Has, .. }) => has(parser, span, args),
        Some(MacroRow { form: Form::Gather, .. }) => gather(parser, span, target, function, args),
        Some(MacroRow { form: Form::Bind, .. }) => bind(parser, span, function, args),
        Some(MacroRow { form: Form::Fields, .. }) => fields(parser, span, target, function, args),
        Some(MacroRow { form: Form::Loop { kind, variables }, .. }) => match target {
            Some(range) => comprehension(parser, span, *kind, function, range, (*variables, args)),
            None => parser.node(span, ExprKind::Call { target: None, function, args }),
        },
    }
}

fn has(parser: &mut Parser<'_>, span: Span, args: Vec<Expr>) -> Parsed<Expr> {
    let argument = args.into_iter().next().map(|argument| (argument.span, argument.kind));
    match argument {
        Some((_, ExprKind::Select { operand, field, optional: false })) => {
            parser.node(span, ExprKind::Has { operand, field })
        }
        Some((at, _)) => Err(ParseError::new(at, "has() takes a field selection, as in has(object.field)")),
        None => Err(ParseError::new(span, "has() takes a field selection, as in has(object.field)")),
    }
}

/// `math.greatest(a, b, c)` is `math.greatest([a, b, c])`. As in cel-go, constants among them are numbers.
fn gather(parser: &mut Parser<'_>, span: Span, target: Option<Expr>, function: Name, args: Vec<Expr>) -> Parsed<Expr> {
    let is_number = |literal: &Literal| matches!(literal, Literal::Int(_) | Literal::Uint(_) | Literal::Double(_));
    let wrong = args.iter().find(|arg| matches!(&arg.kind, ExprKind::Literal(literal) if !is_number(literal)));
    if let Some(wrong) = wrong {
        return Err(ParseError::new(wrong.span, format!("{}() takes numbers", function.text)));
    }
    let elements = args.into_iter().map(|value| Element { optional: false, value }).collect();
    let list = parser.node(span, ExprKind::List(elements))?;
    parser.node(span, ExprKind::Call { target: target.map(Box::new), function, args: vec![list] })
}

/// The keys of the map that follows are names of fields, not variables.
fn fields(
    parser: &mut Parser<'_>,
    span: Span,
    target: Option<Expr>,
    function: Name,
    mut args: Vec<Expr>,
) -> Parsed<Expr> {
    let Some(Expr { kind: ExprKind::Map(entries), .. }) = args.first_mut() else {
        let message =
            format!("{}() takes its fields in braces, as in {{type: \"Ready\", status: \"True\"}}", function.text);
        return Err(ParseError::new(span, message));
    };
    for entry in &mut *entries {
        if let ExprKind::Ident(name) = &entry.key.kind {
            entry.key.kind = ExprKind::Literal(Literal::String(name.text.clone()));
        }
        field(&entry.key, &function)?;
    }
    for needed in CONDITION_FIELDS.iter().take(2) {
        if !entries.iter().any(|entry| !entry.optional && key(&entry.key) == Some(needed)) {
            return Err(ParseError::new(span, format!("{}() needs the field {needed:?}", function.text)));
        }
    }
    parser.node(span, ExprKind::Call { target: target.map(Box::new), function, args })
}

fn field(written: &Expr, function: &Name) -> Parsed<()> {
    let name = key(written)
        .ok_or_else(|| ParseError::new(written.span, format!("a field of {}() is a plain name", function.text)))?;
    if CONDITION_FIELDS.contains(&name) {
        return Ok(());
    }
    let message = format!("{}() has no field {name:?}; there are {}", function.text, CONDITION_FIELDS.join(", "));
    Err(ParseError::new(written.span, message))
}

fn key(written: &Expr) -> Option<&str> {
    match &written.kind {
        ExprKind::Literal(Literal::String(name)) => Some(name),
        _ => None,
    }
}

fn bind(parser: &mut Parser<'_>, span: Span, name: Name, args: Vec<Expr>) -> Parsed<Expr> {
    let Ok([variable, range, result]) = <[Expr; 3]>::try_from(args) else {
        return Err(ParseError::new(span, "cel.bind() takes a name, a value and a result"));
    };
    let variables = vec![simple(&variable)?];
    let call = Macro { kind: MacroKind::Bind, name, range, variables, args: vec![result] };
    parser.node(span, ExprKind::Macro(Box::new(call)))
}

fn comprehension(
    parser: &mut Parser<'_>,
    span: Span,
    kind: MacroKind,
    name: Name,
    range: Expr,
    (count, mut args): (usize, Vec<Expr>),
) -> Parsed<Expr> {
    let rest = args.split_off(count.min(args.len()));
    let variables = args.iter().map(simple).collect::<Parsed<Vec<_>>>()?;
    if let [first, second] = variables.as_slice()
        && first.text == second.text
    {
        return Err(ParseError::new(second.span, "the two variables of a macro need different names"));
    }
    let entry = rest.last().is_none_or(|last| matches!(&last.kind, ExprKind::Map(_)));
    if kind == MacroKind::TransformMapEntry && !entry {
        return Err(ParseError::new(span, "transformMapEntry() ends with a map literal"));
    }
    parser.node(span, ExprKind::Macro(Box::new(Macro { kind, name, range, variables, args: rest })))
}

fn simple(expr: &Expr) -> Parsed<Name> {
    match &expr.kind {
        ExprKind::Ident(name) => Ok(name.clone()),
        _ => Err(ParseError::new(expr.span, "a variable of a macro must be a plain name")),
    }
}
