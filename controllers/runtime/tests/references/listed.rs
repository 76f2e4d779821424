//! Resources that AWS only lists: of each object's own there is one, and another's is never taken.

use std::{collections::BTreeSet, time::Duration};

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    cloud::Fault,
    fixture::SHOT,
    world::{HERE, Running, World, pass},
};

const UNANSWERED: [Fault; 5] = [
    Fault::CrashBefore,
    Fault::CrashAfter,
    Fault::Lost,
    Fault::Late(Duration::from_secs(5)),
    Fault::Late(Duration::from_secs(55)),
];

fn shots(world: &World) -> BTreeSet<String> {
    world.cloud.resources("Shot").into_iter().map(|(id, _)| id).collect()
}

/// What an object says that it has.
fn identity(world: &World, name: &str) -> Value {
    world.object(name).unwrap()["status"]["record"]["identity"].clone()
}

/// Lets an operator work, and another one after each that dies, until `holds`.
async fn until_done(world: &World, what: &str, mut running: Running, holds: impl Fn(&World) -> bool) -> Running {
    // Minutes pass here, so it is looked rarely.
    for _ in 0..2_000 {
        pass(Duration::from_secs(1)).await;
        if running.process.is_dead() {
            running.kill();
            running = world.start();
        } else if holds(world) {
            return running;
        }
    }
    panic!("never: {what}: {:?}", world.cloud.calls());
}

fn is_ready(world: &World, name: &str) -> bool {
    world.said(name).is_some_and(|said| said.0 == "Available")
}

/// Each object has a resource of its own, and there are no others.
fn check(world: &World, names: &[&str], point: &str) {
    let owned: BTreeSet<_> = names.iter().map(|name| identity(world, name).as_str().unwrap().to_owned()).collect();
    assert_eq!(owned.len(), names.len(), "{point}: two have the same");
    assert_eq!(owned, shots(world), "{point}: {:?}", world.cloud.calls());
}

