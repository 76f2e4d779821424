//! References to objects.

use std::time::Duration;

use cairn_core::{api::REFERENCE_GRANT, grant::CrossNamespace};
use serde_json::{Value, json};

use crate::{
    fixture::{JOB, NET},
    world::{HERE, World, from},
};

fn abroad(name: &str) -> Value {
    json!({"from": {"name": name, "namespace": "shared"}})
}

fn permits(kind: &str) -> Value {
    json!({
        "from": [{"group": "test.aws.cairn.run", "kind": kind, "namespace": HERE}],
        "to": [{"group": "test.aws.cairn.run", "kind": "Net"}],
    })
}

#[tokio::test(start_paused = true)]
async fn a_reference_waits_for_its_target_and_goes_on_at_once() {
    let world = World::of(&JOB);
    let _operator = world.start();
    world.create("a", json!({"netRef": from("base"), "netRefs": [from("base"), from("other")]})).await;
    let message = world.until_says("a", "DependencyNotReady").await;
    assert_eq!(
        message,
        "netRef: Net team/base does not exist; netRefs.0: Net team/base does not exist; netRefs.1: Net team/other does not exist"
    );
    assert!(world.cloud.resources("Job").is_empty() && world.object("a").unwrap()["metadata"]["finalizers"].is_null());
    world.create_in(&NET, HERE, "base", json!({})).await;
    world.create_in(&NET, HERE, "other", json!({})).await;
    world.until_ready_in(&NET, HERE, "base").await;
    world.until_ready_in(&NET, HERE, "other").await;
    let ready = tokio::time::Instant::now();
    world.until_ready("a").await;
    assert!(ready.elapsed() < Duration::from_millis(200), "{:?}", ready.elapsed());
    let id = |name: &str| world.object_of(&NET, HERE, name).unwrap()["status"]["id"].clone();
    let (_, job) = world.cloud.only("Job");
    assert_eq!((&job.fields["netID"], &job.fields["netIDs"]), (&id("base"), &json!([id("base"), id("other")])));
    assert!(world.object("a").unwrap()["spec"]["netID"].is_null(), "what is resolved is never written back");
    world.assert_quiet("resolved").await;
}

#[tokio::test(start_paused = true)]
async fn a_target_that_changes_is_followed() {
    let world = World::of(&JOB);
    let _operator = world.start();
    world.create_in(&NET, HERE, "base", json!({})).await;
    world.create("a", json!({"netRef": from("base")})).await;
    world.until_ready("a").await;
    let (first, _) = world.cloud.only("Net");
    tokio::time::sleep(Duration::from_mins(2)).await;
    // Somebody deletes the net, and Cairn makes it again, with another id.
    world.cloud.lose(&first);
    let nets = World { kind: &NET, ..world };
    nets.patch("base", json!({"spec": {"size": 2}})).await;
    let world = World { kind: &JOB, ..nets };
    world.until("base is another", |world| world.cloud.resources("Net").iter().any(|(id, _)| *id != first)).await;
    let (second, _) = world.cloud.only("Net");
    world.until("a follows", |world| world.cloud.only("Job").1.fields["netID"] == second).await;
    world.until_ready("a").await;
}

#[tokio::test(start_paused = true)]
async fn a_target_that_is_not_ready_matters_only_to_whom_it_is_new() {
    let world = World::of(&JOB);
    let _operator = world.start();
    world.create_in(&NET, HERE, "base", json!({})).await;
    world.create("a", json!({"netRef": from("base")})).await;
    world.until_ready("a").await;
    world.cloud.fail("Modify", 1, crate::cloud::Fault::Refused("InvalidParameterValue"));
    world.cloud.fail("Modify", 2, crate::cloud::Fault::Refused("InvalidParameterValue"));
    let nets = World { kind: &NET, ..world };
    nets.patch("base", json!({"spec": {"size": 3}})).await;
    nets.until_says("base", "Refused").await;
    let world = World { kind: &JOB, ..nets };
    world.create("b", json!({"netRef": from("base")})).await;
    let message = world.until_says("b", "DependencyNotReady").await;
    assert_eq!(message, "netRef: Net team/base is not ready (Refused)");
    assert_eq!(world.said("a").unwrap().0, "Available");
    world.until_ready("b").await;
}

