//! Whether a first list is in.

use tokio::sync::watch;

/// Tells whether the first list of a source is in. Clones tell the same.
#[derive(Clone, Debug)]
pub struct Ready(watch::Receiver<usize>);

impl Ready {
    /// Ready once the number of what is still awaited is 0.
    pub(crate) fn new(awaited: watch::Receiver<usize>) -> Self {
        Self(awaited)
    }

    /// Whether the first list is in.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        *self.0.borrow() == 0
    }

    /// Waits for the first list; for ever if its source ends before.
    pub async fn wait(&self) {
        let mut awaited = self.0.clone();
        if awaited.wait_for(|awaited| *awaited == 0).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
impl Ready {
    /// A source that is ready once 0 is sent.
    pub(crate) fn manual() -> (watch::Sender<usize>, Self) {
        let (awaited, ready) = watch::channel(1);
        (awaited, Self(ready))
    }
}
