//! In the place of ACK's controllers.

use cairn_crds::Groups;
use serde_json::{Value, json};

use crate::harness::{World, a_moment, app, app_key};

const FINALIZER: &str = "finalizers.services.k8s.aws/FieldExport";

async fn world() -> World {
    let world = World { open: true, ..World::under(Groups::new("services.k8s.aws", "kro.run").unwrap()) };
    world.bucket("photos", "photos-of-a").await;
    world
}

/// An export as ACK left it, and what it exported.
async fn left_by_ack(world: &World, data: Value) {
    let object = json!({
        "apiVersion": "services.k8s.aws/v1alpha1", "kind": "FieldExport",
        "metadata": {"name": "name", "namespace": "team", "finalizers": [FINALIZER]},
        "spec": world.one(".spec.name", &app_key("NAME")), "status": {"conditions": []},
    });
    world.api.seed(&object).unwrap();
    world.user_applies("app", "kubectl", json!({})).await;
    world.user_patches("app", "controller", json!({"data": data})).await;
}

#[tokio::test(start_paused = true)]
async fn an_export_of_acks_goes_on_and_its_value_may_change() {
    let world = world().await;
    left_by_ack(&world, json!({"NAME": "photos-of-a"})).await;
    let _controller = world.start();
    world.until_exported("name").await;
    world.patch("FieldExport", "name", json!({"spec": {"from": {"path": ".metadata.name"}}})).await;
    world.until_exported("name").await;
    assert_eq!(world.app(), ["NAME=photos"]);
    world.delete("FieldExport", "name").await;
    world.until_gone("name").await;
    assert!(world.app().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_others_hold_beside_acks_keys_is_not_forced() {
    let world = world().await;
    left_by_ack(&world, json!({"NAME": "older"})).await;
    world.user_applies("app", "helm", json!({"NAME": "older"})).await;
    let _controller = world.start();
    world.until_reason("name", "Conflict").await;
    assert_eq!(world.app(), ["NAME=older"]);
}

#[tokio::test(start_paused = true)]
async fn what_a_controller_wrote_is_not_forced_for_an_export_that_ack_never_saw() {
    let world = world().await;
    world.user_creates("app", "controller", json!({"NAME": "theirs"})).await;
    let _controller = world.start();
    world.export("name", ".spec.name", app_key("NAME")).await;
    world.until_reason("name", "Conflict").await;
    assert_eq!(world.app(), ["NAME=theirs"]);
}

#[tokio::test(start_paused = true)]
async fn exports_of_groups_that_are_not_ours_are_left_alone_entirely() {
    let world = world().await;
    let mut spec = world.one(".spec.name", &app());
    spec["from"]["resource"] = json!({"group": "rds.services.k8s.aws", "kind": "DBInstance", "name": "db"});
    world.create("FieldExport", "team", "theirs", spec.clone()).await;
    let deleted = json!({
        "apiVersion": "services.k8s.aws/v1alpha1", "kind": "FieldExport",
        "metadata": {"name": "deleted", "namespace": "team", "finalizers": [FINALIZER]}, "spec": spec,
    });
    world.api.seed(&deleted).unwrap();
    world.delete("FieldExport", "deleted").await;
    let before = (world.field_export("theirs"), world.field_export("deleted"));
    world.api.clear_calls();
    let _controller = world.start();
    world.export("ours", ".spec.name", app()).await;
    world.until_exported("ours").await;
    a_moment().await;
    assert_eq!((world.field_export("theirs"), world.field_export("deleted")), before);
    let theirs = world.api.calls().into_iter().filter(|call| call.is_write() && call.name.as_deref() == Some("theirs"));
    assert_eq!(theirs.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_a_group_of_ours_does_not_have_is_said() {
    let world = world().await;
    let mut spec = world.one(".spec.name", &app());
    spec["from"]["resource"]["kind"] = json!("Object");
    world.create("FieldExport", "team", "name", spec).await;
    let _controller = world.start();
    world.until_reason("name", "SourceNotServed").await;
    assert_eq!(world.condition("name", "ACK.Terminal").unwrap()["status"], "True");
    assert!(world.condition("name", "ACK.Recoverable").is_none());
}

#[tokio::test(start_paused = true)]
async fn another_namespace_is_written_and_advised_against() {
    let world = world().await;
    let _controller = world.start();
    world.export("name", ".spec.name", json!({"kind": "configmap", "name": "app", "namespace": "shared"})).await;
    world.until_exported("name").await;
    assert_eq!(world.data("configmaps", "shared", "app"), ["team.name=photos-of-a"]);
    let advice = world.condition("name", "ACK.Advisory").unwrap();
    assert_eq!(advice["reason"], "CrossNamespaceOptInRequired");
    world.patch("FieldExport", "name", json!({"spec": {"to": {"namespace": "team"}}})).await;
    world.until_exported("name").await;
    assert!(world.condition("name", "ACK.Advisory").is_none());
    assert!(world.data("configmaps", "shared", "app").is_empty());
}
