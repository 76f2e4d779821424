//! The table of cases: every row is an expression and what it must give.
//!
//! `expression => value :: type`, or `=> !syntax`, `!check`, `!error` and a part of the message. `@var name: type = json`
//! declares and binds a variable for the rows that follow. With `CAIRN_CEL_BLESS=1` rows whose expectation is `?` are
//! filled in, to be reviewed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cairn_cel::decl::macros::MACROS;
use cairn_cel::decl::table;
use cairn_cel::types::parse_type;
use cairn_cel::{Bindings, CompileError, Env, FaultKind, Type};
use serde_json::Value as Json;

struct Row {
    file: String,
    line: usize,
    expr: String,
    expected: String,
    vars: BTreeMap<String, (Type, Json)>,
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn files() -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(directory()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn rows(path: &Path, text: &str) -> Vec<Row> {
    let mut vars = BTreeMap::new();
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let place = || format!("{}:{}", path.display(), index + 1);
        if let Some(declaration) = line.strip_prefix("@var ") {
            let (head, json) = declaration.split_once(" = ").unwrap_or_else(|| panic!("{}", place()));
            let (name, ty) = head.split_once(": ").unwrap_or_else(|| panic!("{}", place()));
            let ty = parse_type(ty).unwrap_or_else(|| panic!("{}: type", place()));
            let json = serde_json::from_str(json).unwrap_or_else(|error| panic!("{}: {error}", place()));
            vars.insert(name.to_owned(), (ty, json));
        } else if !line.starts_with('#') && !line.trim().is_empty() {
            let (expr, expected) = line.rsplit_once(" => ").unwrap_or_else(|| panic!("{}: no =>", place()));
            let (expr, expected) = (expr.to_owned(), expected.to_owned());
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            rows.push(Row { file, line: index + 1, expr, expected, vars: vars.clone() });
        }
    }
    rows
}

fn env(row: &Row) -> Env {
    row.vars.iter().fold(Env::new().with_omit().with_conditions(), |env, (name, (ty, _))| env.with(name, ty.clone()))
}

/// What the row gives, in the notation of the table.
fn outcome(row: &Row) -> String {
    let program = match env(row).compile(&row.expr) {
        Ok(program) => program,
        Err(CompileError::Parse(error)) => return format!("!syntax {}", error.message),
        Err(error @ CompileError::Check(_)) => {
            // Lists of overloads are not what a row is about.
            let message = error.to_string();
            return format!("!check {}", message.split("; there is").next().unwrap_or_default());
        }
    };
    let bindings = row.vars.iter().fold(Bindings::new(), |bindings, (name, (_, json))| bindings.with(name, json));
    match program.bind(&bindings).evaluate() {
        Ok(value) => format!("{value} :: {}", program.ty()),
        Err(error) => format!("!error {error}"),
    }
}

fn fits(actual: &str, expected: &str) -> bool {
    if expected.starts_with('!') {
        let (kind, part) = expected.split_once(' ').unwrap_or((expected, ""));
        return actual.starts_with(kind) && actual.contains(part);
    }
    actual == expected || actual.rsplit_once(" :: ").is_some_and(|(value, _)| value == expected)
}

fn all_rows() -> Vec<Row> {
    files().iter().flat_map(|path| rows(path, &std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn every_row_gives_what_it_must() {
    if std::env::var_os("CAIRN_CEL_BLESS").is_some() {
        bless();
    }
    let rows = all_rows();
    let mut wrong = Vec::new();
    for row in &rows {
        let actual = outcome(row);
        if !fits(&actual, &row.expected) {
            wrong.push(format!(
                "{}:{}: {}\n  expected {}\n  actual   {actual}",
                row.file, row.line, row.expr, row.expected
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    assert!(rows.len() >= 3000, "only {} rows", rows.len());
}

fn bless() {
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        let by_line: BTreeMap<_, _> = rows(&path, &text).into_iter().map(|row| (row.line, row)).collect();
        let filled = text.lines().enumerate().map(|(index, line)| match by_line.get(&(index + 1)) {
            Some(row) if row.expected == "?" => format!("{} => {}\n", row.expr, outcome(row)),
            _ => format!("{line}\n"),
        });
        std::fs::write(&path, filled.collect::<String>()).unwrap();
    }
}

#[test]
fn every_overload_has_a_row_with_a_value() {
    let mut missing: BTreeSet<_> = table().overloads().map(|overload| overload.row.signature).collect();
    for row in all_rows().iter().filter(|row| !row.expected.starts_with('!')) {
        let program = env(row).compile(&row.expr).unwrap();
        // A call on `dyn` leaves many overloads open, and shows none of them.
        for overloads in program.checked().calls().filter(|overloads| overloads.len() == 1) {
            missing.remove(overloads[0].row.signature);
        }
    }
    assert!(missing.is_empty(), "no row for {missing:#?}");
}

/// The rows that stand under a signature as a heading.
fn rows_under(signature: &str) -> Vec<Row> {
    let heading = format!("# {signature}");
    let mut found = Vec::new();
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<_> = text.lines().collect();
        let Some(at) = lines.iter().position(|line| *line == heading) else { continue };
        let end = lines.iter().skip(at + 1).position(|line| line.starts_with('#')).map_or(lines.len(), |n| at + 1 + n);
        found.extend(rows(&path, &text).into_iter().filter(|row| (at + 1..=end).contains(&row.line)));
    }
    found
}

#[test]
fn every_overload_has_a_row_with_a_type_error_and_one_with_a_run_time_error() {
    let mut missing = Vec::new();
    for overload in table().overloads() {
        let (signature, rows) = (overload.row.signature, rows_under(overload.row.signature));
        let is = |row: &&Row, kind: &str| row.expected.starts_with(kind) && mentions(&row.expr, &overload.name);
        // What a row calls is known when it compiles; a row that does not compile names the function.
        let calls = |row: &Row| {
            let program = env(row).compile(&row.expr).unwrap();
            program.checked().calls().any(|found| found.iter().any(|found| found.row.signature == signature))
        };
        let refused = rows.iter().any(|row| is(&row, "!check"));
        // A function without arguments has nothing to fail on.
        let fails = overload.params.is_empty() || rows.iter().any(|row| is(&row, "!error") && calls(row));
        if !(refused && fails) {
            missing.push(signature);
        }
    }
    assert!(missing.is_empty(), "no rows for {missing:#?}");
}

#[test]
fn every_macro_has_a_row_of_each_outcome() {
    for row in MACROS {
        let rows: Vec<_> =
            rows_under(row.signature).into_iter().filter(|found| mentions(&found.expr, row.name)).collect();
        let has = |holds: fn(&str) -> bool| rows.iter().any(|row| holds(&row.expected));
        assert!(has(|expected| !expected.starts_with('!')), "no value of {}", row.signature);
        let refused = has(|expected| expected.starts_with("!check") || expected.starts_with("!syntax"));
        assert!(refused, "no refusal of {}", row.signature);
        assert!(has(|expected| expected.starts_with("!error")), "no failure of {}", row.signature);
    }
}

/// Whether an expression calls a function or uses an operator.
fn mentions(expr: &str, name: &str) -> bool {
    let operator = name.trim_start_matches('@').trim_matches('_');
    if name.starts_with(['_', '@']) || name.ends_with('_') {
        return expr.contains(operator);
    }
    expr.contains(&format!("{name}("))
}

#[test]
fn absent_data_is_told_from_other_failures() {
    let json = serde_json::json!({"status": {}, "items": []});
    let kind = |expr: &str| {
        let program = Env::new().with("db", Type::Dyn).compile(expr).unwrap();
        let error = program.bind(&Bindings::new().with("db", &json)).evaluate().unwrap_err();
        (error.kind, error.path)
    };
    let absent = |path: &str| (FaultKind::Absent, Some(path.to_owned()));
    assert_eq!(kind("db.status.endpoint.address + ':5432'"), absent("db.status.endpoint"));
    assert_eq!(kind("db.items[0].name"), absent("db.items[0]"));
    assert_eq!(kind("db['status']['x']"), absent("db[\"status\"][\"x\"]"));
    assert_eq!(kind("1 / size(db.items)").0, FaultKind::Value);
    assert_eq!(kind("db.status + 1").0, FaultKind::Type);
}

#[test]
fn every_known_difference_is_a_row_with_a_reason() {
    let text = std::fs::read_to_string(directory().with_file_name("differences.txt")).unwrap();
    let whole = all_rows().into_iter().map(|row| format!("@file {}", row.file));
    let known: BTreeSet<_> = all_rows().into_iter().map(|row| row.expr).chain(whole).collect();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (subject, reason) = line.rsplit_once(" => ").unwrap();
        assert!(known.contains(subject) && !reason.is_empty(), "{line}");
    }
}