#[tokio::test(start_paused = true)]
async fn a_field_beside_its_reference_is_refused() {
    let world = World::of(&JOB);
    let _operator = world.start();
    world.create("a", json!({"netRef": from("base"), "netID": "net-1"})).await;
    let message = world.until_says("a", "InvalidSpec").await;
    assert!(message.contains("spec.netID and spec.netRef are both set"), "{message}");
    world.patch("a", json!({"spec": {"netRef": null}})).await;
    world.until_ready("a").await;
    assert_eq!(world.cloud.only("Job").1.fields["netID"], "net-1");
}

#[tokio::test(start_paused = true)]
async fn a_circle_is_named_and_heals_when_it_is_broken() {
    let world = World::of(&NET);
    let _operator = world.start();
    for (name, next) in [("a", "b"), ("b", "c"), ("c", "a")] {
        world.create(name, json!({"netRef": from(next)})).await;
    }
    world.until_tells("a", &["Net team/a → Net team/b → Net team/c → Net team/a"]).await;
    assert_eq!(world.said("a").unwrap().0, "InvalidSpec");
    assert!(world.cloud.resources("Net").is_empty());
    world.patch("b", json!({"spec": {"netRef": null}})).await;
    for name in ["a", "b", "c"] {
        world.until_ready(name).await;
    }
    assert_eq!(world.cloud.resources("Net").len(), 3);
    world.create("self", json!({"netRef": from("self")})).await;
    world.until_tells("self", &["Net team/self → Net team/self"]).await;
}

#[tokio::test(start_paused = true)]
async fn another_namespace_is_reached_as_long_as_it_permits_it() {
    let world = World::of(&JOB);
    let _operator = world.start();
    world.create_in(&NET, "shared", "base", json!({})).await;
    world.until_ready_in(&NET, "shared", "base").await;
    world.create("a", json!({"netRef": abroad("base")})).await;
    world.create("nowhere", json!({"netRef": abroad("missing")})).await;
    let refusal = "netRef: Net shared/base is in another namespace, and no AWSReferenceGrant in shared permits it";
    assert_eq!(world.until_says("a", "NotAllowed").await, refusal);
    let message = world.until_says("nowhere", "NotAllowed").await;
    assert!(message.contains("no AWSReferenceGrant"), "nobody learns what there is: {message}");
    world.create_in(&REFERENCE_GRANT, "shared", "nets", permits("Net")).await;
    world.assert_quiet("a grant for another kind").await;
    world.create_in(&REFERENCE_GRANT, "shared", "jobs", permits("Job")).await;
    world.until_ready("a").await;
    world.until_says("nowhere", "DependencyNotReady").await;
    world.delete_in(&REFERENCE_GRANT, "shared", "jobs").await;
    assert_eq!(world.until_says("a", "NotAllowed").await, refusal);
    assert_eq!(world.cloud.resources("Job").len(), 1, "what is made stays");
}

#[tokio::test(start_paused = true)]
async fn where_namespaces_are_open_no_grant_is_needed() {
    let world = World { cross_namespace: CrossNamespace::Free, ..World::of(&JOB) };
    let _operator = world.start();
    world.create_in(&NET, "shared", "base", json!({})).await;
    world.create("a", json!({"netRef": abroad("base")})).await;
    world.until_ready("a").await;
    let watched = |call: &cairn_testkit::api::ApiCall| call.resource == REFERENCE_GRANT.plural;
    assert!(!world.api.calls().iter().any(watched), "grants are watched only where they count");
}

#[tokio::test(start_paused = true)]
async fn a_restart_writes_nothing() {
    let world = World::of(&JOB);
    let operator = world.start();
    world.put_secret(HERE, "login", "hunter2").await;
    world.create_in(&NET, "shared", "base", json!({})).await;
    world.create_in(&REFERENCE_GRANT, "shared", "jobs", permits("Job")).await;
    let spec = json!({"netRef": abroad("base"), "password": {"name": "login", "key": "k"}});
    world.create("a", spec).await;
    world.create("waits", json!({"netRef": from("missing")})).await;
    world.until_ready("a").await;
    world.until_says("waits", "DependencyNotReady").await;
    operator.kill();
    world.forget_calls();
    let _operator = world.start();
    tokio::time::sleep(Duration::from_mins(5)).await;
    assert!(world.writes().is_empty(), "{:?}", world.writes());
    assert!(world.cloud.calls().is_empty(), "{:?}", world.cloud.calls());
    let read = |call: &cairn_testkit::api::ApiCall| call.verb == "get" && call.resource == "secrets";
    assert!(!world.api.calls().iter().any(read), "no Secret is read that no call needs");
}
