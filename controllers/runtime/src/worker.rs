//! The loop that hands queued objects to a reconciler: bounded, with a deadline, and safe from panics.

use std::{
    any::Any,
    fmt,
    future::Future,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures::{FutureExt, future::join_all};
use jiff::Timestamp;
use tokio::{task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use crate::{
    claim::Claim,
    clock::Clock,
    key::ObjectKey,
    metrics::Metrics,
    queue::{Priority, Queue, Ticket},
    source::Ready,
    stopwatch::Stopwatch,
    store::{Store, Stored},
};

/// What a reconciler is asked to do.
#[derive(Clone, Debug)]
pub struct Request {
    /// The object it is about.
    pub key: ObjectKey,
    /// The object as last known; `None` when it is gone.
    pub object: Option<Arc<Stored>>,
    /// Why it is looked at.
    pub cause: Priority,
}

/// How a reconcile ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is left to do until something changes, or until `next` if that is given. Forgets all failures.
    Settled {
        /// When to look again.
        next: Option<Timestamp>,
    },
    /// To be tried again.
    Retry {
        /// After so long, which counts no failure; `None` counts one and waits as the backoff says.
        after: Option<Duration>,
    },
}

/// Brings the world in line with one object.
pub trait Reconciler: Send + Sync + 'static {
    /// Does what is to be done for one object. Never runs twice at once for the same key. Dropped at the deadline.
    fn reconcile(&self, request: Request) -> impl Future<Output = Verdict> + Send;

    /// Called after a reconcile of `key` panicked with `message`. It is retried.
    fn panicked(&self, _key: &ObjectKey, _message: &str) {}

    /// Called after a reconcile of `key` was given up at the deadline. It is retried.
    fn timed_out(&self, _key: &ObjectKey) {}
}

/// The bounds of a controller.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many objects are worked on at once. A namespace alone, and checks alone, get three quarters of that.
    pub max_concurrent: usize,
    /// How long one reconcile may take.
    pub deadline: Duration,
    /// How long reconciles may go on after the shutdown was asked for.
    pub grace: Duration,
}

impl Default for Limits {
    /// 16 at once, two minutes each, 20 seconds of grace (of the 30 that a pod has).
    fn default() -> Self {
        Self { max_concurrent: 16, deadline: Duration::from_mins(2), grace: Duration::from_secs(20) }
    }
}

/// The workers of one kind.
pub struct Controller<R> {
    shared: Arc<Shared<R>>,
    limits: Limits,
    after: Vec<Ready>,
    claim: Option<Claim>,
}

struct Shared<R> {
    kind: Box<str>,
    store: Store,
    queue: Queue,
    reconciler: R,
    deadline: Duration,
    clock: Clock,
    metrics: Metrics,
    /// How many reconciles there were.
    number: AtomicU64,
}

enum Ending {
    Verdict(Verdict),
    Panic(String),
    Timeout,
}

impl<R: Reconciler> Controller<R> {
    /// Workers that take from `queue`, look up in `store` and hand to `reconciler`. `kind` names them in metrics and
    /// logs.
    #[must_use]
    pub fn new(
        kind: &str,
        store: Store,
        queue: Queue,
        reconciler: R,
        limits: Limits,
        clock: Clock,
        metrics: Metrics,
    ) -> Self {
        metrics.watch_queue(kind, &queue);
        let deadline = limits.deadline;
        let number = AtomicU64::new(0);
        let shared = Arc::new(Shared { kind: kind.into(), store, queue, reconciler, deadline, clock, metrics, number });
        Self { shared, limits, after: Vec::new(), claim: None }
    }

    /// Starts only when the first list of that source is in. May be called for several sources.
    #[must_use]
    pub fn after(mut self, ready: Ready) -> Self {
        self.after.push(ready);
        self
    }

    /// Hands out work only while `claim` is held; until then objects wait in the queue.
    #[must_use]
    pub fn under(self, claim: Claim) -> Self {
        Self { claim: Some(claim), ..self }
    }

