//! Definitions become kinds.

use serde_json::{Value, json};

use crate::harness::{RGD, World, a_while, chain, map, running};

#[tokio::test(start_paused = true)]
async fn a_definition_makes_a_kind_and_says_so() {
    let (world, _controller) = running(chain(2)).await;
    let definition = world.get(RGD, "app").unwrap();
    assert_eq!(definition["status"]["state"], "Active");
    assert_eq!(definition["status"]["topologicalOrder"], json!(["n0", "n1"]));
    assert_eq!(definition["status"]["resources"], json!([{"id": "n1", "dependencies": [{"id": "n0"}]}]));
    assert_eq!(definition["status"]["lastIssuedRevision"], 1);
    let crd = world.get("CustomResourceDefinition", "apps.cairn.run").unwrap();
    assert_eq!(crd["metadata"]["labels"]["cairn.run/resource-graph-definition-name"], "app");
    let revisions = world.api.objects("internal.cairn.run", "graphrevisions");
    assert_eq!(revisions.len(), 1);
    assert_eq!(revisions[0]["metadata"]["name"], "app-r00001");
    assert_eq!(revisions[0]["status"]["conditions"][0]["type"], "GraphVerified");
}

#[tokio::test(start_paused = true)]
async fn a_wrong_definition_is_refused_in_words_and_accepted_when_it_is_right() {
    let world = World::new();
    let _controller = world.start();
    world.define(json!([map("a", "${schema.spec.valeu}")])).await;
    world.until_says(RGD, "app", "GraphAccepted", "valeu").await;
    let found = world.condition(RGD, "app", "GraphAccepted").unwrap();
    assert_eq!((found["status"].as_str(), found["reason"].as_str()), (Some("False"), Some("InvalidResourceGraph")));
    assert!(world.message(RGD, "app", "Ready").contains("did you mean \"value\"?"));
    assert_eq!(world.get(RGD, "app").unwrap()["status"]["state"], "Inactive");
    assert_eq!(world.get("CustomResourceDefinition", "apps.cairn.run"), None);
    world.patch(RGD, "app", json!({"spec": {"resources": [map("a", "${schema.spec.value}")]}})).await;
    world.until_ready(RGD, "app").await;
}

/// kro asks again with growing delay: 32 seconds after the kind came, and later the longer it waited.
#[tokio::test(start_paused = true)]
async fn a_missing_kind_is_waited_for_and_comes_at_once() {
    let world = World::new();
    let _controller = world.start();
    let widget = json!({"id": "w", "template": {
        "apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "${schema.metadata.name}"},
        "spec": {"size": 1},
    }});
    world.define(json!([widget])).await;
    world.until_says(RGD, "app", "GraphAccepted", "example.com/v1 Widget is not served").await;
    a_while().await;
    let before = tokio::time::Instant::now();
    install_widgets(&world).await;
    world.until_ready(RGD, "app").await;
    assert!(before.elapsed() < std::time::Duration::from_secs(1), "it was watched");
}

/// What the last good revision needs is not all that is waited for.
#[tokio::test(start_paused = true)]
async fn a_missing_kind_comes_at_once_while_an_older_revision_goes_on() {
    let (world, controller) = running(chain(1)).await;
    let widget = json!({"id": "w", "template": {
        "apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "${schema.metadata.name}"},
    }});
    world.patch(RGD, "app", json!({"spec": {"resources": [widget]}})).await;
    world.until_says(RGD, "app", "GraphAccepted", "is not served").await;
    controller.stop().await;
    let _controller = world.start();
    a_while().await;
    let before = tokio::time::Instant::now();
    install_widgets(&world).await;
    world.until_ready(RGD, "app").await;
    assert!(before.elapsed() < std::time::Duration::from_secs(1), "it was watched");
}

