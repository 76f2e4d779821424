//! Whose a bucket is, and what is left alone.

use std::{collections::BTreeMap, time::Duration};

use cairn_testkit::aws::BucketSeed;
use serde_json::json;

use crate::{
    harness::{REGION, Running, World, pass},
    spec,
};

const BUCKET: &str = "photos-of-a";

#[tokio::test(start_paused = true)]
async fn of_two_objects_that_name_one_bucket_the_second_stalls_and_the_first_is_untouched() {
    let world = World::new();
    let _operator = world.start("one");
    world.create("first", spec::full(BUCKET)).await;
    world.until_ready("first").await;
    let (bucket, object) = (world.aws.bucket(BUCKET), world.object("first"));
    world.forget_calls();
    let mut other = spec::minimal(BUCKET);
    other["versioning"] = json!({"status": "Suspended"});
    world.create("second", other).await;
    world.until_reason("second", "NotOwned").await;
    let (_, _, message, stalled) = world.ready("second").unwrap();
    assert!(stalled && message.contains("default/first"), "{message}");
    assert!(world.mutations().is_empty(), "{:?}", world.mutations());
    assert_eq!((world.aws.bucket(BUCKET), world.object("first")), (bucket, object));

    world.delete("second").await;
    world.until_gone("second").await;
    assert!(world.mutations().is_empty());
    assert!(world.aws.bucket(BUCKET).is_some());
}

#[tokio::test(start_paused = true)]
async fn the_second_takes_over_by_itself_once_the_first_is_gone() {
    let world = World::new();
    let _operator = world.start("one");
    world.create("first", spec::minimal(BUCKET)).await;
    world.until_ready("first").await;
    world.create("second", spec::minimal(BUCKET)).await;
    world.until_reason("second", "NotOwned").await;
    world.delete("first").await;
    world.until_gone("first").await;
    world.until_ready("second").await;
    assert_eq!(world.aws.bucket(BUCKET).unwrap().tags["cairn.run/name"], "second");
}

#[tokio::test(start_paused = true)]
async fn a_bucket_that_nobody_declared_is_not_taken_and_heals_when_it_goes() {
    let world = World::quiet();
    world.aws.put_bucket(&BucketSeed::new(BUCKET).region(REGION));
    let before = world.aws.bucket(BUCKET);
    let _operator = world.start("one");
    world.create("photos", spec::full(BUCKET)).await;
    world.until_reason("photos", "NotOwned").await;
    pass(Duration::from_hours(1)).await;
    assert_eq!(world.aws.bucket(BUCKET), before);
    world.aws.remove_bucket(BUCKET);
    world.until_ready("photos").await;
}

