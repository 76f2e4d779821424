use super::*;

const SECOND: Duration = Duration::from_secs(1);
const MANY: usize = usize::MAX;

fn state() -> (State, Instant) {
    (State::new(Backoff::seeded(1)), Instant::now())
}

fn key(name: &str) -> ObjectKey {
    ObjectKey::new("ns", name)
}

fn settled() -> Outcome {
    Outcome::Settled { next: None }
}

fn failed() -> Outcome {
    Outcome::Retry { after: None }
}

fn drain(state: &mut State, now: Instant) -> Vec<String> {
    std::iter::from_fn(|| state.pop(now, MANY)).map(|(key, _)| key.name.to_string()).collect()
}

#[test]
fn edits_go_before_dependencies_before_resyncs() {
    let (mut state, now) = state();
    state.add(now, key("resync"), Priority::Resync);
    state.add(now, key("dependency"), Priority::Dependency);
    state.add(now, key("edit"), Priority::Edit);
    assert_eq!(drain(&mut state, now), ["edit", "dependency", "resync"]);
}

#[test]
fn adding_again_raises_and_never_lowers() {
    let (mut state, now) = state();
    for name in ["a", "b", "c"] {
        state.add(now, key(name), Priority::Resync);
    }
    state.add(now, key("c"), Priority::Edit);
    state.add(now, key("c"), Priority::Resync);
    state.add(now, key("b"), Priority::Dependency);
    assert_eq!(state.pop(now, MANY), Some((key("c"), Priority::Edit)));
    assert_eq!(state.pop(now, MANY), Some((key("b"), Priority::Dependency)));
    assert_eq!(state.pop(now, MANY), Some((key("a"), Priority::Resync)));
    assert_eq!(state.pop(now, MANY), None);
}

#[test]
fn a_key_in_flight_is_handed_out_again_only_after() {
    let (mut state, now) = state();
    state.add(now, key("a"), Priority::Resync);
    state.pop(now, MANY);
    state.add(now, key("a"), Priority::Dependency);
    state.add(now, key("a"), Priority::Edit);
    assert_eq!(state.pop(now, MANY), None);
    state.done(now, key("a"), settled());
    assert_eq!(state.pop(now, MANY), Some((key("a"), Priority::Edit)));
    state.done(now, key("a"), settled());
    assert!(state.entries.is_empty());
}

#[test]
fn a_settled_key_costs_nothing_unless_it_is_due_later() {
    let (mut state, now) = state();
    state.add(now, key("a"), Priority::Edit);
    state.pop(now, MANY);
    state.done(now, key("a"), Outcome::Settled { next: Some(now + SECOND) });
    assert_eq!(state.pop(now, MANY), None);
    assert_eq!(state.next_due(), Some(now + SECOND));
    assert_eq!(state.pop(now + SECOND, MANY), Some((key("a"), Priority::Resync)));
    state.done(now, key("a"), settled());
    assert!(state.entries.is_empty() && state.delayed.is_empty());
}

#[test]
fn the_earliest_of_several_wishes_counts() {
    let (mut state, now) = state();
    for seconds in [5, 3, 9] {
        state.add_at(key("a"), now + SECOND * seconds, Priority::Resync);
    }
    assert_eq!(state.pop(now + SECOND * 2, MANY), None);
    assert!(state.pop(now + SECOND * 3, MANY).is_some());
    assert_eq!(state.delayed.len(), 0);

    state.add_at(key("a"), now + SECOND * 20, Priority::Dependency);
    state.done(now, key("a"), Outcome::Settled { next: Some(now + SECOND * 30) });
    assert_eq!(state.pop(now + SECOND * 20, MANY), Some((key("a"), Priority::Dependency)));
}

#[test]
fn anything_immediate_supersedes_a_planned_check() {
    for priority in Priority::ALL {
        let (mut state, now) = state();
        state.add_at(key("a"), now + SECOND, Priority::Resync);
        state.add(now, key("a"), priority);
        assert_eq!(state.pop(now, MANY), Some((key("a"), priority)));
        assert!(state.delayed.is_empty());
    }
}

/// A state whose key "a" failed `failures` times and waits.
fn failing(failures: u32) -> (State, Instant) {
    let (mut state, mut now) = state();
    state.add(now, key("a"), Priority::Edit);
    for _ in 0..failures {
        now = state.next_due().unwrap_or(now);
        state.pop(now, MANY).unwrap();
        state.done(now, key("a"), failed());
    }
    (state, now)
}

#[test]
fn failures_wait_longer_each_time_and_are_never_given_up() {
    let (mut state, mut now) = failing(1);
    let mut waits = Vec::new();
    for _ in 0..40 {
        let due = state.next_due().unwrap();
        waits.push(due - now);
        now = due;
        assert_eq!(state.pop(now, MANY), Some((key("a"), Priority::Dependency)));
        state.done(now, key("a"), failed());
    }
    assert!(waits[0] <= SECOND / 2);
    assert!(waits[20..].iter().all(|wait| *wait >= SECOND * 150 && *wait <= SECOND * 300));
}

