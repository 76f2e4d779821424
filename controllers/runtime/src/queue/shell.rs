//! The queue with waiting: shared between sources that add and workers that take.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

use super::{
    Backoff, Priority, Snapshot,
    state::{Outcome, State},
};
use crate::key::ObjectKey;

/// A work queue. Clones share it.
#[derive(Clone, Debug)]
pub struct Queue {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Notify,
}

impl Queue {
    /// An empty queue.
    #[must_use]
    pub fn new(backoff: Backoff) -> Self {
        Self { shared: Arc::new(Shared { state: Mutex::new(State::new(backoff)), changed: Notify::new() }) }
    }

    /// Queues `key` for now. A waiting key is raised to `priority` if that is more urgent. An edit and a dependency
    /// also end a wait after a failure, and an edit lets the failures be forgotten. A key that is handed out is
    /// handed out again afterwards.
    pub fn add(&self, key: ObjectKey, priority: Priority) {
        self.change(|state| state.add(Instant::now(), key, priority));
    }

    /// Queues `key` for the moment `at`; of several such wishes the earliest counts, and none is needed for a key
    /// that is about to be handed out anyway. A resync does not end a wait after a failure.
    pub fn add_at(&self, key: ObjectKey, at: Instant, priority: Priority) {
        self.change(|state| state.add_at(key, at, priority));
    }

    /// Waits for the next key. May be dropped while waiting: no key is lost.
    pub async fn next(&self) -> Ticket {
        self.next_within(usize::MAX).await
    }

    /// The same, with no more than `seats` keys handed out at once: a few of them are kept for the more urgent, and a
    /// few from each namespace for the others.
    pub async fn next_within(&self, seats: usize) -> Ticket {
        loop {
            let changed = self.shared.changed.notified();
            let (taken, due) = self.take(seats);
            if let Some((key, cause, since)) = taken {
                return Ticket { queue: self.clone(), key, cause, since, returned: false };
            }
            match due {
                Some(due) => drop(tokio::time::timeout_at(due, changed).await),
                None => changed.await,
            }
        }
    }

    /// What the queue holds now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.lock().snapshot(Instant::now())
    }

    fn take(&self, seats: usize) -> (Option<(ObjectKey, Priority, Instant)>, Option<Instant>) {
        let (mut state, now) = (self.lock(), Instant::now());
        let taken = state.pop(now, seats).map(|(key, cause)| {
            let since = state.since(&key).unwrap_or(now);
            (key, cause, since)
        });
        (taken, state.next_due())
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.shared.changed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to work on one key, until it is settled or sent back. Dropping it counts as a failure, so that no key is
/// lost whatever happens to the one who holds it.
#[must_use = "a dropped ticket counts as a failed attempt"]
pub struct Ticket {
    queue: Queue,
    key: ObjectKey,
    cause: Priority,
    since: Instant,
    returned: bool,
}

impl Ticket {
    /// The key to work on.
    #[must_use]
    pub fn key(&self) -> &ObjectKey {
        &self.key
    }

    /// Why it was handed out.
    #[must_use]
    pub fn cause(&self) -> Priority {
        self.cause
    }

    /// Since when it had been waiting to be handed out.
    #[must_use]
    pub fn since(&self) -> Instant {
        self.since
    }

    /// The work is done; `next` is when to look again, if ever. Forgets all failures.
    pub fn settle(mut self, next: Option<Instant>) {
        self.give_back(Outcome::Settled { next });
    }

    /// The work is to be tried again after so long, or after the backoff, which alone counts a failure.
    pub fn retry(mut self, after: Option<Duration>) {
        self.give_back(Outcome::Retry { after });
    }

    fn give_back(&mut self, outcome: Outcome) {
        self.returned = true;
        let key = self.key.clone();
        self.queue.change(|state| state.done(Instant::now(), key, outcome));
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.returned {
            self.give_back(Outcome::Retry { after: None });
        }
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket").field("key", &self.key).field("cause", &self.cause).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue() -> Queue {
        Queue::new(Backoff::seeded(1))
    }

    fn key(name: &str) -> ObjectKey {
        ObjectKey::new("ns", name)
    }

    #[tokio::test(start_paused = true)]
    async fn a_waiting_worker_wakes_for_a_new_key() {
        let queue = queue();
        let waiting = tokio::spawn({
            let queue = queue.clone();
            async move { queue.next().await.key().clone() }
        });
        tokio::task::yield_now().await;
        queue.add(key("a"), Priority::Edit);
        assert_eq!(waiting.await.unwrap(), key("a"));
    }

    #[tokio::test(start_paused = true)]
    async fn two_waiting_workers_each_get_a_key() {
        let queue = queue();
        let (one, two, ()) = tokio::join!(queue.next(), queue.next(), async {
            queue.add(key("a"), Priority::Edit);
            queue.add(key("b"), Priority::Edit);
        });
        let mut got = [one.key().clone(), two.key().clone()];
        got.sort();
        assert_eq!(got, [key("a"), key("b")]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_delayed_key_comes_when_it_is_due_and_an_earlier_one_before() {
        let queue = queue();
        let start = Instant::now();
        queue.add_at(key("late"), start + Duration::from_mins(1), Priority::Resync);
        let waiting = tokio::spawn({
            let queue = queue.clone();
            async move {
                let ticket = queue.next().await;
                (ticket.key().clone(), start.elapsed())
            }
        });
        tokio::task::yield_now().await;
        queue.add_at(key("early"), start + Duration::from_secs(10), Priority::Resync);
        let (first, waited) = waiting.await.unwrap();
        assert_eq!(first, key("early"));
        assert!(waited >= Duration::from_secs(10) && waited < Duration::from_secs(11));
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_ticket_comes_back_after_the_backoff() {
        let queue = queue();
        queue.add(key("a"), Priority::Edit);
        drop(queue.next().await);
        let start = Instant::now();
        let ticket = queue.next().await;
        assert_eq!((ticket.key(), ticket.cause()), (&key("a"), Priority::Dependency));
        assert!(start.elapsed() >= Duration::from_millis(250));
        ticket.settle(None);
        assert_eq!(queue.snapshot().in_flight, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_ticket_tells_since_when_its_key_waited() {
        let (queue, start) = (queue(), Instant::now());
        queue.add(key("a"), Priority::Edit);
        tokio::time::advance(Duration::from_secs(3)).await;
        assert_eq!(queue.next().await.since(), start);
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_wait_loses_nothing() {
        let queue = queue();
        {
            let mut waiting = Box::pin(queue.next());
            assert!(futures::poll!(&mut waiting).is_pending());
            queue.add(key("a"), Priority::Edit);
        }
        assert_eq!(queue.next().await.key(), &key("a"));
    }
}
