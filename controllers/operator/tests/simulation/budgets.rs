//! The counts of design §8.

use std::time::Duration;

use cairn_core::schedule::{self, Period};
use jiff::Timestamp;
use serde_json::json;

use crate::{
    harness::{World, pass},
    spec,
};

const BUCKET: &str = "photos-of-a";

async fn create_counts(declared: usize) -> (Vec<String>, usize) {
    let world = World::new();
    let operator = world.start("one");
    let mut wanted = spec::minimal(BUCKET);
    for (field, value) in spec::parts(BUCKET).into_iter().take(declared) {
        wanted[field] = value;
    }
    world.forget_calls();
    world.create("photos", wanted).await;
    world.api.clear_calls();
    world.until_ready("photos").await;
    let counts = (world.operations(), world.kubernetes_calls().len());
    operator.stop().await;
    counts
}

#[tokio::test(start_paused = true)]
async fn a_create_costs_two_calls_and_one_for_each_declared_part() {
    for declared in 0..=spec::parts(BUCKET).len() {
        let (operations, kubernetes) = create_counts(declared).await;
        assert_eq!(operations.len(), 2 + declared, "{operations:?}");
        assert_eq!(kubernetes, 3);
    }
}

#[tokio::test(start_paused = true)]
async fn tags_cost_nothing_at_creation() {
    let world = World::new();
    let _operator = world.start("one");
    let mut wanted = spec::minimal(BUCKET);
    wanted["tagging"] = json!({"tagSet": [{"key": "team", "value": "a"}]});
    world.create("photos", wanted).await;
    world.until_ready("photos").await;
    assert_eq!(world.operations(), ["GetBucketTagging", "CreateBucket"]);
    assert_eq!(world.aws.bucket(BUCKET).unwrap().tags["team"], "a");
}

#[tokio::test(start_paused = true)]
async fn in_us_east_1_one_read_confirms_the_create() {
    let world = World { flags: vec!["--aws-region=us-east-1".into()], ..World::new() };
    let _operator = world.start("one");
    world.create("photos", spec::full(BUCKET)).await;
    world.until_ready("photos").await;
    assert_eq!(world.operations().len(), 2 + 1 + spec::parts(BUCKET).len(), "{:?}", world.operations());
}

#[tokio::test(start_paused = true)]
async fn a_minimal_bucket_has_what_aws_gives_a_new_one_and_nothing_was_written_or_deleted() {
    let world = World::quiet();
    let _operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_ready("photos").await;
    pass(Duration::from_hours(26)).await;
    assert_eq!(world.mutations(), ["CreateBucket"]);

    let fresh = World::new();
    fresh.aws.put_bucket(&cairn_testkit::aws::BucketSeed::new("fresh").region(crate::harness::REGION));
    let mut config = world.aws.bucket(BUCKET).unwrap().config;
    assert!(config.remove("tagging").is_some_and(|tags| tags.contains("cairn.run/owner")), "ours are the tags alone");
    assert_eq!(config, fresh.aws.bucket("fresh").unwrap().config);
}

#[tokio::test(start_paused = true)]
async fn a_check_costs_one_call_and_one_for_each_declared_part_and_writes_nothing() {
    let world = World::new().flag("--reconcile-default-resync-seconds=600");
    let _operator = world.start("one");
    world.create("photos", spec::full(BUCKET)).await;
    world.until_ready("photos").await;
    world.forget_calls();
    world.until("a check", |world| world.aws_calls().len() >= 6).await;
    pass(Duration::from_secs(5)).await;
    assert_eq!(world.aws_calls().len(), 1 + spec::parts(BUCKET).len(), "{:?}", world.operations());
    assert!(world.mutations().is_empty());
    assert!(world.kubernetes_calls().is_empty(), "{:?}", world.kubernetes_calls());
}

#[tokio::test(start_paused = true)]
async fn checks_grow_rare_while_they_find_nothing() {
    let world = World::quiet();
    let _operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_ready("photos").await;
    world.forget_calls();
    for days in 1..=4 {
        pass(Duration::from_hours(24)).await;
        assert_eq!(world.aws_calls().len(), due(&world, Period::Growing), "after {days} days");
    }
    // One hour, doubling to a day, each period half as long again at most, is over by now, whatever the phase.
    world.forget_calls();
    pass(Duration::from_hours(24 * 10)).await;
    assert_eq!(world.aws_calls().len(), 10);
    assert!(world.kubernetes_calls().is_empty());
}

