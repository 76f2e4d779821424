//! The process that a client stands for.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// The process whose calls a client makes.
///
/// A killed process sends nothing any more and receives nothing any more: its calls never return, and what it had not
/// yet sent has no effect. Give the API client and the AWS client of one controller the same process, and a crash of
/// either stops both at the same instant.
#[derive(Clone, Debug, Default)]
pub struct Process {
    dead: Arc<AtomicBool>,
}

impl Process {
    /// A living process.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Kills the process; there is no way back.
    pub fn kill(&self) {
        self.dead.store(true, Ordering::SeqCst);
    }

    /// Whether the process was killed.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }

    /// Returns at once for a living process, and never for a dead one.
    pub(crate) async fn gate(&self) {
        if self.is_dead() {
            std::future::pending::<()>().await;
        }
    }
}
