//! Lists, selectors, pages, metadata, discovery.

use kube::{
    Api,
    api::{DynamicObject, ListParams, PostParams},
    core::PartialObjectMeta,
    discovery::{Discovery, Scope, pinned_kind},
};
use kube_runtime::wait::Condition as _;
use serde_json::json;

use crate::support::{api, failure, object, resource, server, widget};

fn names<K: kube::ResourceExt>(items: &[K]) -> Vec<String> {
    items.iter().map(kube::ResourceExt::name_any).collect()
}

#[tokio::test(start_paused = true)]
async fn lists_come_in_consistent_pages() {
    let server = server();
    let widgets = api(&server);
    for name in ["a", "b", "c", "d", "e"] {
        widgets.create(&PostParams::default(), &widget(name, 1)).await.unwrap();
    }
    let first = widgets.list(&ListParams::default().limit(2)).await.unwrap();
    assert_eq!(names(&first.items), ["a", "b"]);
    assert_eq!(first.metadata.remaining_item_count, Some(3));
    widgets.delete("c", &kube::api::DeleteParams::default()).await.unwrap();
    let token = first.metadata.continue_.clone().unwrap();
    let rest = widgets.list(&ListParams::default().limit(9).continue_token(&token)).await.unwrap();
    assert_eq!(names(&rest.items), ["c", "d", "e"], "a page shows the state of the first one");
    assert_eq!(rest.metadata.resource_version, first.metadata.resource_version);
    assert_eq!(rest.metadata.continue_.as_deref(), Some(""));
    server.compact();
    let late = widgets.list(&ListParams::default().continue_token(&token)).await;
    assert_eq!(failure(late), (410, "Expired".into()));
}

#[tokio::test(start_paused = true)]
async fn selectors_select() {
    let server = server();
    server.namespace("other");
    for (name, labels) in [("a", json!({ "t": "x" })), ("b", json!({ "t": "y", "u": "1" })), ("c", json!({}))] {
        let made = object(json!({ "metadata": { "name": name, "labels": labels } }));
        api(&server).create(&PostParams::default(), &made).await.unwrap();
    }
    let elsewhere: Api<DynamicObject> = Api::namespaced_with(server.client(), "other", &resource());
    elsewhere.create(&PostParams::default(), &widget("o", 1)).await.unwrap();
    let all: Api<DynamicObject> = Api::all_with(server.client(), &resource());
    let found = async |params: ListParams| names(&all.list(&params).await.unwrap().items);
    assert_eq!(found(ListParams::default()).await, ["a", "b", "c", "o"]);
    for (selector, expected) in [
        ("t=x", vec!["a"]),
        ("t in (x, y),u", vec!["b"]),
        ("t!=x", vec!["b", "c", "o"]),
        ("t notin (x),t", vec!["b"]),
        ("!t", vec!["c", "o"]),
    ] {
        assert_eq!(found(ListParams::default().labels(selector)).await, expected, "{selector}");
    }
    assert_eq!(found(ListParams::default().fields("metadata.name=b")).await, ["b"]);
    assert_eq!(found(ListParams::default().fields("metadata.namespace!=default")).await, ["o"]);
    let unknown = all.list(&ListParams::default().fields("spec.size=1")).await;
    assert_eq!(failure(unknown), (400, "BadRequest".into()));
}

#[tokio::test(start_paused = true)]
async fn metadata_may_be_all_that_is_asked_for() {
    let server = server();
    api(&server).create(&PostParams::default(), &widget("a", 1)).await.unwrap();
    let widgets = api(&server);
    let listed: kube::core::ObjectList<PartialObjectMeta<DynamicObject>> =
        widgets.list_metadata(&ListParams::default()).await.unwrap();
    assert_eq!(names(&listed.items), ["a"]);
    assert_eq!(listed.items[0].types.as_ref().unwrap().kind, "PartialObjectMetadata");
    assert_eq!(widgets.get_metadata("a").await.unwrap().metadata.generation, Some(1));
}

#[tokio::test(start_paused = true)]
async fn discovery_finds_what_is_installed() {
    let server = server();
    let client = server.client();
    assert_eq!(client.apiserver_version().await.unwrap().major, "1");
    let discovery = Discovery::new(client.clone()).run().await.unwrap();
    assert!(discovery.has_group("example.org"));
    let gvk = kube::core::GroupVersionKind::gvk("example.org", "v1", "Widget");
    let (found, capabilities) = discovery.resolve_gvk(&gvk).unwrap();
    assert_eq!(found.plural, "widgets");
    assert_eq!(capabilities.scope, Scope::Namespaced);
    assert_eq!(capabilities.subresources.len(), 1);
    pinned_kind(&client, &kube::core::GroupVersionKind::gvk("", "v1", "Secret")).await.unwrap();
    let calls = server.calls();
    assert!(calls.iter().all(|call| call.verb == "discovery"), "{calls:?}");
}

#[tokio::test(start_paused = true)]
async fn definitions_are_served_once_created() {
    use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
    let server = cairn_testkit::api::ApiServer::new();
    // As the real one: what is not served is "404 page not found", and no `Status`.
    assert_eq!(failure(api(&server).get("a").await).0, 404);
    let crds: Api<CustomResourceDefinition> = Api::all(server.client());
    crds.create(&PostParams::default(), &crate::support::widgets()).await.unwrap();
    let crd = crds.get("widgets.example.org").await.unwrap();
    assert!(kube_runtime::conditions::is_crd_established().matches_object(Some(&crd)));
    api(&server).create(&PostParams::default(), &widget("a", 1)).await.unwrap();
    crds.delete("widgets.example.org", &kube::api::DeleteParams::default()).await.unwrap();
    assert_eq!(failure(api(&server).get("a").await).0, 404);
}
