//! Objects that ACK left go on under Cairn, and back.

use std::time::Duration;

use cairn_testkit::aws::{BucketSeed, dynamodb::model::Tag};
use serde_json::{Value, json};

use crate::{
    harness::{REGION, World, pass},
    tables,
};

pub(crate) const BUCKET: &str = "acks-bucket";
/// The field manager of ACK's controllers: none is set, so that it is the name of their program.
pub(crate) const ACK: &str = "controller";
const ACCOUNT: &str = "111122223333";

/// Tags as ACK gives them.
const TAGS: [(&str, &str); 2] =
    [("services.k8s.aws/controller-version", "s3-v1.10.0"), ("services.k8s.aws/namespace", "default")];

/// A condition as ACK writes it: without a reason where there is none.
fn condition(name: &str, status: &str, message: &str) -> Value {
    json!({"type": name, "status": status, "message": message, "lastTransitionTime": "2026-01-01T00:00:00Z"})
}

fn synced_conditions() -> Value {
    json!([
        condition("ACK.ResourceSynced", "True", "Resource synced successfully"),
        condition("Ready", "True", "Resource synced successfully"),
    ])
}

/// What ACK writes to an object when it has brought its resource about.
pub(crate) async fn finish(world: &World, name: &str, finalizer: &str, arn: &str, own: &Value) {
    world.patch_as(ACK, name, json!({"metadata": {"finalizers": [finalizer]}})).await;
    let mut status = json!({
        "ackResourceMetadata": {"arn": arn, "ownerAccountID": ACCOUNT, "region": REGION, "partition": "aws"},
        "conditions": synced_conditions(),
    });
    status.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    world.patch_as(ACK, name, json!({"status": status})).await;
}

/// A bucket and its object as ACK's controller leaves them, its late initialization included.
pub(crate) async fn left_by_ack(world: &World) {
    let seed = BucketSeed::new(BUCKET).region(REGION);
    world.aws.put_bucket(&TAGS.iter().fold(seed, |seed, (key, value)| seed.tag(key, value)));
    world.set_versioning(BUCKET, "Enabled");
    let late = json!({
        "createBucketConfiguration": {"locationConstraint": REGION},
        "encryption": {"rules": [{
            "applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}, "bucketKeyEnabled": false,
        }]},
        "ownershipControls": {"rules": [{"objectOwnership": "BucketOwnerEnforced"}]},
    });
    world.create("photos", json!({"name": BUCKET, "versioning": {"status": "Enabled"}})).await;
    world.patch_as(ACK, "photos", json!({"spec": late})).await;
    let own = json!({"location": format!("http://{BUCKET}.s3.amazonaws.com/")});
    let finalizer = "finalizers.s3.services.k8s.aws/Bucket";
    finish(world, "photos", finalizer, &format!("arn:aws:s3:::{BUCKET}"), &own).await;
    pass(Duration::from_mins(1)).await;
}

fn synced(world: &World) -> Value {
    let object = world.object("photos").unwrap();
    let conditions = object["status"]["conditions"].as_array().unwrap();
    conditions.iter().find(|condition| condition["type"] == "ACK.ResourceSynced").unwrap().clone()
}

/// What ACK reads of an object.
fn read_by_ack(world: &World, name: &str) -> Value {
    let mut object = world.object(name).unwrap();
    let mut status = object["status"].take();
    status
        .as_object_mut()
        .unwrap()
        .retain(|field, _| !["conditions", "observedGeneration", "record"].contains(&&**field));
    let metadata = &object["metadata"];
    json!({
        "spec": object["spec"], "status": status, "finalizers": metadata["finalizers"],
        "annotations": metadata["annotations"], "generation": metadata["generation"],
    })
}

