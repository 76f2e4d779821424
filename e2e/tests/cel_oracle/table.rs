//! What is compared: the rows, what the oracle said, and the reasons for differences.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::read;

/// A row of the table.
pub(crate) struct Row {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) expr: String,
    pub(crate) expected: String,
}

impl Row {
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

/// The rows of all files in a directory.
pub(crate) fn rows(directory: &Path) -> Vec<Row> {
    let files = std::fs::read_dir(directory).unwrap().map(|file| file.unwrap().path());
    files.flat_map(|file| rows_of(&file.file_name().unwrap().to_string_lossy(), &read(&file))).collect()
}

pub(crate) fn rows_of(file: &str, text: &str) -> Vec<Row> {
    let lines = (1..).zip(text.lines());
    let lines = lines.filter(|(_, line)| !line.starts_with(['#', '@']) && !line.trim().is_empty());
    lines
        .map(|(line, text)| {
            let (expr, expected) = text.rsplit_once(" => ").unwrap_or_else(|| panic!("{file}:{line}: no =>"));
            Row { file: file.into(), line, expr: expr.into(), expected: expected.into() }
        })
        .collect()
}

/// What the oracle said, by the row's place: the expression with its answer.
pub(crate) fn answers(said: &str) -> BTreeMap<String, String> {
    let split = |line: &str| {
        let (place, answer) = line.split_once(": ").unwrap_or_else(|| panic!("of no row: {line}"));
        (place.to_owned(), answer.to_owned())
    };
    said.lines().map(split).collect()
}

/// What may differ, and for a reason.
pub(crate) struct Reasons {
    /// Expressions.
    pub(crate) exprs: BTreeSet<String>,
    /// Files of which cel-go knows nothing.
    pub(crate) files: BTreeSet<String>,
}

impl Reasons {
    pub(crate) fn parse(text: &str) -> Self {
        let subjects = text.lines().filter(|line| !line.starts_with('#')).map(|line| {
            let (subject, reason) = line.rsplit_once(" => ").unwrap_or_else(|| panic!("no reason: {line}"));
            assert!(!reason.trim().is_empty(), "no reason: {line}");
            subject.to_owned()
        });
        let (files, exprs) = subjects.partition(|subject| subject.starts_with("@file "));
        let names = |files: BTreeSet<String>| files.iter().map(|file| file["@file ".len()..].to_owned()).collect();
        Self { exprs, files: names(files) }
    }
}
