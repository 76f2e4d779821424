//! Taking over what is in AWS already.

use std::time::Duration;

use cairn_testkit::aws::BucketSeed;
use serde_json::json;

use crate::harness::{REGION, World, pass};

fn permitted() -> World {
    World::quiet().flag("--adoption-namespaces=default")
}

/// A bucket that somebody made by hand.
fn by_hand(world: &World) {
    world.aws.put_bucket(&BucketSeed::new("acme-a").region(REGION).tag("team", "a"));
    world.set_versioning("acme-a", "Enabled");
}

const ADOPT: &[(&str, &str)] = &[("adoption-policy", "adopt")];
const ADOPT_OR_CREATE: &[(&str, &str)] = &[("adoption-policy", "adopt-or-create")];

#[tokio::test(start_paused = true)]
async fn adopt_takes_the_bucket_as_it_is_and_fills_the_spec() {
    let world = permitted();
    let _operator = world.start("one");
    by_hand(&world);
    world.create_annotated("a", json!({"name": "acme-a"}), ADOPT).await;
    world.until_ready("a").await;
    let object = world.object("a").unwrap();
    assert_eq!(object["spec"]["versioning"]["status"], "Enabled");
    assert_eq!(object["spec"]["tagging"]["tagSet"], json!([{"key": "team", "value": "a"}]));
    assert_eq!(object["metadata"]["annotations"]["aws.cairn.run/adopted"], "true");
    assert_eq!(object["status"]["record"]["ownership"], "Adopted");
    assert_eq!(object["status"]["record"].get("declared"), None, "{}", object["status"]["record"]);
    assert_eq!(world.mutations(), ["PutBucketTagging"]);
    assert_eq!(world.aws.bucket("acme-a").unwrap().tags["team"], "a");
    assert_eq!(world.events("Adopted"), 1);
}

#[tokio::test(start_paused = true)]
async fn what_an_adoption_filled_in_is_not_declared_until_somebody_declares_it() {
    let world = permitted().flag("--reconcile-default-resync-seconds=60");
    let _operator = world.start("one");
    by_hand(&world);
    world.create_annotated("a", json!({"name": "acme-a"}), ADOPT).await;
    world.until_ready("a").await;
    world.set_versioning("acme-a", "Suspended");
    world.forget_calls();
    pass(Duration::from_mins(10)).await;
    assert!(world.mutations().is_empty(), "what is not declared is left: {:?}", world.mutations());
    world.patch("a", json!({"spec": {"versioning": {"status": "Enabled"}}})).await;
    pass(Duration::from_mins(2)).await;
    world.apply("a", json!({"name": "acme-a", "versioning": {"status": "Enabled"}})).await;
    world.until("it is declared now", |world| world.mutations() == ["PutBucketVersioning"]).await;
}

#[tokio::test(start_paused = true)]
async fn adopt_or_create_brings_the_bucket_in_line_with_the_spec_or_makes_it() {
    let world = permitted();
    let _operator = world.start("one");
    by_hand(&world);
    let spec = |name: &str| json!({"name": name, "versioning": {"status": "Suspended"}});
    world.create_annotated("a", spec("acme-a"), ADOPT_OR_CREATE).await;
    world.until_ready("a").await;
    let mut mutations = world.mutations();
    mutations.sort();
    assert_eq!(mutations, ["PutBucketTagging", "PutBucketVersioning"]);
    world.forget_calls();
    world.create_annotated("b", spec("acme-b"), ADOPT_OR_CREATE).await;
    world.until_ready("b").await;
    assert_eq!(world.mutations(), ["CreateBucket", "PutBucketVersioning"]);
    let ownership = |name: &str| world.object(name).unwrap()["status"]["record"]["ownership"].clone();
    assert_eq!((ownership("a"), ownership("b")), (json!("Adopted"), json!("Created")));
}

#[tokio::test(start_paused = true)]
async fn an_adopted_bucket_outlives_its_object_unless_that_says_otherwise() {
    for (says, kept) in [(None, true), (Some("delete"), false)] {
        let world = permitted();
        let _operator = world.start("one");
        by_hand(&world);
        world.create_annotated("a", json!({"name": "acme-a"}), ADOPT_OR_CREATE).await;
        world.until_ready("a").await;
        if let Some(policy) = says {
            world.patch("a", json!({"metadata": {"annotations": {"aws.cairn.run/deletion-policy": policy}}})).await;
        }
        world.delete("a").await;
        world.until_gone("a").await;
        assert_eq!(world.aws.bucket("acme-a").is_some(), kept);
    }
}

#[tokio::test(start_paused = true)]
async fn what_another_object_owns_is_never_adopted() {
    let world = permitted();
    let _operator = world.start("one");
    world.create("owner", json!({"name": "acme-a"})).await;
    world.until_ready("owner").await;
    world.forget_calls();
    for policy in ["adopt", "adopt-or-create"] {
        world.create_annotated(policy, json!({"name": "acme-a"}), &[("adoption-policy", policy)]).await;
        world.until_reason(policy, "NotOwned").await;
        world.delete(policy).await;
        world.until_gone(policy).await;
    }
    assert!(world.mutations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn only_where_it_is_permitted() {
    let world = World::quiet();
    let _operator = world.start("one");
    by_hand(&world);
    world.create_annotated("a", json!({"name": "acme-a"}), ADOPT).await;
    world.until_reason("a", "NotAllowed").await;
    assert!(world.ready("a").unwrap().2.contains("--adoption-namespaces"));
    assert!(world.mutations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn there_has_to_be_something_to_adopt() {
    let world = permitted();
    let _operator = world.start("one");
    world.create_annotated("a", json!({"name": "acme-a"}), ADOPT).await;
    world.until_reason("a", "NotFound").await;
    by_hand(&world);
    world.until_ready("a").await;
}
