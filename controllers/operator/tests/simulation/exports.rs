//! Exports beside the engines that look after their sources.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    harness::{GROUP, World, pass},
    spec,
};

const BUCKET: &str = "photos-of-a";

fn export(world: &World) {
    let resource = json!({"group": GROUP, "kind": "Bucket", "name": "photos"});
    let values =
        json!([{"key": "ARN", "path": ".status.ackResourceMetadata.arn"}, {"key": "NAME", "path": ".spec.name"}]);
    let object = json!({
        "apiVersion": "aws.cairn.run/v1alpha1", "kind": "FieldExport",
        "metadata": {"name": "photos", "namespace": "default"},
        "spec": {"from": {"resource": resource}, "to": {"kind": "configmap", "name": "app"}, "values": values},
    });
    world.api.seed(&object).unwrap();
}

fn data(world: &World) -> Value {
    world.api.object("", "configmaps", Some("default"), "app").unwrap_or_default()["data"].clone()
}

#[tokio::test(start_paused = true)]
async fn a_bucket_that_becomes_ready_is_exported() {
    let world = World::quiet();
    let _operator = world.start("one");
    export(&world);
    pass(Duration::from_secs(5)).await;
    assert_eq!(data(&world), Value::Null);
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_ready("photos").await;
    let expected = json!({"ARN": format!("arn:aws:s3:::{BUCKET}"), "NAME": BUCKET});
    world.until("the values", |world| data(world) == expected).await;
    world.forget_calls();
    pass(Duration::from_hours(12)).await;
    assert!(world.kubernetes_calls().is_empty(), "{:?}", world.kubernetes_calls());
}

#[tokio::test(start_paused = true)]
async fn without_the_reconciler_exports_are_not_even_looked_at() {
    let world = World::new().flag("--enable-field-export-reconciler=false");
    world.create("photos", spec::minimal(BUCKET)).await;
    export(&world);
    world.forget_calls();
    let _operator = world.start("one");
    world.until_ready("photos").await;
    pass(Duration::from_mins(10)).await;
    assert_eq!(data(&world), Value::Null);
    let shared = ["fieldexports", "awsreferencegrants"];
    assert!(!world.api.calls().iter().any(|call| shared.contains(&call.resource.as_str())));
}

#[tokio::test(start_paused = true)]
async fn a_standby_exports_nothing_until_it_takes_over() {
    let world = World::new();
    let first = world.start("one");
    world.create("photos", spec::minimal(BUCKET)).await;
    world.until_ready("photos").await;
    let _second = world.start("two");
    pass(Duration::from_mins(1)).await;
    first.kill();
    export(&world);
    pass(Duration::from_secs(5)).await;
    assert_eq!(data(&world), Value::Null, "the lease of the first is still good");
    world.until("the values", |world| data(world)["NAME"] == BUCKET).await;
}
