//! Under kro's names Cairn goes on with what kro left.

use cairn_crds::Groups;
use serde_json::{Value, json};

use crate::harness::{World, a_while, chain};

const RGD: &str = "ResourceGraphDefinition";
const SET: &str = "applyset.kubernetes.io/part-of";

fn kro() -> World {
    World::under(Groups::new("services.k8s.aws", "kro.run").unwrap())
}

/// What kro writes on the objects of an instance; its id of the set is computed as Kubernetes says.
fn kros_labels(uid: &str, node: &str, set: &Value) -> Value {
    json!({
        "kro.run/owned": "true", "kro.run/kro-version": "v0.9.3", "kro.run/instance-id": uid,
        "kro.run/instance-name": "a", "kro.run/instance-namespace": "team", "kro.run/instance-group": "kro.run",
        "kro.run/instance-version": "v1alpha1", "kro.run/instance-kind": "App", "kro.run/node-id": node,
        "app.kubernetes.io/managed-by": "kro", SET: set,
    })
}

#[tokio::test(start_paused = true)]
async fn live_instances_go_on_and_no_resource_is_made_again() {
    let world = kro();
    let first = world.start();
    world.define(chain(2)).await;
    world.until_ready(RGD, "app").await;
    world.app("a").await;
    world.until_ready("App", "a").await;
    first.stop().await;
    // As kro leaves them: without what only Cairn writes, and applied by kro's manager.
    let instance = world.get("App", "a").unwrap();
    let (uid, set) =
        (instance["metadata"]["uid"].as_str().unwrap(), &instance["metadata"]["labels"]["applyset.kubernetes.io/id"]);
    for node in ["n0", "n1"] {
        let labels = kros_labels(uid, node, set);
        let annotations = json!({"internal.kro.run/applied": null});
        world
            .patch(
                "ConfigMap",
                &format!("a-{node}"),
                json!({"metadata": {"labels": labels, "annotations": annotations}}),
            )
            .await;
    }
    let uids =
        |world: &World| ["a-n0", "a-n1"].map(|name| world.get("ConfigMap", name).unwrap()["metadata"]["uid"].clone());
    let before = uids(&world);
    world.api.clear_calls();
    let _second = world.start();
    a_while().await;
    assert!(world.is_ready("App", "a"));
    assert_eq!(uids(&world), before);
    assert_eq!(world.calls(), ["get customresourcedefinitions", "patch configmaps", "patch configmaps"]);
    world.patch("App", "a", json!({"spec": {"value": "two"}})).await;
    world.until("edits are followed", |world| world.data("a-n1") == ["value=two"]).await;
    world.delete("App", "a").await;
    world.until_gone("App", "a").await;
    assert!(world.maps().is_empty());
}

/// States, conditions and finalizers are kro's, and no others are written.
#[tokio::test(start_paused = true)]
async fn what_is_said_is_what_kro_says() {
    let world = kro();
    let _controller = world.start();
    world.define(chain(1)).await;
    world.until_ready(RGD, "app").await;
    world.app("a").await;
    world.until_ready("App", "a").await;
    let types = |kind: &str, name: &str| -> Vec<String> {
        let conditions = world.get(kind, name).unwrap()["status"]["conditions"].as_array().unwrap().clone();
        conditions.iter().map(|condition| condition["type"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(types("App", "a"), ["InstanceManaged", "GraphResolved", "ResourcesReady", "Ready"]);
    let all = ["GraphRevisionsResolved", "GraphAccepted", "KindReady", "ControllerReady", "Ready"];
    assert_eq!(types(RGD, "app"), all);
    let instance = world.get("App", "a").unwrap();
    assert_eq!(instance["metadata"]["finalizers"], json!(["kro.run/finalizer"]));
    assert_eq!(instance["status"]["observedGeneration"], json!(null));
    let managers = world.get("ConfigMap", "a-n0").unwrap()["metadata"]["managedFields"].clone();
    assert_eq!(managers[0]["manager"], "kro.run/applyset");
}
