//! Buckets in regions and partitions that are not like the others, with long lists, and from before a rule.

use std::sync::atomic::{AtomicBool, Ordering};

use cairn_testkit::aws::BucketSeed;
use serde_json::{Value, json};

use crate::{harness::World, spec};

const BUCKET: &str = "photos-of-a";

fn world_in(region: &str) -> World {
    World { flags: vec![format!("--aws-region={region}")], ..World::new() }
}

#[tokio::test(start_paused = true)]
async fn where_creating_what_one_has_succeeds_a_bucket_that_somebody_made_meanwhile_is_not_taken() {
    let world = world_in("us-east-1");
    let (aws, made) = (world.aws.clone(), AtomicBool::new(false));
    world.aws.on_call(move |call| {
        if call.operation == "GetBucketTagging" && !made.swap(true, Ordering::SeqCst) {
            aws.put_bucket(&BucketSeed::new(BUCKET).region("us-east-1"));
        }
    });
    let _operator = world.start("one");
    world.create("photos", spec::usual(BUCKET)).await;
    world.until_reason("photos", "NotOwned").await;
    assert_eq!(world.mutations(), ["CreateBucket"]);
    assert!(world.aws.bucket(BUCKET).unwrap().tags.is_empty());
    world.delete("photos").await;
    world.until_gone("photos").await;
    assert_eq!(world.aws.bucket_names(), [BUCKET]);
}

#[tokio::test(start_paused = true)]
async fn arns_are_those_of_the_partition() {
    for (region, partition) in [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")] {
        let world = world_in(region);
        let _operator = world.start("one");
        world.create("photos", spec::minimal(BUCKET)).await;
        world.until_ready("photos").await;
        let metadata = world.object("photos").unwrap()["status"]["ackResourceMetadata"].clone();
        assert_eq!(metadata["arn"], format!("arn:{partition}:s3:::{BUCKET}"));
        assert_eq!((&metadata["partition"], &metadata["region"]), (&json!(partition), &json!(region)));
    }
}

/// So many configurations with ids as three pages have.
fn many() -> Vec<Value> {
    (0..201).map(|n| json!({"id": format!("{n:03}")})).collect()
}

#[tokio::test(start_paused = true)]
async fn lists_of_configurations_are_read_to_their_last_page() {
    let world = World::quiet();
    let _operator = world.start("one");
    let mut spec = spec::minimal(BUCKET);
    spec["metrics"] = many().into();
    world.create("photos", spec).await;
    world.until_ready("photos").await;
    world.forget_calls();
    let fewer: Vec<_> = many().into_iter().take(199).collect();
    world.patch("photos", json!({"spec": {"metrics": fewer}})).await;
    world.until_ready("photos").await;
    let listed = world.operations().iter().filter(|called| *called == "ListBucketMetricsConfigurations").count();
    assert_eq!(listed, 3);
    assert_eq!(world.mutations(), ["DeleteBucketMetricsConfiguration"; 2]);
}

#[tokio::test(start_paused = true)]
async fn an_object_from_before_a_rule_is_reconciled_as_far_as_aws_takes_it_and_can_go() {
    let world = World::new();
    let _operator = world.start("one");
    let mut spec = spec::minimal(BUCKET);
    // No API server would take this any more: a single condition in `and`, and logs that go nowhere.
    spec["lifecycle"] = json!({"rules": [{
        "status": "Enabled", "filter": {"and": {"prefix": "a/"}}, "expiration": {"days": 1},
    }]});
    spec["logging"] = json!({"loggingEnabled": {"targetPrefix": "a/"}});
    spec["versioning"] = json!({"status": "Enabled"});
    world.create("photos", spec).await;
    let told = |world: &World| {
        let message = world.ready("photos").map(|ready| ready.2).unwrap_or_default();
        ["lifecycle", "logging"].iter().all(|field| message.contains(field))
    };
    world.until("both are told", told).await;
    assert!(world.aws.bucket(BUCKET).unwrap().config["versioning"].contains("Enabled"));
    world.delete("photos").await;
    world.until_gone("photos").await;
    assert!(world.aws.bucket_names().is_empty());
}
