//! What goes wrong is told on the object, hurts nothing else, and heals.

use std::time::Duration;

use cairn_testkit::{Fault, Matcher};
use serde_json::json;

use crate::{
    harness::{REGION, World, pass},
    spec,
};

const BUCKET: &str = "photos-of-a";

#[tokio::test(start_paused = true)]
async fn a_denied_part_is_named_and_the_others_go_on() {
    let world = World::new();
    let _operator = world.start("one");
    let denied = world.aws.deny("PutBucketVersioning");
    world.create("photos", spec::full(BUCKET)).await;
    world.until_reason("photos", "AccessDenied").await;
    let (ready, _, message, stalled) = world.ready("photos").unwrap();
    assert!(!ready && stalled && message.starts_with("versioning: AWS denied PutBucketVersioning"), "{message}");
    let config = world.aws.bucket(BUCKET).unwrap().config;
    assert!(config["encryption"].contains("key-1") && config.contains_key("policy"));
    drop(denied);
    world.until_ready("photos").await;
    assert!(world.aws.bucket(BUCKET).unwrap().config["versioning"].contains("Enabled"));
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_failed_part_is_not_tried() {
    let world = World::new();
    let _operator = world.start("one");
    let _denied = world.aws.deny("PutPublicAccessBlock");
    world.create("photos", spec::full(BUCKET)).await;
    world.until_reason("photos", "AccessDenied").await;
    assert!(!world.operations().contains(&"PutBucketPolicy".into()));
    let message = world.ready("photos").unwrap().2;
    assert!(message.contains("policy: ") && message.contains("waits for publicAccessBlock"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn a_denied_create_says_so_leaves_nothing_behind_and_deletes_at_once() {
    let world = World::new();
    let _operator = world.start("one");
    let denied = world.aws.deny("CreateBucket");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_reason("photos", "AccessDenied").await;
    world.delete("photos").await;
    world.forget_calls();
    world.until_gone("photos").await;
    assert!(world.aws.calls().is_empty(), "nothing was intended any more");
    drop(denied);
}

#[tokio::test(start_paused = true)]
async fn an_unreachable_region_is_told_and_heals() {
    let world = World::new();
    let _operator = world.start("one");
    world.create("before", spec::minimal("bucket-before")).await;
    world.until_ready("before").await;
    let down = world.aws.region_down(REGION);
    world.create("photos", spec::full(BUCKET)).await;
    world.until_reason("photos", "Retrying").await;
    let (ready, _, message, stalled) = world.ready("photos").unwrap();
    assert!(!ready && !stalled && message.contains("could not be reached"), "{message}");
    pass(Duration::from_mins(15)).await;
    drop(down);
    world.until_ready("photos").await;
    assert!(world.ready("before").unwrap().0);
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_are_told_and_heal() {
    let world = World::new();
    let refused = world.aws.fail_while("GetCallerIdentity", Fault::Error(403, "InvalidClientTokenId"));
    let _operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_reason("photos", "NoCredentials").await;
    let message = world.ready("photos").unwrap().2;
    assert!(message.contains("check the operator's credentials"), "{message}");
    drop(refused);
    world.until_ready("photos").await;
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_is_no_json_stalls_with_the_field_and_the_place() {
    let world = World::new();
    let _operator = world.start("one");
    let mut wanted = spec::minimal(BUCKET);
    wanted["policy"] = json!("{\"Version\": }");
    world.create("photos", wanted).await;
    world.until_reason("photos", "InvalidSpec").await;
    let (_, _, message, stalled) = world.ready("photos").unwrap();
    assert!(stalled && message.contains("spec.policy") && message.contains("line 1"), "{message}");
    assert!(world.aws.calls().is_empty());
    world.patch("photos", json!({"spec": {"policy": spec::policy("arn:aws:s3:::photos-of-a/*")}})).await;
    world.until_ready("photos").await;
}

#[tokio::test(start_paused = true)]
async fn a_bad_region_stalls_and_names_its_source() {
    let world = World::new();
    let _operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_ready("photos").await;
    world.create("other", spec::minimal("other-bucket")).await;
    world.patch("other", json!({"metadata": {"annotations": {"aws.cairn.run/region": "Ireland"}}})).await;
    world.until("a report", |world| world.ready("other").is_some_and(|ready| ready.1 == "InvalidSpec")).await;
    assert!(world.ready("other").unwrap().2.contains("aws.cairn.run/region"));
}

#[tokio::test(start_paused = true)]
async fn a_bucket_that_is_not_empty_is_not_deleted_and_says_so() {
    let world = World::quiet();
    let _operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_ready("photos").await;
    assert!(world.aws.put_object(BUCKET, "holiday.jpg"));
    world.delete("photos").await;
    world.until_reason("photos", "NotEmpty").await;
    assert!(world.ready("photos").unwrap().2.contains("empty it first"));
    pass(Duration::from_hours(3)).await;
    assert_eq!(world.aws.bucket(BUCKET).unwrap().objects, ["holiday.jpg"]);
    assert!(world.aws.empty_bucket(BUCKET));
    world.until_gone("photos").await;
    assert!(world.aws.bucket_names().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_error_never_drops_the_finalizer() {
    let world = World::quiet();
    let _operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_ready("photos").await;
    for (operation, fault) in [
        ("GetBucketTagging", Fault::Error(403, "AccessDenied")),
        ("GetBucketTagging", Fault::Status(500)),
        ("DeleteBucket", Fault::Error(403, "AccessDenied")),
        ("DeleteBucket", Fault::DropBefore),
        ("GetCallerIdentity", Fault::Status(500)),
    ] {
        let name = "other";
        world.create(name, spec::minimal("other-bucket")).await;
        world.until_ready(name).await;
        let guard = world.aws.fail_while(operation, fault);
        world.delete(name).await;
        pass(Duration::from_hours(1)).await;
        let kept = world.object(name).is_some();
        assert_eq!(kept, operation != "GetCallerIdentity", "a session is kept, so identity is not asked again");
        drop(guard);
        world.until_gone(name).await;
        assert_eq!(world.aws.bucket_names(), [BUCKET], "{operation}");
    }
}

/// What an operator has seen last may be an object that is long gone, and another of its name may own the bucket now.
#[tokio::test(start_paused = true)]
async fn a_deletion_that_is_over_does_not_take_what_an_object_owns_that_was_made_again() {
    let world = World::quiet();
    let _operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_ready("photos").await;
    let guard = world.aws.fail_while("DeleteBucket", Fault::Status(500));
    world.delete("photos").await;
    world.until("a deletion", |world| world.operations().contains(&"DeleteBucket".to_owned())).await;
    world.api.freeze_watches();
    world.patch("photos", json!({"metadata": {"finalizers": null}})).await;
    assert!(world.object("photos").is_none());
    world.create("photos", spec::minimal(BUCKET)).await;
    drop(guard);
    world.forget_calls();
    pass(Duration::from_hours(1)).await;
    assert!(!world.operations().is_empty(), "it is tried again");
    assert_eq!(world.mutations(), [""; 0]);
    world.api.thaw_watches();
    world.until_ready("photos").await;
    assert_eq!((world.mutations().len(), world.aws.bucket_names()), (0, vec![BUCKET.to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn ambiguous_answers_are_resolved_by_reading() {
    let faults = || {
        [
            Fault::StatusAfterCommit(500),
            Fault::DropAfter,
            Fault::Late(Duration::from_secs(2)),
            Fault::Status(500),
            Fault::Never,
        ]
    };
    for operation in ["CreateBucket", "PutBucketVersioning", "PutBucketPolicy", "DeleteBucket"] {
        for (n, fault) in faults().into_iter().enumerate() {
            let world = World::new();
            let _operator = world.start("one");
            world.aws.fail(Matcher::operation(operation).nth(1), fault);
            world.create("photos", spec::full(BUCKET)).await;
            world.until_ready("photos").await;
            assert_eq!(world.aws.bucket_names(), [BUCKET], "{operation} {n}");
            assert!(world.aws.bucket(BUCKET).unwrap().tags.contains_key("cairn.run/owner"));
            world.delete("photos").await;
            world.until_gone("photos").await;
            pass(Duration::from_mins(2)).await;
            assert!(world.aws.bucket_names().is_empty(), "{operation} {n}: left behind");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn throttling_is_waited_out() {
    let world = World::new();
    let _operator = world.start("one");
    let throttled = world.aws.throttle(Matcher::when(|_: &cairn_testkit::aws::AwsCall| true));
    world.create("photos", spec::full(BUCKET)).await;
    pass(Duration::from_mins(10)).await;
    assert!(world.aws.calls().len() < 100, "{}", world.aws.calls().len());
    drop(throttled);
    world.until_ready("photos").await;
}

#[tokio::test(start_paused = true)]
async fn conflicting_and_failing_writes_to_kubernetes_are_survived() {
    for fault in [Fault::Status(409), Fault::Status(500), Fault::StatusAfterCommit(500), Fault::DropAfter] {
        for n in 1..=3 {
            let world = World::new();
            let _operator = world.start("one");
            world.api.fail(
                Matcher::when(|call: &cairn_testkit::api::ApiCall| call.resource == "buckets" && call.verb == "patch")
                    .nth(n),
                fault,
            );
            world.create("photos", spec::full(BUCKET)).await;
            world.until_ready("photos").await;
            assert_eq!(world.aws.bucket_names(), [BUCKET]);
            let creates = world.mutations().iter().filter(|operation| *operation == "CreateBucket").count();
            assert_eq!(creates, 1, "write {n}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_can_be_corrected_while_the_create_is_refused() {
    let world = World::new();
    let _operator = world.start("one");
    let elsewhere = |call: &cairn_testkit::aws::AwsCall| call.operation == "CreateBucket" && call.region == REGION;
    let _denied = world.aws.deny(Matcher::when(elsewhere));
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_reason("photos", "AccessDenied").await;
    world.patch("photos", json!({"metadata": {"annotations": {"aws.cairn.run/region": "us-west-2"}}})).await;
    world.until_ready("photos").await;
    assert_eq!(world.aws.bucket(BUCKET).unwrap().region, "us-west-2");
}
