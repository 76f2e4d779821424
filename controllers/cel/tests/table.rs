//! The table of functions and macros is whole: it is what people read.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::collections::BTreeSet;

use cairn_cel::decl::macros::MACROS;
use cairn_cel::decl::{LIBRARIES, Overload, markdown, table, written};

#[test]
fn every_signature_can_be_read_and_is_there_once() {
    let mut seen = BTreeSet::new();
    for row in LIBRARIES.iter().flat_map(|library| library.rows) {
        assert!(Overload::new(row).is_some(), "{}", row.signature);
        assert!(seen.insert((row.method, row.signature)), "{} twice", row.signature);
        assert!(!row.doc.is_empty() && row.doc.ends_with('.') && !row.doc.contains('\n'), "{}", row.signature);
    }
    assert_eq!(table().overloads().count(), seen.len());
}

#[test]
fn the_documentation_lists_everything() {
    let text = markdown();
    let rows = LIBRARIES.iter().flat_map(|library| library.rows).map(|row| written(row.signature));
    for signature in rows.chain(MACROS.iter().map(|row| row.signature.to_owned())) {
        assert!(text.contains(&format!("| `{}` |", signature.replace('|', "\\|"))), "{signature}");
    }
}

#[test]
fn operators_are_documented_as_they_are_written() {
    assert_eq!(written("_+_(int, int) -> int"), "int + int -> int");
    assert_eq!(written("@in(A, map(A, B)) -> bool"), "A in map(A, B) -> bool");
    assert_eq!(written("!_(bool) -> bool"), "!bool -> bool");
    assert_eq!(written("string.size() -> int"), "string.size() -> int");
}
