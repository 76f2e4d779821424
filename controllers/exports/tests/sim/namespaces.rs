//! Targets in other namespaces.

use cairn_runtime::source::Scope;
use serde_json::{Value, json};

use crate::harness::{World, a_moment};

fn shared() -> Value {
    json!({"kind": "configmap", "name": "app", "namespace": "shared", "key": "NAME"})
}

async fn grant(world: &World) {
    let from = json!([{"group": "aws.cairn.run", "kind": "FieldExport", "namespace": "team"}]);
    let to = json!([{"group": "", "kind": "ConfigMap", "name": "app"}]);
    world.create("AWSReferenceGrant", "shared", "from-team", json!({"from": from, "to": to})).await;
}

async fn revoke(world: &World) {
    let resource = cairn_runtime::engine::resource(&cairn_crds::shared::REFERENCE_GRANT, &world.groups);
    let grants: kube::Api<kube::api::DynamicObject> =
        kube::Api::namespaced_with(world.api.client(), "shared", &resource);
    grants.delete("from-team", &kube::api::DeleteParams::default()).await.unwrap();
}

fn in_shared(world: &World) -> Vec<String> {
    world.data("configmaps", "shared", "app")
}

async fn world() -> World {
    let world = World::new();
    world.bucket("photos", "photos-of-a").await;
    world
}

#[tokio::test(start_paused = true)]
async fn another_namespace_has_to_permit_it_and_is_heard_at_once() {
    let world = world().await;
    let _controller = world.start();
    world.export("name", ".spec.name", shared()).await;
    world.until_reason("name", "NotGranted").await;
    assert!(in_shared(&world).is_empty());
    assert_eq!(world.condition("name", "Stalled").unwrap()["status"], "True");
    grant(&world).await;
    a_moment().await;
    assert!(world.ready("name").unwrap().0);
    assert_eq!(in_shared(&world), ["NAME=photos-of-a"]);
    let made = world.target("configmaps", "shared", "app").unwrap();
    assert!(made["metadata"].get("ownerReferences").is_none(), "no owner is in another namespace");
}

#[tokio::test(start_paused = true)]
async fn a_permission_that_is_taken_back_ends_the_writes_and_not_the_cleaning_up() {
    let world = world().await;
    grant(&world).await;
    let _controller = world.start();
    world.export("name", ".spec.name", shared()).await;
    world.until_exported("name").await;
    revoke(&world).await;
    world.until_reason("name", "NotGranted").await;
    let before = world.target("configmaps", "shared", "app");
    world.patch("FieldExport", "name", json!({"spec": {"from": {"path": ".metadata.name"}}})).await;
    world.until_reason("name", "NotGranted").await;
    assert_eq!(world.target("configmaps", "shared", "app"), before);
    world.delete("FieldExport", "name").await;
    world.until_gone("name").await;
    assert!(in_shared(&world).is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_operator_that_was_told_so_needs_no_permission() {
    let world = World { open: true, ..world().await };
    let _controller = world.start();
    world.export("name", ".spec.name", shared()).await;
    world.until_exported("name").await;
    assert_eq!(in_shared(&world), ["NAME=photos-of-a"]);
    assert!(world.condition("name", "ACK.Advisory").is_none(), "that is a condition of ACK's");
}

#[tokio::test(start_paused = true)]
async fn an_operator_for_some_namespaces_writes_into_no_other() {
    let world = World { open: true, scope: Scope::Namespaces(vec!["team".into()]), ..world().await };
    let _controller = world.start();
    world.export("name", ".spec.name", shared()).await;
    world.until_reason("name", "NamespaceNotWatched").await;
    assert!(in_shared(&world).is_empty());
    world.patch("FieldExport", "name", json!({"spec": {"to": {"namespace": "team"}}})).await;
    world.until_exported("name").await;
}

#[tokio::test(start_paused = true)]
async fn a_namespace_that_is_not_there_is_said() {
    let world = World { open: true, ..world().await };
    let _controller = world.start();
    let to = json!({"kind": "configmap", "name": "app", "namespace": "nowhere"});
    world.export("name", ".spec.name", to).await;
    world.until_reason("name", "TargetRefused").await;
    assert!(world.ready("name").unwrap().2.contains("nowhere"));
    world.api.namespace("nowhere");
    world.until_exported("name").await;
}