/// Whoever restarts meanwhile has no program at all.
#[tokio::test(start_paused = true)]
async fn instances_of_which_a_kind_is_gone_are_told_so_and_can_go() {
    let world = World::new();
    install_widgets(&world).await;
    let controller = world.start();
    let widget = json!({"id": "w", "template": {
        "apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "${schema.metadata.name}"},
    }});
    world.defined(json!([widget, map("m", "x")])).await;
    for name in ["a", "b"] {
        world.ready_app(name).await;
    }
    controller.stop().await;
    world.delete("CustomResourceDefinition", "widgets.example.com").await;
    world.until_gone("CustomResourceDefinition", "widgets.example.com").await;
    let _controller = world.start();
    world.until_says("App", "a", "Ready", "no revision of the definition \"app\" can be followed now").await;
    world.delete("App", "a").await;
    world.until_gone("App", "a").await;
    assert_eq!(world.maps(), ["b-m"]);
    install_widgets(&world).await;
    world.until_ready("App", "b").await;
    assert!(world.get("Widget", "b").is_some());
}

async fn install_widgets(world: &World) {
    let spec = json!({
        "group": "example.com", "scope": "Namespaced", "names": {"kind": "Widget", "plural": "widgets"},
        "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
            "type": "object", "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer"}}}},
        }}}],
    });
    world.create("CustomResourceDefinition", "widgets.example.com", json!({"spec": spec})).await;
}

#[tokio::test(start_paused = true)]
async fn the_last_good_revision_goes_on_while_a_newer_one_fails() {
    let (world, controller) = running(chain(1)).await;
    world.patch(RGD, "app", json!({"spec": {"resources": [map("n0", "${nothing}")]}})).await;
    world.until_says(RGD, "app", "ControllerReady", "revision 1").await;
    world.ready_app("a").await;
    controller.stop().await;
    let _controller = world.start();
    world.ready_app("b").await;
    assert_eq!(world.data("b-n0"), ["value=one"]);
    assert_eq!(world.get(RGD, "app").unwrap()["status"]["state"], "Inactive");
}

#[tokio::test(start_paused = true)]
async fn a_breaking_change_is_refused_and_says_whom_it_breaks() {
    let (world, _controller) = running(chain(1)).await;
    world.create("App", "a", json!({"spec": {"value": "x"}})).await;
    world.until_ready("App", "a").await;
    let fewer = json!({"spec": {"schema": {"spec": {"on": null}}}});
    world.patch(RGD, "app", fewer).await;
    world.until_says(RGD, "app", "KindReady", "breaking changes detected").await;
    assert!(world.message(RGD, "app", "KindReady").contains("team/a"), "{}", world.message(RGD, "app", "KindReady"));
    world.create("App", "b", json!({"spec": {"on": false}})).await;
    world.until_ready("App", "b").await;
    let allow = json!({"metadata": {"annotations": {"cairn.run/allow-breaking-changes": "true"}}});
    world.patch(RGD, "app", allow).await;
    world.until_ready(RGD, "app").await;
}

/// kro activates a definition whose columns or rules changed, and leaves the kind as it was.
#[tokio::test(start_paused = true)]
async fn columns_and_rules_alone_reach_the_kind() {
    let (world, _controller) = running(chain(1)).await;
    let columns = json!([{"name": "Value", "type": "string", "jsonPath": ".spec.value"}]);
    let schema =
        json!({"additionalPrinterColumns": columns, "spec": {"value": "string | default=\"one\" description=\"v\""}});
    world.patch(RGD, "app", json!({"spec": {"schema": schema}})).await;
    world.until_ready(RGD, "app").await;
    let crd = world.get("CustomResourceDefinition", "apps.cairn.run").unwrap();
    assert_eq!(crd["spec"]["versions"][0]["additionalPrinterColumns"][0]["name"], "Value");
    let version = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
    assert_eq!(version["properties"]["spec"]["properties"]["value"]["description"], "v");
    let rule = json!({"value": "string | default=\"one\" validation=\"self != 'no'\""});
    let allow = json!({"annotations": {"cairn.run/allow-breaking-changes": "true"}});
    world.patch(RGD, "app", json!({"metadata": allow, "spec": {"schema": {"spec": rule}}})).await;
    let value = |world: &World| {
        let crd = world.get("CustomResourceDefinition", "apps.cairn.run").unwrap();
        let schema = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
        schema["properties"]["spec"]["properties"]["value"].clone()
    };
    let has_rule = |world: &World| value(world)["x-kubernetes-validations"][0]["rule"] == "self != 'no'";
    world.until("the rule is there", has_rule).await;
    world.patch(RGD, "app", json!({"spec": {"schema": {"spec": {"value": "string | default=\"one\""}}}})).await;
    world.until("and goes", |world| value(world)["x-kubernetes-validations"].is_null()).await;
}

