//! Who asks for it has a definition or an instance looked at now, and is told when that is done.

use std::time::Duration;

use cairn_crds::Groups;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::harness::{RGD, World, a_while, chain, running};

const OURS: &str = "cairn.run/requested-at";
const FLUX: &str = "reconcile.fluxcd.io/requestedAt";

async fn ask(world: &World, kind: &str, name: &str, key: &str, at: &str) {
    world.patch(kind, name, json!({"metadata": {"annotations": {key: at}}})).await;
}

fn handled(world: &World, kind: &str, name: &str) -> Value {
    world.get(kind, name).unwrap()["status"]["lastHandledReconcileAt"].clone()
}

#[tokio::test(start_paused = true)]
async fn an_instance_does_at_once_what_it_would_do_later() {
    let (world, _controller) = running(chain(2)).await;
    world.create("ConfigMap", "a-n0", json!({"data": {}})).await;
    world.app("a").await;
    world.until_says("App", "a", "Ready", "is not this instance's").await;
    // Nobody watches what is another's.
    world.delete("ConfigMap", "a-n0").await;
    let before = Instant::now();
    ask(&world, "App", "a", FLUX, "2026-01-02T00:00:00Z").await;
    world.until_ready("App", "a").await;
    assert!(before.elapsed() < Duration::from_secs(1));
    assert_eq!(handled(&world, "App", "a"), "2026-01-02T00:00:00Z");
    ask(&world, "App", "a", OURS, "2026-01-01T00:00:00Z").await;
    a_while().await;
    assert_eq!(handled(&world, "App", "a"), "2026-01-02T00:00:00Z", "the later counts");
    world.api.clear_calls();
    ask(&world, "App", "a", OURS, "2026-01-03T00:00:00Z").await;
    a_while().await;
    assert_eq!(handled(&world, "App", "a"), "2026-01-03T00:00:00Z");
    assert_eq!(
        world.calls(),
        ["patch apps", "patch apps/status"],
        "the first is the test's own; nothing is applied anew"
    );
}

#[tokio::test(start_paused = true)]
async fn a_suspended_instance_answers_when_it_goes_on() {
    let (world, _controller) = running(chain(1)).await;
    world.ready_app("a").await;
    ask(&world, "App", "a", "cairn.run/reconcile", "suspended").await;
    ask(&world, "App", "a", OURS, "now").await;
    a_while().await;
    assert_eq!(handled(&world, "App", "a"), json!(null));
    world.patch("App", "a", json!({"metadata": {"annotations": {"cairn.run/reconcile": null}}})).await;
    world.until("it is done", |world| handled(world, "App", "a") == "now").await;
}

/// What is permitted is no object that can be watched.
#[tokio::test(start_paused = true)]
async fn a_definition_asks_anew_what_is_permitted() {
    let world = World::new();
    let _controller = world.start();
    let granted = world.forbid(|access| access.resource == "configmaps");
    world.define(chain(1)).await;
    world.until_says(RGD, "app", "Ready", "the operator lacks rights").await;
    granted.set(true);
    let before = Instant::now();
    ask(&world, RGD, "app", OURS, "now").await;
    world.until_ready(RGD, "app").await;
    assert!(before.elapsed() < Duration::from_secs(1));
    assert_eq!(handled(&world, RGD, "app"), "now");
    // What is in force is judged anew as well, and goes on.
    world.ready_app("a").await;
    granted.set(false);
    ask(&world, RGD, "app", OURS, "please").await;
    world.until_says(RGD, "app", "Ready", "instances go on as of revision 1; the operator lacks rights").await;
    assert_eq!(handled(&world, RGD, "app"), "please");
    granted.set(true);
    world.until_ready(RGD, "app").await;
}

/// kro's kinds have no such field, and nothing is added to them.
#[tokio::test(start_paused = true)]
async fn under_kros_names_an_instance_does_it_without_a_word() {
    let world = World::under(Groups::new("services.k8s.aws", "kro.run").unwrap());
    let _controller = world.start();
    world.defined(chain(1)).await;
    world.create("ConfigMap", "a-n0", json!({"data": {}})).await;
    world.app("a").await;
    world.until_says("App", "a", "Ready", "is not this instance's").await;
    world.delete("ConfigMap", "a-n0").await;
    let before = Instant::now();
    ask(&world, "App", "a", FLUX, "now").await;
    world.until_ready("App", "a").await;
    assert!(before.elapsed() < Duration::from_secs(1));
    assert_eq!(handled(&world, "App", "a"), json!(null));
    let crd = world.get("CustomResourceDefinition", "apps.kro.run").unwrap();
    let status = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["status"]["properties"];
    let fields: Vec<&String> = status.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["conditions", "state"]);
}
