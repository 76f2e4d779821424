//! Instances become resources, and both stay true.

use std::time::Duration;

use cairn_testkit::{Fault, Matcher};
use serde_json::json;
use tokio::time::Instant;

use crate::harness::{RGD, World, a_while, chain, map, running};

#[tokio::test(start_paused = true)]
async fn an_instance_becomes_its_resources() {
    let (world, _controller) = running(chain(3)).await;
    world.ready_app("a").await;
    assert_eq!(world.data("a-n2"), ["value=one"]);
    let instance = world.get("App", "a").unwrap();
    assert_eq!(instance["status"]["state"], "ACTIVE");
    let uid = instance["metadata"]["uid"].as_str().unwrap();
    let labels = &world.get("ConfigMap", "a-n1").unwrap()["metadata"]["labels"];
    for (key, value) in [
        ("cairn.run/owned", "true"),
        ("cairn.run/instance-id", uid),
        ("cairn.run/instance-name", "a"),
        ("cairn.run/instance-namespace", "team"),
        ("cairn.run/instance-kind", "App"),
        ("cairn.run/node-id", "n1"),
        ("app.kubernetes.io/managed-by", "cairn"),
    ] {
        assert_eq!(labels[key], value, "{key}");
    }
    assert_eq!(labels["applyset.kubernetes.io/part-of"], instance["metadata"]["labels"]["applyset.kubernetes.io/id"]);
    assert_eq!(instance["metadata"]["annotations"]["applyset.kubernetes.io/contains-group-kinds"], "ConfigMap");
}

