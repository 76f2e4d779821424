use super::*;

fn limiter(waiting: &[(&str, u64)]) -> Limiter {
    let mut limiter = Limiter::default();
    let mut number = 0;
    for (namespace, callers) in waiting {
        for _ in 0..*callers {
            limiter.join(number, &Arc::from(*namespace), ());
            number += 1;
        }
    }
    limiter
}

fn throttled(limiter: &mut Limiter, now: Instant) {
    limiter.done(now, &Slot { at: now }, Outcome::Throttled);
}

/// Who may go, and after how many milliseconds, each call succeeding at once.
fn served(limiter: &mut Limiter, start: Instant, most: usize) -> Vec<(u64, u128)> {
    let (mut now, mut served) = (start, Vec::new());
    while served.len() < most {
        match limiter.next(now) {
            Next::Pass(number, slot) => {
                served.push((number, (now - start).as_millis()));
                limiter.done(now, &slot, Outcome::Answered);
            }
            Next::At(at) => now = at,
            Next::Nobody => break,
        }
    }
    served
}

#[test]
fn without_a_throttle_all_go_at_once() {
    let mut limiter = limiter(&[("a", 1_000)]);
    let served = served(&mut limiter, Instant::now(), usize::MAX);
    assert_eq!(served.len(), 1_000);
    assert!(served.iter().all(|(_, ms)| *ms == 0));
}

#[test]
fn without_answers_only_so_many_are_under_way() {
    let (mut limiter, now) = (limiter(&[("a", 1_000)]), Instant::now());
    let under_way = std::iter::from_fn(|| match limiter.next(now) {
        Next::Pass(_, slot) => Some(slot),
        _ => None,
    });
    let slots: Vec<_> = under_way.collect();
    assert_eq!(slots.len(), MOST_UNDER_WAY);
    limiter.done(now, &slots[0], Outcome::Failed);
    assert!(matches!(limiter.next(now), Next::Pass(..)));
    assert!(matches!(limiter.next(now), Next::Nobody));
}

#[test]
fn after_a_throttle_calls_keep_their_distance() {
    let (mut limiter, now) = (limiter(&[("a", 100)]), Instant::now());
    throttled(&mut limiter, now);
    let served = served(&mut limiter, now, 5);
    assert_eq!(served.iter().map(|(_, ms)| *ms).take(2).collect::<Vec<_>>(), [200, 400], "five a second");
    assert!(served.windows(2).all(|two| two[1].1 - two[0].1 >= 100), "{served:?}");
}

#[test]
fn a_slot_that_was_not_used_goes_to_the_next() {
    let (mut limiter, start) = (limiter(&[("a", 3)]), Instant::now());
    throttled(&mut limiter, start);
    let Next::At(now) = limiter.next(start) else { panic!("not limited") };
    let Next::Pass(0, slot) = limiter.next(now) else { panic!("nobody") };
    assert!(matches!(limiter.next(now), Next::At(_)));
    limiter.done(now, &slot, Outcome::Unsent);
    assert!(matches!(limiter.next(now), Next::Pass(1, _)));
    assert!(matches!(limiter.next(now), Next::At(_)));
}

#[test]
fn five_thousand_of_one_namespace_cost_another_one_slot() {
    let (mut limiter, start) = (limiter(&[("busy", 5_000)]), Instant::now());
    throttled(&mut limiter, start);
    served(&mut limiter, start, 50);
    let now = start + Duration::from_mins(1);
    limiter.join(9_999, &Arc::from("mine"), ());
    let after: Vec<_> = served(&mut limiter, now, 3).into_iter().map(|(number, _)| number).collect();
    assert_eq!(after.iter().position(|number| *number == 9_999), Some(1), "{after:?}");
}
