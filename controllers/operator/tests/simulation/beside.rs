//! Another controller that writes to the same objects.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    ack::{ACK, left_by_ack},
    harness::{Running, World, pass},
};

/// A bucket that Cairn made and brought to rest, in ACK's names.
async fn at_rest(world: &World) -> Running {
    let operator = world.start("one");
    world.create("photos", json!({"name": "photos-of-a", "versioning": {"status": "Enabled"}})).await;
    world.until_ready("photos").await;
    pass(Duration::from_secs(5)).await;
    world.forget_calls();
    operator
}

/// What ACK writes at the end of each of its reconciles.
async fn ack_reconciles(world: &World) {
    let now = world.api.clock().now().to_string();
    let synced = json!({
        "type": "ACK.ResourceSynced", "status": "True", "message": "Resource synced successfully",
        "lastTransitionTime": now,
    });
    world.patch_as(ACK, "photos", json!({"status": {"conditions": [synced]}})).await;
}

async fn edit(world: &World, status: &str) {
    world.patch("photos", json!({"spec": {"versioning": {"status": status}}})).await;
}

async fn ask(world: &World, when: &str) {
    world.patch("photos", json!({"metadata": {"annotations": {"services.k8s.aws/requested-at": when}}})).await;
}

fn message(world: &World) -> String {
    world.ready("photos").unwrap().2
}

#[tokio::test(start_paused = true)]
async fn a_status_that_another_wrote_stops_all_calls_to_aws() {
    let world = World::ack();
    let _operator = at_rest(&world).await;
    ack_reconciles(&world).await;
    world.until_reason("photos", "OtherController").await;
    assert!(world.ready("photos").unwrap().3, "stalled");
    assert!(message(&world).starts_with("controller wrote"), "{}", message(&world));
    ack_reconciles(&world).await;
    edit(&world, "Suspended").await;
    pass(Duration::from_hours(48)).await;
    assert_eq!(world.ready("photos").unwrap().1, "OtherController", "it was written to after Cairn stood aside");
    assert!(world.aws_calls().is_empty(), "{:?}", world.operations());
}

#[tokio::test(start_paused = true)]
async fn it_goes_on_with_the_next_edit_once_the_other_is_silent() {
    let world = World::ack();
    let _operator = at_rest(&world).await;
    ack_reconciles(&world).await;
    world.until_reason("photos", "OtherController").await;
    edit(&world, "Suspended").await;
    world.until_ready("photos").await;
    assert_eq!(world.mutations(), ["PutBucketVersioning"]);
}

#[tokio::test(start_paused = true)]
async fn it_goes_on_when_somebody_asks_also_after_a_restart() {
    let world = World::ack();
    let operator = at_rest(&world).await;
    operator.stop().await;
    ack_reconciles(&world).await;
    pass(Duration::from_secs(5)).await;
    let operator = world.start("two");
    world.until_reason("photos", "OtherController").await;
    operator.stop().await;
    let _operator = world.start("three");
    pass(Duration::from_hours(48)).await;
    assert_eq!(world.ready("photos").unwrap().1, "OtherController");
    assert!(world.aws_calls().is_empty(), "{:?}", world.operations());
    ask(&world, "2026-01-04T00:00:00Z").await;
    world.until_ready("photos").await;
    assert!(world.mutations().is_empty(), "{:?}", world.mutations());
    assert_eq!(world.object("photos").unwrap()["status"]["lastHandledReconcileAt"], "2026-01-04T00:00:00Z");
}

#[tokio::test(start_paused = true)]
async fn two_writes_of_one_second_are_told_apart() {
    let world = World::ack();
    let operator = world.start("one");
    world.create("photos", json!({"name": "photos-of-a"})).await;
    world.until_ready("photos").await;
    ack_reconciles(&world).await;
    ack_reconciles(&world).await;
    world.until_reason("photos", "OtherController").await;
    operator.stop().await;

    // One that was there before, and writes once more right after it was taken over.
    let world = World::ack();
    left_by_ack(&world).await;
    ack_reconciles(&world).await;
    let _operator = world.start("one");
    world.until_reason("photos", "Available").await;
    ack_reconciles(&world).await;
    world.until_reason("photos", "OtherController").await;
}

#[tokio::test(start_paused = true)]
async fn a_stalled_object_can_be_deleted() {
    let world = World::ack();
    let _operator = at_rest(&world).await;
    ack_reconciles(&world).await;
    world.until_reason("photos", "OtherController").await;
    world.delete("photos").await;
    world.until_gone("photos").await;
    assert!(world.aws.bucket("photos-of-a").is_none());
}

#[tokio::test(start_paused = true)]
async fn what_is_deleted_while_another_writes_stays_in_aws() {
    let world = World::ack();
    let _operator = at_rest(&world).await;
    ack_reconciles(&world).await;
    world.delete("photos").await;
    world.until_reason("photos", "OtherController").await;
    pass(Duration::from_hours(48)).await;
    assert!(world.aws.bucket("photos-of-a").is_some() && world.object("photos").is_some());
    ask(&world, "2026-01-04T00:00:00Z").await;
    world.until_gone("photos").await;
    assert!(world.aws.bucket("photos-of-a").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_condition_of_anothers_own_and_a_manifest_with_the_finalizer_are_no_sign_of_a_controller() {
    let world = World::ack();
    let _operator = at_rest(&world).await;
    let mut conditions = world.object("photos").unwrap()["status"]["conditions"].clone();
    let audited = json!({"type": "Audited", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"});
    conditions.as_array_mut().unwrap().push(audited);
    world.patch_as("auditor", "photos", json!({"status": {"conditions": conditions}})).await;
    let dump = json!({
        "metadata": {"finalizers": ["finalizers.s3.services.k8s.aws/Bucket"]},
        "spec": {"versioning": {"status": "Suspended"}},
    });
    world.patch_as("kubectl-client-side-apply", "photos", dump).await;
    world.until_ready("photos").await;
    assert_eq!(world.mutations(), ["PutBucketVersioning"]);
    let kept = &world.object("photos").unwrap()["status"];
    assert!(kept["conditions"].to_string().contains("Audited"), "{kept}");
    assert_eq!(kept["record"]["others"], Value::Null);
}

#[tokio::test(start_paused = true)]
async fn under_our_own_names_whoever_writes_the_status_stops_nothing() {
    let world = World::quiet();
    let _operator = at_rest(&world).await;
    ack_reconciles(&world).await;
    edit(&world, "Suspended").await;
    world.until_ready("photos").await;
    assert_eq!(world.mutations(), ["PutBucketVersioning"]);
}