/// How many checks of the object have fallen due since it was changed.
fn due(world: &World, period: Period) -> usize {
    let object = world.object("photos").unwrap();
    let changed: Timestamp = object["status"]["record"]["changedAt"].as_str().unwrap().parse().unwrap();
    let (uid, now) = (object["metadata"]["uid"].as_str().unwrap(), world.api.clock().now());
    let next = |at: &Timestamp| Some(schedule::next_check(changed, uid, period, *at));
    std::iter::successors(next(&changed), next).take_while(|at| *at <= now).count()
}

#[tokio::test(start_paused = true)]
async fn a_delete_costs_three_calls_one_look_and_one_write() {
    let world = World::new();
    let _operator = world.start("one");
    world.create("photos", spec::full(BUCKET)).await;
    world.until_ready("photos").await;
    world.delete("photos").await;
    world.forget_calls();
    world.until_gone("photos").await;
    assert_eq!(world.operations(), ["GetBucketTagging", "DeleteBucket", "GetBucketTagging"]);
    let verbs: Vec<_> = world.kubernetes_calls().iter().map(|call| call.verb.clone()).collect();
    assert_eq!(verbs, ["get", "patch"]);
    assert!(world.aws.bucket_names().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_restart_makes_no_call() {
    let world = World::new();
    let operator = world.start("one");
    world.create("photos", spec::full(BUCKET)).await;
    world.until_ready("photos").await;
    operator.stop().await;
    world.forget_calls();
    let _operator = world.start("two");
    pass(Duration::from_mins(5)).await;
    assert!(world.aws.calls().is_empty(), "{:?}", world.operations());
    assert!(world.kubernetes_calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_restart_after_hours_of_clean_checks_makes_no_call() {
    let world = World::new().flag("--reconcile-default-resync-seconds=600");
    let operator = world.start("one");
    world.create("photos", spec::full(BUCKET)).await;
    world.until_ready("photos").await;
    world.forget_calls();
    pass(Duration::from_hours(3)).await;
    let checks = world.operations().iter().filter(|operation| *operation == "GetBucketTagging").count();
    assert_eq!(checks, due(&world, Period::Fixed(600)));
    world.forget_calls();
    world.until("just after a check", |world| !world.operations().is_empty()).await;
    operator.stop().await;
    world.forget_calls();
    let second = world.start("two");
    pass(Duration::from_secs(30)).await;
    let due = world.aws_calls();
    assert!(due.len() <= 1 + spec::parts(BUCKET).len() && world.kubernetes_calls().is_empty(), "{due:?}");
    second.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_crash_neither_repeats_nor_skips_a_check() {
    let world = World::new().flag("--reconcile-default-resync-seconds=3600");
    let operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_ready("photos").await;
    operator.kill();
    world.forget_calls();
    // Two periods pass while nobody runs: exactly one check is owed, beside those that fall due after that.
    pass(Duration::from_hours(2)).await;
    let hourly = Period::Fixed(3600);
    let missed = due(&world, hourly);
    let _operator = world.start("two");
    pass(Duration::from_mins(1)).await;
    assert!(missed >= 1);
    assert_eq!(world.operations(), vec!["GetBucketTagging"; 1 + due(&world, hourly) - missed]);
}

#[tokio::test(start_paused = true)]
async fn an_edit_that_changes_nothing_of_the_spec_makes_no_aws_call() {
    let world = World::new();
    let _operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_ready("photos").await;
    world.forget_calls();
    world.patch("photos", json!({"metadata": {"labels": {"x": "y"}, "annotations": {"a": "b"}}})).await;
    pass(Duration::from_secs(10)).await;
    assert!(world.aws.calls().is_empty());
    assert_eq!(world.kubernetes_calls().len(), 1, "the label's own patch alone");
}

#[tokio::test(start_paused = true)]
async fn a_ready_bucket_takes_little_room() {
    let world = World::new();
    let _operator = world.start("one");
    world.create("photos", spec::declaring(BUCKET, 5)).await;
    world.until_ready("photos").await;
    let bytes = world.object("photos").unwrap().to_string().len();
    assert!(bytes <= 4096, "{bytes}");
}
