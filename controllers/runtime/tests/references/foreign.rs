//! References to kinds of other controllers.

use std::time::Duration;

use cairn_core::api::{Groups, Home, Kind, Reach};
use kube::{
    Api,
    api::{DynamicObject, Patch, PatchParams, PostParams},
};
use serde_json::{Value, json};

use crate::{
    fixture::JOB,
    world::{HERE, World, from, pass},
};

static KEY: Kind = Kind {
    home: Home::Service("kms"),
    reach: Reach::Namespaced,
    kind: "Key",
    plural: "keys",
    description: "A key.",
    columns: &[],
    spec: || json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true}),
    status: || json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true}),
};

fn acks() -> Groups {
    Groups::new(Groups::ACK_SUFFIX, Groups::KRO_GRAPH).unwrap()
}

async fn put_key(world: &World, groups: &Groups, name: &str, status: Value) {
    let resource = cairn_runtime::engine::resource(&KEY, groups);
    let api: Api<DynamicObject> = Api::namespaced_with(world.api.client(), HERE, &resource);
    let object = json!({"apiVersion": resource.api_version, "kind": "Key", "metadata": {"name": name}, "spec": {}});
    if world.api.object(&resource.group, "keys", Some(HERE), name).is_none() {
        api.create(&PostParams::default(), &serde_json::from_value(object).unwrap()).await.unwrap();
    }
    let patch = Patch::Merge(json!({"status": status}));
    api.patch_status(name, &PatchParams::default(), &patch).await.unwrap();
}

fn synced(arn: &str, status: &str) -> Value {
    json!({
        "ackResourceMetadata": {"arn": arn},
        "conditions": [{"type": "ACK.ResourceSynced", "status": status, "message": "words"}],
    })
}

fn key_calls(world: &World) -> usize {
    world.api.calls().iter().filter(|call| call.group.starts_with("kms.")).count()
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_nobody_installed_is_told_and_heals_when_it_appears() {
    let world = World::of(&JOB);
    let _operator = world.start();
    world.create("other", json!({"size": 1})).await;
    world.until_ready("other").await;
    assert_eq!(key_calls(&world), 0, "nobody refers to keys");
    world.create("a", json!({"keyRef": from("disk")})).await;
    assert_eq!(
        world.until_says("a", "DependencyNotReady").await,
        "keyRef: Key team/disk cannot be found: no such kind is installed in kms.aws.cairn.run or kms.services.k8s.aws"
    );
    world.assert_quiet("nothing is there").await;
    world.api.install(&KEY.definition(&acks()).unwrap()).unwrap();
    world.until_tells("a", &["Key team/disk does not exist"]).await;
    put_key(&world, &acks(), "disk", json!({})).await;
    world.until_tells("a", &["Key team/disk is not ready"]).await;
    put_key(&world, &acks(), "disk", synced("arn:1", "False")).await;
    pass(Duration::from_secs(1)).await;
    assert!(world.said("a").unwrap().1.contains("is not ready"));
    put_key(&world, &acks(), "disk", synced("arn:1", "True")).await;
    let ready = tokio::time::Instant::now();
    world.until_ready("a").await;
    assert!(ready.elapsed() < Duration::from_millis(200), "{:?}", ready.elapsed());
    put_key(&world, &acks(), "disk", synced("arn:2", "True")).await;
    let job = |world: &World| {
        world.cloud.resources("Job").into_iter().any(|(_, job)| job.fields.get("keyARN") == Some(&json!("arn:2")))
    };
    world.until("a follows", job).await;
}

#[tokio::test(start_paused = true)]
async fn our_own_group_goes_before_acks() {
    let world = World::of(&JOB);
    let ours = Groups::default();
    for groups in [&ours, &acks()] {
        world.api.install(&KEY.definition(groups).unwrap()).unwrap();
    }
    put_key(&world, &acks(), "disk", synced("arn:acks", "True")).await;
    let _operator = world.start();
    world.create("a", json!({"keyRef": from("disk")})).await;
    world.until_ready("a").await;
    assert_eq!(world.cloud.only("Job").1.fields["keyARN"], "arn:acks");
    let status = json!({
        "ackResourceMetadata": {"arn": "arn:ours"}, "conditions": [{"type": "Ready", "status": "True"}],
    });
    put_key(&world, &ours, "disk", status).await;
    world.until("a turns to ours", |world| world.cloud.only("Job").1.fields["keyARN"] == "arn:ours").await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_watched_that_nothing_refers_to_any_more() {
    let world = World::of(&JOB);
    world.api.install(&KEY.definition(&acks()).unwrap()).unwrap();
    put_key(&world, &acks(), "disk", synced("arn:1", "True")).await;
    let _operator = world.start();
    world.create("a", json!({"keyRef": from("disk")})).await;
    world.until_ready("a").await;
    world.patch("a", json!({"spec": {"keyRef": null, "keyARN": "arn:1"}})).await;
    world.until_ready("a").await;
    assert_eq!(world.cloud.mutations(), ["Create"], "the same value is nothing new");
    pass(Duration::from_mins(1)).await;
    world.forget_calls();
    pass(Duration::from_hours(2)).await;
    assert_eq!(key_calls(&world), 0, "{:?}", world.api.calls());
    world.patch("a", json!({"spec": {"keyRef": from("disk"), "keyARN": null}})).await;
    world.until_ready("a").await;
    put_key(&world, &acks(), "disk", synced("arn:2", "True")).await;
    world.until("it is watched again", |world| world.cloud.only("Job").1.fields["keyARN"] == "arn:2").await;
}
