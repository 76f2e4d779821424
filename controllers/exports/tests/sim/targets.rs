//! What is written into a target, and what becomes of it.

use serde_json::json;

use crate::harness::{World, a_moment, app, app_key};

async fn world() -> World {
    let world = World::new();
    world.bucket("photos", "hush-hush").await;
    world
}

#[tokio::test(start_paused = true)]
async fn a_target_that_is_created_belongs_to_the_export_and_is_empty_when_it_goes() {
    let world = world().await;
    let _controller = world.start();
    world.export("name", ".spec.name", app()).await;
    world.until_exported("name").await;
    let uid = world.field_export("name").unwrap()["metadata"]["uid"].clone();
    let owner = json!({"apiVersion": "aws.cairn.run/v1alpha1", "kind": "FieldExport", "name": "name", "uid": uid});
    assert_eq!(world.target("configmaps", "team", "app").unwrap()["metadata"]["ownerReferences"], json!([owner]));
    world.delete("FieldExport", "name").await;
    world.until_gone("name").await;
    // From here the garbage collector has it: its only owner is gone.
    assert!(world.app().is_empty());
    if let Some(left) = world.target("configmaps", "team", "app") {
        assert_eq!(left["metadata"]["ownerReferences"], json!([owner]));
    }
}

#[tokio::test(start_paused = true)]
async fn a_target_that_was_there_keeps_everything_but_our_keys() {
    let world = world().await;
    world.user_applies("app", "kubectl", json!({"mine": "1"})).await;
    let _controller = world.start();
    world
        .create("FieldExport", "team", "both", world.several(&[("A", ".spec.name"), ("B", ".metadata.name")], &app()))
        .await;
    world.until_exported("both").await;
    assert_eq!(world.app(), ["A=hush-hush", "B=photos", "mine=1"]);
    assert!(world.target("configmaps", "team", "app").unwrap()["metadata"].get("ownerReferences").is_none());
    world.delete("FieldExport", "both").await;
    world.until_gone("both").await;
    assert_eq!(world.app(), ["mine=1"]);
}

#[tokio::test(start_paused = true)]
async fn what_others_wrote_into_a_target_that_was_created_is_not_collected_with_it() {
    let world = world().await;
    let _controller = world.start();
    world.export("name", ".spec.name", app()).await;
    world.until_exported("name").await;
    world.user_patches("app", "kubectl-edit", json!({"data": {"mine": "1"}})).await;
    world.delete("FieldExport", "name").await;
    world.until_gone("name").await;
    assert_eq!(world.app(), ["mine=1"]);
    assert!(world.target("configmaps", "team", "app").unwrap()["metadata"].get("ownerReferences").is_none());
}

#[tokio::test(start_paused = true)]
async fn two_exports_into_one_target_do_not_touch_each_other() {
    let world = world().await;
    world.user_applies("app", "kubectl", json!({"mine": "1"})).await;
    let _controller = world.start();
    for (name, path) in [("a", ".spec.name"), ("b", ".metadata.name"), ("same", ".spec.name")] {
        let key = if name == "b" { "B" } else { "A" };
        world.export(name, path, app_key(key)).await;
        world.until_exported(name).await;
    }
    assert_eq!(world.app(), ["A=hush-hush", "B=photos", "mine=1"]);
    world.delete("FieldExport", "a").await;
    world.until_gone("a").await;
    assert_eq!(world.app(), ["A=hush-hush", "B=photos", "mine=1"], "another export has that key as well");
    world.delete("FieldExport", "same").await;
    world.until_gone("same").await;
    assert_eq!(world.app(), ["B=photos", "mine=1"]);
}

#[tokio::test(start_paused = true)]
async fn a_secret_has_the_value_and_nothing_else_does() {
    let world = world().await;
    let _controller = world.start();
    world.export("name", ".spec.name", json!({"kind": "secret", "name": "app", "key": "NAME"})).await;
    world.until_exported("name").await;
    assert_eq!(world.data("secrets", "team", "app"), ["NAME=aHVzaC1odXNo"]);
    world.patch("FieldExport", "name", json!({"spec": {"from": {"path": ".spec.name.x"}}})).await;
    world.until_reason("name", "ValueNotFound").await;
    a_moment().await;
    let export = world.field_export("name").unwrap().to_string();
    let events = json!(world.api.objects("events.k8s.io", "events")).to_string();
    for text in [&export, &events] {
        assert!(!text.contains("hush-hush") && !text.contains("aHVzaC1odXNo"), "{text}");
    }
    assert!(events.contains("Exported"), "{events}");
}

