//! Processes that run while others work.

use std::{
    fs::{File, read_to_string},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::{
    Error, Result, session,
    wait::{Look, until_at},
};

const TAIL: usize = 40;

/// A process that logs to a file of this run, and that ends when this is dropped.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts the command.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be started.
    pub fn start(name: &str, command: &mut Command) -> Result<Self> {
        let log = session::log(name)?;
        let file = |source| Error::file(&log, source);
        let out = File::create(&log).map_err(file)?;
        let err = out.try_clone().map_err(file)?;
        // A group of its own, so that a terminal's Ctrl-C does not end it behind our back and out of order.
        command.stdin(Stdio::null()).stdout(out).stderr(err).process_group(0);
        let child = command.spawn().map_err(|source| Error::Io { what: format!("starting {name}"), source })?;
        session::watch(child.id());
        Ok(Self { name: name.to_owned(), child, log })
    }

    /// Its number, by which the system tells what it uses.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Fails when the process has ended, with its last lines.
    ///
    /// # Errors
    /// [`Error::Ended`].
    pub fn still_runs(&mut self) -> Result<()> {
        let Some(status) = self.status()? else { return Ok(()) };
        session::keep_logs()?;
        Err(Error::Ended { name: self.name.clone(), status, log: self.log.clone(), tail: self.tail() })
    }

    /// The last lines of its log.
    #[must_use]
    pub fn tail(&self) -> String {
        let text = self.logged();
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(TAIL)..].join("\n")
    }

    /// All it has logged.
    #[must_use]
    pub fn logged(&self) -> String {
        read_to_string(&self.log).unwrap_or_default()
    }

    /// Where it logs.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Asks the process to end, and waits for it.
    ///
    /// # Errors
    /// [`Error::Late`] when it does not end in time; it is then killed.
    pub fn terminate(&mut self, grace: Duration) -> Result<ExitStatus> {
        kill_process(Pid::from_child(&self.child), Signal::TERM).ok();
        let what = format!("the end of {}", self.name);
        let ended = until_at(&what, grace, Duration::from_millis(20), || {
            Ok(self.status()?.map_or_else(|| Look::NotYet("it still runs".into()), Look::Done))
        });
        if ended.is_err() {
            self.kill();
        }
        ended
    }

    /// Ends the process and all it has started, at once and without its say, and waits until they are gone.
    pub fn kill(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            kill_process_group(Pid::from_child(&self.child), Signal::KILL).ok();
        }
        session::forget(self.child.id());
        self.child.wait().ok();
    }

    fn status(&mut self) -> Result<Option<ExitStatus>> {
        let status = self.child.try_wait().map_err(|source| Error::Io { what: self.name.clone(), source })?;
        if status.is_some() {
            session::forget(self.child.id());
        }
        Ok(status)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
