//! From any table to any other: what is planned is what DynamoDB takes, in an order that it takes, until nothing is left.
//!
//! It is the kind alone, with plans carried out as the engine does, over the wire of a simulated DynamoDB. With
//! `CAIRN_PAIRS=2000` as many random pairs are tried, from `CAIRN_FIRST_PAIR` on, and all pairs that differ in two settings
//! at most; otherwise some of each.

// Helpers of tests may fail loudly, as tests do.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod specs;
mod world;

use std::{env, str::FromStr};

use cairn_core::{
    part::declared_paths,
    plan::{Action, Step},
};
use cairn_dynamodb::table::RULES;
use serde_json::{Value, json};

use crate::{
    specs::{Choice, DIMENSIONS},
    world::World,
};

/// How many random pairs are tried where nobody asks for more.
const PAIRS: u64 = 30;
/// One of so many pairs that differ in two settings at most is tried then. It divides no number of options.
const STRIDE: usize = 37;

fn number<T: FromStr>(name: &str, default: T) -> T {
    env::var(name).ok().map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

/// One edit, and what it comes to: as if the table had been made as it is wanted.
async fn check(from: &Choice, to: &Choice) {
    let world = World::new();
    world.bring("edited", &from.spec("edited"), None).await;
    let steps = world.bring("edited", &to.spec("edited"), Some(&from.spec("edited"))).await;
    assert_eq!(world.bring("edited", &to.spec("edited"), Some(&to.spec("edited"))).await, []);
    world.bring("fresh", &to.spec("fresh"), None).await;
    assert_eq!(world.configuration("edited"), world.configuration("fresh"), "{from:?} to {to:?}");
    nothing_is_lost(&steps, from, to);
}

/// No index and no replica goes that both specs name, and no stream ends that both have.
fn nothing_is_lost(steps: &[Step], from: &Choice, to: &Choice) {
    let names = |choice: &Choice, field: &str| {
        let spec = choice.spec("any");
        let part = RULES.part(field).unwrap();
        spec.get(part.field).map(|entries| declared_paths(part, entries)).unwrap_or_default()
    };
    for step in steps {
        let Action::Put { value } = &step.action else { continue };
        let deleted = [
            ("globalSecondaryIndexes", &value["globalSecondaryIndexUpdates"][0]["delete"]["indexName"]),
            ("tableReplicas", &value["replicaUpdates"][0]["delete"]["regionName"]),
        ];
        for (field, name) in deleted.into_iter().filter_map(|(field, name)| Some((field, name.as_str()?.to_owned()))) {
            let (before, after) = (names(from, field), names(to, field));
            assert!(before.contains(&name) && !after.contains(&name), "{name} is deleted: {from:?} to {to:?}");
        }
        if value["streamSpecification"]["streamEnabled"] == false {
            let view = |choice: &Choice| choice.spec("any")["streamSpecification"]["streamViewType"].clone();
            assert_ne!(view(from), view(to), "the stream ends: {from:?} to {to:?}");
        }
    }
}

/// Pairs of tables that differ in at most two settings, the others being as a new table has them.
#[tokio::test(start_paused = true)]
async fn any_two_settings_can_be_changed_together() {
    let stride = if env::var_os("CAIRN_PAIRS").is_some() { 1 } else { STRIDE };
    let mut pairs = 0;
    for first in 0..DIMENSIONS.len() {
        for second in first + 1..DIMENSIONS.len() {
            let both = Choice::of(first, second);
            for from in &both {
                for to in both.iter().filter(|to| *to != from && (first == 0 || to.0[first] != from.0[first])) {
                    if pairs % stride == 0 {
                        check(from, to).await;
                    }
                    pairs += 1;
                }
            }
        }
    }
    assert!(pairs > 1_000, "{pairs}");
}

#[tokio::test(start_paused = true)]
async fn any_table_can_be_changed_into_any_other() {
    let first = number("CAIRN_FIRST_PAIR", 0);
    for seed in first..first + number("CAIRN_PAIRS", PAIRS) {
        let mut random = fastrand::Rng::with_seed(seed);
        check(&Choice::random(&mut random), &Choice::random(&mut random)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_the_table_goes_where_a_replica_keeps_its_own() {
    let with = |billing: usize| {
        let mut choice = vec![0; DIMENSIONS.len()];
        (choice[0], choice[DIMENSIONS.len() - 1]) = (billing, 2);
        Choice(choice)
    };
    check(&with(1), &with(0)).await;
}

#[tokio::test(start_paused = true)]
async fn what_somebody_else_made_stays() {
    let world = World::new();
    let all = Choice(DIMENSIONS.iter().map(|options| options.len() - 1).collect());
    world.bring("orders", &all.spec("orders"), None).await;
    let before = world.configuration("orders");
    let bare = Choice(vec![0; DIMENSIONS.len()]).bare("orders");
    let steps = world.bring("orders", &bare, Some(&bare)).await;
    assert_eq!((steps, world.configuration("orders")), (vec![], before));
}

#[tokio::test(start_paused = true)]
async fn a_key_of_an_index_is_not_changed() {
    let world = World::new();
    let spec = |key: &str| {
        json!({
            "tableName": "orders",
            "attributeDefinitions": [
                {"attributeName": "id", "attributeType": "S"}, {"attributeName": key, "attributeType": "S"},
            ],
            "keySchema": [{"attributeName": "id", "keyType": "HASH"}],
            "globalSecondaryIndexes": [{
                "indexName": "other", "keySchema": [{"attributeName": key, "keyType": "HASH"}],
                "projection": {"projectionType": "ALL"},
            }],
        })
    };
    world.bring("orders", &spec("a"), None).await;
    let before = world.configuration("orders");
    assert_eq!(world.immutable("orders", &spec("b"), &spec("a")).await, ["globalSecondaryIndexes"]);
    assert_eq!(world.configuration("orders"), before);
}

#[tokio::test(start_paused = true)]
async fn capacity_that_is_not_declared_is_left_to_who_scales_it() {
    let world = World::new();
    let mut spec = specs::indexed(json!({"readCapacityUnits": 5, "writeCapacityUnits": 5}));
    world.bring("orders", &spec, None).await;
    world.scale("orders", 70);
    let undeclared: Value = {
        spec["globalSecondaryIndexes"][0].as_object_mut().unwrap().remove("provisionedThroughput");
        spec.as_object_mut().unwrap().remove("provisionedThroughput");
        spec.clone()
    };
    assert_eq!(world.bring("orders", &undeclared, Some(&undeclared)).await, []);
    assert_eq!(world.units("orders"), 70);
}
