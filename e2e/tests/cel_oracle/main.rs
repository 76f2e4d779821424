//! The table of the expression language, held against cel-go: `e2e/cel-oracle` says what that makes of each row.
//!
//! Where the two differ, `controllers/cel/tests/differences.txt` must say why; where it says so, they must differ.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

mod compare;
mod table;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use cairn_e2e::{Result, cache, command::run, go::Module, progress::Progress, workspace};

use compare::complaints;
use table::{Reasons, answers, rows};

/// The oracle, built first if it is not there.
fn oracle() -> Result<PathBuf> {
    let progress = Progress::quiet();
    let module = Module {
        directory: workspace().join("e2e").join("cel-oracle"),
        link: "-s -w",
        install: "install it from https://go.dev/dl",
    };
    let directory = cache::entry(&format!("cel-oracle-{}", module.key()?), &progress, |directory| {
        progress.long("building cel-go with Kubernetes' libraries (about a minute the first time)");
        module.build(&directory.join("cel-oracle"), &progress)
    })?;
    Ok(directory.join("cel-oracle"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn cel_go_agrees_or_there_is_a_reason() -> Result<()> {
    let tests = workspace().join("controllers").join("cel").join("tests");
    let said = run(Command::new(oracle()?).arg(tests.join("cases")), None)?;
    let (rows, answers) = (rows(&tests.join("cases")), answers(&said));
    let complaints = complaints(&rows, &answers, &Reasons::parse(&read(&tests.join("differences.txt"))));
    assert!(complaints.is_empty(), "{} of {} rows:\n{}", complaints.len(), rows.len(), complaints.join("\n"));
    assert!(rows.len() >= 2000 && rows.len() == answers.len(), "{} rows, {} answers", rows.len(), answers.len());
    Ok(())
}