/// Each request takes a second.
#[tokio::test(start_paused = true)]
async fn what_does_not_need_each_other_comes_and_goes_together() {
    let five: Vec<_> = (0..5).map(|at| map(&format!("m{at}"), "${schema.spec.value}")).collect();
    let (world, _controller) = running(json!(five)).await;
    let slow =
        |verb: &str| world.api.fail_while(Matcher::api(verb, "configmaps"), Fault::Delay(Duration::from_secs(1)));
    let _slow = [slow("patch"), slow("delete")];
    let before = Instant::now();
    world.ready_app("a").await;
    assert_eq!(world.maps().len(), 5);
    assert!(before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
    let before = Instant::now();
    world.delete("App", "a").await;
    world.until_gone("App", "a").await;
    assert!(world.maps().is_empty() && before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
}

/// kro looks again after three seconds.
#[tokio::test(start_paused = true)]
async fn what_waits_is_applied_as_soon_as_the_other_is_ready() {
    let (world, _controller) = running(chain(1)).await;
    let inner = json!({"id": "inner", "readyWhen": ["${inner.status.state == 'ACTIVE'}"], "template": {
        "apiVersion": "cairn.run/v1alpha1", "kind": "App", "metadata": {"name": "in"}, "spec": {"value": "x"},
    }});
    world.define_as("outer", World::schema("Outer"), json!([inner, map("m", "${inner.spec.value}")])).await;
    world.until_ready(RGD, "outer").await;
    let slow = Matcher::api("patch", "configmaps").name("in-n0");
    let _slow = world.api.fail_while(slow, Fault::Delay(Duration::from_secs(5)));
    world.create("Outer", "o", json!({"spec": {}})).await;
    world.until_ready("Outer", "o").await;
    let at = |resource: &str, name: &str| {
        let calls = world.api.calls();
        calls
            .into_iter()
            .rev()
            .find(|call| call.is("patch", resource) && call.name.as_deref() == Some(name))
            .unwrap()
            .at
    };
    let took = at("configmaps", "o-m").duration_since(at("apps", "in"));
    assert!(took.as_millis() <= 50, "{took:#} of virtual time: something waited for a timer");
}

#[tokio::test(start_paused = true)]
async fn an_edit_reaches_what_reads_it() {
    let (world, _controller) = running(chain(3)).await;
    world.ready_app("a").await;
    world.patch("App", "a", json!({"spec": {"value": "two"}})).await;
    world.until("the end of the chain follows", |world| world.data("a-n2") == ["value=two"]).await;
    world.until_ready("App", "a").await;
}

/// kro takes no notice of such edits.
#[tokio::test(start_paused = true)]
pub(crate) async fn an_edit_of_labels_reaches_what_reads_them() {
    let (world, _controller) = running(json!([map("m", "${schema.metadata.?labels.?team.orValue('none')}")])).await;
    world.ready_app("a").await;
    assert_eq!(world.data("a-m"), ["value=none"]);
    world.patch("App", "a", json!({"metadata": {"labels": {"team": "blue"}}})).await;
    world.until("the label is there", |world| world.data("a-m") == ["value=blue"]).await;
}

#[tokio::test(start_paused = true)]
async fn drift_is_mended_at_once() {
    let (world, _controller) = running(chain(2)).await;
    world.ready_app("a").await;
    world.patch("ConfigMap", "a-n0", json!({"data": {"value": "mine", "more": "kept"}})).await;
    world.until("the change is undone", |world| world.data("a-n0") == ["more=kept", "value=one"]).await;
    world.patch("ConfigMap", "a-n0", json!({"data": {"value": null}})).await;
    world.until("the value is back", |world| world.data("a-n0") == ["more=kept", "value=one"]).await;
    world.delete("ConfigMap", "a-n1").await;
    world.until("the object is back", |world| world.data("a-n1") == ["value=one"]).await;
    world.patch("ConfigMap", "a-n1", json!({"metadata": {"labels": {"cairn.run/owned": null}}})).await;
    world
        .until("the label is back", |world| {
            world.get("ConfigMap", "a-n1").unwrap()["metadata"]["labels"]["cairn.run/owned"] == "true"
        })
        .await;
}

/// kro adopts such an object without a word, and deletes it with the instance.
#[tokio::test(start_paused = true)]
pub(crate) async fn an_object_of_another_is_not_taken_until_it_is_handed_over() {
    let (world, _controller) = running(chain(2)).await;
    world.create("ConfigMap", "a-n0", json!({"data": {"value": "theirs"}})).await;
    world.app("a").await;
    world.until_says("App", "a", "Ready", "ConfigMap team/a-n0 exists and is not this instance's").await;
    assert_eq!(world.data("a-n0"), ["value=theirs"]);
    assert_eq!(world.get("App", "a").unwrap()["status"]["state"], "ERROR");
    let set = world.get("App", "a").unwrap()["metadata"]["labels"]["applyset.kubernetes.io/id"].clone();
    let labels = json!({"cairn.run/owned": "true", "applyset.kubernetes.io/part-of": set});
    world.patch("ConfigMap", "a-n0", json!({"metadata": {"labels": labels}})).await;
    let before = Instant::now();
    world.until_ready("App", "a").await;
    assert!(before.elapsed() < Duration::from_secs(1));
    assert_eq!(world.data("a-n0"), ["value=one"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_in_the_way_and_goes_is_noticed() {
    let (world, _controller) = running(chain(1)).await;
    world.create("ConfigMap", "a-n0", json!({"data": {"value": "theirs"}})).await;
    world.app("a").await;
    world.until_says("App", "a", "Ready", "is not this instance's").await;
    world.delete("App", "a").await;
    world.until_gone("App", "a").await;
    assert_eq!(world.data("a-n0"), ["value=theirs"], "it was never ours to delete");
    world.app("a").await;
    world.until_says("App", "a", "Ready", "is not this instance's").await;
    world.delete("ConfigMap", "a-n0").await;
    world.until_ready("App", "a").await;
}

#[tokio::test(start_paused = true)]
async fn a_resource_that_is_no_longer_wanted_goes() {
    let mut optional = map("b", "${a.data.value}");
    optional["includeWhen"] = json!(["${schema.spec.on}"]);
    let (world, _controller) = running(json!([map("a", "x"), optional, map("c", "${b.data.value}")])).await;
    world.ready_app("a").await;
    assert_eq!(world.maps(), ["a-a", "a-b", "a-c"]);
    world.patch("App", "a", json!({"spec": {"on": false}})).await;
    world.until("what needs it goes too", |world| world.maps() == ["a-a"]).await;
    world.until_ready("App", "a").await;
    world.patch(RGD, "app", json!({"spec": {"resources": [map("d", "y")]}})).await;
    world.until("a new definition replaces all", |world| world.maps() == ["a-d"]).await;
}

#[tokio::test(start_paused = true)]
async fn readiness_holds_back_what_needs_it() {
    let mut first = map("a", "${schema.spec.value}");
    first["readyWhen"] = json!(["${a.data.value == 'two'}"]);
    let (world, _controller) = running(json!([first, map("b", "${a.data.value}")])).await;
    world.app("a").await;
    world.until_says("App", "a", "Ready", "readyWhen").await;
    assert_eq!(world.maps(), ["a-a"]);
    assert_eq!(world.get("App", "a").unwrap()["status"]["state"], "IN_PROGRESS");
    world.patch("App", "a", json!({"spec": {"value": "two"}})).await;
    world.until_ready("App", "a").await;
    assert_eq!(world.data("a-b"), ["value=two"]);
}

#[tokio::test(start_paused = true)]
async fn a_collection_follows_its_list() {
    let mut all = map("m", "${schema.metadata.name}");
    all["forEach"] = json!([{"who": "${schema.spec.names}"}]);
    all["template"]["metadata"]["name"] = json!("${schema.metadata.name}-${who}");
    // kro repairs nothing in other namespaces.
    all["template"]["metadata"]["namespace"] = json!("other");
    let world = World::new();
    let _controller = world.start();
    let schema = json!({"apiVersion": "v1alpha1", "kind": "App", "spec": {"names": "[]string"}});
    world.define_as("app", schema, json!([all])).await;
    world.until_ready(RGD, "app").await;
    world.create("App", "a", json!({"spec": {"names": ["x", "y"]}})).await;
    world.until_ready("App", "a").await;
    assert_eq!(world.maps(), ["a-x", "a-y"]);
    let map = world.api.object("", "configmaps", Some("other"), "a-y").unwrap();
    assert_eq!(map["metadata"]["labels"]["cairn.run/collection-index"], "1");
    let annotations = world.get("App", "a").unwrap()["metadata"]["annotations"].clone();
    assert_eq!(annotations["applyset.kubernetes.io/additional-namespaces"], "other");
    world.patch("App", "a", json!({"spec": {"names": ["y", "z"]}})).await;
    world.until("the list is followed", |world| world.maps() == ["a-y", "a-z"]).await;
}

#[tokio::test(start_paused = true)]
async fn objects_of_others_are_read_and_followed() {
    let named =
        json!({"id": "e", "externalRef": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}}});
    let selected = json!({"id": "s", "externalRef": {
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"selector": {"matchLabels": {"of": "${schema.metadata.name}"}}},
    }});
    let (world, _controller) =
        running(json!([named, selected, map("m", "${e.data.x}"), map("n", "${string(size(s))}")])).await;
    world.app("a").await;
    world.until_says("App", "a", "Ready", "ConfigMap team/settings is not there").await;
    world.create("ConfigMap", "settings", json!({"data": {"x": "1"}})).await;
    world.until_ready("App", "a").await;
    assert_eq!((world.data("a-m"), world.data("a-n")), (vec!["value=1".into()], vec!["value=0".into()]));
    world.patch("ConfigMap", "settings", json!({"data": {"x": "2"}, "metadata": {"labels": {"of": "a"}}})).await;
    world.until("both follow", |world| world.data("a-m") == ["value=2"] && world.data("a-n") == ["value=1"]).await;
    world.delete("App", "a").await;
    world.until_gone("App", "a").await;
    assert_eq!(world.maps(), ["settings"], "what is another's stays");
}

#[tokio::test(start_paused = true)]
async fn graphs_are_made_of_graphs() {
    let (world, _controller) = running(chain(2)).await;
    let inner = json!({"id": "inner", "readyWhen": ["${inner.status.state == 'ACTIVE'}"], "template": {
        "apiVersion": "cairn.run/v1alpha1", "kind": "App", "metadata": {"name": "${schema.metadata.name}-in"},
        "spec": {"value": "${schema.spec.value}"},
    }});
    world.define_as("outer", World::schema("Outer"), json!([inner, map("m", "${inner.spec.value}")])).await;
    world.until_ready(RGD, "outer").await;
    world.create("Outer", "o", json!({"spec": {}})).await;
    world.until_ready("Outer", "o").await;
    assert_eq!(world.maps(), ["o-in-n0", "o-in-n1", "o-m"]);
    world.delete("Outer", "o").await;
    world.until_gone("Outer", "o").await;
    assert!(world.maps().is_empty() && world.get("App", "o-in").is_none());
}

#[tokio::test(start_paused = true)]
async fn an_instance_of_the_cluster_has_its_resources_where_it_says() {
    let world = World::new();
    let _controller = world.start();
    let schema = json!({"apiVersion": "v1alpha1", "kind": "Fleet", "scope": "Cluster", "spec": {"value": "string"}});
    let mut one = map("m", "${schema.spec.value}");
    one["template"]["metadata"]["namespace"] = json!("other");
    let space = json!({"id": "n", "template": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "made"}}});
    world.define_as("fleet", schema, json!([one, space])).await;
    world.until_ready(RGD, "fleet").await;
    world.create("Fleet", "f", json!({"spec": {"value": "v"}})).await;
    world.until_ready("Fleet", "f").await;
    let map = world.api.object("", "configmaps", Some("other"), "f-m").unwrap();
    assert_eq!(map["metadata"]["labels"]["cairn.run/instance-namespace"], json!(null));
    world.delete("Fleet", "f").await;
    world.until_gone("Fleet", "f").await;
    assert!(world.maps().is_empty());
    world.until_gone("Namespace", "made").await;
}

