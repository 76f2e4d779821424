//! Server-side apply.

use kube::api::{Patch, PatchParams, PostParams};
use serde_json::{Value, json};

use crate::support::{api, failure, object, server};

fn body(value: Value) -> Patch<Value> {
    named("a", value)
}

fn named(name: &str, mut value: Value) -> Patch<Value> {
    value["apiVersion"] = json!("example.org/v1");
    value["kind"] = json!("Widget");
    value["metadata"]["name"] = json!(name);
    Patch::Apply(value)
}

fn one() -> PatchParams {
    PatchParams::apply("one")
}

#[tokio::test(start_paused = true)]
async fn applying_creates_then_merges_then_removes() {
    let server = server();
    let widgets = api(&server);
    let first = body(json!({ "metadata": { "labels": { "l": "1" } }, "spec": { "a": 1, "b": { "c": [1, 2] } } }));
    let made = widgets.patch("a", &one(), &first).await.unwrap();
    let managed = made.metadata.managed_fields.unwrap();
    assert_eq!(managed.len(), 1);
    assert_eq!(managed[0].operation.as_deref(), Some("Apply"));
    let fields = &managed[0].fields_v1.as_ref().unwrap().0;
    assert_eq!(
        *fields,
        json!({
            "f:metadata": { "f:labels": { "f:l": {} } },
            "f:spec": { ".": {}, "f:a": {}, "f:b": { ".": {}, "f:c": {} } },
        }),
        "no field is declared, so each is a key of its own"
    );
    let merge = Patch::Merge(json!({ "spec": { "d": 4 } }));
    widgets.patch("a", &PatchParams::default(), &merge).await.unwrap();
    let less = widgets.patch("a", &one(), &body(json!({ "spec": { "a": 2 } }))).await.unwrap();
    assert_eq!(less.data["spec"], json!({ "a": 2, "d": 4 }), "what was applied goes, what is another's stays");
    assert_eq!(less.metadata.labels, None);
}

#[tokio::test(start_paused = true)]
async fn applying_the_same_again_is_no_write() {
    let server = server();
    let widgets = api(&server);
    let patch = body(json!({ "spec": { "a": 1 } }));
    let made = widgets.patch("a", &one(), &patch).await.unwrap();
    tokio::time::advance(std::time::Duration::from_mins(1)).await;
    let again = widgets.patch("a", &one(), &patch).await.unwrap();
    assert_eq!(again.metadata.resource_version, made.metadata.resource_version);
}

#[tokio::test(start_paused = true)]
async fn a_field_of_another_manager_is_a_conflict_unless_forced() {
    let server = server();
    let widgets = api(&server);
    widgets.patch("a", &one(), &body(json!({ "spec": { "a": 1 } }))).await.unwrap();
    let two = PatchParams::apply("two");
    let other = body(json!({ "spec": { "a": 2 } }));
    let refused = widgets.patch("a", &two, &other).await.unwrap_err();
    let kube::Error::Api(status) = refused else { panic!("{refused:?}") };
    assert_eq!((status.code, status.reason.as_str()), (409, "Conflict"));
    assert_eq!(status.details.unwrap().causes[0].field, ".spec.a");
    let forced = widgets.patch("a", &two.force(), &other).await.unwrap();
    assert_eq!(forced.data["spec"], json!({ "a": 2 }));
    let entries = forced.metadata.managed_fields.unwrap();
    let fields = |manager: &str| {
        let entry = entries.iter().find(|entry| entry.manager.as_deref() == Some(manager)).unwrap();
        entry.fields_v1.as_ref().unwrap().0.clone()
    };
    assert_eq!(fields("one"), json!({ "f:spec": {} }));
    assert_eq!(fields("two"), json!({ "f:spec": { ".": {}, "f:a": {} } }));
}

#[tokio::test(start_paused = true)]
async fn a_version_in_the_body_is_a_precondition() {
    let server = server();
    let widgets = api(&server);
    let first = body(json!({ "metadata": { "resourceVersion": "1" }, "spec": { "a": 1 } }));
    widgets.patch("a", &one(), &first).await.unwrap();
    assert_eq!(server.calls().last().unwrap().code, 201);
    assert_eq!(failure(widgets.patch("a", &one(), &first).await), (409, "Conflict".into()));
    let uid = body(json!({ "metadata": { "uid": "x" }, "spec": { "a": 1 } }));
    assert_eq!(failure(widgets.patch("a", &one(), &uid).await), (422, "Invalid".into()), "a UID never changes");
    let uid = named("b", json!({ "metadata": { "uid": "x" }, "spec": { "a": 1 } }));
    assert_eq!(failure(widgets.patch("b", &one(), &uid).await), (409, "Conflict".into()));
}

#[tokio::test(start_paused = true)]
async fn status_is_applied_apart() {
    let server = server();
    let widgets = api(&server);
    widgets.patch("a", &one(), &body(json!({ "spec": { "a": 1 }, "status": { "x": 1 } }))).await.unwrap();
    let status = body(json!({ "status": { "ready": true } }));
    let applied = widgets.patch_status("a", &PatchParams::apply("one-status"), &status).await.unwrap();
    assert_eq!(applied.data["status"], json!({ "ready": true }));
    assert_eq!(applied.data["spec"], json!({ "a": 1 }));
    assert_eq!(failure(widgets.patch_status("b", &one(), &status).await), (404, "NotFound".into()));
}

#[tokio::test(start_paused = true)]
async fn an_apply_names_its_object() {
    let server = server();
    let nameless = Patch::Apply(json!({ "apiVersion": "example.org/v1", "kind": "Widget", "spec": { "a": 1 } }));
    assert_eq!(failure(api(&server).patch("a", &one(), &nameless).await), (400, "BadRequest".into()));
    assert_eq!(failure(api(&server).patch("a", &one(), &named("b", json!({}))).await), (400, "BadRequest".into()));
}

#[tokio::test(start_paused = true)]
async fn finalizers_of_different_managers_are_merged() {
    let server = server();
    let widgets = api(&server);
    let made = object(json!({ "metadata": { "name": "a", "finalizers": ["x/a"] } }));
    widgets.create(&PostParams::default(), &made).await.unwrap();
    let patch = body(json!({ "metadata": { "finalizers": ["x/b"] } }));
    let both = widgets.patch("a", &one(), &patch).await.unwrap();
    assert_eq!(both.metadata.finalizers.unwrap(), ["x/a", "x/b"]);
    let none = widgets.patch("a", &one(), &body(json!({}))).await.unwrap();
    assert_eq!(none.metadata.finalizers.unwrap(), ["x/a"]);
}
