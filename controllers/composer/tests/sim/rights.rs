//! The operator has what it was granted; what a definition needs beyond that is named before anything is made of it.

use std::time::Duration;

use cairn_testkit::{Fault, Matcher, api::Access};
use serde_json::json;

use crate::harness::{RGD, World, a_while, chain, map, pass, running};

const QUESTION: &str = "create selfsubjectaccessreviews";

fn questions(world: &World) -> usize {
    world.calls().iter().filter(|call| *call == QUESTION).count()
}

#[tokio::test(start_paused = true)]
pub(crate) async fn what_is_missing_is_named_ready_to_paste_and_heals_when_granted() {
    let world = World::new();
    let _controller = world.start();
    let granted = world.forbid(|access| access.resource == "configmaps" && access.verb != "get");
    world.define(chain(2)).await;
    world.until_says(RGD, "app", "Ready", "\"n0\" needs create, delete, list, patch, watch on configmaps").await;
    let message = world.message(RGD, "app", "ControllerReady");
    let role = "metadata:\n  name: app-graph\n  labels:\n    rbac.cairn.run/aggregate-to-controller: \"true\"\nrules:\n\
                - apiGroups: [\"\"]\n  resources: [\"configmaps\"]\n  verbs: [\"create\", \"delete\", \"list\", \"patch\", \"watch\"]\n";
    assert!(message.ends_with(role), "{message}");
    assert_eq!(world.condition(RGD, "app", "Stalled").unwrap()["status"], "True");
    assert_eq!(world.get("CustomResourceDefinition", "apps.cairn.run"), None, "nothing was made of it");
    let lists = world.api.calls().into_iter().filter(|call| call.resource == "configmaps").count();
    assert_eq!(lists, 0, "what may not be watched is not");
    granted.set(true);
    world.until_ready(RGD, "app").await;
    world.ready_app("a").await;
}

/// As few as there are rights, and not again while nothing changes.
#[tokio::test(start_paused = true)]
async fn each_right_is_asked_for_once() {
    let (world, controller) = running(chain(5)).await;
    assert_eq!(questions(&world), 6, "get, list, watch, create, patch and delete of config maps");
    world.define_as("outer", World::schema("Outer"), json!([map("m", "x")])).await;
    world.until_ready(RGD, "outer").await;
    assert_eq!(questions(&world), 6, "definitions share the answers");
    world.api.clear_calls();
    pass(Duration::from_hours(24)).await;
    controller.stop().await;
    let _controller = world.start();
    a_while().await;
    assert_eq!(questions(&world), 0, "what is active was judged when it became so");
}

fn writes(access: &Access) -> bool {
    access.resource == "configmaps" && !["list", "watch"].contains(&access.verb.as_str())
}

/// Where instances will be nobody knows.
#[tokio::test(start_paused = true)]
pub(crate) async fn rights_in_some_namespaces_are_enough_and_are_told() {
    let world = World::new();
    let controller = world.start();
    let _granted = world.forbid(|access| writes(access) && access.namespace != "team");
    world.defined(chain(2)).await;
    world.ready_app("a").await;
    let says = "in some namespaces only, and an instance elsewhere says what is refused: \"n0\" needs create, delete, get, patch on configmaps";
    assert!(world.message(RGD, "app", "ControllerReady").contains(says));
    controller.stop().await;
    world.api.clear_calls();
    let _controller = world.start();
    a_while().await;
    assert!(world.message(RGD, "app", "ControllerReady").contains(says), "a restart judges nothing anew");
    assert_eq!(world.calls(), ["get customresourcedefinitions"]);
}

/// It is one question for each namespace.
#[tokio::test(start_paused = true)]
async fn rights_in_no_namespace_are_looked_for_now_and_then() {
    let world = World::new();
    let _controller = world.start();
    let granted = world.forbid(|access| writes(access) && (access.namespace != "other" || access.verb == "patch"));
    world.define(chain(1)).await;
    world.until_says(RGD, "app", "Ready", "\"n0\" needs create, delete, get, patch on configmaps").await;
    let namespaces = world.api.objects("", "namespaces").len();
    assert_eq!(
        questions(&world),
        6 + namespaces + 3,
        "the six, one in each namespace, and where that is permitted the rest"
    );
    world.api.clear_calls();
    pass(Duration::from_secs(61)).await;
    assert_eq!(questions(&world), 16, "every fifteen seconds the four that are missing");
    granted.set(true);
    let _granted = world.forbid(|access| writes(access) && access.namespace != "other");
    let before = tokio::time::Instant::now();
    world.until_ready(RGD, "app").await;
    assert!(before.elapsed() < Duration::from_mins(5));
}

#[tokio::test(start_paused = true)]
async fn the_last_good_revision_goes_on_while_rights_are_missing() {
    let (world, _controller) = running(chain(1)).await;
    world.ready_app("a").await;
    let granted = world.forbid(|access| access.resource == "secrets");
    let secret = json!({"id": "s", "template": {
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "${schema.metadata.name}"},
    }});
    world.patch(RGD, "app", json!({"spec": {"resources": [map("n0", "two"), secret]}})).await;
    world.until_says(RGD, "app", "Ready", "instances go on as of revision 1; the operator lacks rights: \"s\"").await;
    world.delete("ConfigMap", "a-n0").await;
    world.until("the old revision mends", |world| world.data("a-n0") == ["value=one"]).await;
    granted.set(true);
    world.until_ready(RGD, "app").await;
    world.until("the new one follows", |world| world.data("a-n0") == ["value=two"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_may_not_be_watched_stalls_only_who_needs_it() {
    let world = World::new();
    let _controller = world.start();
    let _refused = world.api.fail_while(Matcher::api("list", "secrets"), Fault::Error(403, "Forbidden"));
    let _unwatched = world.api.fail_while(Matcher::api("watch", "secrets"), Fault::Error(403, "Forbidden"));
    let secret = json!({"id": "s", "template": {
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "${schema.metadata.name}"},
    }});
    world.define_as("outer", World::schema("Outer"), json!([secret])).await;
    world.until_ready(RGD, "outer").await;
    world.create("Outer", "o", json!({"spec": {}})).await;
    world.until_says("Outer", "o", "Ready", "waits until these kinds can be watched: v1 Secret").await;
    let before = tokio::time::Instant::now();
    world.defined(chain(2)).await;
    world.ready_app("a").await;
    assert!(before.elapsed() < Duration::from_secs(1), "others do not wait");
}

#[tokio::test(start_paused = true)]
async fn a_role_that_grants_more_than_the_operator_has_is_refused_with_its_rule() {
    let world = World::new();
    let _controller = world.start();
    let granted = world.forbid(|access| access.resource == "nodes" || access.verb == "escalate");
    let role = json!([{"id": "role", "template": {
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "reader"},
        "rules": [
            {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]},
            {"apiGroups": [""], "resources": ["nodes"], "verbs": ["get", "list"]},
        ],
    }}]);
    world.define(role).await;
    let says = "rules[1] of \"role\" grants get, list on nodes, which only who has it may grant.";
    world.until_says(RGD, "app", "Ready", says).await;
    assert!(!world.message(RGD, "app", "Ready").contains("pods"));
    granted.set(true);
    world.until_ready(RGD, "app").await;
}
