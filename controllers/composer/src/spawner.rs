//! Tasks that come and go with definitions. They end with the one who runs them.

use futures::future::BoxFuture;
use tokio::{sync::mpsc, task::JoinSet};
use tokio_util::sync::CancellationToken;

type Task = BoxFuture<'static, ()>;

/// Starts tasks. Clones start them at the same place.
#[derive(Clone, Debug)]
pub(crate) struct Spawner {
    sender: mpsc::UnboundedSender<Task>,
    /// Asks every task to end.
    pub(crate) shutdown: CancellationToken,
}

/// Where tasks run.
#[derive(Debug)]
pub(crate) struct Tasks {
    receiver: mpsc::UnboundedReceiver<Task>,
    shutdown: CancellationToken,
}

/// The two ends.
pub(crate) fn tasks() -> (Spawner, Tasks) {
    let ((sender, receiver), shutdown) = (mpsc::unbounded_channel(), CancellationToken::new());
    (Spawner { sender, shutdown: shutdown.clone() }, Tasks { receiver, shutdown })
}

impl Spawner {
    /// Starts a task, which has to end when its token, a child of [`Spawner::shutdown`], is cancelled.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        // With nobody to run it the process is about to end.
        drop(self.sender.send(Box::pin(task)));
    }
}

impl Tasks {
    /// Runs tasks until `shutdown`, and then until each has ended.
    pub(crate) async fn run(mut self, shutdown: CancellationToken) {
        let mut running = JoinSet::new();
        loop {
            tokio::select! {
                () = shutdown.cancelled() => break,
                task = self.receiver.recv() => match task {
                    Some(task) => drop(running.spawn(task)),
                    None => break,
                },
                Some(ended) = running.join_next() => report(ended),
            }
        }
        self.shutdown.cancel();
        while let Some(ended) = running.join_next().await {
            report(ended);
        }
    }
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a task of a definition did not end well; this is a defect of Cairn");
    }
}
