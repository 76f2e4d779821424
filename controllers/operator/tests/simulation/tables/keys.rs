//! The key of KMS by its id, its ARN, an alias, or the object that stands for it.

use std::time::Duration;

use cairn_testkit::{Fault, Matcher, aws::AwsCall};
use serde_json::{Value, json};

use super::{minimal, table, world};
use crate::{
    bucket_references::install,
    harness::{REGION, World, pass},
};

const KEYS: [&str; 2] = ["11111111-2222-4333-8444-555555555555", "99999999-2222-4333-8444-555555555555"];

fn arn(key: &str) -> String {
    format!("arn:aws:kms:{REGION}:111122223333:key/{key}")
}

fn encrypted(by: Value) -> Value {
    let mut spec = minimal();
    spec["sseSpecification"] = by;
    spec["sseSpecification"]["enabled"] = json!(true);
    spec
}

fn point_alias(world: &World, key: &str) {
    world.aws.dynamodb(|dynamo, _| dynamo.settings_mut().aliases.insert("alias/mine".into(), key.into()));
}

fn key_in_aws(world: &World) -> Option<String> {
    table(world)?.encryption.key
}

#[tokio::test(start_paused = true)]
async fn an_alias_is_the_key_that_it_stands_for_now() {
    let world = world(Duration::from_millis(100)).flag("--reconcile-default-resync-seconds=600");
    point_alias(&world, KEYS[0]);
    let _operator = world.start("one");
    world.create("orders", encrypted(json!({"kmsMasterKeyID": "alias/mine"}))).await;
    world.until_ready("orders").await;
    assert_eq!(key_in_aws(&world), Some(arn(KEYS[0])));
    // The three names of one key.
    for name in [KEYS[0].to_owned(), arn(KEYS[0]), format!("arn:aws:kms:{REGION}:111122223333:alias/mine")] {
        world.forget_calls();
        world.patch("orders", json!({"spec": {"sseSpecification": {"kmsMasterKeyID": name}}})).await;
        world.until("a check", |world| !world.aws_calls().is_empty()).await;
        world.until_ready("orders").await;
        assert!(world.mutations().is_empty(), "{:?}", world.mutations());
    }
    world.forget_calls();
    world.until("a check", |world| !world.aws_calls().is_empty()).await;
    pass(Duration::from_secs(5)).await;
    assert_eq!(world.operations(), ["DescribeKey", "DescribeTable"]);
    point_alias(&world, KEYS[1]);
    world.until("the other key", |world| key_in_aws(world) == Some(arn(KEYS[1]))).await;
}

#[tokio::test(start_paused = true)]
async fn an_alias_that_cannot_be_followed_is_told_and_heals() {
    let world = world(Duration::from_millis(100));
    world.aws.fail(
        Matcher::when(|call: &AwsCall| call.operation == "DescribeKey").first(1),
        Fault::Error(403, "AccessDenied"),
    );
    let _operator = world.start("one");
    world.create("orders", encrypted(json!({"kmsMasterKeyID": "alias/mine"}))).await;
    world.until_reason("orders", "AccessDenied").await;
    assert!(world.ready("orders").unwrap().2.contains("kms:DescribeKey"), "{:?}", world.ready("orders"));
    world.until_reason("orders", "Refused").await;
    assert!(world.ready("orders").unwrap().2.contains("alias/mine"), "{:?}", world.ready("orders"));
    assert!(world.mutations().is_empty(), "{:?}", world.mutations());
    point_alias(&world, KEYS[0]);
    world.until_ready("orders").await;
}

#[tokio::test(start_paused = true)]
async fn the_object_of_a_key_fills_its_arn() {
    let world = world(Duration::from_millis(100));
    let _operator = world.start("one");
    world.create("orders", encrypted(json!({"kmsMasterKeyRef": {"from": {"name": "main"}}}))).await;
    world.until_reason("orders", "DependencyNotReady").await;
    assert!(world.mutations().is_empty(), "{:?}", world.mutations());
    let key = arn(KEYS[0]);
    install(&world, ("kms", "Key", "keys", &key)).await;
    world.until_ready("orders").await;
    assert_eq!(key_in_aws(&world), Some(key));
}
