//! The table of functions and macros is whole: it is what people read.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::collections::BTreeSet;

use cairn_cel::decl::macros::MACROS;
use cairn_cel::decl::{LIBRARIES, Overload, markdown, table};

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
    let rows = LIBRARIES.iter().flat_map(|library| library.rows).map(|row| row.signature);
    for signature in rows.chain(MACROS.iter().map(|row| row.signature)) {
        assert!(text.contains(&format!("| `{}` |", signature.replace('|', "\\|"))), "{signature}");
    }
}

#[test]
fn every_macro_has_rows_for_value_and_for_failure() {
    let files = std::fs::read_dir(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")).unwrap();
    let text: String = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    for row in MACROS {
        let call = format!("{}(", row.name);
        let rows: Vec<_> = text.lines().filter(|line| line.contains(&call)).collect();
        assert!(rows.iter().any(|line| !line.contains(" => !")), "no value of {}", row.name);
        let refused = rows.iter().any(|line| line.contains(" => !check") || line.contains(" => !syntax"));
        assert!(refused, "no refusal of {}", row.name);
    }
}
