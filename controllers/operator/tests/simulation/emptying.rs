//! Buckets that are emptied before they are deleted.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    harness::{World, pass},
    spec,
};

const BUCKET: &str = "photos-of-a";

/// A bucket with something in it of every sort, whose object is being deleted.
async fn full(world: &World, spec: Value, annotations: &[(&str, &str)]) {
    world.create_annotated("photos", spec, annotations).await;
    world.until_ready("photos").await;
    for key in ["a", "b", "a"] {
        assert!(world.aws.put_object(BUCKET, key));
    }
    assert!(world.aws.delete_object(BUCKET, "b"));
    for key in ["x", "x", "y"] {
        assert!(world.aws.start_upload(BUCKET, key));
    }
    world.forget_calls();
    world.delete("photos").await;
}

fn versioned(empty_first: bool) -> Value {
    let mut spec = spec::minimal(BUCKET);
    spec["versioning"] = json!({"status": "Enabled"});
    spec["deletion"] = json!({"emptyFirst": empty_first});
    spec
}

fn count(world: &World, operation: &str) -> usize {
    world.operations().iter().filter(|called| *called == operation).count()
}

#[tokio::test(start_paused = true)]
async fn versions_markers_and_uploads_are_counted_and_stay_until_asked() {
    let world = World::new();
    let _operator = world.start("one");
    full(&world, versioned(false), &[]).await;
    world.until_reason("photos", "NotEmpty").await;
    let message = world.ready("photos").unwrap().2;
    let told = "it has 3 versions of objects, 1 delete markers, 3 unfinished uploads";
    assert!(message.contains(told) && message.contains("emptyFirst"), "{message}");
    assert_eq!(world.aws.bucket(BUCKET).unwrap().objects, ["a", "b"]);
    world.patch("photos", json!({"spec": {"deletion": {"emptyFirst": true}}})).await;
    world
        .until("progress is told", |world| {
            world.ready("photos").is_some_and(|ready| ready.2.contains("7 items are gone"))
        })
        .await;
    world.until_gone("photos").await;
    assert!(world.aws.bucket_names().is_empty());
    assert_eq!((count(&world, "DeleteObjects"), count(&world, "AbortMultipartUpload")), (1, 3));
}

#[tokio::test(start_paused = true)]
async fn emptying_goes_on_after_a_crash() {
    let world = World::new();
    let operator = world.start("crashing");
    world.create("photos", versioned(true)).await;
    world.until_ready("photos").await;
    // More than one call deletes.
    for n in 0..1_100 {
        assert!(world.aws.put_object(BUCKET, &format!("{n:04}")));
    }
    world.forget_calls();
    world.delete("photos").await;
    world.aws.crash_after("DeleteObjects").await;
    operator.kill();
    assert_eq!(world.aws.bucket(BUCKET).unwrap().objects.len(), 100);
    let _operator = world.start("after");
    world.until_gone("photos").await;
    assert!(world.aws.bucket_names().is_empty());
    assert_eq!(count(&world, "DeleteObjects"), 2);
}

#[tokio::test(start_paused = true)]
async fn what_a_lock_keeps_is_told_and_goes_when_the_lock_has_ended() {
    let world = World::quiet();
    let _operator = world.start("one");
    let mut spec = versioned(true);
    spec["objectLockEnabledForBucket"] = json!(true);
    spec["objectLockConfiguration"] = json!({"rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 1}}});
    full(&world, spec, &[]).await;
    world.until_reason("photos", "NotEmpty").await;
    let message = world.ready("photos").unwrap().2;
    assert!(message.contains("S3 keeps 3 versions") && message.contains("protected by object lock"), "{message}");
    pass(Duration::from_hours(20)).await;
    assert_eq!(world.aws.bucket(BUCKET).unwrap().objects, ["a", "b"]);
    pass(Duration::from_hours(4)).await;
    world.until_gone("photos").await;
    assert!(world.aws.bucket_names().is_empty());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_emptied_under_deletion_protection() {
    let world = World::quiet();
    let _operator = world.start("one");
    full(&world, versioned(true), &[("deletion-protection", "true")]).await;
    world.until_reason("photos", "Protected").await;
    pass(Duration::from_hours(3)).await;
    assert_eq!(world.mutations(), [""; 0]);
    assert_eq!(world.aws.bucket(BUCKET).unwrap().objects, ["a", "b"]);
}