#[test]
fn an_edit_ends_the_wait_and_the_count() {
    let (mut state, now) = failing(9);
    state.add(now, key("a"), Priority::Edit);
    assert_eq!(state.pop(now, MANY), Some((key("a"), Priority::Edit)));
    state.done(now, key("a"), failed());
    assert!(state.next_due().unwrap() - now <= SECOND / 2);
}

#[test]
fn a_dependency_ends_the_wait_but_not_the_count() {
    let (mut state, now) = failing(9);
    state.add(now, key("a"), Priority::Dependency);
    assert_eq!(state.pop(now, MANY), Some((key("a"), Priority::Dependency)));
    state.done(now, key("a"), failed());
    assert!(state.next_due().unwrap() - now >= SECOND * 128);
}

#[test]
fn a_resync_does_not_end_the_wait() {
    let (mut state, now) = failing(9);
    let due = state.next_due();
    state.add(now, key("a"), Priority::Resync);
    state.add_at(key("a"), now + SECOND, Priority::Resync);
    assert_eq!(state.pop(now + SECOND, MANY), None);
    assert_eq!(state.next_due(), due);
}

#[test]
fn what_came_in_during_a_failed_attempt_is_treated_likewise() {
    for (again, at_once) in [(Priority::Edit, true), (Priority::Dependency, true), (Priority::Resync, false)] {
        let (mut state, now) = state();
        state.add(now, key("a"), Priority::Resync);
        state.pop(now, MANY);
        state.add(now, key("a"), again);
        state.done(now, key("a"), failed());
        assert_eq!(state.pop(now, MANY).is_some(), at_once, "{again:?}");
    }
}

#[test]
fn an_explicit_wait_counts_no_failure() {
    let (mut state, now) = failing(3);
    let now = state.next_due().unwrap_or(now);
    state.pop(now, MANY);
    state.done(now, key("a"), Outcome::Retry { after: Some(SECOND * 7) });
    assert_eq!(state.next_due(), Some(now + SECOND * 7));
    assert_eq!(state.entries[&key("a")].failures, 3);
}

#[test]
fn success_forgets_failures() {
    let (mut state, now) = failing(9);
    let now = state.next_due().unwrap_or(now);
    state.pop(now, MANY);
    state.done(now, key("a"), Outcome::Settled { next: Some(now) });
    state.pop(now, MANY);
    state.done(now, key("a"), failed());
    assert!(state.next_due().unwrap() - now <= SECOND / 2);
}

#[test]
fn done_for_a_key_that_is_not_out_changes_nothing() {
    let (mut state, now) = state();
    state.done(now, key("a"), failed());
    state.add(now, key("b"), Priority::Edit);
    state.done(now, key("b"), settled());
    assert_eq!(state.snapshot(now).in_flight, 0);
    assert!(state.pop(now, MANY).is_some());
}

#[test]
fn a_snapshot_counts_and_dates_each_priority() {
    let (mut state, now) = state();
    state.add(now, key("a"), Priority::Resync);
    state.add(now + SECOND, key("b"), Priority::Resync);
    state.add_at(key("c"), now + SECOND * 2, Priority::Dependency);
    state.add_at(key("d"), now + SECOND * 9, Priority::Dependency);
    let snapshot = state.snapshot(now + SECOND * 3);
    let lane = |priority, depth, oldest| LaneSnapshot { priority, depth, oldest };
    assert_eq!(
        snapshot.lanes,
        [
            lane(Priority::Edit, 0, Duration::ZERO),
            lane(Priority::Dependency, 1, Duration::ZERO),
            lane(Priority::Resync, 2, SECOND * 3),
        ]
    );
    assert_eq!((snapshot.delayed, snapshot.in_flight), (1, 0));
}

#[test]
fn who_may_not_go_lets_others_pass_and_goes_when_a_seat_is_free() {
    let (mut state, now) = state();
    (0..20).for_each(|number| state.add(now, key(&number.to_string()), Priority::Edit));
    (0..12).for_each(|_| assert!(state.pop(now, 16).is_some()));
    assert_eq!(state.pop(now, 16), None);
    let other = ObjectKey::new("other", "a");
    state.add(now, other.clone(), Priority::Resync);
    assert_eq!(state.pop(now, 16), None);
    state.add(now, other.clone(), Priority::Dependency);
    assert_eq!(state.pop(now, 16), Some((other, Priority::Dependency)));
    (0..2).for_each(|number| state.done(now, key(&number.to_string()), settled()));
    assert_eq!(state.pop(now, 16), Some((key("12"), Priority::Edit)));
    assert_eq!((state.snapshot(now).in_flight, state.snapshot(now).lanes[0].depth), (12, 7));
}
