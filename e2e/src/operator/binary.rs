//! The program `cairn`, as cargo built it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use crate::{Error, Result, command::run_long, progress::Progress, workspace};

/// The program beside this one, built first if it is not there or older than what it is made from.
///
/// `cargo test --workspace` builds it with everything else. Asking cargo once more would build half of it again, with
/// the features of another selection of packages.
///
/// # Errors
/// [`Error::Command`] when it cannot be built.
pub fn up_to_date(progress: &Progress) -> Result<PathBuf> {
    let program = path()?;
    if is_fresh(&program) {
        return Ok(program);
    }
    progress.long("building cairn");
    build(&program, progress)?;
    Ok(program)
}

/// Where cargo puts it: where this program is, or above it if this is a test.
///
/// # Errors
/// [`Error::Io`].
pub fn path() -> Result<PathBuf> {
    let this = env::current_exe().map_err(|source| Error::Io { what: "this program's path".into(), source })?;
    let directory = this.parent().unwrap_or(Path::new("."));
    let directory = if directory.ends_with("deps") { directory.parent().unwrap_or(directory) } else { directory };
    Ok(directory.join("cairn"))
}

fn build(program: &Path, progress: &Progress) -> Result<()> {
    let directory = program.parent().unwrap_or(Path::new("."));
    let profile = match directory.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(workspace()).args(["build", "--package", "cairn", "--bin", "cairn", "--profile", profile]);
    cargo.arg("--target-dir").arg(directory.parent().unwrap_or(directory));
    run_long(cargo, progress)
}

/// Whether nothing that cargo made it from has changed since.
fn is_fresh(program: &Path) -> bool {
    let Some(built) = modified(program) else { return false };
    let Ok(inputs) = fs::read_to_string(program.with_extension("d")) else { return false };
    sources(&inputs).iter().all(|source| modified(source).is_some_and(|changed| changed <= built))
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|metadata| metadata.modified()).ok()
}

/// The files that cargo's note beside a program names, in make's notation.
fn sources(note: &str) -> Vec<PathBuf> {
    let files = note.split_once(": ").map_or("", |(_, files)| files);
    let files = files.replace("\\ ", "\0");
    files.split_whitespace().map(|file| PathBuf::from(file.replace('\0', " "))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_with_spaces() {
        let note = "/t/debug/cairn: /a/b.rs /a/c\\ d.rs\n";
        assert_eq!(sources(note), [PathBuf::from("/a/b.rs"), PathBuf::from("/a/c d.rs")]);
    }

    #[test]
    fn what_is_not_there_is_not_fresh() {
        assert!(!is_fresh(Path::new("/nowhere/cairn")));
    }
}