#[tokio::test(start_paused = true)]
async fn a_suspended_instance_is_left_alone() {
    let (world, _controller) = running(chain(1)).await;
    world.ready_app("a").await;
    world.patch("App", "a", json!({"metadata": {"annotations": {"cairn.run/reconcile": "Suspended"}}})).await;
    world.until_says("App", "a", "ResourcesReady", "suspended via cairn.run/reconcile").await;
    assert_eq!(world.get("App", "a").unwrap()["status"]["state"], "ACTIVE");
    world.patch("App", "a", json!({"spec": {"value": "two"}})).await;
    world.delete("ConfigMap", "a-n0").await;
    a_while().await;
    assert!(world.maps().is_empty());
    world.patch("App", "a", json!({"metadata": {"annotations": {"cairn.run/reconcile": null}}})).await;
    world.until_ready("App", "a").await;
    assert_eq!(world.data("a-n0"), ["value=two"]);
}

#[tokio::test(start_paused = true)]
pub(crate) async fn what_is_to_stay_stays_and_is_nobodys() {
    let mut kept = map("k", "v");
    kept["deletionPolicy"] = json!("Orphaned");
    let (world, _controller) = running(json!([kept, map("m", "${k.data.value}")])).await;
    world.ready_app("a").await;
    world.delete("App", "a").await;
    world.until_gone("App", "a").await;
    assert_eq!(world.maps(), ["a-k"]);
    let left = world.get("ConfigMap", "a-k").unwrap();
    assert_eq!(left["data"]["value"], "v");
    assert_eq!((&left["metadata"]["labels"], &left["metadata"]["annotations"]), (&json!(null), &json!(null)));
}

