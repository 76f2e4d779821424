use proptest::prelude::*;

use super::*;

/// A service that bears `rate` calls a second, and `burst` at once.
struct Service {
    rate: f64,
    burst: f64,
    tokens: f64,
    at: Instant,
}

impl Service {
    fn new(rate: f64, burst: f64, at: Instant) -> Self {
        Self { rate, burst, tokens: burst, at }
    }

    fn takes(&mut self, now: Instant) -> bool {
        self.tokens = self.burst.min(self.tokens + (now - self.at).as_secs_f64() * self.rate);
        self.at = now;
        let takes = self.tokens >= 1.0;
        self.tokens -= f64::from(u8::from(takes));
        takes
    }
}

/// How many calls succeeded and were throttled.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    taken: f64,
    throttled: f64,
}

/// Sends as fast as the limit allows (a thousand a second without one) for so many seconds.
fn send(rate: &mut Rate, service: &mut Service, now: &mut Instant, seconds: u64) -> Count {
    let (mut count, end) = (Count::default(), *now + Duration::from_secs(seconds));
    while *now < end {
        rate.sent(*now);
        if service.takes(*now) {
            rate.succeeded(*now);
            count.taken += 1.0;
        } else {
            rate.throttled(*now, *now);
            count.throttled += 1.0;
        }
        *now += Duration::from_secs_f64(1.0 / rate.limit(*now).unwrap_or(CEILING));
    }
    count
}

fn throttled_at(pace: u32) -> (Rate, Instant) {
    let (mut rate, mut now) = (Rate::default(), Instant::now());
    for _ in 0..pace {
        rate.sent(now);
        now += WINDOW / (pace + 1);
    }
    rate.throttled(now, now);
    (rate, now)
}

#[test]
fn there_is_no_limit_before_the_first_throttle() {
    let (mut rate, now) = (Rate::default(), Instant::now());
    for _ in 0..5_000 {
        rate.sent(now);
        rate.succeeded(now);
    }
    assert_eq!(rate.limit(now), None);
}

#[test]
fn a_throttle_halves_the_pace() {
    let (rate, now) = throttled_at(100);
    assert_eq!(rate.limit(now), Some(50.0));
}

#[test]
fn a_throttle_at_a_quiet_moment_does_not_bring_all_to_a_stop() {
    let (rate, now) = throttled_at(1);
    assert_eq!(rate.limit(now), Some(FIRST / 2.0));
}

#[test]
fn calls_sent_before_the_cut_do_not_cut_again() {
    let (mut rate, now) = throttled_at(100);
    for ms in 1..50 {
        rate.throttled(now + Duration::from_millis(ms), now - Duration::from_millis(ms));
    }
    assert_eq!(rate.limit(now), Some(50.0));
}

#[test]
fn never_below_the_floor() {
    let (mut rate, mut now) = throttled_at(100);
    for _ in 0..100 {
        now += Duration::from_secs(1);
        rate.sent(now);
        rate.throttled(now, now);
    }
    assert_eq!(rate.limit(now), Some(FLOOR));
}

#[test]
fn idle_time_proves_nothing_but_a_long_quiet_is_forgotten() {
    let (mut rate, start) = throttled_at(100);
    let later = start + Duration::from_mins(10);
    rate.succeeded(later);
    assert!(rate.limit(later).unwrap() < 55.0, "{:?}", rate.limit(later));
    assert_eq!(rate.limit(start + FORGET), None);
}

#[test]
fn a_limit_that_has_grown_out_of_reach_is_dropped() {
    let (mut rate, mut now) = throttled_at(100);
    for _ in 0..100_000 {
        now += Duration::from_millis(5);
        rate.succeeded(now);
    }
    assert_eq!(rate.limit(now), None);
}

#[test]
fn it_follows_when_aws_bears_more() {
    let (mut rate, mut now) = (Rate::default(), Instant::now());
    let mut service = Service::new(10.0, 10.0, now);
    send(&mut rate, &mut service, &mut now, 60);
    service.rate = 200.0;
    send(&mut rate, &mut service, &mut now, 150);
    let count = send(&mut rate, &mut service, &mut now, 60);
    assert!(count.taken > 0.75 * 200.0 * 60.0, "{count:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever AWS bears, most of it is used and little of what is sent is throttled.
    #[test]
    fn it_settles_close_below_what_aws_bears(bears in 1.0..300.0_f64, burst in 1.0..3.0_f64) {
        let (mut rate, mut now) = (Rate::default(), Instant::now());
        let mut service = Service::new(bears, (bears * burst).max(1.0), now);
        send(&mut rate, &mut service, &mut now, 120);
        let minutes = 10.0;
        let count = send(&mut rate, &mut service, &mut now, 600);
        prop_assert!(count.taken > 0.75 * bears * 60.0 * minutes, "{:?} of {}", count, bears);
        prop_assert!(count.throttled <= 4.0 * minutes, "{:?}", count);
    }

    /// Whatever happens, there is no limit or one between floor and ceiling.
    #[test]
    fn the_limit_stays_in_bounds(steps in proptest::collection::vec((0..3_u8, 0..3_000_u64), 0..300)) {
        let (mut rate, mut now) = (Rate::default(), Instant::now());
        for (step, ms) in steps {
            now += Duration::from_millis(ms);
            match step {
                0 => rate.sent(now),
                1 => rate.succeeded(now),
                _ => rate.throttled(now, now - Duration::from_millis(ms / 2)),
            }
            prop_assert!(rate.limit(now).is_none_or(|limit| (FLOOR..=CEILING).contains(&limit)));
        }
    }
}
