//! Create, update, patch, status.

use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Secret};
use kube::{
    Api,
    api::{Patch, PatchParams, PostParams},
};
use serde_json::json;

use crate::support::{api, failure, object, server, widget};

#[tokio::test(start_paused = true)]
async fn created_objects_get_what_the_server_gives() {
    let server = server();
    let widgets = api(&server);
    let mut given = widget("a", 1);
    given.data["status"] = json!({ "ready": true });
    let a = widgets.create(&PostParams::default(), &given).await.unwrap();
    let b = widgets.create(&PostParams::default(), &widget("b", 1)).await.unwrap();
    assert_eq!(a.metadata.generation, Some(1));
    assert_eq!(a.metadata.namespace.as_deref(), Some("default"));
    assert_eq!(a.metadata.creation_timestamp.as_ref().unwrap().0.to_string(), "2026-01-01T00:00:00Z");
    assert_ne!(a.metadata.uid, b.metadata.uid);
    assert_eq!(a.data.get("status"), None, "create leaves status out");
    let revision =
        |o: &kube::api::DynamicObject| -> u64 { o.metadata.resource_version.as_ref().unwrap().parse().unwrap() };
    assert_eq!(revision(&b), revision(&a) + 1);
}

#[tokio::test(start_paused = true)]
async fn runs_are_deterministic() {
    let mut uids = Vec::new();
    for _ in 0..2 {
        let server = server();
        let mut unnamed = widget("", 1);
        unnamed.metadata.name = None;
        unnamed.metadata.generate_name = Some("w-".into());
        let made = api(&server).create(&PostParams::default(), &unnamed).await.unwrap();
        uids.push((made.metadata.uid, made.metadata.name, made.metadata.resource_version));
    }
    assert!(uids[0].1.as_ref().unwrap().starts_with("w-"));
    assert_eq!(uids[0], uids[1]);
}

#[tokio::test(start_paused = true)]
async fn creating_twice_or_nowhere_fails() {
    let server = server();
    let widgets = api(&server);
    widgets.create(&PostParams::default(), &widget("a", 1)).await.unwrap();
    let again = widgets.create(&PostParams::default(), &widget("a", 2)).await;
    assert_eq!(failure(again), (409, "AlreadyExists".into()));
    let elsewhere = Api::namespaced_with(server.client(), "nowhere", &crate::support::resource());
    let lost = elsewhere.create(&PostParams::default(), &widget("a", 1)).await;
    assert_eq!(failure(lost), (404, "NotFound".into()));
    let bad = widgets.create(&PostParams::default(), &widget("Not_A_Name", 1)).await;
    assert_eq!(failure(bad), (422, "Invalid".into()));
    assert_eq!(failure(widgets.get("b").await), (404, "NotFound".into()));
}

#[tokio::test(start_paused = true)]
async fn an_update_needs_the_current_resource_version() {
    let server = server();
    let widgets = api(&server);
    let first = widgets.create(&PostParams::default(), &widget("a", 1)).await.unwrap();
    let mut second = first.clone();
    second.data["spec"]["size"] = json!(2);
    let updated = widgets.replace("a", &PostParams::default(), &second).await.unwrap();
    assert_eq!(updated.metadata.generation, Some(2));
    let stale = widgets.replace("a", &PostParams::default(), &second).await;
    assert_eq!(failure(stale), (409, "Conflict".into()));
    let blind = widgets.replace("a", &PostParams::default(), &widget("a", 3)).await;
    assert_eq!(failure(blind), (422, "Invalid".into()));
}

#[tokio::test(start_paused = true)]
async fn a_write_that_changes_nothing_is_none() {
    let server = server();
    let widgets = api(&server);
    let made = widgets.create(&PostParams::default(), &widget("a", 1)).await.unwrap();
    let same = widgets.replace("a", &PostParams::default(), &made).await.unwrap();
    let patch = Patch::Merge(json!({ "spec": { "size": 1 } }));
    let patched = widgets.patch("a", &PatchParams::default(), &patch).await.unwrap();
    assert_eq!(same.metadata.resource_version, made.metadata.resource_version);
    assert_eq!(patched.metadata.resource_version, made.metadata.resource_version);
}

#[tokio::test(start_paused = true)]
async fn status_and_the_rest_are_apart() {
    let server = server();
    let widgets = api(&server);
    widgets.create(&PostParams::default(), &widget("a", 1)).await.unwrap();
    let both = Patch::Merge(json!({ "metadata": { "labels": { "x": "y" } }, "spec": { "size": 2 },
        "status": { "ready": true } }));
    let on_main = widgets.patch("a", &PatchParams::default(), &both).await.unwrap();
    assert_eq!(on_main.data.get("status"), None);
    assert_eq!(on_main.metadata.generation, Some(2));
    let other = Patch::Merge(json!({ "metadata": { "labels": { "z": "z" } }, "spec": { "size": 3 },
        "status": { "ready": true } }));
    let on_status = widgets.patch_status("a", &PatchParams::default(), &other).await.unwrap();
    assert_eq!(on_status.data["status"], json!({ "ready": true }));
    assert_eq!(on_status.data["spec"], json!({ "size": 2 }));
    assert_eq!(on_status.metadata.labels.unwrap().len(), 1);
    assert_eq!(on_status.metadata.generation, Some(2));
}

