//! Semantic versions.

use std::sync::Arc;

use semver::Version;

use super::precedence::{compare, is_greater, is_less};
use crate::decl::{Outcome, Row, function, method, no_overload};
use crate::error::EvalError;
use crate::meter::Meter;
use crate::value::{Handle, Value};

/// The rows of the table.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    function("semver(string) -> semver", "The version that a text writes.", semver),
    function("semver(string, bool) -> semver", "The same; with true, after adding missing parts and dropping `v` and leading zeros.", semver),
    function("isSemver(string) -> bool", "Whether a text writes a version.", is_semver),
    function("isSemver(string, bool) -> bool", "The same; with true, after adding missing parts and dropping `v` and leading zeros.", is_semver),
    method("semver.major() -> int", "The first number.", major),
    method("semver.minor() -> int", "The second number.", minor),
    method("semver.patch() -> int", "The third number.", patch),
    method("semver.isGreaterThan(semver) -> bool", "Whether it is newer.", is_greater),
    method("semver.isLessThan(semver) -> bool", "Whether it is older.", is_less),
    method("semver.compareTo(semver) -> int", "-1 when it is older, 0 when equal, 1 when newer.", compare),
];

/// The version that the arguments write, if they are a text and perhaps a bool at all.
fn parse(args: &[Value<'_>]) -> Option<Result<Version, semver::Error>> {
    match args {
        [Value::String(text)] | [Value::String(text), Value::Bool(false)] => Some(Version::parse(text)),
        [Value::String(text), Value::Bool(true)] => Some(Version::parse(&normalized(text))),
        _ => None,
    }
}

/// `v01.2` as `1.2.0`.
fn normalized(text: &str) -> String {
    let text = text.strip_prefix('v').unwrap_or(text);
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (numbers, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let mut parts: Vec<&str> = numbers.split('.').map(bare).collect();
    // Kubernetes adds parts only where nothing follows them.
    while parts.len() < 3 && rest.is_empty() {
        parts.push("0");
    }
    format!("{}{rest}", parts.join("."))
}

fn bare(part: &str) -> &str {
    let bare = part.trim_start_matches('0');
    if bare.is_empty() && !part.is_empty() { "0" } else { bare }
}

fn semver<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let Some(parsed) = parse(args) else { return no_overload("semver", args) };
    let version = parsed.map_err(|_| EvalError::value("the text is not a semantic version"))?;
    Ok(Value::Opaque(Handle::Semver(Arc::new(version))))
}

fn is_semver<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let Some(parsed) = parse(args) else { return no_overload("isSemver", args) };
    Ok(Value::Bool(parsed.is_ok()))
}

fn number<'a>(name: &str, args: &[Value<'a>], read: fn(&Version) -> u64) -> Outcome<'a> {
    let [Value::Opaque(Handle::Semver(version))] = args else { return no_overload(name, args) };
    let value = i64::try_from(read(version)).map_err(|_| EvalError::value("integer overflow"))?;
    Ok(Value::Int(value))
}

fn major<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    number("major", args, |version| version.major)
}

fn minor<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    number("minor", args, |version| version.minor)
}

fn patch<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    number("patch", args, |version| version.patch)
}
