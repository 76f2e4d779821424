//! Regular expressions in RE2's syntax.

use super::pattern::compile;
use crate::decl::{Outcome, Row, function, method, no_overload};
use crate::error::EvalError;
use crate::meter::Meter;
use crate::value::Value;

/// The rows of the table.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    function("matches(string, string) -> bool", "Whether a pattern matches anywhere in a text.", matches),
    method("string.matches(string) -> bool", "Whether a pattern matches anywhere in the text.", matches),
    method("string.find(string) -> string", "The first match of a pattern, or an empty text.", find),
    method("string.findAll(string) -> list(string)", "Every match of a pattern.", find_all),
    method("string.findAll(string, int) -> list(string)", "At most so many matches; all of them when negative.", find_all),
    function("regex.replace(string, string, string) -> string", "Every match replaced; `\\1` stands for a group.", replace),
    function("regex.replace(string, string, string, int) -> string", "So many matches replaced; all of them when negative.", replace),
    function("regex.extract(string, string) -> optional(string)", "The first match, or its group where the pattern has one.", extract),
    function("regex.extractAll(string, string) -> list(string)", "Every match, or its group where the pattern has one.", extract_all),
];

fn matches<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text), Value::String(pattern)] = args else { return no_overload("matches", args) };
    search(meter, text, pattern)?;
    Ok(Value::Bool(compile(pattern)?.is_match(text)))
}

/// The cost of a search: linear in the text, times the size of the pattern, as Kubernetes counts it.
fn search(meter: &mut Meter, text: &str, pattern: &str) -> Result<(), Box<EvalError>> {
    meter.text(pattern.len().saturating_mul(40))?;
    meter.text(text.len().saturating_add(1).saturating_mul(pattern.len() / 4 + 1))
}

fn find<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text), Value::String(pattern)] = args else { return no_overload("find", args) };
    search(meter, text, pattern)?;
    let pattern = compile(pattern)?;
    Ok(Value::text(pattern.find(text).map(|found| found.as_str()).unwrap_or_default()))
}

fn find_all<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let (text, pattern, limit) = match args {
        [Value::String(text), Value::String(pattern)] => (text, pattern, -1),
        [Value::String(text), Value::String(pattern), Value::Int(limit)] => (text, pattern, *limit),
        _ => return no_overload("findAll", args),
    };
    search(meter, text, pattern)?;
    let pattern = compile(pattern)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut out = Vec::new();
    for found in pattern.find_iter(text).take(limit) {
        meter.elements(1)?;
        out.push(Value::text(found.as_str()));
    }
    Ok(Value::list(out))
}

fn replace<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let (text, pattern, with, limit) = match args {
        [Value::String(text), Value::String(pattern), Value::String(with)] => (text, pattern, with, -1),
        [Value::String(text), Value::String(pattern), Value::String(with), Value::Int(limit)] => {
            (text, pattern, with, *limit)
        }
        _ => return no_overload("regex.replace", args),
    };
    search(meter, text, pattern)?;
    let pattern = compile(pattern)?;
    let parts = replacement(with, pattern.captures_len())?;
    let mut out = String::new();
    let mut last = 0;
    for found in pattern.captures_iter(text).take(usize::try_from(limit).unwrap_or(usize::MAX)) {
        let Some(whole) = found.get(0) else { continue };
        out.push_str(text.get(last..whole.start()).unwrap_or_default());
        for part in &parts {
            let piece = match part {
                Part::Text(text) => text.as_str(),
                Part::Group(group) => found.get(*group).map(|group| group.as_str()).unwrap_or_default(),
            };
            meter.text(10 + piece.len())?;
            out.push_str(piece);
        }
        last = whole.end();
    }
    out.push_str(text.get(last..).unwrap_or_default());
    Ok(Value::text(out))
}

enum Part {
    Text(String),
    Group(usize),
}

/// `\1` is a group, `\\` a backslash, anything else after a backslash an error.
fn replacement(text: &str, groups: usize) -> Result<Vec<Part>, Box<EvalError>> {
    let mut parts = Vec::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            parts.push(Part::Text(letter.to_string()));
            continue;
        }
        match letters.next() {
            Some('\\') => parts.push(Part::Text("\\".to_owned())),
            Some(digit @ '0'..='9') => {
                let group = digit.to_digit(10).and_then(|group| usize::try_from(group).ok()).unwrap_or_default();
                if group >= groups {
                    let message =
                        format!("replacement string references group {group} of {}", groups.saturating_sub(1));
                    return Err(EvalError::value(message));
                }
                parts.push(Part::Group(group));
            }
            _ => {
                return Err(EvalError::value("invalid replacement: a backslash needs a digit or a backslash after it"));
            }
        }
    }
    Ok(parts)
}

fn one_group(pattern: &regex::Regex) -> Result<usize, Box<EvalError>> {
    match pattern.captures_len() {
        0 | 1 => Ok(0),
        2 => Ok(1),
        _ => Err(EvalError::value("the regular expression has more than one group")),
    }
}

fn extract<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text), Value::String(pattern)] = args else { return no_overload("regex.extract", args) };
    search(meter, text, pattern)?;
    let pattern = compile(pattern)?;
    let group = one_group(&pattern)?;
    let found = pattern.captures(text).and_then(|found| found.get(group).map(|found| Value::text(found.as_str())));
    Ok(found.map_or(Value::Optional(None), Value::some))
}

fn extract_all<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text), Value::String(pattern)] = args else { return no_overload("regex.extractAll", args) };
    search(meter, text, pattern)?;
    let pattern = compile(pattern)?;
    let group = one_group(&pattern)?;
    let mut out = Vec::new();
    for found in pattern.captures_iter(text).filter_map(|found| found.get(group)) {
        meter.elements(1)?;
        out.push(Value::text(found.as_str()));
    }
    Ok(Value::list(out))
}
