//! A status that cannot be read.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    fixture::NET,
    world::{World, pass},
};

async fn ready() -> (World, Value) {
    let world = World::of(&NET);
    let operator = world.start();
    world.create("a", json!({"size": 1})).await;
    world.until_ready("a").await;
    operator.kill();
    world.forget_calls();
    let record = world.object("a").unwrap()["status"]["record"].clone();
    (world, record)
}

#[tokio::test(start_paused = true)]
async fn nothing_is_done_about_an_object_whose_record_cannot_be_read() {
    for broken in [json!({"version": "one"}), json!({"version": 2})] {
        let (world, record) = ready().await;
        world.patch_status("a", json!({"record": broken})).await;
        world.patch("a", json!({"spec": {"size": 2}})).await;
        let operator = world.start();
        let message = world.until_says("a", "InternalError").await;
        assert!(message.contains("status.record") && message.contains("nothing is done"), "{message}");
        world.delete("a").await;
        pass(Duration::from_hours(2)).await;
        assert_eq!(world.object("a").unwrap()["status"]["record"]["version"], broken["version"]);
        assert!(world.cloud.calls().is_empty() && world.cloud.resources("Net").len() == 1);
        operator.kill();
        world.patch_status("a", json!({"record": record})).await;
        let _operator = world.start();
        world.until_gone("a").await;
        assert!(world.cloud.resources("Net").is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn what_aws_keeps_anyway_needs_no_record() {
    let (world, _) = ready().await;
    world.patch_status("a", json!({"record": "broken"})).await;
    let _operator = world.start();
    world.delete("a").await;
    world.until_says("a", "InternalError").await;
    world.patch("a", json!({"metadata": {"annotations": {"aws.cairn.run/deletion-policy": "retain"}}})).await;
    world.until_gone("a").await;
    assert_eq!(world.cloud.resources("Net").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn conditions_that_cannot_be_read_are_written_anew() {
    let (world, _) = ready().await;
    world.patch_status("a", json!({"conditions": [{"type": 1}]})).await;
    let _operator = world.start();
    world.until_ready("a").await;
    assert_eq!(world.cloud.mutations(), [""; 0]);
}
