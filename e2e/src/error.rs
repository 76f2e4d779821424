//! Why something here could not be done, in words for the person who ran it.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    process::ExitStatus,
    time::Duration,
};

/// The outcome of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something could not be done.
#[derive(thiserror::Error)]
pub enum Error {
    /// Something must be installed first.
    #[error("{what} is needed and was not found: {install}")]
    Missing {
        /// What is missing.
        what: String,
        /// How to get it.
        install: String,
    },
    /// The operating system refused.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system said.
        source: io::Error,
    },
    /// A command answered with failure.
    #[error("`{command}` failed ({status}):\n{output}")]
    Command {
        /// The command line.
        command: String,
        /// How it ended.
        status: ExitStatus,
        /// What it said.
        output: String,
    },
    /// A process that should run has ended.
    #[error("{name} ended ({status}). The end of {}:\n{tail}", log.display())]
    Ended {
        /// The process.
        name: String,
        /// How it ended.
        status: ExitStatus,
        /// Where it logged.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
    /// Something did not happen in time.
    #[error("{what} did not happen within {} s; last seen: {seen}", limit.as_secs())]
    Late {
        /// What was waited for.
        what: String,
        /// How long.
        limit: Duration,
        /// What was seen instead.
        seen: String,
    },
    /// AWS, or what stands in for it, refused.
    #[error("AWS {operation}: {message}")]
    Aws {
        /// The call.
        operation: String,
        /// The answer.
        message: String,
    },
    /// Something is not as it must be.
    #[error("{0}")]
    Wrong(String),
    /// A failure with more to say about it.
    #[error("{error}\n{context}")]
    With {
        /// The failure.
        error: Box<Error>,
        /// What helps to understand it.
        context: String,
    },
}

/// A test that returns an error shows it by `Debug`: here that is what people can read.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error {
    /// The system's refusal to touch a file.
    #[must_use]
    pub fn file(path: &Path, source: io::Error) -> Self {
        Self::Io { what: path.display().to_string(), source }
    }

    /// The same failure with something that helps to understand it.
    #[must_use]
    pub fn with(self, context: impl Into<String>) -> Self {
        Self::With { error: Box::new(self), context: context.into() }
    }
}

/// Fails with the message unless the condition holds.
///
/// # Errors
/// [`Error::Wrong`] when it does not hold.
pub fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::Wrong(otherwise())) }
}