/// One whose names another kind has is not.
#[tokio::test(start_paused = true)]
async fn a_definition_is_in_force_while_its_kind_is_served() {
    let (world, controller) = running(chain(1)).await;
    controller.stop().await;
    let condition = |kind: &str, status: &str, message: &str| {
        let since = "2026-01-01T00:00:00Z";
        json!({"type": kind, "status": status, "reason": "Why", "message": message, "lastTransitionTime": since})
    };
    let say = async |names: &Value, established: &Value| {
        let status = json!({"status": {"conditions": [names, established]}});
        world.patch_status("CustomResourceDefinition", "apps.cairn.run", status).await;
    };
    let taken = condition("NamesAccepted", "False", "\"apps\" is already in use");
    say(&taken, &condition("Established", "False", "not all names are accepted")).await;
    let _controller = world.start();
    let words = "waits until apps.cairn.run is established: \"apps\" is already in use; not all names are accepted";
    world.until_says(RGD, "app", "Ready", words).await;
    assert_eq!(world.condition(RGD, "app", "KindReady").unwrap()["status"], "Unknown");
    assert_eq!(world.message(RGD, "app", "ControllerReady"), "instances go on as of revision 1");
    say(&condition("NamesAccepted", "True", ""), &condition("Established", "True", "")).await;
    world.until_ready(RGD, "app").await;
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_is_edited_or_deleted_comes_back() {
    let (world, _controller) = running(chain(1)).await;
    let edit = json!({"spec": {"names": {"categories": ["mine"]}}});
    world.patch("CustomResourceDefinition", "apps.cairn.run", edit).await;
    let names =
        |world: &World| world.get("CustomResourceDefinition", "apps.cairn.run").map(|crd| crd["spec"]["names"].clone());
    world.until("the edit is undone", |world| names(world).is_some_and(|names| names["categories"].is_null())).await;
    world.delete("CustomResourceDefinition", "apps.cairn.run").await;
    world.until("the kind is back", |world| names(world).is_some()).await;
    world.ready_app("a").await;
}

#[tokio::test(start_paused = true)]
async fn a_kind_of_another_is_not_taken() {
    let world = World::new();
    install_widgets(&world).await;
    let _controller = world.start();
    let schema = json!({"apiVersion": "v1", "kind": "Widget", "group": "example.com", "spec": {}});
    world.define_as("thief", schema, chain(0)).await;
    world.until_says(RGD, "thief", "KindReady", "already exists and is not owned").await;
}

/// kro leaves the instances with finalizers that nobody takes off.
#[tokio::test(start_paused = true)]
pub(crate) async fn a_definition_waits_for_its_instances() {
    let (world, controller) = running(chain(2)).await;
    world.ready_app("a").await;
    world.delete(RGD, "app").await;
    world.until_says(RGD, "app", "Ready", "team/a").await;
    assert_eq!(world.maps(), ["a-n0", "a-n1"]);
    controller.stop().await;
    let _controller = world.start();
    world.delete("App", "a").await;
    world.until_gone(RGD, "app").await;
    assert_eq!(world.get("App", "a"), None);
    assert!(world.maps().is_empty());
    assert!(world.get("CustomResourceDefinition", "apps.cairn.run").is_some(), "kinds stay by default");
}

/// Whoever wants to be rid of Cairn, and not of what it made.
#[tokio::test(start_paused = true)]
async fn a_definition_that_retains_lets_its_instances_go_and_takes_them_again() {
    let world = World { may_delete_kinds: true, ..World::new() };
    let _controller = world.start();
    world.defined(chain(2)).await;
    world
        .create("App", "a", json!({"metadata": {"labels": {"team": "blue"}, "finalizers": ["example.com/mine"]}}))
        .await;
    world.app("going").await;
    world.until_ready("App", "a").await;
    world.until_ready("App", "going").await;
    world.patch("ConfigMap", "going-n1", json!({"metadata": {"finalizers": ["example.com/hold"]}})).await;
    world.delete("App", "going").await;
    let uid = world.get("ConfigMap", "a-n1").unwrap()["metadata"]["uid"].clone();
    let retain = json!({"metadata": {"annotations": {"cairn.run/deletion-policy": "retain"}}});
    world.patch(RGD, "app", retain).await;
    world.delete(RGD, "app").await;
    // Who is deleted is taken down all the same.
    world.until_says(RGD, "app", "Ready", "when nothing holds its instances any more: team/going").await;
    world.patch("ConfigMap", "going-n1", json!({"metadata": {"finalizers": null}})).await;
    world.until_gone(RGD, "app").await;
    let left = world.get("App", "a").unwrap();
    assert_eq!(left["metadata"]["finalizers"], json!(["example.com/mine"]));
    assert_eq!(left["metadata"]["labels"], json!({"team": "blue"}));
    assert_eq!(left["metadata"]["annotations"], json!(null));
    assert_eq!(world.maps(), ["a-n0", "a-n1"], "what it has stays");
    a_while().await;
    assert_eq!(world.get("App", "a").unwrap(), left, "nobody looks after it");
    world.define(chain(2)).await;
    world.until_ready("App", "a").await;
    assert_eq!(world.get("ConfigMap", "a-n1").unwrap()["metadata"]["uid"], uid);
}

#[tokio::test(start_paused = true)]
async fn a_kind_goes_with_its_definition_where_that_is_permitted() {
    let world = World { may_delete_kinds: true, ..World::new() };
    let _controller = world.start();
    world.defined(chain(1)).await;
    world.delete(RGD, "app").await;
    world.until_gone(RGD, "app").await;
    assert_eq!(world.get("CustomResourceDefinition", "apps.cairn.run"), None);
}

#[tokio::test(start_paused = true)]
async fn revisions_are_issued_for_changes_alone_and_the_oldest_go() {
    let (world, controller) = running(chain(1)).await;
    for at in 0..6 {
        world.patch(RGD, "app", json!({"spec": {"resources": [map("n0", &format!("v{at}"))]}})).await;
        world.until_ready(RGD, "app").await;
    }
    let numbers = |world: &World| -> Vec<i64> {
        let all = world.api.objects("internal.cairn.run", "graphrevisions");
        all.iter().map(|revision| revision["spec"]["revision"].as_i64().unwrap()).collect()
    };
    assert_eq!(numbers(&world), [3, 4, 5, 6, 7]);
    controller.stop().await;
    let _controller = world.start();
    a_while().await;
    assert_eq!(numbers(&world), [3, 4, 5, 6, 7], "a restart issues none");
}

/// What it derives from the setting once it means for ever.
#[tokio::test(start_paused = true)]
async fn instances_may_have_a_group_of_their_own() {
    let world = World { instance_group: "apps.example.com".into(), ..World::new() };
    let controller = world.start();
    world.defined(chain(1)).await;
    world.ready_app("a").await;
    let asked = world.calls().iter().filter(|call| call.starts_with("create selfsubject")).count();
    assert_eq!(asked, 6, "in its own group nothing has to be asked");
    controller.stop().await;
    let world = World { instance_group: "cairn.run".into(), ..world };
    let _controller = world.start();
    world.patch(RGD, "app", json!({"spec": {"resources": [map("n0", "two")]}})).await;
    world.until("the kind is where it was", |world| world.data("a-n0") == ["value=two"]).await;
    assert_eq!(world.get("CustomResourceDefinition", "apps.cairn.run"), None);
}
