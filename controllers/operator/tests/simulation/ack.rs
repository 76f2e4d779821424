//! Objects that ACK left go on under Cairn, and back.

use cairn_testkit::aws::BucketSeed;
use serde_json::{Value, json};

use crate::harness::{REGION, World};

const BUCKET: &str = "acks-bucket";

/// A bucket and its object exactly as ACK's controller leaves them.
async fn left_by_ack(world: &World) {
    world.aws.put_bucket(
        &BucketSeed::new(BUCKET)
            .region(REGION)
            .tag("services.k8s.aws/controller-version", "s3-v1.10.0")
            .tag("services.k8s.aws/namespace", "default"),
    );
    world.set_versioning(BUCKET, "Enabled");
    world.create("photos", json!({"name": BUCKET, "versioning": {"status": "Enabled"}})).await;
    let finalizer = json!({"metadata": {"finalizers": ["finalizers.s3.services.k8s.aws/Bucket"]}});
    world.patch("photos", finalizer).await;
    let synced = json!({
        "type": "ACK.ResourceSynced", "status": "True", "message": "Resource synced successfully", "reason": "",
        "lastTransitionTime": "2026-01-01T00:00:00Z",
    });
    let status = json!({
        "ackResourceMetadata": {
            "arn": format!("arn:aws:s3:::{BUCKET}"), "ownerAccountID": "111122223333", "region": REGION,
        },
        "conditions": [synced],
        "location": format!("http://{BUCKET}.s3.amazonaws.com/"),
    });
    world.patch_status("photos", json!({"status": status})).await;
}

fn synced(world: &World) -> Value {
    let object = world.object("photos").unwrap();
    let conditions = object["status"]["conditions"].as_array().unwrap();
    conditions.iter().find(|condition| condition["type"] == "ACK.ResourceSynced").unwrap().clone()
}

#[tokio::test(start_paused = true)]
async fn what_ack_managed_goes_on_without_a_write_in_aws() {
    let world = World::ack();
    left_by_ack(&world).await;
    world.forget_calls();
    let _operator = world.start("one");
    world.until_ready("photos").await;
    assert!(world.mutations().is_empty(), "{:?}", world.mutations());
    assert_eq!(synced(&world)["status"], "True");
    assert_eq!(synced(&world)["lastTransitionTime"], "2026-01-01T00:00:00Z");
    world.patch("photos", json!({"spec": {"versioning": {"status": "Suspended"}}})).await;
    world.until("the edit is carried out", |world| !world.mutations().is_empty()).await;
    world.until_ready("photos").await;
    let object = world.object("photos").unwrap();
    assert_eq!(object["metadata"]["finalizers"], json!(["finalizers.s3.services.k8s.aws/Bucket"]));
    assert_eq!(object["status"]["ackResourceMetadata"]["ownerAccountID"], "111122223333");
}

#[tokio::test(start_paused = true)]
async fn what_ack_managed_is_deleted_with_its_object() {
    let world = World::ack();
    left_by_ack(&world).await;
    world.delete("photos").await;
    let _operator = world.start("one");
    world.until_gone("photos").await;
    assert!(world.aws.bucket(BUCKET).is_none());
}

#[tokio::test(start_paused = true)]
async fn a_status_of_another_place_is_no_evidence() {
    let world = World::ack();
    left_by_ack(&world).await;
    let elsewhere = json!({"arn": "arn:aws:s3:::another", "ownerAccountID": "111122223333", "region": REGION});
    world.patch_status("photos", json!({"status": {"ackResourceMetadata": elsewhere}})).await;
    let _operator = world.start("one");
    world.until_reason("photos", "NotOwned").await;
    assert!(world.mutations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn under_our_own_names_what_ack_leaves_is_no_evidence_and_its_conditions_are_not_written() {
    let world = World::quiet();
    world.aws.put_bucket(&BucketSeed::new(BUCKET).region(REGION));
    world.create("photos", json!({"name": BUCKET})).await;
    world.patch("photos", json!({"metadata": {"finalizers": ["finalizers.s3.aws.cairn.run/Bucket"]}})).await;
    let place = json!({"arn": format!("arn:aws:s3:::{BUCKET}"), "ownerAccountID": "111122223333", "region": REGION});
    world.patch_status("photos", json!({"status": {"ackResourceMetadata": place}})).await;
    let _operator = world.start("one");
    world.until_reason("photos", "NotOwned").await;
    let object = world.object("photos").unwrap();
    assert!(!object["status"].to_string().contains("ACK."));
}
