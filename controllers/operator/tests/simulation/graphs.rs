//! Buckets among the resources of graphs.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::harness::{GROUP, World};

/// A `ConfigMap` that has what the Bucket is known by, once it is ready.
fn definition() -> Value {
    let ready = "${bucket.status.conditions.exists(one, one.type == 'Ready' && one.status == 'True')}";
    let bucket = json!({"id": "bucket", "readyWhen": [ready], "template": {
        "apiVersion": format!("{GROUP}/v1alpha1"), "kind": "Bucket",
        "metadata": {"name": "${schema.metadata.name}"}, "spec": {"name": "${schema.spec.bucket}"},
    }});
    let settings = json!({"id": "settings", "template": {
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "${schema.metadata.name}"},
        "data": {"arn": "${bucket.status.ackResourceMetadata.arn}"},
    }});
    json!({
        "apiVersion": "cairn.run/v1alpha1", "kind": "ResourceGraphDefinition", "metadata": {"name": "shop"},
        "spec": {
            "schema": {"apiVersion": "v1alpha1", "kind": "Shop", "spec": {"bucket": "string"}},
            "resources": [bucket, settings],
        },
    })
}

/// When the last request of this sort was answered.
fn at(world: &World, verb: &str, resource: &str, subresource: Option<&str>) -> Timestamp {
    let calls = world.api.calls();
    let of = |call: &&cairn_testkit::api::ApiCall| {
        call.is(verb, resource) && call.subresource.as_deref() == subresource && call.code < 300
    };
    calls.iter().rev().find(of).unwrap().at
}

/// kro looks every three seconds.
#[tokio::test(start_paused = true)]
async fn what_needs_a_bucket_is_applied_as_soon_as_the_bucket_is_ready() {
    let world = World::quiet();
    let _operator = world.start("one");
    world.api.seed(&definition()).unwrap();
    let served =
        |world: &World| world.api.object("apiextensions.k8s.io", "customresourcedefinitions", None, "shops.cairn.run");
    world.until("the kind is served", |world| served(world).is_some()).await;
    let shop = json!({
        "apiVersion": "cairn.run/v1alpha1", "kind": "Shop", "metadata": {"name": "photos", "namespace": "default"},
        "spec": {"bucket": "photos-of-a"},
    });
    world.api.seed(&shop).unwrap();
    let settings = |world: &World| world.api.object("", "configmaps", Some("default"), "photos");
    world.until("the settings are there", |world| settings(world).is_some()).await;
    assert_eq!(settings(&world).unwrap()["data"]["arn"], "arn:aws:s3:::photos-of-a");
    let (ready, applied) = (at(&world, "patch", "buckets", Some("status")), at(&world, "patch", "configmaps", None));
    let took = Duration::try_from(applied.duration_since(ready)).unwrap();
    assert!(took <= Duration::from_millis(50), "{took:?} of virtual time: something waited for a timer");
}