    /// Works until `shutdown`. Then hands out nothing more, lets running reconciles finish within the grace period,
    /// drops those that do not, and returns.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut running = JoinSet::new();
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = self.hand_out(&mut running) => {}
        }
        let all = async { while running.join_next().await.is_some() {} };
        if tokio::time::timeout(self.limits.grace, all).await.is_err() {
            warn!(kind = %self.shared.kind, "reconciles did not finish in time and were dropped");
        }
    }

    async fn hand_out(&self, running: &mut JoinSet<()>) {
        join_all(self.after.iter().map(Ready::wait)).await;
        loop {
            let ticket = self.next().await;
            while running.try_join_next().is_some() {}
            running.spawn(Arc::clone(&self.shared).work(ticket));
        }
    }

    async fn next(&self) -> Ticket {
        let ticket = self.shared.queue.next_within(self.limits.max_concurrent.max(1)).await;
        if let Some(claim) = &self.claim {
            claim.acquired().await;
        }
        ticket
    }
}

impl<R: Reconciler> Shared<R> {
    async fn work(self: Arc<Self>, ticket: Ticket) {
        let number = self.number.fetch_add(1, Ordering::Relaxed) + 1;
        let edited = (ticket.cause() == Priority::Edit).then(|| ticket.since());
        let watch = Stopwatch::new(&self.kind, ticket.key(), number, edited, self.metrics.clone());
        watch.run(self.reconcile(ticket)).await;
    }

    async fn reconcile(&self, ticket: Ticket) {
        let started = Instant::now();
        let ending = self.attempt(&ticket).await;
        self.metrics.reconcile(&self.kind, ending.name(), started.elapsed());
        match ending {
            Ending::Verdict(Verdict::Settled { next }) => ticket.settle(next.map(|at| self.clock.instant_of(at))),
            Ending::Verdict(Verdict::Retry { after }) => ticket.retry(after),
            Ending::Panic(message) => self.after_panic(ticket, &message),
            Ending::Timeout => self.after_timeout(ticket),
        }
    }

    async fn attempt(&self, ticket: &Ticket) -> Ending {
        let key = ticket.key().clone();
        let request = Request { object: self.store.get(&key), key, cause: ticket.cause() };
        let attempt = async { self.reconciler.reconcile(request).await };
        match tokio::time::timeout(self.deadline, AssertUnwindSafe(attempt).catch_unwind()).await {
            Ok(Ok(verdict)) => Ending::Verdict(verdict),
            Ok(Err(panic)) => Ending::Panic(message_of(panic.as_ref())),
            Err(_) => Ending::Timeout,
        }
    }

    fn after_panic(&self, ticket: Ticket, message: &str) {
        error!(kind = %self.kind, object = %ticket.key(), panic = message, "reconcile panicked");
        self.metrics.panicked(&self.kind);
        self.report(|| self.reconciler.panicked(ticket.key(), message));
        ticket.retry(None);
    }

    fn after_timeout(&self, ticket: Ticket) {
        warn!(kind = %self.kind, object = %ticket.key(), "reconcile hit its deadline");
        self.report(|| self.reconciler.timed_out(ticket.key()));
        ticket.retry(None);
    }

    /// A report that panics must not take down the worker that the panic before it did not.
    fn report(&self, report: impl FnOnce()) {
        if std::panic::catch_unwind(AssertUnwindSafe(report)).is_err() {
            error!(kind = %self.kind, "report of a failed reconcile panicked");
        }
    }
}

impl Ending {
    fn name(&self) -> &'static str {
        match self {
            Self::Verdict(Verdict::Settled { .. }) => "settled",
            Self::Verdict(Verdict::Retry { .. }) => "retry",
            Self::Panic(_) => "panic",
            Self::Timeout => "timeout",
        }
    }
}

impl<R> fmt::Debug for Controller<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Controller").field("kind", &self.shared.kind).finish_non_exhaustive()
    }
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("unknown").to_owned()
}

#[cfg(test)]
mod tests;
