//! What a namespace says for all objects in it, and as whom Cairn acts for them.

use std::time::Duration;

use k8s_openapi::api::core::v1::Namespace;
use kube::{
    Api,
    api::{Patch, PatchParams, PostParams},
};
use serde_json::{Value, json};

use crate::harness::{GROUP, REGION, World, pass};

impl World {
    async fn annotate_namespace(&self, annotations: Value) {
        let namespaces: Api<Namespace> = Api::all(self.api.client());
        let patch = json!({"metadata": {"annotations": annotations}});
        namespaces.patch("default", &PatchParams::default(), &Patch::Merge(patch)).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_namespace_says_what_becomes_of_the_buckets_of_one_service() {
    let world = World::quiet();
    world.annotate_namespace(json!({"s3.aws.cairn.run/deletion-policy": "retain"})).await;
    let _operator = world.start("one");
    for (object, says, kept) in [("kept", None, true), ("gone", Some("delete"), false)] {
        let bucket = format!("acme-{object}");
        world.create(object, json!({"name": bucket})).await;
        world.until_ready(object).await;
        if let Some(policy) = says {
            world.patch(object, json!({"metadata": {"annotations": {"aws.cairn.run/deletion-policy": policy}}})).await;
        }
        world.delete(object).await;
        world.until_gone(object).await;
        assert_eq!(world.aws.bucket(&bucket).is_some(), kept, "{object}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_paused_namespace_holds_back_all_that_is_in_it_and_goes_on_at_once() {
    let world = World::quiet();
    world.annotate_namespace(json!({"aws.cairn.run/paused": "true"})).await;
    let _operator = world.start("one");
    world.create("a", json!({"name": "acme-a"})).await;
    world.until_reason("a", "Paused").await;
    assert!(world.mutations().is_empty());
    world.annotate_namespace(json!({"aws.cairn.run/paused": null})).await;
    world.until_ready("a").await;
}

#[tokio::test(start_paused = true)]
async fn a_protected_namespace_protects_what_is_in_it() {
    let world = World::quiet();
    world.annotate_namespace(json!({"aws.cairn.run/deletion-protection": "true"})).await;
    let _operator = world.start("one");
    world.create("a", json!({"name": "acme-a"})).await;
    world.until_ready("a").await;
    world.delete("a").await;
    world.until("it is protected", |world| world.ready("a").is_some_and(|ready| ready.1 == "Protected")).await;
    assert!(world.ready("a").unwrap().2.contains("namespace"));
    world.annotate_namespace(json!({"aws.cairn.run/deletion-protection": null})).await;
    world.until_gone("a").await;
    assert!(world.aws.bucket("acme-a").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_namespace_has_a_region_of_its_own() {
    let world = World::quiet();
    world.annotate_namespace(json!({"aws.cairn.run/default-region": "eu-central-1"})).await;
    let _operator = world.start("one");
    world.create("a", json!({"name": "acme-a"})).await;
    world.until_ready("a").await;
    assert_eq!(world.aws.bucket("acme-a").unwrap().region, "eu-central-1");
    world.create_annotated("b", json!({"name": "acme-b"}), &[("region", REGION)]).await;
    world.until_ready("b").await;
    assert_eq!(world.aws.bucket("acme-b").unwrap().region, REGION);
    world.annotate_namespace(json!({"aws.cairn.run/default-region": "eu-west-3"})).await;
    world.until_reason("a", "ScopeChanged").await;
    pass(Duration::from_secs(30)).await;
    assert_eq!(world.aws.bucket("acme-a").unwrap().region, "eu-central-1");
}

#[tokio::test(start_paused = true)]
async fn a_selector_that_gives_no_usable_role_stalls_what_it_covers_and_nothing_is_done_as_somebody_else() {
    let world = World::quiet();
    let selector = json!({
        "apiVersion": "aws.cairn.run/v1alpha1", "kind": "IAMRoleSelector", "metadata": {"name": "team"},
        "spec": {"arn": "arn:aws:iam::444455556666:role/nobody-made-it", "namespaceSelector": {"names": ["default"]}},
    });
    let resource = cairn_runtime::engine::resource(&cairn_crds::shared::IAM_ROLE_SELECTOR, &world.groups);
    let selectors: Api<kube::core::DynamicObject> = Api::all_with(world.api.client(), &resource);
    selectors.create(&PostParams::default(), &serde_json::from_value(selector).unwrap()).await.unwrap();
    let _operator = world.start("one");
    world.create("a", json!({"name": "acme-a"})).await;
    world
        .until("it says who may not do what", |world| {
            world.ready("a").is_some_and(|ready| ready.2.contains("role/nobody-made-it"))
        })
        .await;
    assert!(world.mutations().is_empty());
    selectors.delete("team", &kube::api::DeleteParams::default()).await.unwrap();
    world.until_ready("a").await;
    assert_eq!(world.aws.bucket("acme-a").unwrap().account, "111122223333");
}

const HELD: &str = "team-a";

/// A Bucket in [`HELD`], with these annotations.
async fn in_held_namespace(world: &World, name: &str, annotations: Value) {
    let object = json!({
        "apiVersion": format!("{GROUP}/v1alpha1"), "kind": "Bucket",
        "metadata": {"name": name, "namespace": HELD, "annotations": annotations},
        "spec": {"name": format!("acme-{name}")},
    });
    held(world).create(&PostParams::default(), &serde_json::from_value(object).unwrap()).await.unwrap();
}

fn held(world: &World) -> Api<kube::core::DynamicObject> {
    let resource = cairn_runtime::engine::resource(cairn_crds::KINDS[0], &world.groups);
    Api::namespaced_with(world.api.client(), HELD, &resource)
}

fn holding_events(world: &World) -> Vec<Value> {
    let events = world.api.objects("events.k8s.io", "events").into_iter();
    let is_ours = |event: &Value| event["regarding"]["kind"] == "Namespace" && event["reason"] == "DeletionProtected";
    events.filter(is_ours).collect()
}

#[tokio::test(start_paused = true)]
async fn a_namespace_that_protected_objects_hold_is_told_once_which() {
    let world = World::quiet();
    world.api.namespace(HELD);
    let _operator = world.start("one");
    let protect = json!({"aws.cairn.run/deletion-protection": "true"});
    for (name, annotations) in [("a", protect.clone()), ("b", protect), ("free", json!({}))] {
        in_held_namespace(&world, name, annotations).await;
    }
    let bucket = |name: &str| world.aws.bucket(&format!("acme-{name}"));
    world.until("all are there", |_| ["a", "b", "free"].iter().all(|name| bucket(name).is_some())).await;
    pass(Duration::from_mins(1)).await;
    assert!(holding_events(&world).is_empty());

    let namespaces: Api<Namespace> = Api::all(world.api.client());
    namespaces.delete(HELD, &kube::api::DeleteParams::default()).await.unwrap();
    world.until("it is told", |world| !holding_events(world).is_empty()).await;
    pass(Duration::from_hours(1)).await;
    let told = holding_events(&world);
    let notes: Vec<_> = told.iter().map(|event| event["note"].as_str().unwrap()).collect();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].contains(": Bucket a, Bucket b; "), "{notes:?}");
    assert_eq!(told[0]["regarding"]["name"], HELD);
    assert_eq!(told[0]["metadata"]["namespace"], "default");
    assert!(bucket("a").is_some() && bucket("b").is_some() && bucket("free").is_none());

    let open = json!({"metadata": {"annotations": {"aws.cairn.run/deletion-protection": null}}});
    for name in ["a", "b"] {
        held(&world).patch(name, &PatchParams::default(), &Patch::Merge(&open)).await.unwrap();
    }
    world.until("all are gone", |_| bucket("a").is_none() && bucket("b").is_none()).await;
    assert!(world.api.object("", "namespaces", None, HELD).is_none());
}
