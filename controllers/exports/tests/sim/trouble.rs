//! Conflicts, missing rights, refusals and an API server that fails.

use std::time::Duration;

use cairn_testkit::{Fault, Matcher, api::ApiCall};
use serde_json::json;

use crate::harness::{World, a_moment, app, app_key, pass};

async fn world() -> World {
    let world = World::new();
    world.bucket("photos", "photos-of-a").await;
    world
}

#[tokio::test(start_paused = true)]
async fn what_another_manager_has_set_is_named_and_not_overwritten() {
    let world = world().await;
    world.user_applies("app", "kubectl", json!({"NAME": "mine"})).await;
    let _controller = world.start();
    world.export("name", ".spec.name", app_key("NAME")).await;
    world.until_reason("name", "Conflict").await;
    let message = world.ready("name").unwrap().2;
    assert!(message.contains("key NAME has another value by \"kubectl\""), "{message}");
    assert!(!message.contains("photos-of-a"), "{message}");
    pass(Duration::from_hours(2)).await;
    assert_eq!(world.app(), ["NAME=mine"]);
    assert_eq!(world.condition("name", "Stalled").unwrap()["status"], "True");
    assert_eq!(world.events("Conflict").len(), 1);
    world.user_applies("app", "kubectl", json!({"other": "1"})).await;
    world.until_exported("name").await;
    assert_eq!(world.app(), ["NAME=photos-of-a", "other=1"]);
}

/// As ACK's own examples create it, by server-side apply.
#[tokio::test(start_paused = true)]
async fn a_target_that_was_applied_with_no_data_is_no_conflict() {
    let world = world().await;
    world.user_applies("app", "kubectl", json!({})).await;
    let _controller = world.start();
    world.export("x", ".metadata.labels.x // \"none\"", app_key("X")).await;
    world.until_exported("x").await;
    assert_eq!(world.app(), ["X=none"]);
    world.patch("Bucket", "photos", json!({"metadata": {"labels": {"x": "1"}}})).await;
    world.until("the new value", |world| world.app() == ["X=1"]).await;
    world.delete("FieldExport", "x").await;
    world.until_gone("x").await;
    assert!(world.app().is_empty() && world.target("configmaps", "team", "app").is_some());
}

#[tokio::test(start_paused = true)]
async fn of_two_exports_with_one_key_and_two_values_the_first_keeps_it() {
    let world = world().await;
    world.user_applies("app", "kubectl", json!({"mine": "1"})).await;
    let _controller = world.start();
    world.export("first", ".spec.name", app_key("NAME")).await;
    world.until_exported("first").await;
    world.export("second", ".metadata.name", app_key("NAME")).await;
    world.until_reason("second", "Conflict").await;
    let message = world.ready("second").unwrap().2;
    assert!(message.contains("fieldexports.aws.cairn.run/team/first"), "{message}");
    assert_eq!(world.app(), ["NAME=photos-of-a", "mine=1"]);
    world.delete("FieldExport", "first").await;
    world.until_exported("second").await;
    assert_eq!(world.app(), ["NAME=photos", "mine=1"]);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_somebody_took_is_a_conflict_even_when_the_value_comes_back() {
    let world = world().await;
    let _controller = world.start();
    world.export("x", ".metadata.labels.x // \"none\"", app_key("X")).await;
    world.until_exported("x").await;
    world.user_patches("app", "kubectl-edit", json!({"data": {"X": "taken"}})).await;
    world.patch("Bucket", "photos", json!({"metadata": {"labels": {"x": "1"}}})).await;
    world.until_reason("x", "Conflict").await;
    world.patch("Bucket", "photos", json!({"metadata": {"labels": {"x": null}}})).await;
    pass(Duration::from_mins(20)).await;
    assert_eq!(world.ready("x").unwrap().1, "Conflict", "what was last exported is not there any more");
    assert_eq!(world.app(), ["X=taken"]);
}

#[tokio::test(start_paused = true)]
async fn a_missing_right_is_said_and_tried_again() {
    let world = world().await;
    let guard = world.api.fail_while(Matcher::api("patch", "secrets"), Fault::Error(403, "Forbidden"));
    let _controller = world.start();
    world.export("name", ".spec.name", json!({"kind": "secret", "name": "app"})).await;
    world.until_reason("name", "Forbidden").await;
    assert_eq!(world.condition("name", "Stalled").unwrap()["status"], "True");
    drop(guard);
    world.until_exported("name").await;
}

#[tokio::test(start_paused = true)]
async fn what_kubernetes_refuses_is_said() {
    let world = world().await;
    world.api.fail(Matcher::api("patch", "configmaps"), Fault::Error(422, "Invalid"));
    let _controller = world.start();
    world.export("name", ".spec.name", app()).await;
    world.until_reason("name", "TargetRefused").await;
    a_moment().await;
    assert_eq!(world.events("TargetRefused").len(), 1);
    world.delete("FieldExport", "name").await;
    world.until_gone("name").await;
}

#[tokio::test(start_paused = true)]
async fn keys_that_cannot_be_taken_out_keep_the_export() {
    let world = world().await;
    let _controller = world.start();
    world.export("name", ".spec.name", app()).await;
    world.until_exported("name").await;
    let guard = world.api.fail_while(Matcher::api("patch", "configmaps"), Fault::Error(403, "Forbidden"));
    world.delete("FieldExport", "name").await;
    world.until_reason("name", "Forbidden").await;
    pass(Duration::from_mins(20)).await;
    assert!(world.field_export("name").is_some());
    drop(guard);
    world.until_gone("name").await;
    assert!(world.app().is_empty());
}

#[tokio::test(start_paused = true)]
async fn every_answer_may_be_lost_or_late() {
    let faults = [
        Fault::Status(500),
        Fault::Status(429),
        Fault::StatusAfterCommit(500),
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::Late(Duration::from_secs(30)),
        Fault::SlowAnswer(Duration::from_secs(30)),
        Fault::Never,
    ];
    let mine = |call: &ApiCall| {
        let ours = call.resource == "fieldexports" && call.verb == "patch";
        ours || call.resource == "configmaps" && call.verb != "watch"
    };
    for fault in faults {
        for nth in 1..=5 {
            let world = world().await;
            world.export("name", ".spec.name", app_key("NAME")).await;
            let controller = world.start();
            world.api.fail(Matcher::when(mine).nth(nth), fault);
            world.until_exported("name").await;
            assert_eq!(world.app(), ["NAME=photos-of-a"], "{fault:?} at call {nth}");
            // The one that is late must find everything done.
            pass(Duration::from_mins(1)).await;
            world.until_exported("name").await;
            world.delete("FieldExport", "name").await;
            world.until_gone("name").await;
            assert!(world.app().is_empty(), "{fault:?} at call {nth}");
            controller.stop().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_breaks_is_made_up_for() {
    let world = world().await;
    let _controller = world.start();
    world.export("x", ".metadata.labels.x // \"none\"", app_key("X")).await;
    world.until_exported("x").await;
    world.api.freeze_watches();
    world.patch("Bucket", "photos", json!({"metadata": {"labels": {"x": "1"}}})).await;
    world.api.compact();
    world.api.break_watches();
    world.api.thaw_watches();
    world.until("the value", |world| world.app() == ["X=1"]).await;
}
