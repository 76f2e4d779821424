//! The pace of calls to AWS.
//!
//! Every HTTP attempt passes here right before it would leave. It takes a slot of its limiter (one for each account,
//! region, service and kind of access), which knows no limit until AWS throttles and learns one then, and goes through
//! the door of its region, which stays shut while the region does not answer. Both hand out turns by namespace, and
//! both learn from the answer. So one account's throttling, one region's outage or one namespace's crowd is nobody
//! else's. An attempt that is turned away was certainly not sent.
//!
//! `rate`, `limiter`, `guard`, `region` and `line` are pure (time is an argument); `room` is the waiting around them,
//! `client` the place below the SDK where attempts pass.

mod admission;
mod answer;
mod caller;
mod client;
mod flight;
mod guard;
mod limiter;
mod line;
mod pacer;
mod rate;
mod refused;
mod region;
mod room;

use std::{fmt, sync::Arc};

pub use admission::Admission;
pub use caller::Caller;
pub(crate) use client::{Paced, Route};
pub(crate) use pacer::Pacer;
pub(crate) use refused::Refused;

/// Whether calls may change something. AWS counts the two apart, and so do we.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// They change nothing, and may be sent again.
    Read,
    /// They may change something, and are sent once.
    Mutate,
}

impl Access {
    /// The word used in metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Mutate => "mutate",
        }
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Calls that AWS counts together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lane {
    /// Twelve-digit id; empty while it is not known whose account it is.
    pub account: Arc<str>,
    /// Region.
    pub region: Arc<str>,
    /// Service as the SDK names it, in lower case, for example `s3`.
    pub service: Arc<str>,
    /// Whether they may change something.
    pub access: Access,
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It was not sent.
    Unsent,
    /// It was sent, and nobody waits for the answer any more.
    Unknown,
    /// No answer came, or one that says that AWS failed.
    Failed,
    /// AWS asks for a slower pace.
    Throttled,
    /// AWS answered.
    Answered,
}

#[cfg(test)]
mod tests;