#[tokio::test(start_paused = true)]
async fn what_ack_managed_goes_on_without_a_write_in_aws() {
    let world = World::ack();
    left_by_ack(&world).await;
    world.forget_calls();
    let before = read_by_ack(&world, "photos");
    let operator = world.start("one");
    world.until_reason("photos", "Available").await;
    pass(Duration::from_hours(48)).await;
    assert!(world.mutations().is_empty(), "{:?}", world.mutations());
    assert_eq!(synced(&world)["status"], "True");
    assert_eq!(synced(&world)["lastTransitionTime"], "2026-01-01T00:00:00Z");
    assert_eq!(read_by_ack(&world, "photos"), before, "what ACK reads when it comes back");
    // Its first reading, the answers to its writes, and nothing more.
    let writes: Vec<_> = world.kubernetes_calls().iter().map(|call| call.verb.clone()).collect();
    assert_eq!(writes, ["patch"]);
    operator.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_edit_of_what_ack_managed_is_carried_out_and_tags_ride_on_a_tag_write_that_is_due() {
    let world = World::ack();
    left_by_ack(&world).await;
    let _operator = world.start("one");
    world.until_reason("photos", "Available").await;
    world.forget_calls();
    world.patch("photos", json!({"spec": {"versioning": {"status": "Suspended"}}})).await;
    world.until_ready("photos").await;
    assert_eq!(world.mutations(), ["PutBucketVersioning"]);
    world.patch("photos", json!({"spec": {"tagging": {"tagSet": [{"key": "a", "value": "b"}]}}})).await;
    world.until_ready("photos").await;
    assert_eq!(world.mutations(), ["PutBucketVersioning", "PutBucketTagging"]);
    let tags = world.aws.bucket(BUCKET).unwrap().tags;
    assert!(tags.contains_key("cairn.run/owner") && tags.get("a").is_some_and(|value| value == "b"), "{tags:?}");
    let object = world.object("photos").unwrap();
    assert_eq!(object["metadata"]["finalizers"], json!(["finalizers.s3.services.k8s.aws/Bucket"]));
    assert_eq!(object["status"]["ackResourceMetadata"]["ownerAccountID"], ACCOUNT);
}

#[tokio::test(start_paused = true)]
async fn a_table_that_ack_managed_goes_on_without_a_write_in_aws() {
    let donor = tables::world(Duration::from_millis(1));
    let operator = donor.start("donor");
    donor.create("orders", tables::full()).await;
    donor.until_ready("orders").await;
    operator.stop().await;
    let mut table = tables::table(&donor).unwrap();
    table.tags = TAGS.map(|(key, value)| Tag { key: key.into(), value: value.into() }).to_vec();
    table.tags.push(Tag { key: "team".into(), value: "a".into() });
    let arn = table.arn();

    let world = World::ack_tables();
    world.aws.dynamodb(|dynamo, _| dynamo.put(table));
    world.create("orders", tables::full()).await;
    let own = json!({"tableStatus": "ACTIVE", "itemCount": 0, "tableSizeBytes": 0});
    finish(&world, "orders", "finalizers.dynamodb.services.k8s.aws/Table", &arn, &own).await;
    pass(Duration::from_mins(1)).await;
    world.forget_calls();
    let _operator = world.start("one");
    world.until_reason("orders", "Available").await;
    pass(Duration::from_hours(48)).await;
    assert!(world.mutations().is_empty(), "{:?}", world.mutations());
    world.delete("orders").await;
    world.until_gone("orders").await;
    assert!(tables::table(&world).is_none());
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
async fn what_ack_adopted_counts_as_adopted() {
    let world = World::ack();
    left_by_ack(&world).await;
    world.patch("photos", json!({"metadata": {"annotations": {"services.k8s.aws/adopted": "true"}}})).await;
    let _operator = world.start("one");
    world.until_reason("photos", "Available").await;
    assert_eq!(world.object("photos").unwrap()["status"]["record"]["ownership"], "Adopted");
}

#[tokio::test(start_paused = true)]
async fn a_status_of_another_place_is_no_evidence() {
    let world = World::ack();
    left_by_ack(&world).await;
    let elsewhere = json!({"arn": "arn:aws:s3:::another", "ownerAccountID": ACCOUNT, "region": REGION});
    world.patch_as(ACK, "photos", json!({"status": {"ackResourceMetadata": elsewhere}})).await;
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
    let place = json!({"arn": format!("arn:aws:s3:::{BUCKET}"), "ownerAccountID": ACCOUNT, "region": REGION});
    world.patch_status("photos", json!({"status": {"ackResourceMetadata": place}})).await;
    let _operator = world.start("one");
    world.until_reason("photos", "NotOwned").await;
    let object = world.object("photos").unwrap();
    assert!(!object["status"].to_string().contains("ACK."));
}