#[tokio::test(start_paused = true)]
async fn a_bucket_of_another_account_is_not_taken() {
    let world = World::new();
    world.aws.put_bucket(&BucketSeed::new(BUCKET).region(REGION).account("999988887777"));
    let _operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until("a report", |world| world.ready("photos").is_some_and(|ready| ready.3)).await;
    let (_, reason, message, _) = world.ready("photos").unwrap();
    assert_eq!(reason, "AccessDenied");
    assert!(message.contains("another AWS account"), "{message}");
    world.delete("photos").await;
    world.until_gone("photos").await;
    assert!(world.mutations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn protections_that_are_removed_from_the_spec_stay_in_aws() {
    let world = World::quiet();
    let _operator = world.start("one");
    world.create("photos", spec::full(BUCKET)).await;
    world.until_ready("photos").await;
    let before = world.aws.bucket(BUCKET).unwrap().config;
    world.forget_calls();
    let gone = json!({"publicAccessBlock": null, "ownershipControls": null, "encryption": null, "versioning": null});
    world.patch("photos", json!({"spec": gone})).await;
    world.until_ready("photos").await;
    pass(Duration::from_hours(26)).await;
    assert_eq!(world.aws.bucket(BUCKET).unwrap().config, before);
    assert!(world.mutations().is_empty(), "{:?}", world.mutations());
    assert_eq!(world.events("NoLongerManaged"), 1);
}

#[tokio::test(start_paused = true)]
async fn only_an_explicit_false_takes_a_protection_away_and_only_that_one() {
    let world = World::new();
    let _operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_ready("photos").await;
    world.patch("photos", json!({"spec": {"publicAccessBlock": {"blockPublicPolicy": false}}})).await;
    world.until_ready("photos").await;
    let block = &world.aws.bucket(BUCKET).unwrap().config["publicAccessBlock"];
    assert_eq!(block.matches("true").count(), 3, "{block}");
    assert!(block.contains("<BlockPublicPolicy>false"), "{block}");
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_is_removed_from_the_spec_goes() {
    let world = World::new();
    let _operator = world.start("one");
    world.create("photos", spec::full(BUCKET)).await;
    world.until_ready("photos").await;
    assert!(world.aws.bucket(BUCKET).unwrap().config.contains_key("policy"));
    world.patch("photos", json!({"spec": {"policy": null}})).await;
    world.until_ready("photos").await;
    assert!(!world.aws.bucket(BUCKET).unwrap().config.contains_key("policy"));
}

#[tokio::test(start_paused = true)]
async fn tags_of_others_stay_and_ours_follow_the_spec() {
    let world = World::new();
    let _operator = world.start("one");
    world.create("photos", spec::full(BUCKET)).await;
    world.until_ready("photos").await;
    assert!(world.aws.set_config(BUCKET, "tagging", &tagging_with(&world, "theirs", "1")));
    let wanted = json!({"tagSet": [{"key": "env", "value": "prod"}]});
    world.patch("photos", json!({"spec": {"tagging": wanted}})).await;
    world.until_ready("photos").await;
    let tags = world.aws.bucket(BUCKET).unwrap().tags;
    assert_eq!(
        (tags.get("theirs"), tags.get("env"), tags.get("team")),
        (Some(&"1".into()), Some(&"prod".into()), None)
    );
    assert!(tags.contains_key("cairn.run/owner"));
}

fn tagging_with(world: &World, key: &str, value: &str) -> String {
    let mut tags: BTreeMap<String, String> = world.aws.bucket(BUCKET).unwrap().tags;
    tags.insert(key.into(), value.into());
    let tag = |(key, value): (&String, &String)| format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>");
    format!("<Tagging><TagSet>{}</TagSet></Tagging>", tags.iter().map(tag).collect::<String>())
}

#[tokio::test(start_paused = true)]
async fn drift_of_what_is_declared_is_mended_and_told_and_other_drift_is_left() {
    let world = World::new().flag("--reconcile-default-resync-seconds=600");
    let operator = world.start("one");
    let mut wanted = spec::minimal(BUCKET);
    wanted["versioning"] = json!({"status": "Enabled"});
    world.create("photos", wanted).await;
    world.until_ready("photos").await;
    let suspended = "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>";
    assert!(world.aws.set_config(BUCKET, "versioning", suspended));
    let open = "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>";
    assert!(world.aws.set_config(BUCKET, "ownershipControls", open));
    let mended = |world: &World| world.aws.bucket(BUCKET).unwrap().config["versioning"].contains("Enabled");
    world.until("drift is mended", |world| mended(world) && world.events("DriftCorrected") == 1).await;
    assert!(world.aws.bucket(BUCKET).unwrap().config["ownershipControls"].contains("ObjectWriter"));
    assert!(
        operator.metrics.encode().contains("cairn_drift_total{kind=\"Bucket\"} 1"),
        "{}",
        operator.metrics.encode()
    );
}

#[tokio::test(start_paused = true)]
async fn an_emulator_that_ignores_tags_at_creation_gets_them_after() {
    let world = World::new().flag("--aws-endpoint-url=https://s3.example.com").flag("--aws-endpoint-use-path-style");
    world.aws.ignore_create_tags(true);
    let _operator = world.start("one");
    world.create("photos", spec::full(BUCKET)).await;
    world.until_ready("photos").await;
    let tags = world.aws.bucket(BUCKET).unwrap().tags;
    assert!(tags.contains_key("cairn.run/owner") && tags["team"] == "a", "{tags:?}");
}

#[tokio::test(start_paused = true)]
async fn a_rebuilt_cluster_takes_its_own_back_without_a_write() {
    let world = World::new();
    let operator = world.start("one");
    world.create("photos", spec::full(BUCKET)).await;
    world.until_ready("photos").await;
    operator.stop().await;
    let rebuilt = World { aws: world.aws.clone(), ..World::new() };
    rebuilt.forget_calls();
    let _operator = rebuilt.start("one");
    rebuilt.create("photos", spec::full(BUCKET)).await;
    rebuilt.until_ready("photos").await;
    assert!(rebuilt.mutations().is_empty(), "{:?}", rebuilt.mutations());
}

#[tokio::test(start_paused = true)]
async fn of_two_operators_one_makes_all_the_mutations() {
    let world = World::new();
    let (first, second) = (world.start("one"), world.start("two"));
    for n in 0..50 {
        world.create(&format!("b-{n}"), spec::full(&format!("bucket-{n}"))).await;
    }
    for n in 0..50 {
        world.until_ready(&format!("b-{n}")).await;
    }
    assert_eq!(world.mutations().iter().filter(|operation| *operation == "CreateBucket").count(), 50);
    let wrote = |running: &Running| running.aws_mutations();
    let (first, second) = (wrote(&first), wrote(&second));
    assert_eq!((first + second, first.min(second)), (world.mutations().len(), 0));
}

#[tokio::test(start_paused = true)]
async fn a_bucket_does_not_move_to_another_region() {
    let world = World::new();
    let operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_ready("photos").await;
    operator.stop().await;
    let moved = World { flags: vec!["--aws-region=us-west-2".into()], ..world };
    moved.forget_calls();
    let _operator = moved.start("two");
    moved.until_reason("photos", "ScopeChanged").await;
    assert!(moved.mutations().is_empty());
    moved.delete("photos").await;
    moved.until_gone("photos").await;
    assert!(moved.aws.bucket_names().is_empty(), "deleted where it is");
}

#[tokio::test(start_paused = true)]
async fn credentials_of_another_account_do_not_make_a_bucket_seem_gone() {
    let world = World::new();
    let operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_ready("photos").await;
    operator.stop().await;
    world.aws.set_account("OTHER", "999988887777");
    let other = World { access_key: "OTHER", ..world };
    let operator = other.start("two");
    other.delete("photos").await;
    other.until_reason("photos", "ScopeChanged").await;
    pass(Duration::from_hours(1)).await;
    assert!(other.object("photos").is_some());
    operator.stop().await;
    let back = World { access_key: "KEY", ..other };
    let _operator = back.start("three");
    back.until_gone("photos").await;
    assert!(back.aws.bucket_names().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_bucket_that_aws_is_to_keep_outlives_its_object() {
    for (flag, annotation, kept) in [
        ("delete", Some("retain"), true),
        ("retain", None, true),
        ("retain", Some("delete"), false),
        ("delete", None, false),
    ] {
        let world = World::new().flag(&format!("--deletion-policy={flag}"));
        let _operator = world.start("one");
        world.create("photos", spec::full(BUCKET)).await;
        world.until_ready("photos").await;
        let before = world.aws.bucket(BUCKET);
        world
            .patch("photos", json!({"metadata": {"annotations": {"aws.cairn.run/deletion-policy": annotation}}}))
            .await;
        world.delete("photos").await;
        world.until_gone("photos").await;
        assert_eq!(world.aws.bucket(BUCKET), before.filter(|_| kept), "{flag} {annotation:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_deletion_policy_that_is_none_deletes_nothing_and_says_so() {
    let world = World::new();
    let _operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_ready("photos").await;
    let policy = |policy: &str| json!({"metadata": {"annotations": {"aws.cairn.run/deletion-policy": policy}}});
    world.patch("photos", policy("keep")).await;
    world.delete("photos").await;
    world.until_reason("photos", "InvalidSpec").await;
    assert!(world.ready("photos").unwrap().2.contains("`keep`"));
    assert!(world.aws.bucket(BUCKET).is_some());
    world.patch("photos", policy("delete")).await;
    world.until_gone("photos").await;
    assert!(world.aws.bucket_names().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_platforms_tags_follow_the_labels_and_cost_nothing_otherwise() {
    let world = World::quiet()
        .flag("--resource-tags=where=%K8S_NAMESPACE%,v=%CONTROLLER_VERSION%")
        .flag("--cost-allocation-labels=team");
    let operator = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_ready("photos").await;
    let tags = || world.aws.bucket(BUCKET).unwrap().tags;
    assert_eq!((tags()["where"].as_str(), tags().get("team")), ("default", None));
    assert!(tags().contains_key("v"));
    assert_eq!(world.mutations(), ["CreateBucket"]);
    world.patch("photos", json!({"metadata": {"labels": {"team": "a"}}})).await;
    world.until("the label is a tag", |_| tags().get("team").is_some_and(|team| team == "a")).await;
    world.patch("photos", json!({"metadata": {"labels": {"team": null}}})).await;
    world.until("the tag is gone", |_| !tags().contains_key("team")).await;
    assert!(tags().contains_key("v"), "what was written at creation stays");
    operator.stop().await;
}
