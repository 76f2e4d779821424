//! The examples of graphs: each is valid, and renders what was reviewed.
//!
//! With `CAIRN_BLESS=1` what is rendered is written, to be reviewed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

use std::path::{Path, PathBuf};

use cairn::cli::{Cli, Command};
use cairn::graphs::{Output, RenderArgs, ValidateArgs, render, validate};
use clap::Parser as _;

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/graphs")
}

fn stories() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(examples()).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.is_dir());
    found.sort();
    found
}

/// The files of a story: its definitions and instances.
fn files(story: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(story).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.is_file() && path.file_name().is_some_and(|name| name != "observed.yaml"));
    found.sort();
    found
}

fn arguments(story: &Path, command: &[&str]) -> Cli {
    let mut arguments: Vec<std::ffi::OsString> = ["cairn"].iter().chain(command).map(Into::into).collect();
    let render = command[0] == "render";
    for file in files(story) {
        arguments.extend(render.then(|| "-f".into()));
        arguments.push(file.into());
    }
    let crds = story.join("crds");
    if crds.is_dir() {
        arguments.extend(["--crds".into(), crds.into_os_string()]);
    }
    Cli::parse_from(arguments)
}

fn validating(story: &Path) -> ValidateArgs {
    match arguments(story, &["validate"]).command {
        Command::Validate(args) => args,
        other => panic!("{other:?}"),
    }
}

fn rendering(story: &Path) -> RenderArgs {
    match arguments(story, &["render"]).command {
        Command::Render(args) => args,
        other => panic!("{other:?}"),
    }
}

fn name(story: &Path) -> String {
    story.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn every_example_is_valid_without_a_warning() {
    let stories = stories();
    assert!(stories.len() >= 12, "only {} examples", stories.len());
    for story in stories {
        let printed = validate(&validating(&story), false).unwrap();
        assert_eq!(printed.code, 0, "{}: {printed}", name(&story));
        assert!(printed.output.ends_with("0 errors, 0 warnings\n"), "{}: {printed}", name(&story));
        assert!(printed.output.contains("instances checked"), "{}: {printed}", name(&story));
    }
}

#[test]
fn every_example_renders_what_was_reviewed() {
    for story in stories() {
        let first = render(&rendering(&story), false).unwrap();
        compare(&story.join("rendered/first.yaml"), &first.output);
        let args = RenderArgs { observed: vec![story.join("observed.yaml")], ..rendering(&story) };
        let then = render(&args, false).unwrap();
        compare(&story.join("rendered/then.yaml"), &then.output);
        assert_eq!((first.code, then.code), (0, 0), "{}: {first}{then}", name(&story));
        assert!(first.output != then.output, "{}: what is observed changes nothing", name(&story));
        assert_eq!(format!("{}{}", first.complaints, then.complaints), "", "{}", name(&story));
    }
}

fn compare(golden: &Path, found: &str) {
    if std::env::var_os("CAIRN_BLESS").is_some() {
        std::fs::create_dir_all(golden.parent().unwrap()).unwrap();
        std::fs::write(golden, found).unwrap();
    }
    let expected = std::fs::read_to_string(golden).unwrap_or_default();
    assert!(expected == found, "{} differs; it is now:\n{found}", golden.display());
}

#[test]
fn every_example_can_be_drawn() {
    for story in stories() {
        let args = RenderArgs { output: Output::Mermaid, ..rendering(&story) };
        let instance = render(&args, false).unwrap();
        assert!(instance.output.starts_with("graph TD\n") && instance.output.contains(":::"), "{instance}");
        let files = files(&story).into_iter().filter(|file| !file.ends_with("instance.yaml")).collect();
        let definition = render(&RenderArgs { files, ..args }, false).unwrap();
        assert!(definition.output.starts_with("graph TD\n") && !definition.output.contains(":::"), "{definition}");
    }
}
