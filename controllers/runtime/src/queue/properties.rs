//! What must hold for any sequence of operations.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use proptest::{collection::vec, prelude::*};
use tokio::time::Instant;

use super::{
    Backoff, Priority,
    state::{Outcome, State},
};
use crate::key::ObjectKey;

const MANY: usize = usize::MAX;

#[derive(Clone, Copy, Debug)]
enum Op {
    Add(usize, Priority),
    AddAt(usize, u64, Priority),
    Pop,
    Done(usize, bool),
    Wait(u64),
}

fn priority() -> impl Strategy<Value = Priority> {
    prop_oneof![Just(Priority::Edit), Just(Priority::Dependency), Just(Priority::Resync)]
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => (0..12_usize, priority()).prop_map(|(key, priority)| Op::Add(key, priority)),
        2 => (0..12_usize, 0..5_000_u64, priority()).prop_map(|(key, ms, priority)| Op::AddAt(key, ms, priority)),
        5 => Just(Op::Pop),
        4 => (0..12_usize, any::<bool>()).prop_map(|(nth, ok)| Op::Done(nth, ok)),
        2 => (0..3_000_u64).prop_map(Op::Wait),
    ]
}

fn key(number: usize) -> ObjectKey {
    ObjectKey::new(&format!("ns-{}", number % 3), &format!("object-{number}"))
}

/// What any correct queue knows: who is out, and who is owed a turn.
struct Model {
    state: State,
    now: Instant,
    out: BTreeSet<ObjectKey>,
    owed: BTreeSet<ObjectKey>,
}

impl Model {
    fn new() -> Self {
        let state = State::new(Backoff::seeded(3));
        Self { state, now: Instant::now(), out: BTreeSet::new(), owed: BTreeSet::new() }
    }

    fn apply(&mut self, op: Op) {
        match op {
            Op::Add(number, priority) => {
                self.state.add(self.now, key(number), priority);
                self.owed.insert(key(number));
            }
            Op::AddAt(number, ms, priority) => {
                self.state.add_at(key(number), self.now + Duration::from_millis(ms), priority);
                self.owed.insert(key(number));
            }
            Op::Pop => self.pop(),
            Op::Done(nth, ok) => self.done(nth, ok),
            Op::Wait(ms) => self.now += Duration::from_millis(ms),
        }
    }

    fn pop(&mut self) {
        let before = self.state.snapshot(self.now);
        let Some((key, cause)) = self.state.pop(self.now, MANY) else {
            assert!(before.lanes.iter().all(|lane| lane.depth == 0));
            return;
        };
        let most_urgent = before.lanes.iter().find(|lane| lane.depth > 0).unwrap();
        assert_eq!(cause, most_urgent.priority);
        assert!(self.owed.remove(&key), "{key} was handed out for nothing");
        assert!(self.out.insert(key), "one key is out twice");
    }

    fn done(&mut self, nth: usize, ok: bool) {
        let Some(key) = self.out.iter().nth(nth).cloned() else { return };
        self.out.remove(&key);
        let outcome = if ok { Outcome::Settled { next: None } } else { Outcome::Retry { after: None } };
        if !ok {
            self.owed.insert(key.clone());
        }
        self.state.done(self.now, key, outcome);
    }

    fn check(&mut self) {
        let snapshot = self.state.snapshot(self.now);
        assert_eq!(snapshot.in_flight, self.out.len());
        let waiting: usize = snapshot.delayed + snapshot.lanes.iter().map(|lane| lane.depth).sum::<usize>();
        assert_eq!(waiting, self.owed.difference(&self.out).count());
    }

    /// Lets time pass until everybody had a turn.
    fn finish(mut self) {
        while let Some(key) = self.out.pop_first() {
            self.state.done(self.now, key, Outcome::Settled { next: None });
        }
        for _ in 0..100 {
            self.now = self.state.next_due().unwrap_or(self.now).max(self.now);
            self.pop();
            self.done(0, true);
        }
        assert!(self.owed.is_empty(), "lost: {:?}", self.owed);
    }
}

proptest! {
    #[test]
    fn nothing_is_lost_doubled_or_out_of_order(ops in vec(op(), 0..200)) {
        let mut model = Model::new();
        for op in ops {
            model.apply(op);
            model.check();
        }
        model.finish();
    }

    /// However few may be out at once, never more are, and everybody has a turn.
    #[test]
    fn with_few_seats_everybody_has_a_turn(keys in vec((0..5_usize, priority()), 0..100), seats in 1..20_usize) {
        let (mut state, now, mut out) = (State::new(Backoff::seeded(3)), Instant::now(), VecDeque::new());
        for (number, (namespace, priority)) in keys.iter().enumerate() {
            state.add(now, ObjectKey::new(&format!("ns-{namespace}"), &number.to_string()), *priority);
        }
        let mut turns = 0;
        loop {
            while let Some((key, _)) = state.pop(now, seats) {
                out.push_back(key);
                turns += 1;
            }
            prop_assert!(out.len() <= seats);
            let Some(key) = out.pop_front() else { break };
            state.done(now, key, Outcome::Settled { next: None });
        }
        prop_assert_eq!(turns, keys.len());
    }

    /// With `n` namespaces waiting, the first key of each is among the next `n`, however many keys the others have.
    #[test]
    fn a_namespace_never_waits_for_more_than_one_turn_of_each_other(sizes in vec(1..40_usize, 1..8)) {
        let mut state = State::new(Backoff::seeded(3));
        let now = Instant::now();
        for (namespace, size) in sizes.iter().enumerate() {
            for number in 0..*size {
                state.add(now, ObjectKey::new(&format!("ns-{namespace}"), &number.to_string()), Priority::Edit);
            }
        }
        let mut left: BTreeMap<String, usize> =
            sizes.iter().enumerate().map(|(namespace, size)| (format!("ns-{namespace}"), *size)).collect();
        while !left.is_empty() {
            let round: BTreeSet<String> =
                (0..left.len()).map(|_| state.pop(now, MANY).unwrap().0.namespace.to_string()).collect();
            prop_assert_eq!(&round, &left.keys().cloned().collect());
            left.retain(|_, size| { *size -= 1; *size > 0 });
        }
    }
}
