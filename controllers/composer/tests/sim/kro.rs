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

/// kro's conditions are a list without keys.
#[tokio::test(start_paused = true)]
async fn a_kind_that_kro_made_is_brought_up_to_date() {
    let world = kro();
    let first = world.start();
    world.define(chain(1)).await;
    world.until_ready(RGD, "app").await;
    first.stop().await;
    let crd = |world: &World| world.get("CustomResourceDefinition", "apps.kro.run").unwrap();
    let conditions = "/schema/openAPIV3Schema/properties/status/properties/conditions";
    let mut version = crd(&world)["spec"]["versions"][0].clone();
    let list = version.pointer_mut(conditions).unwrap();
    list.as_object_mut().unwrap().retain(|field, _| !field.starts_with("x-kubernetes-list"));
    list["items"].as_object_mut().unwrap().remove("required");
    world.patch("CustomResourceDefinition", "apps.kro.run", json!({"spec": {"versions": [version]}})).await;
    let _second = world.start();
    let keyed = |world: &World| {
        let crd = crd(world);
        crd["spec"]["versions"][0].pointer(conditions).unwrap()["x-kubernetes-list-type"] == "map"
    };
    world.until("they have keys", keyed).await;
    a_while().await;
    assert!(world.is_ready(RGD, "app"));
}

/// It is written when something is made, and says for ever what made it.
#[tokio::test(start_paused = true)]
async fn the_version_is_of_who_made_it() {
    let world = kro();
    let _controller = world.start();
    world.define(chain(1)).await;
    world.until_ready(RGD, "app").await;
    world.app("a").await;
    world.until_ready("App", "a").await;
    let ours = format!("v{}", env!("CARGO_PKG_VERSION"));
    let version = |world: &World, kind: &str, name: &str| {
        world.get(kind, name).unwrap()["metadata"]["labels"]["kro.run/kro-version"].clone()
    };
    for (kind, name) in [("App", "a"), ("ConfigMap", "a-n0"), ("CustomResourceDefinition", "apps.kro.run")] {
        assert_eq!(version(&world, kind, name), ours, "{kind}");
    }
    let revisions = world.api.objects("internal.kro.run", "graphrevisions");
    assert_eq!(revisions[0]["metadata"]["labels"]["kro.run/kro-version"], ours);
    let theirs = json!({"metadata": {"labels": {"kro.run/kro-version": "v0.9.3"}}});
    for (kind, name) in [("App", "a"), ("ConfigMap", "a-n0")] {
        world.patch(kind, name, theirs.clone()).await;
    }
    world.patch("App", "a", json!({"spec": {"value": "two"}})).await;
    world.until("it is applied again", |world| world.data("a-n0") == ["value=two"]).await;
    a_while().await;
    assert_eq!(version(&world, "App", "a"), "v0.9.3");
    assert_eq!(version(&world, "ConfigMap", "a-n0"), "v0.9.3");
}

/// kro holds its revisions by a finalizer, and is not there to take it off.
#[tokio::test(start_paused = true)]
async fn the_finalizers_of_kros_revisions_hold_nothing_up() {
    let world = kro();
    let _controller = world.start();
    world.define(chain(1)).await;
    world.until_ready(RGD, "app").await;
    let hold = |name: &'static str| {
        let world = &world;
        async move { world.patch("GraphRevision", name, json!({"metadata": {"finalizers": ["kro.run/finalizer"]}})).await }
    };
    for at in 2..=6 {
        world.patch(RGD, "app", json!({"spec": {"resources": chain(at)}})).await;
        world
            .until("the revision is there", |world| world.get("GraphRevision", &format!("app-r0000{at}")).is_some())
            .await;
        if at == 2 {
            for name in ["app-r00001", "app-r00002"] {
                hold(name).await;
            }
        }
    }
    world.until_gone("GraphRevision", "app-r00001").await;
    world.delete("GraphRevision", "app-r00002").await;
    world.until_gone("GraphRevision", "app-r00002").await;
    hold("app-r00003").await;
    world.delete(RGD, "app").await;
    world.until_gone(RGD, "app").await;
    world.until_gone("GraphRevision", "app-r00003").await;
}

/// kro applies in the same name, without what only Cairn writes.
#[tokio::test(start_paused = true)]
async fn a_kro_that_still_runs_is_noticed() {
    let world = kro();
    let _controller = world.start();
    world.define(chain(1)).await;
    world.until_ready(RGD, "app").await;
    world.app("a").await;
    world.until_ready("App", "a").await;
    let mut theirs = world.get("ConfigMap", "a-n0").unwrap();
    let metadata = theirs["metadata"].as_object_mut().unwrap();
    metadata.retain(|field, _| ["name", "labels"].contains(&field.as_str()));
    for _ in 0..15 {
        world.applies("ConfigMap", "a-n0", "kro.run/applyset", &theirs).await;
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    world.until_says("App", "a", "Ready", "changes it again and again").await;
    world.until_ready("App", "a").await;
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
