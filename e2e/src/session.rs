//! One run's directory and processes, which end with it.
//!
//! Statics are not dropped, tests abort, and `kill -9` runs no code of ours. So a shell waits at the end of a pipe: when
//! this process ends, in whatever way, the pipe closes, and the shell ends what is left and removes the directory.

use std::{
    env,
    fs::create_dir_all,
    io::Write,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::{Error, Result};

const WATCHDOG: &str = include_str!("watchdog.sh");

static SESSION: OnceLock<Session> = OnceLock::new();
static START: Mutex<()> = Mutex::new(());
static COUNT: AtomicUsize = AtomicUsize::new(0);

struct Session {
    directory: PathBuf,
    watchdog: Mutex<Watchdog>,
}

struct Watchdog {
    child: Child,
    pipe: Option<ChildStdin>,
}

/// A new directory for one thing that runs, removed at the end of this process.
///
/// # Errors
/// [`Error::Io`].
pub fn work(name: &str) -> Result<PathBuf> {
    let directory = session()?.directory.join("work").join(numbered(name));
    create_dir_all(&directory).map_err(|source| Error::file(&directory, source))?;
    Ok(directory)
}

/// A new log file's path. Logs outlive this process if [`keep_logs`] was called.
///
/// # Errors
/// [`Error::Io`].
pub fn log(name: &str) -> Result<PathBuf> {
    Ok(session()?.directory.join("logs").join(format!("{}.log", numbered(name))))
}

/// Keeps the logs after the end of this process, and says where they are.
///
/// # Errors
/// [`Error::Io`].
pub fn keep_logs() -> Result<PathBuf> {
    order("keep");
    Ok(session()?.directory.join("logs"))
}

/// Ends what still runs and removes the directory now, rather than a moment after the end of this process.
pub fn finish() {
    let Some(session) = SESSION.get() else { return };
    let mut watchdog = session.watchdog.lock().unwrap_or_else(PoisonError::into_inner);
    watchdog.pipe = None;
    watchdog.child.wait().ok();
}

/// From now on the process ends with this one.
pub(crate) fn watch(pid: u32) {
    order(&format!("watch {pid}"));
}

/// The process is about to be waited for: afterwards its id may be another's.
pub(crate) fn forget(pid: u32) {
    order(&format!("forget {pid}"));
}

fn order(line: &str) {
    let Ok(session) = session() else { return };
    let mut watchdog = session.watchdog.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(pipe) = &mut watchdog.pipe {
        writeln!(pipe, "{line}").ok();
    }
}

fn numbered(name: &str) -> String {
    format!("{:03}-{name}", COUNT.fetch_add(1, Ordering::Relaxed))
}

fn session() -> Result<&'static Session> {
    let _one_at_a_time = START.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(session) = SESSION.get() {
        return Ok(session);
    }
    let session = Session::start()?;
    Ok(SESSION.get_or_init(|| session))
}

impl Session {
    fn start() -> Result<Self> {
        let directory = tempfile::Builder::new().prefix("cairn-e2e-").tempdir();
        let directory = directory.map_err(|source| Error::file(&env::temp_dir(), source))?.keep();
        let logs = directory.join("logs");
        create_dir_all(&logs).map_err(|source| Error::file(&logs, source))?;
        let watchdog = Mutex::new(Watchdog::start(&directory)?);
        Ok(Self { directory, watchdog })
    }
}

impl Watchdog {
    fn start(directory: &Path) -> Result<Self> {
        let mut command = Command::new("sh");
        // Its standard error is not ours: who reads ours would wait for its end as well.
        command.args(["-c", WATCHDOG, "watchdog"]).arg(directory);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let mut child = command.spawn().map_err(|source| Error::Io { what: "sh".into(), source })?;
        let pipe = child.stdin.take();
        Ok(Self { child, pipe })
    }
}
