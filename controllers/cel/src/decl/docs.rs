//! The documentation of the language, generated from the table.

use std::fmt::Write as _;

use super::LIBRARIES;
use super::macros::MACROS;

/// Every macro and function with its signature and what it does, as Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut out = String::from("# The expression language\n");
    section(&mut out, "Macros", "the CEL specification and cel-go's extensions");
    for row in MACROS {
        line(&mut out, row.signature, row.doc);
    }
    for library in LIBRARIES {
        section(&mut out, library.name, library.source);
        for row in library.rows {
            line(&mut out, row.signature, row.doc);
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
