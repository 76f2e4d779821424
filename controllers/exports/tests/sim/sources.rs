//! When a source has its values exported, and when an export waits.

use serde_json::json;

use crate::harness::{World, a_moment, app, app_key};

const ARN: &str = ".status.ackResourceMetadata.arn";

#[tokio::test(start_paused = true)]
async fn a_manifest_of_acks_is_exported_under_acks_key() {
    let world = World::new();
    world.bucket("photos", "photos-of-a").await;
    let _controller = world.start();
    world.export("arn", ARN, app()).await;
    world.until_exported("arn").await;
    assert_eq!(world.app(), ["team.arn=arn:aws:s3:::photos-of-a"]);
    let export = world.field_export("arn").unwrap();
    assert_eq!(export["metadata"]["finalizers"], json!(["finalizers.aws.cairn.run/FieldExport"]));
    assert_eq!(world.ready("arn").unwrap().2, "1 value is in ConfigMap team/app");
    assert_eq!(export["status"]["conditions"].as_array().unwrap().len(), 1, "{}", export["status"]);
}

#[tokio::test(start_paused = true)]
async fn several_values_go_into_one_target_and_what_is_no_scalar_as_json() {
    let world = World::new();
    world.bucket("photos", "photos-of-a").await;
    let _controller = world.start();
    let values = [
        ("ARN", ARN),
        ("BUCKET", ".spec.name"),
        ("REGION", ".status.ackResourceMetadata | .region"),
        ("SPEC", ".spec"),
    ];
    world.create("FieldExport", "team", "all", world.several(&values, &app())).await;
    world.until_exported("all").await;
    let expected =
        ["ARN=arn:aws:s3:::photos-of-a", "BUCKET=photos-of-a", "REGION=eu-west-1", "SPEC={\"name\":\"photos-of-a\"}"];
    assert_eq!(world.app(), expected);
}

#[tokio::test(start_paused = true)]
async fn an_export_waits_for_its_source_and_heals_at_once() {
    let world = World::new();
    let _controller = world.start();
    world.export("tag", ".spec.tagging.tagSet[0].value", app()).await;
    world.until_reason("tag", "SourceNotFound").await;
    assert_eq!(world.ready("tag").unwrap().2, "there is no Bucket photos in namespace team");
    world.create("Bucket", "team", "photos", json!({"name": "photos-of-a"})).await;
    a_moment().await;
    assert_eq!(world.ready("tag").unwrap().1, "SourceNotReady");
    world.say_ready("photos", false).await;
    a_moment().await;
    assert!(world.ready("tag").unwrap().2.ends_with("is not Ready: Retrying"), "{:?}", world.ready("tag"));
    world.say_ready("photos", true).await;
    a_moment().await;
    let (_, reason, message) = world.ready("tag").unwrap();
    assert_eq!(reason, "ValueNotFound");
    assert!(message.contains(".spec.tagging.tagSet[0].value"), "{message}");
    assert!(world.field_export("tag").unwrap()["metadata"].get("finalizers").is_none(), "nothing was written yet");
    let tags = json!({"spec": {"tagging": {"tagSet": [{"key": "team", "value": "a"}]}}});
    world.patch("Bucket", "photos", tags).await;
    a_moment().await;
    assert_eq!(world.ready("tag").unwrap().1, "SourceNotReady", "the status is of an older spec");
    world.say_ready("photos", true).await;
    a_moment().await;
    assert!(world.ready("tag").unwrap().0);
    assert_eq!(world.app(), ["team.tag=a"]);
    assert!(world.events("SourceNotFound").is_empty(), "waiting is no failure");
}

#[tokio::test(start_paused = true)]
async fn a_value_that_was_exported_stays_while_the_source_is_not_ready_or_gone() {
    let world = World::new();
    world.bucket("photos", "photos-of-a").await;
    let _controller = world.start();
    world.export("arn", ARN, app()).await;
    world.until_exported("arn").await;
    let before = world.target("configmaps", "team", "app");
    world.say_ready("photos", false).await;
    world.until_reason("arn", "SourceNotReady").await;
    assert_eq!(world.target("configmaps", "team", "app"), before);
    world.say_ready("photos", true).await;
    world.until_exported("arn").await;
    world.delete("Bucket", "photos").await;
    world.until_reason("arn", "SourceNotFound").await;
    assert_eq!(world.target("configmaps", "team", "app"), before);
}

#[tokio::test(start_paused = true)]
async fn a_value_follows_its_source() {
    let world = World::new();
    world.bucket("photos", "photos-of-a").await;
    let _controller = world.start();
    world.export("tag", ".spec.tagging.tagSet[0].value // \"none\"", app_key("TAG")).await;
    world.until_exported("tag").await;
    assert_eq!(world.app(), ["TAG=none"]);
    let tags = json!({"spec": {"tagging": {"tagSet": [{"key": "team", "value": "b"}]}}});
    world.patch("Bucket", "photos", tags).await;
    world.say_ready("photos", true).await;
    a_moment().await;
    assert_eq!(world.app(), ["TAG=b"]);
    assert!(world.ready("tag").unwrap().0);
}

#[tokio::test(start_paused = true)]
async fn only_kinds_that_the_operator_looks_after_are_sources() {
    let world = World::new();
    let _controller = world.start();
    for (name, group, kind) in [("group", "s3.services.k8s.aws", "Bucket"), ("kind", "s3.aws.cairn.run", "Object")] {
        let mut spec = world.one(".spec", &app());
        spec["from"]["resource"]["group"] = json!(group);
        spec["from"]["resource"]["kind"] = json!(kind);
        world.create("FieldExport", "team", name, spec).await;
        world.until_reason(name, "SourceNotServed").await;
        let message = world.ready(name).unwrap().2;
        assert!(message.contains(group) && message.contains("Bucket of s3.aws.cairn.run"), "{message}");
        assert_eq!(world.condition(name, "Stalled").unwrap()["status"], "True");
    }
    a_moment().await;
    assert_eq!(world.events("SourceNotServed").len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_path_that_is_none_is_said_and_an_edit_heals_it() {
    let world = World::new();
    world.bucket("photos", "photos-of-a").await;
    let _controller = world.start();
    world.export("arn", ".spec | keys", app_key("K")).await;
    world.until_reason("arn", "InvalidSpec").await;
    assert!(world.ready("arn").unwrap().2.contains("`keys`"));
    world.patch("FieldExport", "arn", json!({"spec": {"from": {"path": ".spec.name"}}})).await;
    world.until_exported("arn").await;
    assert_eq!(world.app(), ["K=photos-of-a"]);
}
