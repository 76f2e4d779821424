//! Directory buckets: in one zone, with tags of S3 Control, and with few of the parts of a bucket.

use std::time::Duration;

use cairn_testkit::aws::BucketSeed;
use serde_json::{Value, json};

use crate::{
    harness::{REGION, World, pass},
    points::{self, every_crash, every_error},
    spec,
};

const BUCKET: &str = "photos--euw1-az1--x-s3";
const ARN: &str = "arn:aws:s3express:eu-west-1:111122223333:bucket/photos--euw1-az1--x-s3";

/// Everything that a directory bucket can be told.
fn full() -> Value {
    let mut spec = spec::minimal(BUCKET);
    spec["createBucketConfiguration"] = json!({
        "location": {"name": "euw1-az1", "type": "AvailabilityZone"},
        "bucket": {"dataRedundancy": "SingleAvailabilityZone", "type": "Directory"},
    });
    spec["encryption"] = spec::encryption("key-1");
    spec["inventory"] = spec::full("lists-of-a")["inventory"].clone();
    spec["lifecycle"] =
        json!({"rules": [{"status": "Enabled", "filter": {"prefix": "a/"}, "expiration": {"days": 7}}]});
    spec["metrics"] = json!([{"id": "all"}]);
    spec["policy"] = spec::policy(ARN).replace("s3:*", "s3express:CreateSession").into();
    spec["tagging"] = tags(&[("team", "a"), ("old", "b")]);
    spec
}

fn tags(tags: &[(&str, &str)]) -> Value {
    let tags: Vec<_> = tags.iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
    json!({ "tagSet": tags })
}

fn sorted(mut operations: Vec<String>) -> Vec<String> {
    operations.sort();
    operations
}

fn check_encrypted(world: &World) {
    let bucket = world.aws.bucket(BUCKET).unwrap();
    assert_eq!((bucket.region.as_str(), bucket.tags["team"].as_str()), (REGION, "a"));
    assert!(bucket.tags.contains_key("cairn.run/owner"), "{bucket:?}");
    assert!(bucket.config["encryption"].contains("key-1"), "{bucket:?}");
}

