//! What annotations do: plan, read, pause, ask again, ignore, protect.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{World, pass};

fn annotated(entries: &[(&str, Value)]) -> Value {
    let annotations: serde_json::Map<_, _> =
        entries.iter().map(|(key, value)| (format!("aws.cairn.run/{key}"), value.clone())).collect();
    json!({"metadata": {"annotations": annotations}})
}

fn versioned(status: &str) -> Value {
    json!({"name": "acme-a", "versioning": {"status": status}})
}

impl World {
    fn plan(&self, name: &str) -> Vec<String> {
        let object = self.object(name).unwrap();
        let steps = object["status"]["plan"]["steps"].as_array().cloned().unwrap_or_default();
        steps.iter().map(|step| step["operation"].as_str().unwrap().to_owned()).collect()
    }

    async fn annotate(&self, name: &str, entries: &[(&str, Value)]) {
        self.patch(name, annotated(entries)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_is_shown_and_nothing_is_done_until_the_mode_changes() {
    let world = World::quiet();
    let _operator = world.start("one");
    world.create_annotated("a", versioned("Enabled"), &[("mode", "Plan")]).await;
    world.until_reason("a", "Planned").await;
    assert_eq!(world.plan("a"), ["CreateBucket", "PutBucketVersioning"]);
    assert!(world.mutations().is_empty());
    assert_eq!(world.object("a").unwrap()["metadata"].get("finalizers"), None);
    world.annotate("a", &[("mode", Value::Null)]).await;
    world.until_ready("a").await;
    assert!(world.plan("a").is_empty());

    world.annotate("a", &[("mode", json!("Plan"))]).await;
    world.patch("a", json!({"spec": {"versioning": {"status": "Suspended"}}})).await;
    world.until_reason("a", "Planned").await;
    let step = world.object("a").unwrap()["status"]["plan"]["steps"][0].clone();
    assert_eq!(step["before"], r#"{"status":"Enabled"}"#);
    assert_eq!(step["after"], r#"{"status":"Suspended"}"#);
    world.forget_calls();
    world.delete("a").await;
    world
        .until("the deletion is only planned", |world| {
            world.ready("a").is_some_and(|ready| ready.2.contains("DeleteBucket"))
        })
        .await;
    assert!(world.mutations().is_empty());
    world.annotate("a", &[("mode", json!("Manage"))]).await;
    world.until_gone("a").await;
    assert!(world.aws.bucket("acme-a").is_none());
}

#[tokio::test(start_paused = true)]
async fn what_is_shown_costs_nothing_more_not_even_after_a_restart() {
    let world = World::quiet();
    let operator = world.start("one");
    world.create_annotated("a", versioned("Enabled"), &[("mode", "Plan")]).await;
    world.until_reason("a", "Planned").await;
    operator.stop().await;
    world.forget_calls();
    let _operator = world.start("two");
    pass(Duration::from_mins(20)).await;
    assert!(world.operations().is_empty(), "{:?}", world.operations());
    assert!(world.kubernetes_calls().is_empty(), "{:?}", world.kubernetes_calls());
}

#[tokio::test(start_paused = true)]
async fn a_pause_holds_back_changes_but_never_a_deletion_and_ends_by_itself() {
    let world = World::quiet();
    let _operator = world.start("one");
    world.create("a", versioned("Enabled")).await;
    world.until_ready("a").await;
    let soon = world.api.clock().now() + jiff::SignedDuration::from_mins(10);
    world.annotate("a", &[("paused-until", json!(soon.to_string()))]).await;
    world.patch("a", json!({"spec": {"versioning": {"status": "Suspended"}}})).await;
    world.until_reason("a", "Paused").await;
    assert_eq!(world.plan("a"), ["PutBucketVersioning"]);
    world.until_ready("a").await;
    assert!(world.api.clock().now() >= soon);

    world.annotate("a", &[("paused", json!("true")), ("paused-until", Value::Null)]).await;
    pass(Duration::from_secs(5)).await;
    assert!(world.ready("a").unwrap().2.contains("paused"), "{:?}", world.ready("a"));
    world.delete("a").await;
    world.until_gone("a").await;
    assert!(world.aws.bucket("acme-a").is_none());
}

#[tokio::test(start_paused = true)]
async fn the_flag_pauses_everything() {
    let world = World::quiet().flag("--paused");
    let _operator = world.start("one");
    world.create("a", versioned("Enabled")).await;
    world.until_reason("a", "Paused").await;
    assert!(world.mutations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn whoever_only_reads_writes_nothing_in_aws_and_sees_what_differs() {
    let world = World::quiet();
    let _operator = world.start("one");
    world.create("owner", versioned("Enabled")).await;
    world.until_ready("owner").await;
    world.forget_calls();
    world.create_annotated("reader", versioned("Suspended"), &[("read-only", "true")]).await;
    world.until_ready("reader").await;
    assert_eq!(world.plan("reader"), ["PutBucketVersioning"]);
    let reader = world.object("reader").unwrap();
    assert_eq!(reader["status"]["ackResourceMetadata"]["arn"], "arn:aws:s3:::acme-a");
    assert_eq!(reader["metadata"].get("finalizers"), None);
    assert!(world.mutations().is_empty());
    world.delete("reader").await;
    world.until_gone("reader").await;
    assert!(world.aws.bucket("acme-a").is_some());

    world.create_annotated("nothing", json!({"name": "acme-none"}), &[("read-only", "true")]).await;
    world.until_reason("nothing", "NotFound").await;
}

#[tokio::test(start_paused = true)]
async fn an_owner_that_becomes_a_reader_leaves_its_bucket() {
    let world = World::quiet();
    let _operator = world.start("one");
    world.create("a", versioned("Enabled")).await;
    world.until_ready("a").await;
    world.annotate("a", &[("read-only", json!("true"))]).await;
    pass(Duration::from_secs(5)).await;
    world.delete("a").await;
    world.until_gone("a").await;
    assert!(world.aws.bucket("acme-a").is_some());
}

#[tokio::test(start_paused = true)]
async fn a_request_to_reconcile_is_carried_out_and_answered_once() {
    let world = World::quiet();
    let _operator = world.start("one");
    world.create("a", versioned("Enabled")).await;
    world.until_ready("a").await;
    world.forget_calls();
    let keys = ["aws.cairn.run/requested-at", "reconcile.fluxcd.io/requestedAt"];
    for (n, key) in keys.into_iter().enumerate() {
        let asked = format!("2030-01-0{}T00:00:00Z", n + 1);
        world.patch("a", json!({"metadata": {"annotations": {key: asked}}})).await;
        world
            .until("the request is answered", |world| {
                world.object("a").unwrap()["status"]["lastHandledReconcileAt"] == asked.as_str()
            })
            .await;
        assert_eq!(world.operations(), ["GetBucketTagging", "GetBucketVersioning"]);
        assert_eq!(world.kubernetes_calls().len(), 2, "the annotation and the answer: {:?}", world.kubernetes_calls());
        world.forget_calls();
    }
    pass(Duration::from_mins(10)).await;
    assert!(world.operations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_object_itself_says_how_often_it_is_checked() {
    let world = World::quiet();
    let _operator = world.start("one");
    world.create_annotated("a", versioned("Enabled"), &[("resync-period", "60")]).await;
    world.until_ready("a").await;
    world.forget_calls();
    pass(Duration::from_hours(1)).await;
    let checks = world.operations().len() / 2;
    assert!((59..=61).contains(&checks), "{checks}");
    assert!(world.kubernetes_calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn drift_in_an_ignored_field_stays() {
    let world = World::quiet();
    let _operator = world.start("one");
    let annotations = [("ignore-field-drift", "spec.versioning"), ("resync-period", "60")];
    world.create_annotated("a", versioned("Enabled"), &annotations).await;
    world.until_ready("a").await;
    world.set_versioning("acme-a", "Suspended");
    world.forget_calls();
    pass(Duration::from_mins(5)).await;
    assert!(!world.operations().is_empty());
    assert!(world.mutations().is_empty(), "{:?}", world.mutations());
    world.annotate("a", &[("ignore-field-drift", Value::Null)]).await;
    world.until("the drift is mended", |world| !world.mutations().is_empty()).await;
}

#[tokio::test(start_paused = true)]
async fn a_protected_object_keeps_its_bucket_until_the_protection_is_taken_away() {
    let world = World::quiet();
    let _operator = world.start("one");
    world.create_annotated("a", versioned("Enabled"), &[("deletion-protection", "true")]).await;
    world.until_ready("a").await;
    world.forget_calls();
    world.delete("a").await;
    world
        .until("it says that it is protected", |world| world.ready("a").is_some_and(|ready| ready.1 == "Protected"))
        .await;
    assert!(world.operations().is_empty());
    assert_eq!(world.events("Protected"), 1);
    world.annotate("a", &[("deletion-protection", Value::Null)]).await;
    world.until_gone("a").await;
    assert!(world.aws.bucket("acme-a").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_word_that_is_none_does_nothing_and_is_named() {
    let world = World::quiet();
    let _operator = world.start("one");
    world.create_annotated("a", versioned("Enabled"), &[("mode", "Paln")]).await;
    world.until_reason("a", "InvalidSpec").await;
    assert!(world.ready("a").unwrap().2.contains("Paln"));
    assert!(world.operations().is_empty());
    world.annotate("a", &[("mode", Value::Null)]).await;
    world.until_ready("a").await;
}
