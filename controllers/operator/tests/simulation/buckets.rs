//! What is special about buckets: names, order, objects in them.

use std::time::Duration;

use cairn_testkit::aws::BucketSeed;
use serde_json::json;

use crate::{
    harness::{REGION, World, pass},
    spec,
};

const BUCKET: &str = "photos-of-a";
const OWN: &str = "default-photos-111122223333-eu-west-1-an";

#[tokio::test(start_paused = true)]
async fn a_bucket_without_a_name_has_one_that_nobody_else_can_take() {
    let world = World::new();
    let operator = world.start("one");
    world.create("photos", json!({})).await;
    world.until_ready("photos").await;
    assert_eq!(world.aws.bucket_names(), [OWN]);
    assert_eq!(world.operations(), ["GetBucketTagging", "CreateBucket"]);
    operator.stop().await;
    world.patch("photos", json!({"spec": {"versioning": {"status": "Enabled"}}})).await;
    let _operator = world.start("two");
    world.until_ready("photos").await;
    assert!(world.aws.bucket(OWN).unwrap().config["versioning"].contains("Enabled"));
    world.delete("photos").await;
    world.until_gone("photos").await;
    assert!(world.aws.bucket_names().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_name_that_would_be_too_long_is_said_and_the_object_can_go() {
    let world = World::new();
    let _operator = world.start("one");
    let name = "p".repeat(60);
    world.create(&name, json!({})).await;
    world.until("it is said", |world| world.ready(&name).is_some_and(|ready| ready.2.contains("set spec.name"))).await;
    assert!(world.mutations().is_empty());
    world.delete(&name).await;
    world.until_gone(&name).await;
}

#[tokio::test(start_paused = true)]
async fn who_meets_a_taken_name_hears_the_way_out() {
    let world = World::new();
    world.aws.put_bucket(&BucketSeed::new(BUCKET).region(REGION).account("999988887777"));
    let _operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world
        .until("it is said", |world| {
            world.ready("photos").is_some_and(|ready| !ready.0 && ready.2.contains("leave spec.name out"))
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_bucket_in_another_region_is_found_there() {
    let world = World::new();
    world.aws.put_bucket(&BucketSeed::new(BUCKET).region("eu-north-1"));
    let _operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world
        .until("it is said", |world| {
            world.ready("photos").is_some_and(|ready| ready.2.contains("exists in eu-north-1"))
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn objects_in_a_bucket_are_counted_and_only_deleted_when_asked() {
    let world = World::new();
    let _operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_ready("photos").await;
    for n in 0..2_500 {
        assert!(world.aws.put_object(BUCKET, &format!("{n:04}")));
    }
    world.delete("photos").await;
    world.until_reason("photos", "NotEmpty").await;
    let message = world.ready("photos").unwrap().2;
    assert!(message.contains("at least 1000 versions of objects") && message.contains("emptyFirst"), "{message}");
    pass(Duration::from_hours(1)).await;
    assert_eq!(world.aws.bucket(BUCKET).unwrap().objects.len(), 2_500);
    world.patch("photos", json!({"spec": {"deletion": {"emptyFirst": true}}})).await;
    world.until_gone("photos").await;
    assert!(world.aws.bucket_names().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_depends_on_another_part_waits_for_it_in_both_directions() {
    let world = World::new();
    let _operator = world.start("one");
    let mut on = spec::minimal(BUCKET);
    on["ownershipControls"] = json!({"rules": [{"objectOwnership": "ObjectWriter"}]});
    on["acl"] = json!("log-delivery-write");
    on["objectLockEnabledForBucket"] = json!(true);
    world.create("photos", on).await;
    world.until_ready("photos").await;
    assert!(world.aws.bucket(BUCKET).unwrap().object_lock);
    world.forget_calls();
    let off = json!({"ownershipControls": {"rules": [{"objectOwnership": "BucketOwnerEnforced"}]}, "acl": "private"});
    world.patch("photos", json!({"spec": off})).await;
    world.until_ready("photos").await;
    assert_eq!(world.mutations(), ["PutBucketAcl", "PutBucketOwnershipControls"]);
}

#[tokio::test(start_paused = true)]
async fn versioning_is_suspended_after_replication_has_stopped() {
    let world = World::new();
    let _operator = world.start("one");
    let mut on = spec::minimal(BUCKET);
    for (field, value) in
        spec::parts(BUCKET).into_iter().filter(|(field, _)| ["versioning", "replication"].contains(field))
    {
        on[field] = value;
    }
    world.create("photos", on).await;
    world.until_ready("photos").await;
    world.forget_calls();
    world.patch("photos", json!({"spec": {"replication": {"rules": []}, "versioning": {"status": "Suspended"}}})).await;
    world.until_ready("photos").await;
    assert_eq!(world.mutations(), ["DeleteBucketReplication", "PutBucketVersioning"]);
}

#[tokio::test(start_paused = true)]
async fn a_list_of_grants_that_is_said_in_another_way_is_written_once() {
    let world = World::new();
    let _operator = world.start("one");
    let mut named = spec::minimal(BUCKET);
    named["ownershipControls"] = json!({"rules": [{"objectOwnership": "ObjectWriter"}]});
    named["acl"] = json!("log-delivery-write");
    world.create("photos", named).await;
    world.until_ready("photos").await;
    let id = "a".repeat(64);
    let reader = json!({"grantee": {"type_": "CanonicalUser", "id": id}, "permission": "READ"});
    for (spec, grants) in [
        (json!({"acl": null, "accessControlPolicy": {"grants": [reader]}}), 1),
        (json!({"accessControlPolicy": null, "grantWrite": format!("id={id}, id={}", "b".repeat(64))}), 2),
        (json!({"grantWrite": null, "accessControlPolicy": {"grants": []}}), 0),
    ] {
        world.forget_calls();
        world.patch("photos", json!({"spec": spec})).await;
        world.until_ready("photos").await;
        assert_eq!(world.mutations(), ["PutBucketAcl"], "{spec}");
        assert_eq!(world.aws.bucket(BUCKET).unwrap().config["acl"].matches("<Grant>").count(), grants, "{spec}");
    }
}
