use proptest::prelude::*;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn down(now: Instant) -> Guard {
    let mut guard = Guard::default();
    fail(&mut guard, now, TOO_MANY);
    assert_eq!(guard.health(), Health::Down);
    guard
}

fn fail(guard: &mut Guard, now: Instant, times: u32) {
    for _ in 0..times {
        let entry = guard.enter(now, Access::Read);
        guard.done(now, entry, Outcome::Failed);
    }
}

/// A down region that has just answered a probe.
fn returning(now: Instant) -> Guard {
    let mut guard = down(now - SECOND);
    assert_eq!(guard.enter(now, Access::Read), Entry::Probe);
    guard.done(now, Entry::Probe, Outcome::Answered);
    guard
}

#[test]
fn failures_in_a_row_bring_a_region_down_and_an_answer_between_them_does_not() {
    let (mut guard, now) = (Guard::default(), Instant::now());
    for _ in 0..10 {
        fail(&mut guard, now, TOO_MANY - 1);
        guard.done(now, Entry::Go, Outcome::Answered);
    }
    assert_eq!(guard.health(), Health::Up);
    fail(&mut guard, now, TOO_MANY);
    assert_eq!(guard.health(), Health::Down);
}

#[test]
fn a_throttle_is_an_answer() {
    let (mut guard, now) = (Guard::default(), Instant::now());
    fail(&mut guard, now, TOO_MANY - 1);
    guard.done(now, Entry::Go, Outcome::Throttled);
    fail(&mut guard, now, 1);
    assert_eq!(guard.health(), Health::Up);
}

#[test]
fn failures_far_apart_have_nothing_to_do_with_each_other() {
    let (mut guard, mut now) = (Guard::default(), Instant::now());
    for _ in 0..20 {
        fail(&mut guard, now, 1);
        now += WINDOW + SECOND;
    }
    assert_eq!(guard.health(), Health::Up);
}

#[test]
fn what_was_never_sent_or_is_not_known_proves_nothing() {
    let (mut guard, now) = (Guard::default(), Instant::now());
    fail(&mut guard, now, TOO_MANY - 1);
    guard.done(now, Entry::Go, Outcome::Unsent);
    guard.done(now, Entry::Go, Outcome::Unknown);
    fail(&mut guard, now, 1);
    assert_eq!(guard.health(), Health::Down);
}

#[test]
fn a_down_region_is_tried_once_a_second_by_reads_alone() {
    let start = Instant::now();
    let (mut guard, mut probes) = (down(start), 0);
    for ms in (0..60_000).step_by(10) {
        let now = start + Duration::from_millis(ms);
        assert_eq!(guard.enter(now, Access::Mutate), Entry::Refused);
        if guard.enter(now, Access::Read) == Entry::Probe {
            guard.done(now, Entry::Probe, Outcome::Failed);
            probes += 1;
        }
    }
    assert_eq!(probes, 59);
}

#[test]
fn a_region_that_stays_down_is_tried_less_often() {
    let start = Instant::now();
    let (mut guard, mut now, mut probes) = (down(start), start, 0);
    while now < start + LATER.0 + LATER.1 * 60 {
        now = guard.come_back(now).min(now + SECOND);
        if guard.enter(now, Access::Read) == Entry::Probe {
            guard.done(now, Entry::Probe, Outcome::Failed);
            probes += 1;
        }
    }
    assert!((1_800 + 55..=1_800 + 62).contains(&probes), "{probes}");
}

#[test]
fn tries_without_an_answer_do_not_pile_up() {
    let start = Instant::now();
    let mut guard = down(start);
    let probes = (1..20).filter(|n| guard.enter(start + SECOND * *n, Access::Read) == Entry::Probe).count();
    assert_eq!(probes, usize::try_from(PROBES).unwrap());
    guard.done(start + SECOND * 20, Entry::Probe, Outcome::Unknown);
    assert_eq!(guard.enter(start + SECOND * 20, Access::Read), Entry::Probe);
}

#[test]
fn an_answer_lets_calls_come_back_at_a_growing_rate() {
    let start = Instant::now();
    let (mut guard, mut seconds) = (returning(start), Vec::new());
    for second in 0..30 {
        let mut sent = 0;
        for ms in 0..1_000 {
            let now = start + SECOND * second + Duration::from_millis(ms);
            if guard.health() == Health::Returning && guard.enter(now, Access::Mutate) == Entry::Go {
                guard.done(now, Entry::Go, Outcome::Answered);
                sent += 1;
            }
        }
        seconds.push(sent);
    }
    assert_eq!(guard.health(), Health::Up);
    assert_eq!(seconds[0], 2);
    assert!(seconds.windows(2).all(|two| two[1] <= 2 * two[0] + 2), "{seconds:?}");
}

#[test]
fn without_answers_the_rate_does_not_grow() {
    let start = Instant::now();
    let mut guard = returning(start);
    let let_in = (0..60_000).step_by(10).filter(|ms| {
        let entry = guard.enter(start + Duration::from_millis(*ms), Access::Read);
        entry == Entry::Go
    });
    assert_eq!(let_in.count(), 120);
}

#[test]
fn a_region_that_fails_again_is_down_again() {
    let now = Instant::now();
    let mut guard = returning(now);
    fail(&mut guard, now + SECOND, 1);
    assert_eq!(guard.health(), Health::Returning, "one failure is no proof");
    guard.done(now + SECOND, Entry::Go, Outcome::Failed);
    assert_eq!(guard.health(), Health::Down);
}

#[test]
fn who_is_turned_away_comes_back_one_a_second_and_all_within_a_minute() {
    let now = Instant::now();
    let mut guard = down(now);
    let backs: Vec<_> = (0..600).map(|_| guard.come_back(now) - now).collect();
    assert_eq!(backs[..3], [SECOND, SECOND * 2, SECOND * 3]);
    for second in 1..=60 {
        assert_eq!(backs.iter().filter(|back| **back == SECOND * second).count(), 10, "{second}");
    }
}

proptest! {
    /// Whatever happens, a region never stays closed: once everybody who is under way is done, a read gets in within
    /// seconds.
    #[test]
    fn a_region_never_stays_closed(steps in proptest::collection::vec((0..6_u8, 0..2_000_u64), 0..200)) {
        let (mut guard, mut now) = (Guard::default(), Instant::now());
        let mut under_way = Vec::new();
        for (step, ms) in steps {
            now += Duration::from_millis(ms);
            let outcome = match step {
                0 | 1 => {
                    let access = if step == 0 { Access::Read } else { Access::Mutate };
                    let entry = guard.enter(now, access);
                    prop_assert!(entry != Entry::Probe || access == Access::Read);
                    under_way.extend(Some(entry).filter(|entry| matches!(entry, Entry::Go | Entry::Probe)));
                    continue;
                }
                2 => Outcome::Answered,
                3 => Outcome::Unknown,
                _ => Outcome::Failed,
            };
            if let Some(entry) = under_way.pop() {
                guard.done(now, entry, outcome);
            }
        }
        for entry in under_way {
            guard.done(now, entry, Outcome::Unknown);
        }
        let entry = guard.enter(now + LATER.1, Access::Read);
        prop_assert!(matches!(entry, Entry::Go | Entry::Probe), "{:?}", entry);
    }
}
