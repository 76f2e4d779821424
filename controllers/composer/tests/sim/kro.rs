//! Under kro's names Cairn goes on with what kro left.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cairn_crds::Groups;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::harness::{RGD, World, a_while, chain};

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
    world.defined(chain(2)).await;
    world.ready_app("a").await;
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
    world.defined(chain(1)).await;
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
    world.defined(chain(1)).await;
    world.ready_app("a").await;
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
    world.defined(chain(1)).await;
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
    world.defined(chain(1)).await;
    world.ready_app("a").await;
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
    world.defined(chain(1)).await;
    world.ready_app("a").await;
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

/// The names and values are those that kro was seen to write; what only Cairn writes is one annotation in its own manager.
#[tokio::test(start_paused = true)]
pub(crate) async fn what_cairn_leaves_is_as_kro_leaves_it() {
    let world = kro();
    let controller = world.start();
    world.defined(chain(2)).await;
    world.ready_app("a").await;
    controller.stop().await;
    let instance = world.get("App", "a").unwrap();
    let set = format!("applyset-{}-v1", URL_SAFE_NO_PAD.encode(Sha256::digest("a.team.App.kro.run")));
    let inventory = URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{set}\0ConfigMap\0")));
    let definition = world.get(RGD, "app").unwrap();
    let version = format!("v{}", env!("CARGO_PKG_VERSION"));
    let of_definition = json!({
        "kro.run/owned": "true", "kro.run/kro-version": version,
        "kro.run/resource-graph-definition-id": definition["metadata"]["uid"],
        "kro.run/resource-graph-definition-name": "app",
    });
    let mut labels = of_definition.clone();
    labels["applyset.kubernetes.io/id"] = json!(set);
    assert_eq!(instance["metadata"]["labels"], labels);
    let annotations = json!({
        "applyset.kubernetes.io/tooling": "kro/v1",
        "applyset.kubernetes.io/contains-group-kinds": "ConfigMap",
        "applyset.kubernetes.io/additional-namespaces": "",
        "internal.kro.run/applyset-inventory-hash": format!("sha256:{inventory}"),
    });
    assert_eq!(instance["metadata"]["annotations"], annotations);
    assert_eq!(instance["metadata"]["finalizers"], json!(["kro.run/finalizer"]));
    assert_eq!(appliers(&instance), ["kro.run/applyset-parent", "kro.run/labeller"]);
    for (node, order) in [("n0", "1"), ("n1", "2")] {
        let name = format!("a-{node}");
        let child = world.get("ConfigMap", &name).unwrap();
        let mut labels = kros_labels(instance["metadata"]["uid"].as_str().unwrap(), node, &json!(set));
        labels["kro.run/kro-version"] = json!(version);
        assert_eq!(child["metadata"]["labels"], labels);
        let applied = child["metadata"]["annotations"]["internal.kro.run/applied"].clone();
        let annotations = json!({"internal.kro.run/apply-order": order, "internal.kro.run/applied": applied});
        assert_eq!(child["metadata"]["annotations"], annotations);
        assert_eq!(child["metadata"]["managedFields"].as_array().unwrap().len(), 1);
        assert_eq!(appliers(&child), ["kro.run/applyset"]);
        // kro applies all of it anew in the same name.
        let theirs = json!({
            "apiVersion": "v1", "kind": "ConfigMap", "data": child["data"],
            "metadata": {"name": name, "labels": labels, "annotations": {"internal.kro.run/apply-order": order}},
        });
        world.applies("ConfigMap", &name, "kro.run/applyset", &theirs).await;
        let now = world.get("ConfigMap", &name).unwrap();
        assert_eq!(now["metadata"]["uid"], child["metadata"]["uid"]);
        assert_eq!(now["metadata"]["annotations"], json!({"internal.kro.run/apply-order": order}), "nothing is left");
    }
    let crd = world.get("CustomResourceDefinition", "apps.kro.run").unwrap();
    assert_eq!(crd["metadata"]["labels"], of_definition);
    // kro counts on from here.
    assert_eq!(definition["status"]["lastIssuedRevision"], 1);
    let revision = world.get("GraphRevision", "app-r00001").unwrap();
    let hash = revision["metadata"]["labels"]["kro.run/graph-revision-hash"].as_str().unwrap();
    assert!(hash.len() == 16 && hash.bytes().all(|digit| digit.is_ascii_hexdigit()), "{hash}");
    assert_eq!(revision["metadata"]["labels"]["kro.run/resource-graph-definition-name"], "app");
    let snapshot = &revision["spec"]["snapshot"];
    assert_eq!((&snapshot["name"], &snapshot["spec"]["resources"]), (&json!("app"), &definition["spec"]["resources"]));
    let schema = &snapshot["spec"]["schema"];
    assert_eq!((&schema["group"], &schema["scope"]), (&json!("kro.run"), &json!("Namespaced")));
}

/// The managers that applied to an object, in the order of their names.
fn appliers(object: &Value) -> Vec<String> {
    let entries = object["metadata"]["managedFields"].as_array().unwrap();
    let applied = entries.iter().filter(|entry| entry["operation"] == "Apply");
    let mut names: Vec<String> = applied.map(|entry| entry["manager"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

#[tokio::test(start_paused = true)]
pub(crate) async fn where_an_author_declares_conditions_no_others_are_written() {
    for (world, others) in [(kro(), 0), (World::new(), 6)] {
        let _controller = world.start();
        let mut schema = World::schema("App");
        let made = "${runtime.newCondition({type: 'Fine', status: 'True', message: n0.data.value})}";
        schema["status"] = json!({"conditions": [made]});
        world.define_as("app", schema, chain(1)).await;
        world.until_ready(RGD, "app").await;
        world.app("a").await;
        world.until_says("App", "a", "Fine", "one").await;
        a_while().await;
        let app = world.get("App", "a").unwrap();
        assert_eq!(app["status"]["conditions"].as_array().unwrap().len(), 1 + others, "{}", app["status"]);
        assert_eq!(app["status"]["state"], "ACTIVE");
    }
}
