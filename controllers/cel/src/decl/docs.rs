//! The documentation of the language, generated from the table.

use std::fmt::Write as _;

use super::LIBRARIES;
use super::macros::MACROS;

const INTRODUCTION: &str = r#"# The expression language

What stands between `${` and `}` in a definition is an expression of the Common Expression Language (CEL) with the
libraries of Kubernetes and of kro. It is checked against the schemas of the objects that it reads before anything is
applied, and it cannot run for ever: an evaluation may cost ten million units, about one for each step, for each element
made and for ten bytes of text handled.

In signatures, capital letters stand for any type, the same letter for the same type. `dyn` is a value whose type is
known only when the expression runs, `optional(A)` one that may be missing. Every object is a map of its fields too.

## Syntax

| written | what it gives |
|---|---|
| `1`, `-1`, `0xff`, `1u`, `1.5`, `1e3` | numbers: int, int, int, uint, double, double |
| `"text"`, `'text'`, `'''text'''`, `r"\d"`, `b"bytes"` | text, between three quotes over several lines, after `r` without escapes; bytes |
| `true`, `false`, `null` | themselves |
| `[a, b]`, `{"k": a}` | a list, a map; `[?a]` and `{?"k": a}` leave an optional without a value out |
| `a.b`, `a["b-c"]`, `a[0]` | a field, the value of a key, an element; an error where there is none |
| `a.?b`, `a[?0]` | the same as an optional; what is selected from an optional is one |
| `a && b`, `a \|\| b` | and, or: a side that decides absorbs the error of the other |
| `a ? b : c` | the second where the first is true, else the third |
"#;

/// Every macro and function with its signature and what it does, as Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut out = String::from(INTRODUCTION);
    section(&mut out, "Macros", "the CEL specification, cel-go's extensions and kro");
    for row in MACROS {
        line(&mut out, row.signature, row.doc);
    }
    for library in LIBRARIES {
        section(&mut out, library.name, library.source);
        for row in library.rows {
            line(&mut out, &written(row.signature), row.doc);
        }
    }
    out
}

fn section(out: &mut String, name: &str, source: &str) {
    // Writing to a string cannot fail.
    let _ = write!(out, "\n## {name}\n\nAs in {source}.\n\n| signature | |\n|---|---|\n");
}

fn line(out: &mut String, signature: &str, doc: &str) {
    let _ = writeln!(out, "| `{}` | {} |", signature.replace('|', "\\|"), doc.replace('|', "\\|"));
}

/// The signature as its call is written: `_+_(int, int) -> int` is `int + int -> int`.
#[must_use]
pub fn written(signature: &str) -> String {
    let parts = signature.split_once('(').and_then(|(name, rest)| {
        let (operands, result) = rest.rsplit_once(") -> ")?;
        Some((name, operands, result))
    });
    let Some((name, operands, result)) = parts else { return signature.to_owned() };
    let operator = name.trim_start_matches('@').trim_matches('_');
    if name.starts_with(['_', '@']) {
        format!("{} -> {result}", operands.replacen(", ", &format!(" {operator} "), 1))
    } else if name.ends_with('_') {
        format!("{operator}{operands} -> {result}")
    } else {
        signature.to_owned()
    }
}