#[tokio::test(start_paused = true)]
async fn a_child_that_cannot_go_is_named() {
    let (world, _controller) = running(chain(2)).await;
    world.ready_app("a").await;
    world.patch("ConfigMap", "a-n1", json!({"metadata": {"finalizers": ["example.com/hold"]}})).await;
    world.delete("App", "a").await;
    world.until_says("App", "a", "Ready", "a-n1 is being deleted and waits for its finalizers example.com/hold").await;
    assert_eq!(world.get("App", "a").unwrap()["status"]["state"], "DELETING");
    assert_eq!(world.maps(), ["a-n0", "a-n1"], "what it needs stays as long");
    world.patch("ConfigMap", "a-n1", json!({"metadata": {"finalizers": null}})).await;
    world.until_gone("App", "a").await;
    assert!(world.maps().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_status_has_what_the_definition_says() {
    let world = World::new();
    let _controller = world.start();
    let mut schema = World::schema("App");
    schema["status"] = json!({
        "value": "${n0.data.value}",
        "conditions": ["${runtime.newCondition({type: 'Fine', status: n0.data.value == 'one' ? 'True' : 'False'})}"],
    });
    world.define_as("app", schema, chain(1)).await;
    world.until_ready(RGD, "app").await;
    world.ready_app("a").await;
    assert_eq!(world.get("App", "a").unwrap()["status"]["value"], "one");
    assert_eq!(world.condition("App", "a", "Fine").unwrap()["status"], "True");
    world.patch("App", "a", json!({"spec": {"value": "two"}})).await;
    world.until("the status follows", |world| world.get("App", "a").unwrap()["status"]["value"] == "two").await;
    assert_eq!(world.condition("App", "a", "Fine").unwrap()["status"], "False");
}

/// kro makes such instances and cannot label their resources.
#[tokio::test(start_paused = true)]
pub(crate) async fn a_name_that_fits_no_label_does() {
    let (world, _controller) = running(json!([map("m", "v")])).await;
    let name = "x".repeat(100);
    world.ready_app(&name).await;
    world.delete("App", &name).await;
    world.until_gone("App", &name).await;
}

/// What another applied it means to keep.
#[tokio::test(start_paused = true)]
pub(crate) async fn a_field_that_another_applied_is_a_conflict_and_is_not_taken() {
    let (world, _controller) = running(chain(2)).await;
    world.ready_app("a").await;
    world.user_applies("a-n0", "helm", json!({"value": "theirs"})).await;
    world.until_says("App", "a", "Ready", "data.value was applied by the manager \"helm\"").await;
    a_while().await;
    assert_eq!(world.data("a-n0"), ["value=theirs"]);
    world.user_applies("a-n0", "helm", json!({})).await;
    world.until_ready("App", "a").await;
    assert_eq!(world.data("a-n0"), ["value=one"]);
}

#[tokio::test(start_paused = true)]
async fn a_field_that_is_left_to_others_is_theirs_once_they_have_it() {
    let mut shared = map("m", "${schema.spec.value}");
    shared["externalFields"] = json!(["data.value"]);
    let (world, _controller) = running(json!([shared])).await;
    world.ready_app("a").await;
    assert_eq!(world.data("a-m"), ["value=one"]);
    world.patch("ConfigMap", "a-m", json!({"data": {"value": "theirs"}})).await;
    a_while().await;
    assert_eq!(world.data("a-m"), ["value=theirs"]);
    world.patch("App", "a", json!({"spec": {"value": "two"}})).await;
    world.until_ready("App", "a").await;
    a_while().await;
    assert_eq!(world.data("a-m"), ["value=theirs"]);
}

#[tokio::test(start_paused = true)]
pub(crate) async fn a_fight_ends_and_is_told() {
    let (world, _controller) = running(chain(1)).await;
    world.ready_app("a").await;
    for at in 0..12 {
        world.patch("ConfigMap", "a-n0", json!({"data": {"value": format!("v{at}")}})).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    world.until_says("App", "a", "Ready", "changes it again and again").await;
    world.until("peace", |world| world.data("a-n0") == ["value=one"]).await;
    world.until_ready("App", "a").await;
}

#[tokio::test(start_paused = true)]
async fn a_refused_object_is_tried_again_and_named() {
    let (world, _controller) = running(chain(2)).await;
    let denied = Matcher::api("patch", "configmaps").name("a-n1");
    let guard = world.api.fail_while(denied, Fault::Error(403, "Forbidden"));
    world.app("a").await;
    world.until_says("App", "a", "Ready", "ConfigMap team/a-n1: a fault of the testkit").await;
    assert_eq!(world.condition("App", "a", "Stalled").unwrap()["status"], "True");
    assert_eq!(world.maps(), ["a-n0"]);
    drop(guard);
    world.until_ready("App", "a").await;
}

/// It names what is waited for, in the object's own words.
#[tokio::test(start_paused = true)]
async fn what_is_not_ready_speaks_for_itself() {
    let (world, _controller) = running(chain(1)).await;
    let inner = json!({"id": "inner", "readyWhen": ["${inner.status.state == 'ACTIVE'}"], "template": {
        "apiVersion": "cairn.run/v1alpha1", "kind": "App", "metadata": {"name": "in"}, "spec": {"value": "x"},
    }});
    world.create("ConfigMap", "in-n0", json!({"data": {}})).await;
    world.define_as("outer", World::schema("Outer"), json!([inner])).await;
    world.until_ready(RGD, "outer").await;
    world.create("Outer", "o", json!({"spec": {}})).await;
    world
        .until_says("Outer", "o", "Ready", "(App team/in: it says Ready is False: Blocked: ConfigMap team/in-n0")
        .await;
}

/// It says since when, and Events speak for who says nothing; each transition is one Event.
#[tokio::test(start_paused = true)]
async fn nothing_is_stuck_without_a_word() {
    let mut first = map("a", "${schema.spec.value}");
    first["readyWhen"] = json!(["${a.data.value == 'two'}"]);
    let (world, controller) = running(json!([first])).await;
    let told = |world: &World| {
        let mut events = world.api.objects("events.k8s.io", "events");
        events.retain(|event| event["regarding"]["kind"] == "App");
        // They are listed by their names, which say nothing of their order.
        events.sort_by_key(|event| event["eventTime"].as_str().unwrap().to_owned());
        events.iter().map(|event| event["reason"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    world.app("a").await;
    world.until_says("App", "a", "Ready", "readyWhen").await;
    let since = world.condition("App", "a", "Ready").unwrap()["lastTransitionTime"].as_str().unwrap().to_owned();
    assert!(world.message("App", "a", "Ready").ends_with(&format!("(since {since})")));
    let child = world.get("ConfigMap", "a-a").unwrap();
    let about = json!({"kind": "ConfigMap", "namespace": "team", "name": "a-a", "uid": child["metadata"]["uid"]});
    let event = json!({
        "involvedObject": about, "type": "Warning", "reason": "Denied", "message": "quota is used up",
        "lastTimestamp": "2026-01-01T00:00:00Z",
    });
    world.create("Event", "e", event).await;
    let words = "(ConfigMap team/a-a: its Event says Denied: quota is used up, at 2026-01-01T00:00:00Z)";
    world.until_says("App", "a", "Ready", words).await;
    assert!(world.message("App", "a", "Ready").ends_with(&format!("(since {since})")), "it is the same wait");
    assert_eq!(told(&world), ["NotReady"]);
    controller.stop().await;
    world.api.clear_calls();
    let _controller = world.start();
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert!(world.message("App", "a", "Ready").contains(words));
    let reads = world.api.calls().iter().filter(|call| call.verb == "list" && call.resource == "events").count();
    assert!(reads <= 16, "they are read more and more seldom: {reads}");
    world.patch("App", "a", json!({"spec": {"value": "two"}})).await;
    world.until_ready("App", "a").await;
    a_while().await;
    assert_eq!(told(&world), ["NotReady", "Ready"]);
}

/// Who defines conditions has them in the status, and one Event for each transition all the same.
#[tokio::test(start_paused = true)]
async fn an_authors_ready_does_not_make_events() {
    let world = World::new();
    let _controller = world.start();
    let mut schema = World::schema("App");
    schema["status"] = json!({"value": "${n0.data.value}", "conditions": [
        "${runtime.newCondition({type: 'Ready', status: 'False', reason: 'Mine', message: n0.data.value})}",
    ]});
    world.define_as("app", schema, chain(1)).await;
    world.until_ready(RGD, "app").await;
    world.app("a").await;
    for value in ["two", "three", "four"] {
        world.patch("App", "a", json!({"spec": {"value": value}})).await;
        world.until("the status follows", |world| world.get("App", "a").unwrap()["status"]["value"] == value).await;
    }
    assert_eq!(world.message("App", "a", "Ready"), "four", "the author's words are left alone");
    let events = world.api.objects("events.k8s.io", "events");
    let about = events.iter().filter(|event| event["regarding"]["kind"] == "App").count();
    assert!(about <= 2, "{events:?}");
}
