//! Deleting, finalizers, namespaces.

use k8s_openapi::api::core::v1::Namespace;
use kube::{
    Api,
    api::{DeleteParams, ListParams, Patch, PatchParams, PostParams, Preconditions},
};
use serde_json::json;

use crate::support::{api, failure, object, server, widget};

#[tokio::test(start_paused = true)]
async fn an_object_waits_for_its_finalizers() {
    let server = server();
    let widgets = api(&server);
    let made = object(json!({ "metadata": { "name": "a", "finalizers": ["x/a"] } }));
    widgets.create(&PostParams::default(), &made).await.unwrap();
    let left = widgets.delete("a", &DeleteParams::default()).await.unwrap().left().unwrap();
    assert!(left.metadata.deletion_timestamp.is_some());
    assert_eq!(left.metadata.generation, Some(2));
    let more = Patch::Merge(json!({ "metadata": { "finalizers": ["x/a", "x/b"] } }));
    let refused = widgets.patch("a", &PatchParams::default(), &more).await;
    assert_eq!(failure(refused), (422, "Invalid".into()));
    let none = Patch::Merge(json!({ "metadata": { "finalizers": null } }));
    widgets.patch("a", &PatchParams::default(), &none).await.unwrap();
    assert_eq!(failure(widgets.get("a").await), (404, "NotFound".into()));
}

#[tokio::test(start_paused = true)]
async fn without_finalizers_it_is_gone_at_once() {
    let server = server();
    let widgets = api(&server);
    widgets.create(&PostParams::default(), &widget("a", 1)).await.unwrap();
    let status = widgets.delete("a", &DeleteParams::default()).await.unwrap().right().unwrap();
    assert!(status.is_success());
    assert_eq!(failure(widgets.delete("a", &DeleteParams::default()).await), (404, "NotFound".into()));
}

#[tokio::test(start_paused = true)]
async fn a_delete_may_ask_for_a_uid_and_a_version() {
    let server = server();
    let widgets = api(&server);
    let made = widgets.create(&PostParams::default(), &widget("a", 1)).await.unwrap();
    let with = |uid: Option<String>, resource_version: Option<String>| DeleteParams {
        preconditions: Some(Preconditions { uid, resource_version }),
        ..DeleteParams::default()
    };
    let other = widgets.delete("a", &with(Some("other".into()), None)).await;
    assert_eq!(failure(other), (409, "Conflict".into()));
    let stale = widgets.delete("a", &with(None, Some("1".into()))).await;
    assert_eq!(failure(stale), (409, "Conflict".into()));
    widgets.delete("a", &with(made.metadata.uid, made.metadata.resource_version)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn collections_are_deleted_by_selector() {
    let server = server();
    let widgets = api(&server);
    for name in ["a", "b"] {
        let made = object(json!({ "metadata": { "name": name, "labels": { "n": name } } }));
        widgets.create(&PostParams::default(), &made).await.unwrap();
    }
    widgets.delete_collection(&DeleteParams::default(), &ListParams::default().labels("n=a")).await.unwrap();
    assert_eq!(server.objects("example.org", "widgets").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_namespace_takes_its_contents_along() {
    let server = server();
    server.namespace("team");
    let widgets = Api::namespaced_with(server.client(), "team", &crate::support::resource());
    let held = object(json!({ "metadata": { "name": "held", "finalizers": ["x/a"] } }));
    widgets.create(&PostParams::default(), &held).await.unwrap();
    widgets.create(&PostParams::default(), &widget("free", 1)).await.unwrap();
    let namespaces: Api<Namespace> = Api::all(server.client());
    namespaces.delete("team", &DeleteParams::default()).await.unwrap();
    assert_eq!(failure(widgets.get("free").await), (404, "NotFound".into()));
    assert!(widgets.get("held").await.unwrap().metadata.deletion_timestamp.is_some());
    assert_eq!(namespaces.get("team").await.unwrap().status.unwrap().phase.as_deref(), Some("Terminating"));
    let late = widgets.create(&PostParams::default(), &widget("late", 1)).await;
    assert_eq!(failure(late), (403, "Forbidden".into()));
    let none = Patch::Merge(json!({ "metadata": { "finalizers": null } }));
    widgets.patch("held", &PatchParams::default(), &none).await.unwrap();
    assert_eq!(failure(namespaces.get("team").await), (404, "NotFound".into()));
}
