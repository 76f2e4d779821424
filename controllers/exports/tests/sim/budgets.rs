//! What an export costs the API server.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{World, a_moment, app, app_key, pass};

const CREATE: [&str; 5] = [
    "patch fieldexports/status",
    "patch fieldexports",
    "get configmaps",
    "patch configmaps",
    "patch fieldexports/status",
];

async fn exported(to: Value) -> World {
    let world = World::new();
    world.bucket("photos", "photos-of-a").await;
    let controller = world.start();
    world.export("name", ".spec.name", to).await;
    world.until_exported("name").await;
    controller.stop().await;
    world
}

#[tokio::test(start_paused = true)]
async fn a_first_export_costs_five_calls() {
    let world = World::new();
    world.bucket("photos", "photos-of-a").await;
    world.export("name", ".spec.name", app()).await;
    world.api.clear_calls();
    let _controller = world.start();
    world.until_exported("name").await;
    pass(Duration::from_hours(24)).await;
    assert_eq!(world.calls(), CREATE);
}

#[tokio::test(start_paused = true)]
async fn a_changed_value_costs_three_calls_and_changes_that_are_none_cost_nothing() {
    let world = World::new();
    world.bucket("photos", "photos-of-a").await;
    let _controller = world.start();
    for (name, kind) in [("map", "configmap"), ("secret", "secret")] {
        world.export(name, ".metadata.labels.x // \"none\"", json!({"kind": kind, "name": "app"})).await;
        world.until_exported(name).await;
    }
    world.patch("Bucket", "photos", json!({"metadata": {"labels": {"y": "1"}}})).await;
    a_moment().await;
    world.api.clear_calls();
    world.patch("Bucket", "photos", json!({"metadata": {"labels": {"y": "2"}}})).await;
    world.say_ready("photos", true).await;
    a_moment().await;
    assert_eq!(world.calls(), ["patch buckets", "patch buckets/status"], "the test's own");
    world.api.clear_calls();
    world.patch("Bucket", "photos", json!({"metadata": {"labels": {"x": "1"}}})).await;
    a_moment().await;
    let mut calls = world.calls();
    calls.sort();
    let status = "patch fieldexports/status";
    assert_eq!(
        calls,
        ["get configmaps", "get secrets", "patch buckets", "patch configmaps", status, status, "patch secrets"]
    );
    assert_eq!(world.app(), ["team.map=1"]);
}

#[tokio::test(start_paused = true)]
async fn a_restart_costs_lists_and_watches_alone() {
    for kind in ["configmap", "secret"] {
        let world = exported(json!({"kind": kind, "name": "app"})).await;
        world.api.clear_calls();
        let _controller = world.start();
        pass(Duration::from_mins(10)).await;
        assert_eq!(world.calls(), [""; 0], "{kind}");
        assert!(world.ready("name").unwrap().0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_source_that_was_touched_while_nobody_looked_costs_nothing_for_a_configmap() {
    let world = exported(app()).await;
    world.patch("Bucket", "photos", json!({"metadata": {"labels": {"y": "1"}}})).await;
    world.api.clear_calls();
    let _controller = world.start();
    pass(Duration::from_mins(10)).await;
    assert_eq!(world.calls(), [""; 0]);
}

/// Neither values nor hashes of them are kept for a Secret, so that only a write can tell.
#[tokio::test(start_paused = true)]
async fn a_source_that_was_touched_while_nobody_looked_is_exported_once_more_into_a_secret() {
    let world = exported(json!({"kind": "secret", "name": "app"})).await;
    let before = world.target("secrets", "team", "app");
    world.patch("Bucket", "photos", json!({"metadata": {"labels": {"y": "1"}}})).await;
    world.api.clear_calls();
    let controller = world.start();
    pass(Duration::from_mins(10)).await;
    assert_eq!(world.calls(), ["get secrets", "patch secrets", "patch fieldexports/status"]);
    assert_eq!(world.target("secrets", "team", "app"), before, "nothing was different");
    controller.stop().await;
    world.api.clear_calls();
    let _controller = world.start();
    pass(Duration::from_mins(10)).await;
    assert_eq!(world.calls(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_changed_while_nobody_looked_is_exported_at_the_start() {
    let world = exported(app_key("NAME")).await;
    world.patch("FieldExport", "name", json!({"spec": {"from": {"path": ".metadata.name"}}})).await;
    let _controller = world.start();
    world.until_exported("name").await;
    assert_eq!(world.app(), ["NAME=photos"]);
}

#[tokio::test(start_paused = true)]
async fn an_edit_that_changes_nothing_costs_one_status() {
    let world = exported(app()).await;
    let _controller = world.start();
    a_moment().await;
    world.api.clear_calls();
    world.patch("FieldExport", "name", json!({"spec": {"to": {"namespace": "team"}}})).await;
    world.until_exported("name").await;
    a_moment().await;
    assert_eq!(world.calls(), ["patch fieldexports", "patch fieldexports/status"]);
    world.api.clear_calls();
    world.patch("FieldExport", "name", json!({"metadata": {"labels": {"a": "b"}}})).await;
    a_moment().await;
    assert_eq!(world.calls(), ["patch fieldexports"], "the label's own patch alone");
}

#[tokio::test(start_paused = true)]
async fn a_deletion_costs_three_calls() {
    let world = exported(app()).await;
    let _controller = world.start();
    a_moment().await;
    world.delete("FieldExport", "name").await;
    world.api.clear_calls();
    world.until_gone("name").await;
    a_moment().await;
    assert_eq!(world.calls(), ["get configmaps", "patch configmaps", "patch fieldexports"]);
}
