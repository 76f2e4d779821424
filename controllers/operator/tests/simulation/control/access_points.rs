//! Access points: named, owned by their tags, and nearly all of them for ever as they were made.

use std::time::Duration;

use cairn_crds::{s3::BUCKET, s3control::ACCESS_POINT};
use cairn_testkit::aws::AccessPointView;
use serde_json::{Value, json};

use crate::{
    harness::{REGION, World, pass},
    points::{self, every_crash, every_error},
};

const ACCOUNT: &str = "111122223333";
const POINT: &str = "photos-of-a";
const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*",
    "Resource":"arn:aws:s3:eu-west-1:111122223333:accesspoint/photos-of-a"}]}"#;

fn world() -> World {
    World::about(&ACCESS_POINT)
}

fn minimal() -> Value {
    json!({"name": POINT, "bucket": "photos"})
}

fn full() -> Value {
    json!({
        "name": POINT,
        "accountID": ACCOUNT,
        "bucket": "photos",
        "bucketAccountID": ACCOUNT,
        "policy": POLICY,
        "publicAccessBlockConfiguration": {"blockPublicPolicy": false},
        "tags": [{"key": "team", "value": "a"}],
        "vpcConfiguration": {"vpcID": "vpc-1"},
    })
}

fn point(world: &World) -> Option<AccessPointView> {
    world.aws.access_point(ACCOUNT, REGION, POINT)
}

fn check_full(world: &World) {
    let point = point(world).unwrap();
    assert_eq!((point.bucket.as_str(), point.vpc.as_deref()), ("photos", Some("vpc-1")));
    assert_eq!(point.block.values().filter(|on| **on).count(), 3, "{point:?}");
    assert!(!point.block["BlockPublicPolicy"] && point.policy.is_some(), "{point:?}");
    assert!(point.tags["team"] == "a" && point.tags.contains_key("cairn.run/owner"), "{point:?}");
}

#[tokio::test(start_paused = true)]
async fn an_access_point_is_made_checked_changed_and_deleted_with_few_calls() {
    let world = world().flag("--reconcile-default-resync-seconds=600");
    let _operator = world.start("one");
    world.create("photos", full()).await;
    world.until_ready("photos").await;
    let made = ["GetAccessPoint", "CreateAccessPoint", "GetAccessPoint", "ListTagsForResource", "PutAccessPointPolicy"];
    assert_eq!(world.operations(), made);
    check_full(&world);
    world.forget_calls();
    world.until("a check", |world| world.operations().len() >= 2).await;
    pass(Duration::from_secs(5)).await;
    let mut check = world.operations();
    check.sort();
    assert_eq!(check, ["GetAccessPoint", "GetAccessPointPolicy", "ListTagsForResource"]);
    assert!(world.kubernetes_calls().is_empty(), "{:?}", world.kubernetes_calls());
    let status = &world.object("photos").unwrap()["status"];
    assert_eq!(status["alias"], point(&world).unwrap().alias);
    assert_eq!(status["networkOrigin"], "VPC");
    assert_eq!(status["ackResourceMetadata"]["arn"], format!("arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/{POINT}"));
    world.forget_calls();
    let edit =
        json!({"spec": {"policy": null, "tags": [{"key": "team", "value": "b"}, {"key": "tier", "value": "c"}]}});
    world.patch("photos", edit).await;
    world.until_ready("photos").await;
    assert_eq!(world.mutations().len(), 2, "{:?}", world.mutations());
    let edited = point(&world).unwrap();
    assert!(edited.policy.is_none() && edited.tags["team"] == "b" && edited.tags["tier"] == "c", "{edited:?}");
    world.patch("photos", json!({"spec": {"tags": [{"key": "tier", "value": "c"}]}})).await;
    world.until_ready("photos").await;
    assert!(!point(&world).unwrap().tags.contains_key("team"));
    world.forget_calls();
    world.delete("photos").await;
    world.until_gone("photos").await;
    assert!(point(&world).is_none());
    assert!(world.operations().len() <= 4, "{:?}", world.operations());
}

#[tokio::test(start_paused = true)]
async fn what_aws_never_changes_is_told_and_what_vanishes_is_made_again() {
    let world = world().flag("--reconcile-default-resync-seconds=600");
    let _operator = world.start("one");
    world.create("photos", minimal()).await;
    world.until_ready("photos").await;
    let first = point(&world).unwrap();
    assert!(first.block.values().all(|on| *on), "{first:?}");
    world.patch("photos", json!({"spec": {"bucket": "others"}})).await;
    world.until_reason("photos", "Immutable").await;
    assert!(world.ready("photos").unwrap().2.contains("bucket"));
    world.patch("photos", json!({"spec": {"bucket": "photos"}})).await;
    world.until_ready("photos").await;
    world.aws.remove_access_point(ACCOUNT, REGION, POINT);
    world.until("it is made again", |world| point(world).is_some()).await;
    assert_ne!(point(&world).unwrap().alias, first.alias);
}

#[tokio::test(start_paused = true)]
async fn another_objects_access_point_is_never_taken_and_another_accounts_never_made() {
    let world = world();
    let _operator = world.start("one");
    world.create("photos", minimal()).await;
    world.until_ready("photos").await;
    world.create("second", minimal()).await;
    world.until_reason("second", "NotOwned").await;
    world.delete("second").await;
    world.until_gone("second").await;
    assert!(point(&world).is_some());
    world.create("third", json!({"name": "third", "bucket": "photos", "accountID": "999988887777"})).await;
    world.until("it is said", |world| world.ready("third").is_some_and(|ready| ready.2.contains("accountID"))).await;
    assert_eq!(world.mutations(), ["CreateAccessPoint"]);
    world.delete("third").await;
    world.until_gone("third").await;
}

#[tokio::test(start_paused = true)]
async fn an_access_point_waits_for_its_bucket_and_the_bucket_goes_after_it() {
    let mut world = world();
    let _operator = world.start("one");
    world.create("point", json!({"name": POINT, "bucketRef": {"from": {"name": "photos"}}})).await;
    world.until_reason("point", "DependencyNotReady").await;
    assert!(world.mutations().is_empty());
    world.kind = &BUCKET;
    world.create("photos", json!({})).await;
    world.until_ready("photos").await;
    world.kind = &ACCESS_POINT;
    world.until_ready("point").await;
    assert_eq!(point(&world).unwrap().bucket, format!("default-photos-{ACCOUNT}-{REGION}-an"));
    world.kind = &BUCKET;
    world.delete("photos").await;
    world
        .until("it is said", |world| {
            world.ready("photos").is_some_and(|ready| ready.2.contains("access points attached"))
        })
        .await;
    world.kind = &ACCESS_POINT;
    world.delete("point").await;
    world.until_gone("point").await;
    world.kind = &BUCKET;
    world.until_gone("photos").await;
    assert!(world.aws.bucket_names().is_empty());
}

/// An access point comes to be while things fail.
#[derive(Clone, Copy, Debug)]
struct Creation;

impl points::Story for Creation {
    fn world(self) -> World {
        world().unhurried()
    }

    async fn prepare(self, _: &World) {}

    async fn act(self, world: &World) {
        world.create("photos", minimal()).await;
    }

    async fn done(self, world: &World) {
        world.until_ready("photos").await;
    }

    fn check(self, world: &World, point_in_time: &str) {
        let made = point(world).unwrap();
        assert!(made.bucket == "photos" && made.tags.contains_key("cairn.run/owner"), "{point_in_time}: {made:?}");
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
