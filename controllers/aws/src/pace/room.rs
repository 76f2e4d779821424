//! Where calls wait until a keeper lets them pass: the waiting around the pure structures of this module.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    sync::{Notify, oneshot},
    time::Instant,
};

use super::Outcome;

/// Decides who of those that wait may pass, and when. Time is an argument.
pub(super) trait Keeper: Send + 'static {
    /// What has to be known of who waits.
    type Caller: Send;
    /// The decision for one who waited.
    type Pass: Send + fmt::Debug;
    /// What is told of every change.
    type Signal: PartialEq + Send;

    /// Somebody waits from now on. Numbers are unique and grow.
    fn join(&mut self, number: u64, namespace: &Arc<str>, caller: Self::Caller);
    /// Somebody waits no longer.
    fn leave(&mut self, number: u64, namespace: &Arc<str>);
    /// Decides for the next of those that wait.
    fn next(&mut self, now: Instant) -> Next<Self::Pass>;
    /// What became of one who passed.
    fn done(&mut self, now: Instant, pass: &Self::Pass, outcome: Outcome);
    /// The state as others see it.
    fn signal(&self, now: Instant) -> Self::Signal;
}

/// What a keeper decides.
#[derive(Debug)]
pub(super) enum Next<P> {
    /// This one waits no longer.
    Pass(u64, P),
    /// Nobody before this moment.
    At(Instant),
    /// Nobody until something else changes.
    Nobody,
}

type Tell<K> = Box<dyn Fn(&<K as Keeper>::Signal) + Send + Sync>;

/// A waiting room. Clones are the same one.
pub(super) struct Room<K: Keeper> {
    shared: Arc<Shared<K>>,
}

struct Shared<K: Keeper> {
    state: Mutex<State<K>>,
    changed: Notify,
    tell: Tell<K>,
}

struct State<K: Keeper> {
    keeper: K,
    waiting: HashMap<u64, oneshot::Sender<Held<K>>>,
    numbers: u64,
    /// A task waits for the time at which the next may pass.
    watched: bool,
    signal: K::Signal,
}

impl<K: Keeper> Clone for Room<K> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<K: Keeper> fmt::Debug for Room<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Room").finish_non_exhaustive()
    }
}

impl<K: Keeper> Room<K> {
    /// An empty room. `tell` is called with every change of the keeper's signal; it must not block, nor call back.
    pub(super) fn new(keeper: K, tell: impl Fn(&K::Signal) + Send + Sync + 'static) -> Self {
        let signal = keeper.signal(Instant::now());
        let state = State { keeper, waiting: HashMap::new(), numbers: 0, watched: false, signal };
        Self { shared: Arc::new(Shared { state: Mutex::new(state), changed: Notify::new(), tell: Box::new(tell) }) }
    }

    /// Waits until the keeper decides. May be dropped while waiting: no turn is lost.
    pub(super) async fn enter(&self, namespace: &Arc<str>, caller: K::Caller) -> Held<K> {
        let (number, decided) = self.join(namespace, caller);
        let _place = Place { room: self, number, namespace };
        match decided.await {
            Ok(held) => held,
            // The sender stands in the room, which this call holds on to.
            Err(_) => std::future::pending().await,
        }
    }

    /// Looks at the keeper, or changes it.
    pub(super) fn with<T>(&self, change: impl FnOnce(&mut K, Instant) -> T) -> T {
        let now = Instant::now();
        let mut state = self.shared.lock();
        let answer = change(&mut state.keeper, now);
        self.settle(state, now);
        answer
    }

    fn join(&self, namespace: &Arc<str>, caller: K::Caller) -> (u64, oneshot::Receiver<Held<K>>) {
        let (decide, decided) = oneshot::channel();
        let mut state = self.shared.lock();
        state.numbers += 1;
        let number = state.numbers;
        state.keeper.join(number, namespace, caller);
        state.waiting.insert(number, decide);
        self.settle(state, Instant::now());
        (number, decided)
    }

    /// Lets pass who may, and sees to it that somebody looks again when the next may.
    fn settle(&self, mut state: MutexGuard<'_, State<K>>, now: Instant) {
        let mut missed = Vec::new();
        self.let_pass(&mut state, now, &mut missed);
        let signal = state.keeper.signal(now);
        if signal != state.signal {
            (self.shared.tell)(&signal);
            state.signal = signal;
        }
        if !state.waiting.is_empty() && !std::mem::replace(&mut state.watched, true) {
            tokio::spawn(self.clone().watch());
        } else {
            self.shared.changed.notify_one();
        }
        // Giving back what nobody took needs the lock.
        drop(state);
        drop(missed);
    }

    fn let_pass(&self, state: &mut State<K>, now: Instant, missed: &mut Vec<Held<K>>) -> Option<Instant> {
        loop {
            match state.keeper.next(now) {
                Next::Pass(number, pass) => {
                    let Some(decide) = state.waiting.remove(&number) else { continue };
                    let held = Held { room: self.clone(), pass, outcome: Outcome::Unsent };
                    missed.extend(decide.send(held).err());
                }
                Next::At(at) => return Some(at),
                Next::Nobody => return None,
            }
        }
    }

    /// Looks whenever something changed or the time of the next has come, as long as somebody waits.
    async fn watch(self) {
        loop {
            let changed = self.shared.changed.notified();
            match self.look() {
                Wake::At(at) => drop(tokio::time::timeout_at(at, changed).await),
                Wake::Change => changed.await,
                Wake::Nobody => return,
            }
        }
    }

    fn look(&self) -> Wake {
        let mut missed = Vec::new();
        let mut state = self.shared.lock();
        let at = self.let_pass(&mut state, Instant::now(), &mut missed);
        state.watched = !state.waiting.is_empty();
        let watched = state.watched;
        drop(state);
        drop(missed);
        match (watched, at) {
            (false, _) => Wake::Nobody,
            (true, Some(at)) => Wake::At(at),
            (true, None) => Wake::Change,
        }
    }
}

/// When those who wait have to be looked at again.
enum Wake {
    /// At that moment, or when something changes.
    At(Instant),
    /// When something changes.
    Change,
    /// Nobody waits.
    Nobody,
}

impl<K: Keeper> Shared<K> {
    fn lock(&self) -> MutexGuard<'_, State<K>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of one who waits; left when dropped.
struct Place<'a, K: Keeper> {
    room: &'a Room<K>,
    number: u64,
    namespace: &'a Arc<str>,
}

impl<K: Keeper> Drop for Place<'_, K> {
    fn drop(&mut self) {
        let mut state = self.room.shared.lock();
        if state.waiting.remove(&self.number).is_some() {
            state.keeper.leave(self.number, self.namespace);
            self.room.shared.changed.notify_one();
        }
    }
}

/// What the keeper decided for one who waited. Tells the keeper how it ended when it is dropped.
#[derive(Debug)]
pub(super) struct Held<K: Keeper> {
    room: Room<K>,
    pass: K::Pass,
    outcome: Outcome,
}

impl<K: Keeper> Held<K> {
    pub(super) fn pass(&self) -> &K::Pass {
        &self.pass
    }

    /// What became of it, as far as it is known by now.
    pub(super) fn note(&mut self, outcome: Outcome) {
        self.outcome = outcome;
    }
}

impl<K: Keeper> Drop for Held<K> {
    fn drop(&mut self) {
        let Self { room, pass, outcome } = self;
        room.with(|keeper, now| keeper.done(now, pass, *outcome));
    }
}

#[cfg(test)]
#[path = "room_tests.rs"]
mod tests;
