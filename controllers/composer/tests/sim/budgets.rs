//! What instances cost the API server: exact counts.

use std::time::Duration;

use cairn_crds::Groups;
use serde_json::json;

use crate::harness::{RGD, Running, World, a_while, chain, pass};

fn counted(world: &World) -> serde_json::Value {
    world.get(RGD, "app").unwrap()["status"]["revisions"].clone()
}

async fn ready(groups: Groups, instances: usize) -> (World, Running) {
    let world = World::under(groups);
    let controller = world.start();
    world.defined(chain(5)).await;
    for at in 0..instances {
        world.app(&format!("a{at}")).await;
    }
    for at in 0..instances {
        world.until_ready("App", &format!("a{at}")).await;
    }
    a_while().await;
    (world, controller)
}

#[tokio::test(start_paused = true)]
async fn an_instance_of_five_costs_seven_calls() {
    let (world, _controller) = ready(Groups::default(), 0).await;
    world.api.clear_calls();
    world.ready_app("a").await;
    pass(Duration::from_hours(24)).await;
    let mut expected = vec!["create apps", "patch apps"];
    expected.extend(["patch configmaps"; 5]);
    expected.push("patch apps/status");
    // One for all instances that come within five minutes: how many there are.
    expected.push("patch resourcegraphdefinitions/status");
    assert_eq!(world.calls(), expected, "the first is the test's own");
}

/// There kro's two managers have their parts of the instance.
#[tokio::test(start_paused = true)]
async fn under_kros_names_it_costs_one_more() {
    let (world, _controller) = ready(Groups::new("services.k8s.aws", "kro.run").unwrap(), 0).await;
    world.api.clear_calls();
    world.ready_app("a").await;
    a_while().await;
    let mut expected = vec!["create apps", "patch apps", "patch apps"];
    expected.extend(["patch configmaps"; 5]);
    expected.push("patch apps/status");
    assert_eq!(world.calls(), expected);
    assert!(world.calls().len() - 1 <= 9);
}

#[tokio::test(start_paused = true)]
async fn its_deletion_costs_seven_calls() {
    let (world, _controller) = ready(Groups::default(), 1).await;
    world.api.clear_calls();
    world.delete("App", "a0").await;
    world.until_gone("App", "a0").await;
    a_while().await;
    let mut expected = vec!["delete apps", "patch apps/status"];
    expected.extend(["delete configmaps"; 5]);
    expected.push("patch apps");
    assert_eq!(world.calls(), expected, "the first is the test's own");
    assert!(world.maps().is_empty());
}

/// kro patches every resource of every instance.
#[tokio::test(start_paused = true)]
pub(crate) async fn a_restart_over_a_hundred_instances_writes_nothing() {
    let (world, controller) = ready(Groups::default(), 100).await;
    world.until("they are counted", |world| counted(world) == json!([{"revision": 1, "instances": 100}])).await;
    controller.stop().await;
    world.api.clear_calls();
    let _controller = world.start();
    pass(Duration::from_hours(1)).await;
    // The kind of the definition is compared once.
    assert_eq!(world.calls(), ["get customresourcedefinitions"]);
    let lists = world.api.calls().iter().filter(|call| call.verb == "list").count();
    assert_eq!(lists, 7, "definitions, revisions, kinds, instances, and config maps in three pages");
}

/// kro makes 43 calls for one changed field.
#[tokio::test(start_paused = true)]
async fn a_mend_costs_one_call() {
    let (world, controller) = ready(Groups::default(), 1).await;
    world.api.clear_calls();
    world.patch("ConfigMap", "a0-n2", json!({"data": {"value": "mine"}})).await;
    a_while().await;
    assert_eq!(world.calls(), ["patch configmaps", "patch configmaps"], "the first is the test's own");
    assert_eq!(world.data("a0-n2"), ["value=one"]);
    let counted = "cairn_drift_total{kind=\"ConfigMap\"} 1";
    assert!(controller.metrics.encode().contains(counted), "{}", controller.metrics.encode());
}

/// It is told at once while they move, and otherwise once for all that come and go within five minutes.
#[tokio::test(start_paused = true)]
async fn how_many_follow_which_revision_costs_one_call() {
    let (world, _controller) = ready(Groups::default(), 20).await;
    world.api.clear_calls();
    pass(Duration::from_hours(1)).await;
    assert_eq!(world.calls(), ["patch resourcegraphdefinitions/status"]);
    assert_eq!(counted(&world), json!([{"revision": 1, "instances": 20}]));
    world.patch("App", "a0", json!({"metadata": {"annotations": {"cairn.run/reconcile": "suspended"}}})).await;
    world.patch(RGD, "app", json!({"spec": {"resources": chain(1)}})).await;
    let moved = json!([{"revision": 2, "instances": 19}]);
    let start = tokio::time::Instant::now();
    world.until("they have moved, and who is suspended follows none", |world| counted(world) == moved).await;
    assert!(start.elapsed() < Duration::from_secs(3));
    world.delete("App", "a1").await;
    let fewer = json!([{"revision": 2, "instances": 18}]);
    world.until("one is gone", |world| counted(world) == fewer).await;
    pass(Duration::from_mins(10)).await;
    world.api.clear_calls();
    pass(Duration::from_hours(24)).await;
    assert_eq!(world.calls(), [""; 0]);
}

/// However soon they move: before anything was told, and all at once.
#[tokio::test(start_paused = true)]
async fn a_move_is_told_at_once_where_nothing_was_told_before() {
    let (world, _controller) = ready(Groups::default(), 20).await;
    assert!(counted(&world).is_null(), "they have just come");
    world.patch(RGD, "app", json!({"spec": {"resources": chain(1)}})).await;
    let start = tokio::time::Instant::now();
    let moved = json!([{"revision": 2, "instances": 20}]);
    world.until("they have moved", |world| counted(world) == moved).await;
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}
