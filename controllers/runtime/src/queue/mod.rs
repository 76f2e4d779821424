//! The work queue of one kind: which object is handed out next, and when.
//!
//! One entry a key. A key is never handed out twice at once: what arrives for it meanwhile is remembered and handed
//! out after. Edits go before dependencies before resyncs; inside a priority namespaces take turns, and inside a
//! namespace the first to come is the first to go. A key that fails waits longer each time, and is never given up.
//! Where only so many may be out at once, no crowd has all of that.
//!
//! `state` is the pure structure (time is an argument), `seats` decides how many of whom may be out, `shell` is the
//! waiting around them.

mod backoff;
mod lane;
mod seats;
mod shell;
mod state;

#[cfg(test)]
mod properties;

pub use backoff::Backoff;
pub use shell::{Queue, Ticket};
pub use state::{LaneSnapshot, Snapshot};

/// Why a key is queued, which is also its rank: the greater goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Priority {
    /// A periodic check, or an object that was already there when the process started.
    Resync,
    /// Something that the object depends on changed, or an earlier attempt for a change of its own failed.
    Dependency,
    /// The object itself was changed just now.
    Edit,
}

impl Priority {
    /// All priorities, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Edit, Self::Dependency, Self::Resync];

    /// The name used in metrics and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Dependency => "dependency",
            Self::Resync => "resync",
        }
    }

    /// The rank of the next attempt after one of this rank failed: a retry is no fresh edit any more, so that a crowd
    /// of failing objects cannot hold up somebody's first try.
    pub(crate) fn of_retry(self) -> Self {
        self.min(Self::Dependency)
    }
}