#[tokio::test(start_paused = true)]
async fn objects_that_ask_for_the_same_at_once_come_out_with_one_each() {
    for first in UNANSWERED {
        for second in UNANSWERED {
            let point = format!("{first:?} {second:?}");
            let world = World::of(&SHOT);
            for (nth, fault) in [(1, first), (2, second)] {
                world.cloud.fail("Create", nth, fault);
            }
            world.create("a", json!({"size": 1})).await;
            world.create("b", json!({"size": 1})).await;
            let both = |world: &World| is_ready(world, "a") && is_ready(world, "b");
            let _operator = until_done(&world, &point, world.start(), both).await;
            pass(Duration::from_mins(2)).await;
            check(&world, &["a", "b"], &point);
            world.assert_quiet(&point).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn objects_of_the_same_name_wait_for_each_other_only_while_one_is_made() {
    let world = World::of(&SHOT);
    let _operator = world.start();
    let names = ["a", "b", "c", "d"];
    for name in names {
        world.create(name, json!({"size": 1})).await;
    }
    let begun = tokio::time::Instant::now();
    for name in names {
        world.until_ready(name).await;
    }
    check(&world, &names, "no faults");
    // Who finds the place taken asks again when the other could no longer be at it.
    assert!(begun.elapsed() < Duration::from_mins(3), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn what_was_there_before_is_left_alone_whatever_the_clocks_say() {
    for skew in [SignedDuration::ZERO, SignedDuration::from_hours(30), SignedDuration::from_hours(-30)] {
        for fault in UNANSWERED {
            let (world, point) = (World::of(&SHOT), format!("{skew} {fault:?}"));
            world.cloud.skew(skew);
            let others = world.cloud.put("Shot");
            pass(Duration::from_secs(1)).await;
            world.cloud.fail("Create", 1, fault);
            world.create("a", json!({"size": 1})).await;
            let _operator = until_done(&world, &point, world.start(), |world| is_ready(world, "a")).await;
            pass(Duration::from_mins(2)).await;
            assert_ne!(identity(&world, "a"), others, "{point}");
            assert_eq!(shots(&world).len(), 2, "{point}");
            world.delete("a").await;
            world.until_gone("a").await;
            assert_eq!(shots(&world), BTreeSet::from([others]), "{point}");
        }
    }
}

/// A world in which nobody can tell what the create of `a` made, and its operator.
async fn ambiguous() -> (World, Running, BTreeSet<String>) {
    let world = World::of(&SHOT);
    world.cloud.fail("Create", 1, Fault::Lost);
    let operator = world.start();
    world.create("a", json!({"size": 1})).await;
    world.until("there is one", |world| shots(world).len() == 1).await;
    world.cloud.put("Shot");
    let both = shots(&world);
    (world, operator, both)
}

#[tokio::test(start_paused = true)]
async fn of_several_that_it_may_have_made_an_object_takes_none_until_it_is_told_which() {
    let (world, _operator, both) = ambiguous().await;
    let message = world.until_says("a", "NotOwned").await;
    for words in both.iter().map(String::as_str).chain(["aws.cairn.run/adoption-fields", "nothing was created"]) {
        assert!(message.contains(words), "{message}");
    }
    pass(Duration::from_hours(3)).await;
    assert_eq!((&shots(&world), world.cloud.mutations()), (&both, vec!["Create".to_owned()]));
    let chosen = both.first().unwrap();
    let annotations = json!({
        "aws.cairn.run/adoption-policy": "adopt-or-create",
        "aws.cairn.run/adoption-fields": json!({"id": chosen}).to_string(),
    });
    world.patch("a", json!({"metadata": {"annotations": annotations}})).await;
    world.until_ready("a").await;
    assert_eq!((identity(&world, "a"), shots(&world)), (json!(chosen), both));
}

#[tokio::test(start_paused = true)]
async fn it_is_made_out_by_itself_when_somebody_takes_the_other_away() {
    let (world, _operator, both) = ambiguous().await;
    world.until_says("a", "NotOwned").await;
    let (first, second) = (both.first().unwrap(), both.last().unwrap());
    world.cloud.lose(second);
    world.until_ready("a").await;
    assert_eq!(identity(&world, "a"), json!(first));
}

#[tokio::test(start_paused = true)]
async fn a_deletion_takes_none_of_several_away() {
    let (world, _operator, both) = ambiguous().await;
    world.delete("a").await;
    world.until_says("a", "NotOwned").await;
    pass(Duration::from_hours(3)).await;
    assert_eq!((&shots(&world), world.cloud.mutations()), (&both, vec!["Create".to_owned()]));
    world.patch("a", json!({"metadata": {"annotations": {"aws.cairn.run/deletion-policy": "retain"}}})).await;
    world.until_gone("a").await;
    assert_eq!(shots(&world), both);
}

#[tokio::test(start_paused = true)]
async fn what_aws_is_too_busy_to_make_is_asked_for_again_soon() {
    let world = World::of(&SHOT);
    for nth in 1..=3 {
        world.cloud.fail("Create", nth, Fault::Refused("TableInUseException"));
    }
    let _operator = world.start();
    world.create("a", json!({"size": 1})).await;
    let begun = tokio::time::Instant::now();
    world.until_tells("a", &["AWS is still busy"]).await;
    assert!(world.object("a").unwrap()["status"]["record"]["intent"].is_null());
    world.until_ready("a").await;
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    check(&world, &["a"], "busy");
}

/// A generator that is always the same for a seed.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

const NAMES: [&str; 4] = ["a", "b", "c", "d"];

/// Objects of the same name come and go while answers are lost and operators die.
async fn scenario(seed: u64) {
    let (world, point) = (World::of(&SHOT), format!("seed {seed}"));
    let mut draw = Draw(seed);
    let lags = draw.below(3) == 0;
    // What takes effect late and is shown late after that is shown too late.
    let faults = if lags { &UNANSWERED[..4] } else { &UNANSWERED[..] };
    world.cloud.lag(Duration::from_secs(if lags { 20 } else { 0 }));
    for nth in 1..=6 {
        if draw.below(2) == 0 {
            world.cloud.fail("Create", nth, faults[draw.below(faults.len())]);
        }
    }
    let mut operator = world.start();
    for name in NAMES {
        world.create(name, json!({"size": 1})).await;
        pass(Duration::from_millis(u64::try_from(draw.below(90_000)).unwrap())).await;
        if operator.process.is_dead() || draw.below(4) == 0 {
            operator.kill();
            operator = world.start();
        }
    }
    let leaving = NAMES[draw.below(NAMES.len())];
    world.delete_in(&SHOT, HERE, leaving).await;
    let staying: Vec<_> = NAMES.into_iter().filter(|name| *name != leaving).collect();
    let settled = |world: &World| world.object(leaving).is_none() && staying.iter().all(|name| is_ready(world, name));
    let _operator = until_done(&world, &point, operator, settled).await;
    pass(Duration::from_mins(2)).await;
    check(&world, &staying, &point);
    world.assert_quiet(&point).await;
}

#[tokio::test(start_paused = true)]
async fn whatever_happens_each_object_has_one_of_its_own() {
    for seed in 0..30 {
        scenario(seed).await;
    }
}
