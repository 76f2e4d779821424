//! Random edits, deletions, crashes, faults of the API server, late and broken watches; then quiet, in which everything
//! has to come right by itself.

use std::time::Duration;

use cairn_testkit::{Fault, Matcher, api::ApiCall};
use serde_json::json;

use crate::harness::{RGD, Running, World, chain, map, pass};

const INSTANCES: [&str; 3] = ["a", "b", "c"];

/// A generator of numbers: the same for the same seed everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// A chain, of which the last is there only where the instance wants it.
fn resources(length: usize) -> serde_json::Value {
    let mut all = chain(length);
    let mut last = map("last", &format!("${{n{}.data.value}}", length - 1));
    last["includeWhen"] = json!(["${schema.spec.on}"]);
    all.as_array_mut().unwrap().push(last);
    all
}

/// What becomes of a request: refused, done and not told, or lost.
const FAULTS: [Fault; 5] = [
    Fault::Error(409, "Conflict"),
    Fault::Status(503),
    Fault::StatusAfterCommit(500),
    Fault::DropBefore,
    Fault::DropAfter,
];

async fn step(world: &World, dice: &mut Dice, controller: Running) -> Running {
    if dice.roll(3) == 0 {
        world.api.thaw_watches();
    }
    let name = INSTANCES[usize::try_from(dice.roll(3)).unwrap()];
    let exists = world.get("App", name).is_some_and(|app| app["metadata"]["deletionTimestamp"].is_null());
    let child = format!("{name}-n{}", dice.roll(3));
    match dice.roll(12) {
        0 | 1 if world.get("App", name).is_none() => world.app(name).await,
        0 if exists => world.delete("App", name).await,
        1 | 2 if exists => world.patch("App", name, json!({"spec": {"value": format!("v{}", dice.roll(5))}})).await,
        3 if exists => world.patch("App", name, json!({"spec": {"on": dice.roll(2) == 0}})).await,
        4 => world.meddle("ConfigMap", &child, None).await,
        5 => world.meddle("ConfigMap", &child, Some(json!({"data": {"value": "drift"}}))).await,
        6 => {
            let length = usize::try_from(dice.roll(3)).unwrap() + 1;
            world.patch(RGD, "app", json!({"spec": {"resources": resources(length)}})).await;
        }
        7 => world.api.break_watches(),
        8 => {
            controller.kill();
            return world.start();
        }
        9 | 10 if exists => {
            let fault = FAULTS[usize::try_from(dice.roll(5)).unwrap()];
            let of = if dice.roll(4) == 0 { ("patch", "apps/status") } else { ("patch", "configmaps") };
            let which = Matcher::when(move |call: &ApiCall| named(call) == of);
            world.patch("App", name, json!({"spec": {"value": format!("v{}", dice.roll(5))}})).await;
            world.api.fail(which.nth(1 + dice.roll(2)), fault);
            pass(Duration::from_millis(1)).await;
            world.api.clear_faults();
        }
        11 => world.api.freeze_watches(),
        _ => {}
    }
    controller
}

fn named(call: &ApiCall) -> (&str, &str) {
    let resource = if call.subresource.is_some() { "apps/status" } else { call.resource.as_str() };
    (&call.verb, resource)
}

fn check(world: &World, seed: u64) {
    let definition = world.get(RGD, "app").unwrap();
    let length = definition["spec"]["resources"].as_array().unwrap().len() - 1;
    let mut expected = Vec::new();
    for name in INSTANCES {
        let Some(app) = world.get("App", name) else { continue };
        assert_eq!(app["status"]["state"], "ACTIVE", "seed {seed}: {name}: {}", app["status"]);
        let value = format!("value={}", app["spec"]["value"].as_str().unwrap());
        let last = (app["spec"]["on"] == true).then(|| format!("{name}-last"));
        let all: Vec<String> = last.into_iter().chain((0..length).map(|at| format!("{name}-n{at}"))).collect();
        for child in &all {
            assert_eq!(world.data(child), [value.as_str()], "seed {seed}: {child}");
        }
        expected.extend(all);
    }
    expected.sort();
    assert_eq!(world.maps(), expected, "seed {seed}");
}

#[tokio::test(start_paused = true)]
async fn everything_comes_right_when_it_is_quiet() {
    for seed in 1..=12 {
        let (world, mut dice) = (World::new(), Dice(seed));
        let mut controller = world.start();
        world.defined(resources(3)).await;
        for _ in 0..40 {
            controller = step(&world, &mut dice, controller).await;
            pass(Duration::from_millis(dice.roll(40))).await;
        }
        world.api.thaw_watches();
        pass(Duration::from_mins(20)).await;
        check(&world, seed);
        world.api.clear_calls();
        pass(Duration::from_hours(1)).await;
        assert_eq!(world.calls(), [""; 0], "seed {seed} is quiet");
        controller.kill();
    }
}
