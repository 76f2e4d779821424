//! Programs that are built from a Go module of this repository, once for all checkouts.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Error, Result, cache,
    command::{run, run_long},
    progress::Progress,
};

/// A Go module with one program.
#[derive(Debug)]
pub struct Module {
    /// Where its `go.mod` lies.
    pub directory: PathBuf,
    /// Flags for the linker.
    pub link: &'static str,
    /// What someone who has no Go can do about it.
    pub install: &'static str,
}

impl Module {
    /// A short name for all that decides what comes out.
    ///
    /// # Errors
    /// [`Error::Missing`] without Go, and [`Error::Io`].
    pub fn key(&self) -> Result<String> {
        let files = fs::read_dir(&self.directory).map_err(|source| Error::file(&self.directory, source))?;
        let mut files: Vec<_> =
            files.filter_map(|file| Some(file.ok()?.path())).filter(|file| is_source(file)).collect();
        files.sort();
        let mut inputs = vec![self.go_version()?.into_bytes(), self.link.as_bytes().to_vec()];
        for file in files {
            inputs.push(fs::read(&file).map_err(|source| Error::file(&file, source))?);
        }
        Ok(cache::key(&inputs))
    }

    /// The version that is used for this module, which may be another than the one that is installed.
    fn go_version(&self) -> Result<String> {
        if let Err(source) = Command::new("go").arg("version").output()
            && source.kind() == ErrorKind::NotFound
        {
            return Err(Error::Missing { what: "Go".into(), install: self.install.into() });
        }
        run(Command::new("go").arg("version").current_dir(&self.directory), None)
    }

    /// Builds the program, without C and without a trace of where it was built.
    ///
    /// The compiler's own cache, gigabytes for a cluster, is kept only until the build has succeeded: one that was
    /// interrupted goes on from there.
    ///
    /// # Errors
    /// [`Error::Command`] with what the compiler said.
    pub fn build(&self, output: &Path, progress: &Progress) -> Result<()> {
        let objects = cache::directory()?.join(format!("go-{}", self.key()?));
        let mut go = Command::new("go");
        go.current_dir(&self.directory).env("CGO_ENABLED", "0").env("GOCACHE", &objects);
        go.args(["build", "-v", "-trimpath", "-buildvcs=false", "-ldflags", self.link, "-o"]).arg(output).arg(".");
        run_long(go, progress)?;
        fs::remove_dir_all(&objects).map_err(|source| Error::file(&objects, source))
    }
}

fn is_source(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("go" | "mod" | "sum"))
}