#[tokio::test(start_paused = true)]
async fn an_export_that_moves_takes_its_keys_along() {
    let world = world().await;
    world.user_applies("app", "kubectl", json!({"mine": "1"})).await;
    let _controller = world.start();
    world.export("name", ".spec.name", app_key("OLD")).await;
    world.until_exported("name").await;
    world.patch("FieldExport", "name", json!({"spec": {"to": {"key": "NEW"}}})).await;
    world.until_exported("name").await;
    assert_eq!(world.app(), ["NEW=hush-hush", "mine=1"]);
    world.patch("FieldExport", "name", json!({"spec": {"to": {"kind": "secret", "name": "other"}}})).await;
    world.until_exported("name").await;
    assert_eq!(world.app(), ["mine=1"]);
    assert_eq!(world.data("secrets", "team", "other"), ["NEW=aHVzaC1odXNo"]);
    let targets = world.field_export("name").unwrap()["status"]["record"]["targets"].clone();
    assert_eq!(targets.as_array().unwrap().len(), 1, "{targets}");
    world.delete("FieldExport", "name").await;
    world.until_gone("name").await;
    assert!(world.data("secrets", "team", "other").is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_target_that_somebody_replaced_is_written_again_and_not_owned() {
    let world = world().await;
    let _controller = world.start();
    world.export("name", ".metadata.labels.x // \"none\"", app_key("X")).await;
    world.until_exported("name").await;
    world.user_deletes("app").await;
    world.user_applies("app", "kubectl", json!({"mine": "1"})).await;
    world.patch("Bucket", "photos", json!({"metadata": {"labels": {"x": "1"}}})).await;
    world.until("the new value", |world| world.app() == ["X=1", "mine=1"]).await;
    world.until_exported("name").await;
    assert!(world.target("configmaps", "team", "app").unwrap()["metadata"].get("ownerReferences").is_none());
    world.delete("FieldExport", "name").await;
    world.until_gone("name").await;
    assert_eq!(world.app(), ["mine=1"]);
}

#[tokio::test(start_paused = true)]
async fn a_target_that_was_deleted_comes_back_when_asked_for() {
    let world = world().await;
    let _controller = world.start();
    world.export("name", ".spec.name", app_key("NAME")).await;
    world.until_exported("name").await;
    world.user_deletes("app").await;
    a_moment().await;
    assert!(world.target("configmaps", "team", "app").is_none(), "targets are not watched");
    let asked = json!({"metadata": {"annotations": {"aws.cairn.run/requested-at": "now"}}});
    world.patch("FieldExport", "name", asked).await;
    a_moment().await;
    assert_eq!(world.app(), ["NAME=hush-hush"]);
    assert!(world.target("configmaps", "team", "app").unwrap()["metadata"]["ownerReferences"].is_array());
    assert_eq!(world.field_export("name").unwrap()["status"]["lastHandledReconcileAt"], "now");
}

#[tokio::test(start_paused = true)]
async fn a_target_that_was_deleted_does_not_hold_up_the_deletion() {
    let world = world().await;
    let _controller = world.start();
    world.export("name", ".spec.name", app()).await;
    world.until_exported("name").await;
    world.user_deletes("app").await;
    world.delete("FieldExport", "name").await;
    world.until_gone("name").await;
    assert!(world.target("configmaps", "team", "app").is_none(), "taking keys out creates nothing");
}

#[tokio::test(start_paused = true)]
async fn an_export_that_was_made_again_has_its_keys_again() {
    let world = world().await;
    world.user_applies("app", "kubectl", json!({"mine": "1"})).await;
    let controller = world.start();
    world.export("name", ".spec.name", app_key("NAME")).await;
    world.until_exported("name").await;
    controller.stop().await;
    // As after a disaster: gone with no chance to take its keys out, and made again.
    world.patch("FieldExport", "name", json!({"metadata": {"finalizers": []}})).await;
    world.delete("FieldExport", "name").await;
    world.export("name", ".metadata.name", app_key("NAME")).await;
    let _controller = world.start();
    world.until_exported("name").await;
    assert_eq!(world.app(), ["NAME=photos", "mine=1"]);
}
