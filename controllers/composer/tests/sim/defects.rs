//! Defects of kro that must not come back, each measured there. Those that are not here are beside what they belong to:
//! edits of labels, adoption, drift and long names of instances (`instances`), missing kinds, columns and the order of
//! deletion (`definitions`), and what a reconcile costs (`budgets`).

use std::time::Duration;

use serde_json::json;

use crate::harness::{RGD, World, a_while, chain, map, running};

/// kro repairs what is in the namespace of the instance, and nothing else.
#[tokio::test(start_paused = true)]
pub(crate) async fn items_of_a_collection_in_other_namespaces_are_repaired() {
    let mut all = map("m", "${schema.spec.value}");
    all["forEach"] = json!([{"who": "${['x', 'y']}"}]);
    all["template"]["metadata"] = json!({"name": "${schema.metadata.name}-${who}", "namespace": "other"});
    let (world, _controller) = running(json!([all])).await;
    world.ready_app("a").await;
    let value = |world: &World, name: &str| {
        let map = world.api.object("", "configmaps", Some("other"), name)?;
        map["data"]["value"].as_str().map(str::to_owned)
    };
    let before = tokio::time::Instant::now();
    world.delete_in("other", "ConfigMap", "a-x").await;
    world.patch_in("other", "ConfigMap", "a-y", json!({"data": {"value": "mine"}})).await;
    let both = |world: &World| ["a-x", "a-y"].iter().all(|name| value(world, name).as_deref() == Some("one"));
    world.until("both are back", both).await;
    assert!(before.elapsed() < Duration::from_secs(1));
}

/// kro waits for such a field for ever, and says nothing of it.
#[tokio::test(start_paused = true)]
async fn a_field_that_nobody_checks_and_is_not_there_is_named() {
    let world = World::new();
    let _controller = world.start();
    let schema = json!({"apiVersion": "v1alpha1", "kind": "App", "spec": {"any": "object"}});
    world.define_as("app", schema, json!([map("m", "${string(schema.spec.any.vlaue)}")])).await;
    world.until_ready(RGD, "app").await;
    world.create("App", "a", json!({"spec": {"any": {"value": "x"}}})).await;
    world.until_says("App", "a", "Ready", "vlaue").await;
    world.patch("App", "a", json!({"spec": {"any": {"vlaue": "x"}}})).await;
    world.until_ready("App", "a").await;
}

/// kro cannot label what such a definition makes.
#[tokio::test(start_paused = true)]
async fn a_definition_may_have_a_name_that_fits_no_label() {
    let world = World { may_delete_kinds: true, ..World::new() };
    let controller = world.start();
    let name = "x".repeat(250);
    world.define_as(&name, World::schema("App"), chain(1)).await;
    world.until_ready(RGD, &name).await;
    world.ready_app("a").await;
    controller.stop().await;
    let _controller = world.start();
    world.patch(RGD, &name, json!({"spec": {"resources": [map("n0", "two")]}})).await;
    world.until("the next revision is followed", |world| world.data("a-n0") == ["value=two"]).await;
    world.delete("App", "a").await;
    world.delete(RGD, &name).await;
    world.until_gone(RGD, &name).await;
    assert_eq!(world.get("CustomResourceDefinition", "apps.cairn.run"), None);
}

/// kro needs 27 seconds.
#[tokio::test(start_paused = true)]
async fn a_chain_of_ten_goes_at_once() {
    let (world, _controller) = running(chain(10)).await;
    world.ready_app("a").await;
    let before = tokio::time::Instant::now();
    world.delete("App", "a").await;
    world.until_gone("App", "a").await;
    assert!(before.elapsed() < Duration::from_secs(1));
    assert!(world.maps().is_empty());
}

/// kro takes it for text, and the instance fails later.
#[tokio::test(start_paused = true)]
async fn an_expression_that_does_not_end_is_an_error() {
    let world = World::new();
    let _controller = world.start();
    world.define(json!([map("a", "${schema.spec.value")])).await;
    world.until_says(RGD, "app", "GraphAccepted", "template.data.value").await;
    a_while().await;
    assert_eq!(world.get("CustomResourceDefinition", "apps.cairn.run"), None);
}

/// kro ends the expression at the brace, and writes null.
#[tokio::test(start_paused = true)]
async fn braces_in_texts_are_text_and_what_is_none_is_left_out() {
    let mut first = map("a", "${'}' + schema.spec.value + '{'}");
    first["template"]["data"]["none"] = json!("${optional.none()}");
    let (world, _controller) = running(json!([first])).await;
    world.ready_app("a").await;
    assert_eq!(world.data("a-a"), ["value=}one{"]);
}
