//! A Python environment of its own, with what `e2e/aws/requirements.txt` pins.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Error, Result, cache,
    command::{run, run_long},
    progress::Progress,
    workspace,
};

/// The oldest Python that the pinned versions run on.
const OLDEST: (u32, u32) = (3, 10);

/// The environment's Python, installed first if it is not there.
pub(super) fn python(progress: &Progress) -> Result<PathBuf> {
    let requirements = workspace().join("e2e").join("aws").join("requirements.txt");
    let pins = fs::read(&requirements).map_err(|source| Error::file(&requirements, source))?;
    let name = format!("aws-{}", cache::key(&[pins, version()?.into_bytes()]));
    let environment = cache::entry(&name, progress, |directory| {
        progress.long("installing moto, an AWS emulator, for Python (about a minute the first time)");
        create(directory)?;
        install(&python_in(directory), &requirements, progress)
    })?;
    Ok(python_in(&environment))
}

fn python_in(environment: &Path) -> PathBuf {
    environment.join("bin").join("python3")
}

/// Which Python this is, and where: an environment stays tied to both.
fn version() -> Result<String> {
    let question = "import sys; print(sys.version_info[0], sys.version_info[1], sys.executable)";
    let answer = run(Command::new("python3").args(["-c", question]), None).map_err(|error| match error {
        Error::Missing { .. } => too_old(),
        other => other,
    })?;
    let mut words = answer.split_whitespace().map_while(|word| word.parse::<u32>().ok());
    let found = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if found < OLDEST { Err(too_old()) } else { Ok(answer) }
}

fn too_old() -> Error {
    let (major, minor) = OLDEST;
    Error::Missing {
        what: format!("python3, {major}.{minor} or newer,"),
        install: "install it from your system's packages or https://www.python.org/downloads".into(),
    }
}

fn create(directory: &Path) -> Result<()> {
    let created = run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(directory), None);
    created.map(drop).map_err(|error| match error {
        // Debian and Ubuntu leave the module out of python3 and say so here.
        Error::Command { output, .. } if output.contains("ensurepip") => Error::Missing {
            what: "Python's module venv".into(),
            install: "install it, on Debian and Ubuntu with `apt install python3-venv`".into(),
        },
        other => other,
    })
}

fn install(python: &Path, requirements: &Path, progress: &Progress) -> Result<()> {
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--progress-bar=off", "--requirement"]);
    pip.arg(requirements);
    run_long(pip, progress)
}
