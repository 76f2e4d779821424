//! One text or expression: compiled, and held against what it is for.

use cairn_cel::error::CompileError;
use cairn_cel::span::Span;
use cairn_cel::template::{self, Part, Template, split};
use cairn_cel::{Env, Program, Type, assign};

use super::visible::Usage;
use crate::definition::{Expression, Text};
use crate::problem::Problem;

/// What comes of it: never an empty list of problems.
pub(super) type Attempt<T> = Result<T, Vec<Problem>>;

/// A text of a template; its value must fit the field that it fills.
pub(super) fn template(env: &Env, text: &Text, expected: Option<&Type>) -> Attempt<Template> {
    let compiled = template::compile(env, &text.text).map_err(|error| problems(error, &text.path, 0))?;
    let Some(expected) = expected else { return Ok(compiled) };
    match assign::check(compiled.ty(), expected) {
        Ok(()) => Ok(compiled),
        Err(mismatch) => {
            let part = if mismatch.path.is_empty() { String::new() } else { format!(" at {}", mismatch.path) };
            let message = format!("the value has the type {}{part}{}", mismatch.found, encode(&mismatch.found));
            let problem = Problem::new(&text.path, message).suggest(mismatch.suggestion);
            let problem = Problem { span: hole(&text.text), ..problem };
            Err(vec![problem.expected(mismatch.expected.to_string())])
        }
    }
}

/// An expression that stands alone; its value must serve its purpose.
pub(super) fn expression(env: &Env, written: &Expression, usage: Usage) -> Attempt<Program> {
    let compiled = env.compile(&written.source);
    let program = compiled.map_err(|error| problems(error, &written.path, written.span.start))?;
    match unfit(usage, program.ty()) {
        None => Ok(program),
        Some(expected) => {
            let message = format!("the value of {usage} has the type {}", program.ty());
            Err(vec![Problem::new(&written.path, message).at(written.span).expected(expected)])
        }
    }
}

fn encode(found: &Type) -> &'static str {
    if *found == Type::Bytes { ": encode it, as in base64.encode(...)" } else { "" }
}

/// The only expression of a text, for the message.
fn hole(text: &str) -> Option<Span> {
    match split(text).ok()?.as_slice() {
        [Part::Hole { span, .. }] => Some(*span),
        _ => None,
    }
}

/// What does not compile; `start` is where the expression stands in its text.
fn problems(error: CompileError, path: &str, start: usize) -> Vec<Problem> {
    let shift = |span: Span| Span::new(span.start + start, span.end + start);
    match error {
        CompileError::Parse(error) => vec![Problem::new(path, error.to_string()).at(shift(error.span))],
        CompileError::Check(errors) => errors
            .into_iter()
            .map(|error| {
                let expected = error.expected.map(|ty| ty.to_string());
                let problem = Problem::new(path, error.message).at(shift(error.span)).suggest(error.suggestion);
                Problem { expected, ..problem }
            })
            .collect(),
    }
}

/// The type that would be right, where the type of an expression does not serve.
fn unfit(usage: Usage, ty: &Type) -> Option<&'static str> {
    let plain = match ty {
        Type::Optional(inner) if usage != Usage::Conditions => inner,
        other => other,
    };
    match (usage, plain) {
        (Usage::Conditions, ty) if ty.is_condition() => None,
        (Usage::Conditions, Type::List(element)) if element.is_condition() => None,
        (Usage::Conditions, _) => Some("a condition made by runtime.newCondition(), or a list of them"),
        (_, ty) if ty.is_dyn() => None,
        (Usage::ForEach, Type::List(_)) | (Usage::IncludeWhen | Usage::ReadyWhen, Type::Bool) => None,
        (Usage::ForEach, _) => Some("a list"),
        (Usage::IncludeWhen | Usage::ReadyWhen, _) => Some("bool"),
        _ => None,
    }
}
