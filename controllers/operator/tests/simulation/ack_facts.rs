//! What ACK says of references and roles, under its names.

use cairn_testkit::aws::RoleSeed;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::{
    Api,
    api::{DynamicObject, Patch, PatchParams, PostParams},
    core::{ApiResource, GroupVersionKind},
};
use serde_json::{Value, json};

use crate::harness::World;

/// Status and message of one of ACK's conditions.
fn said(world: &World, name: &str) -> Option<(String, String)> {
    let object = world.object("photos")?;
    let found = object["status"]["conditions"].as_array()?.iter().find(|condition| condition["type"] == name)?.clone();
    let text = |field: &str| found[field].as_str().unwrap_or_default().to_owned();
    Some((text("status"), text("message")))
}

async fn until_said(world: &World, name: &str, status: Option<&str>) -> String {
    let holds = |world: &World| said(world, name).map(|(status, _)| status).as_deref() == status;
    world.until(&format!("{name} is {status:?}"), holds).await;
    said(world, name).map(|(_, message)| message).unwrap_or_default()
}

/// KMS keys, as ACK's own controller defines them.
fn keys(world: &World) -> Api<DynamicObject> {
    let any = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
    let definition: CustomResourceDefinition = serde_json::from_value(json!({
        "metadata": {"name": "keys.kms.services.k8s.aws"},
        "spec": {
            "group": "kms.services.k8s.aws", "scope": "Namespaced",
            "names": {"kind": "Key", "plural": "keys", "singular": "key", "listKind": "KeyList"},
            "versions": [{
                "name": "v1alpha1", "served": true, "storage": true, "subresources": {"status": {}},
                "schema": {"openAPIV3Schema": any},
            }],
        },
    }))
    .unwrap();
    world.api.install(&definition).unwrap();
    let kind = GroupVersionKind::gvk("kms.services.k8s.aws", "v1alpha1", "Key");
    Api::namespaced_with(world.api.client(), "default", &ApiResource::from_gvk(&kind))
}

async fn set_status(keys: &Api<DynamicObject>, status: Value) {
    let patch = Patch::Merge(json!({"status": status}));
    keys.patch_status("main", &PatchParams::default(), &patch).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn references_are_told_of_as_long_as_there_are_any() {
    const RESOLVED: &str = "ACK.ReferencesResolved";
    let world = World::ack();
    let keys = keys(&world);
    let _operator = world.start("one");
    let by_default = json!({"sseAlgorithm": "aws:kms", "kmsMasterKeyRef": {"from": {"name": "main"}}});
    let rules = json!([{"applyServerSideEncryptionByDefault": by_default}]);
    world.create("photos", json!({"name": "photos-of-a", "encryption": {"rules": rules}})).await;
    let message = until_said(&world, RESOLVED, Some("Unknown")).await;
    assert!(message.starts_with("Reference resolution failed: ") && message.ends_with("does not exist"), "{message}");
    assert_eq!(said(&world, "ACK.Recoverable").unwrap().0, "True");

    let object = json!({"apiVersion": "kms.services.k8s.aws/v1alpha1", "kind": "Key", "metadata": {"name": "main"}});
    keys.create(&PostParams::default(), &serde_json::from_value(object).unwrap()).await.unwrap();
    let condition = |name: &str, status: &str| json!({"type": name, "status": status});
    set_status(&keys, json!({"conditions": [condition("ACK.Terminal", "True")]})).await;
    let message = until_said(&world, RESOLVED, Some("False")).await;
    assert!(message.contains("ACK.Terminal"), "{message}");

    let metadata = json!({"arn": "arn:aws:kms:eu-west-1:111122223333:key/1", "ownerAccountID": "111122223333"});
    let conditions = json!([condition("ACK.ResourceSynced", "True")]);
    set_status(&keys, json!({"ackResourceMetadata": metadata, "conditions": conditions})).await;
    assert_eq!(until_said(&world, RESOLVED, Some("True")).await, "");
    world.until_ready("photos").await;
    assert_eq!(said(&world, "ACK.IAMRoleSelected"), None);

    world.patch("photos", json!({"spec": {"encryption": null}})).await;
    world.until_ready("photos").await;
    assert_eq!(said(&world, RESOLVED), None);
}

#[tokio::test(start_paused = true)]
async fn the_role_that_a_selector_gives_is_told() {
    const SELECTED: &str = "ACK.IAMRoleSelected";
    const ROLE: &str = "arn:aws:iam::111122223333:role/team";
    let world = World::ack();
    world.aws.put_role(RoleSeed::new(ROLE));
    let resource = cairn_runtime::engine::resource(&cairn_crds::shared::IAM_ROLE_SELECTOR, &world.groups);
    let selectors: Api<DynamicObject> = Api::all_with(world.api.client(), &resource);
    let selector = json!({
        "apiVersion": resource.api_version, "kind": "IAMRoleSelector", "metadata": {"name": "team"},
        "spec": {"arn": ROLE, "namespaceSelector": {"names": ["default"]}},
    });
    let selector = selectors.create(&PostParams::default(), &serde_json::from_value(selector).unwrap()).await.unwrap();
    let _operator = world.start("one");
    world.create("photos", json!({"name": "photos-of-a"})).await;
    world.until_ready("photos").await;
    let version = selector.metadata.resource_version.unwrap();
    let message = format!("roleARN: {ROLE}, selectorName: team, selectorResourceVersion: {version}");
    assert_eq!(said(&world, SELECTED), Some(("True".into(), message)));
    assert_eq!(said(&world, "ACK.ReferencesResolved"), None);

    selectors.delete("team", &kube::api::DeleteParams::default()).await.unwrap();
    until_said(&world, SELECTED, None).await;
    world.until_ready("photos").await;
}