#[tokio::test(start_paused = true)]
async fn patches_honour_the_resource_version_in_the_body() {
    let server = server();
    let widgets = api(&server);
    let made = widgets.create(&PostParams::default(), &widget("a", 1)).await.unwrap();
    let revision = made.metadata.resource_version.unwrap();
    let patch =
        |size: u64| Patch::Merge(json!({ "metadata": { "resourceVersion": revision }, "spec": { "size": size } }));
    widgets.patch("a", &PatchParams::default(), &patch(2)).await.unwrap();
    let stale = widgets.patch("a", &PatchParams::default(), &patch(3)).await;
    assert_eq!(failure(stale), (409, "Conflict".into()));
    let status = json!({ "metadata": { "resourceVersion": revision }, "status": { "ready": true } });
    let stale = widgets.patch_status("a", &PatchParams::default(), &Patch::Merge(status)).await;
    assert_eq!(failure(stale), (409, "Conflict".into()));
}

#[tokio::test(start_paused = true)]
async fn json_patches_are_tested_first() {
    let server = server();
    let widgets = api(&server);
    let made = object(json!({ "metadata": { "name": "a", "finalizers": ["x/a", "x/b"] }, "spec": { "size": 1 } }));
    widgets.create(&PostParams::default(), &made).await.unwrap();
    let patch = |at: &str| -> Patch<()> {
        Patch::Json(
            serde_json::from_value(json!([
                { "op": "test", "path": "/metadata/finalizers/0", "value": at },
                { "op": "remove", "path": "/metadata/finalizers/0" },
            ]))
            .unwrap(),
        )
    };
    let wrong = widgets.patch("a", &PatchParams::default(), &patch("x/b")).await;
    assert_eq!(failure(wrong), (422, "Invalid".into()));
    let right = widgets.patch("a", &PatchParams::default(), &patch("x/a")).await.unwrap();
    assert_eq!(right.metadata.finalizers, Some(vec!["x/b".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_strategic_patch_is_refused() {
    let server = server();
    api(&server).create(&PostParams::default(), &widget("a", 1)).await.unwrap();
    let patch = Patch::Strategic(json!({ "spec": { "size": 2 } }));
    let refused = api(&server).patch("a", &PatchParams::default(), &patch).await;
    assert_eq!(failure(refused), (415, "UnsupportedMediaType".into()));
    let maps: Api<ConfigMap> = Api::default_namespaced(server.client());
    maps.create(
        &PostParams::default(),
        &ConfigMap {
            metadata: kube::core::ObjectMeta { name: Some("a".into()), ..Default::default() },
            ..Default::default()
        },
    )
    .await
    .unwrap();
    let unknown = maps.patch("a", &PatchParams::default(), &patch).await;
    assert_eq!(failure(unknown).0, 501);
}

#[tokio::test(start_paused = true)]
async fn builtin_kinds_are_themselves() {
    let server = server();
    let secrets: Api<Secret> = Api::default_namespaced(server.client());
    let mut secret = Secret { string_data: Some([("k".to_owned(), "v".to_owned())].into()), ..Secret::default() };
    secret.metadata.name = Some("s".into());
    let made = secrets.create(&PostParams::default(), &secret).await.unwrap();
    assert_eq!(made.data.unwrap()["k"].0, b"v");
    assert_eq!(made.metadata.generation, None);
    let namespaces: Api<Namespace> = Api::all(server.client());
    let system = namespaces.get("kube-system").await.unwrap();
    assert!(system.metadata.uid.is_some());
    assert_eq!(system.status.unwrap().phase.as_deref(), Some("Active"));
}

#[tokio::test(start_paused = true)]
async fn time_is_virtual() {
    let server = server();
    tokio::time::advance(std::time::Duration::from_hours(1)).await;
    let made = api(&server).create(&PostParams::default(), &widget("a", 1)).await.unwrap();
    assert_eq!(made.metadata.creation_timestamp.unwrap().0.to_string(), "2026-01-01T01:00:00Z");
    server.clock().set("2030-06-01T00:00:00Z".parse().unwrap());
    let made = api(&server).create(&PostParams::default(), &widget("b", 1)).await.unwrap();
    assert_eq!(made.metadata.creation_timestamp.unwrap().0.to_string(), "2030-06-01T00:00:00Z");
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_stores_nothing() {
    let server = server();
    let params = PostParams { dry_run: true, ..PostParams::default() };
    api(&server).create(&params, &widget("a", 1)).await.unwrap();
    assert_eq!(server.objects("example.org", "widgets").len(), 0);
}

#[tokio::test(start_paused = true)]
async fn seeds_come_with_status_and_without_calls() {
    let server = server();
    let mut seed = widget("a", 1);
    seed.data["status"] = json!({ "ready": true });
    let seeded = server.seed(&seed).unwrap();
    assert_eq!(seeded["status"]["ready"], true);
    assert_eq!(server.object("example.org", "widgets", Some("default"), "a").unwrap(), seeded);
    assert!(server.calls().is_empty());
}