#[tokio::test(start_paused = true)]
async fn a_directory_bucket_is_made_checked_changed_and_deleted_with_few_calls() {
    let world = World::new().flag("--reconcile-default-resync-seconds=600");
    let _operator = world.start("one");
    world.create("photos", full()).await;
    world.until_ready("photos").await;
    let made = world.operations();
    assert_eq!(made[..2], ["ListTagsForResource", "CreateBucket"]);
    let parts = [
        "PutBucketEncryption",
        "PutBucketInventoryConfiguration",
        "PutBucketLifecycleConfiguration",
        "PutBucketMetricsConfiguration",
        "PutBucketPolicy",
    ];
    assert_eq!(sorted(made[2..].to_vec()), parts);
    check_encrypted(&world);
    let status = &world.object("photos").unwrap()["status"];
    assert_eq!(status["ackResourceMetadata"]["arn"], ARN);
    assert!(status["location"].is_null(), "{status}");

    world.forget_calls();
    world.until("a check", |world| world.operations().len() >= 6).await;
    pass(Duration::from_secs(5)).await;
    let check = [
        "GetBucketEncryption",
        "GetBucketLifecycleConfiguration",
        "GetBucketPolicy",
        "ListBucketInventoryConfigurations",
        "ListBucketMetricsConfigurations",
        "ListTagsForResource",
    ];
    assert_eq!(sorted(world.operations()), check);
    assert!(world.kubernetes_calls().is_empty(), "{:?}", world.kubernetes_calls());

    world.forget_calls();
    world.patch("photos", json!({"spec": {"policy": null, "tagging": tags(&[("team", "b")])}})).await;
    world.until_ready("photos").await;
    assert_eq!(sorted(world.mutations()), ["DeleteBucketPolicy", "TagResource", "UntagResource"]);
    let edited = world.aws.bucket(BUCKET).unwrap();
    assert!(edited.tags["team"] == "b" && !edited.tags.contains_key("old"), "{edited:?}");
    assert!(edited.tags.contains_key("cairn.run/owner") && !edited.config.contains_key("policy"), "{edited:?}");

    world.forget_calls();
    world.delete("photos").await;
    world.until_gone("photos").await;
    assert_eq!(world.operations(), ["ListTagsForResource", "DeleteBucket", "ListTagsForResource"]);
    assert!(world.aws.bucket_names().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_zone_is_the_one_that_the_name_names() {
    let world = World::new();
    let _operator = world.start("one");
    world.create("near", json!({"name": "photos--euw1-dub1-az1--x-s3"})).await;
    world.until_ready("near").await;
    assert_eq!(world.operations(), ["ListTagsForResource", "CreateBucket"]);
}

#[tokio::test(start_paused = true)]
async fn objects_and_uploads_are_counted_and_stay_until_asked() {
    let world = World::new();
    let _operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_ready("photos").await;
    for key in ["a", "b", "c"] {
        assert!(world.aws.put_object(BUCKET, key));
    }
    assert!(world.aws.start_upload(BUCKET, "x"));
    world.forget_calls();
    world.delete("photos").await;
    world.until_reason("photos", "NotEmpty").await;
    let message = world.ready("photos").unwrap().2;
    assert!(message.contains("it has 3 objects, 1 unfinished uploads") && message.contains("emptyFirst"), "{message}");
    let asked = world.operations();
    assert_eq!(asked[..2], ["ListTagsForResource", "DeleteBucket"]);
    assert_eq!(sorted(asked[2..].to_vec()), ["CreateSession", "ListMultipartUploads", "ListObjectsV2"]);

    world.patch("photos", json!({"spec": {"deletion": {"emptyFirst": true}}})).await;
    world.until_gone("photos").await;
    assert!(world.aws.bucket_names().is_empty());
    let count = |operation: &str| world.operations().iter().filter(|called| *called == operation).count();
    assert_eq!((count("DeleteObjects"), count("AbortMultipartUpload"), count("ListObjectVersions")), (1, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn another_objects_directory_bucket_is_never_taken_and_anybodys_is_adopted_with_the_parts_it_has() {
    let world = World::new().flag("--adoption-namespaces=default");
    let _operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_ready("photos").await;
    world.create("second", spec::minimal(BUCKET)).await;
    world.until_reason("second", "NotOwned").await;

    let lone = "lone--euw1-az1--x-s3";
    world.aws.put_bucket(&BucketSeed::new(lone).region(REGION).tag("team", "a"));
    world.forget_calls();
    world.create_annotated("lone", spec::minimal(lone), &[("adoption-policy", "adopt")]).await;
    world.until_ready("lone").await;
    assert_eq!(world.mutations(), ["TagResource"]);
    let spec = &world.object("lone").unwrap()["spec"];
    assert_eq!(spec["encryption"]["rules"][0]["applyServerSideEncryptionByDefault"]["sseAlgorithm"], "AES256");
    assert!(spec["versioning"].is_null() && spec["publicAccessBlock"].is_null(), "{spec}");
    assert_eq!(world.aws.bucket(lone).unwrap().tags["team"], "a");
}

/// A directory bucket comes to be while things fail.
#[derive(Clone, Copy, Debug)]
struct Creation;

impl points::Story for Creation {
    fn world(self) -> World {
        World::new().unhurried()
    }

    async fn prepare(self, _: &World) {}

    async fn act(self, world: &World) {
        let mut spec = spec::minimal(BUCKET);
        spec["encryption"] = spec::encryption("key-1");
        spec["tagging"] = tags(&[("team", "a")]);
        world.create("photos", spec).await;
    }

    async fn done(self, world: &World) {
        world.until_ready("photos").await;
    }

    fn check(self, world: &World, _: &str) {
        check_encrypted(world);
    }
}

#[tokio::test(start_paused = true)]
async fn a_crash_at_any_call_does_no_harm() {
    every_crash(Creation).await;
}

#[tokio::test(start_paused = true)]
async fn an_error_at_any_call_of_a_creation_does_no_harm() {
    every_error(Creation).await;
}
