//! Buckets that name other objects instead of values.

use std::time::Duration;

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::{
    Api,
    api::{DynamicObject, Patch, PatchParams, PostParams},
    core::{ApiResource, GroupVersionKind},
};
use serde_json::{Value, json};

use crate::{
    harness::{World, pass},
    spec,
};

const BUCKET: &str = "photos-of-a";

/// A kind of another controller, its service, its plural, and the ARN of the one object of it.
const OTHERS: [(&str, &str, &str, &str); 5] = [
    ("kms", "Key", "keys", "arn:aws:kms:eu-west-1:111122223333:key/1"),
    ("iam", "Role", "roles", "arn:aws:iam::111122223333:role/copies"),
    ("sqs", "Queue", "queues", "arn:aws:sqs:eu-west-1:111122223333:new"),
    ("sns", "Topic", "topics", "arn:aws:sns:eu-west-1:111122223333:new"),
    ("lambda", "Function", "functions", "arn:aws:lambda:eu-west-1:111122223333:function:new"),
];

fn to(name: &str) -> Value {
    json!({"from": {"name": name}})
}

/// A bucket that names another object wherever that can be.
fn referring() -> Value {
    let entry = |field: &str, event: &str| json!([{field: to("main"), "events": [event]}]);
    let table = json!({"sseAlgorithm": "aws:kms", "kmsKeyRef": to("main")});
    let mut spec = spec::full(BUCKET);
    spec["encryption"]["rules"][0]["applyServerSideEncryptionByDefault"] =
        json!({"sseAlgorithm": "aws:kms", "kmsMasterKeyRef": to("main")});
    spec["logging"] = json!({"loggingEnabled": {"targetBucketRef": to("logs")}});
    spec["analytics"][0]["storageClassAnalysis"]["dataExport"]["destination"]["s3BucketDestination"] =
        json!({"bucketRef": to("logs"), "format": "CSV"});
    spec["inventory"][0]["destination"]["s3BucketDestination"] =
        json!({"bucketRef": to("logs"), "format": "CSV", "encryption": {"sseKMS": {"keyRef": to("main")}}});
    spec["replication"]["role"] = Value::Null;
    spec["replication"]["roleRef"] = to("main");
    spec["replication"]["rules"][0]["destination"] =
        json!({"bucketRef": to("logs"), "encryptionConfiguration": {"replicaKMSKeyRef": to("main")}});
    spec["replication"]["rules"][0]["sourceSelectionCriteria"] =
        json!({"sseKMSEncryptedObjects": {"status": "Enabled"}});
    spec["metadataConfiguration"] = json!({
        "journalTableConfiguration": {"recordExpiration": {"expiration": "DISABLED"}, "encryptionConfiguration": table},
        "inventoryTableConfiguration": {"configurationState": "ENABLED", "encryptionConfiguration": table},
        "annotationTableConfiguration":
            {"configurationState": "ENABLED", "encryptionConfiguration": table, "roleRef": to("main")},
    });
    spec["metrics"] = json!([
        {"id": "one", "filter": {"accessPointRef": to("main")}},
        {"id": "two", "filter": {"and": {"prefix": "photos/", "accessPointRef": to("main")}}},
    ]);
    spec["notification"] = json!({
        "queueConfigurations": entry("queueRef", "s3:ObjectCreated:*"),
        "topicConfigurations": entry("topicRef", "s3:ObjectRemoved:*"),
        "lambdaFunctionConfigurations": entry("lambdaFunctionRef", "s3:ObjectRestore:*"),
    });
    // Nobody writes a field that is null.
    spec["replication"].as_object_mut().unwrap().retain(|_, value| !value.is_null());
    spec
}

/// The kind is installed, with one object of it that is ready.
pub(crate) async fn install(world: &World, (service, kind, plural, arn): (&str, &str, &str, &str)) {
    let group = format!("{service}.aws.cairn.run");
    let any = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
    let definition: CustomResourceDefinition = serde_json::from_value(json!({
        "metadata": {"name": format!("{plural}.{group}")},
        "spec": {
            "group": group, "scope": "Namespaced",
            "names": {"kind": kind, "plural": plural, "singular": kind.to_lowercase(), "listKind": format!("{kind}List")},
            "versions": [{
                "name": "v1alpha1", "served": true, "storage": true, "subresources": {"status": {}},
                "schema": {"openAPIV3Schema": any},
            }],
        },
    }))
    .unwrap();
    world.api.install(&definition).unwrap();
    let api = create_main(world, (&group, kind, plural), json!({})).await;
    let ready = json!([{"type": "Ready", "status": "True"}]);
    let status = json!({"status": {"ackResourceMetadata": {"arn": arn}, "conditions": ready}});
    api.patch_status("main", &PatchParams::default(), &Patch::Merge(status)).await.unwrap();
}

async fn create_main(world: &World, (group, kind, plural): (&str, &str, &str), spec: Value) -> Api<DynamicObject> {
    let gvk = GroupVersionKind::gvk(group, "v1alpha1", kind);
    let api: Api<DynamicObject> =
        Api::namespaced_with(world.api.client(), "default", &ApiResource::from_gvk_with_plural(&gvk, plural));
    let (version, metadata) = (format!("{group}/v1alpha1"), json!({"name": "main"}));
    let object = json!({"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec});
    api.create(&PostParams::default(), &serde_json::from_value(object).unwrap()).await.unwrap();
    api
}

#[tokio::test(start_paused = true)]
async fn every_reference_waits_for_what_it_names_and_then_holds() {
    let world = World::new();
    let _operator = world.start("one");
    world.create("photos", referring()).await;
    world.until_reason("photos", "DependencyNotReady").await;
    let message = world.ready("photos").unwrap().2;
    let told = message.matches(" default/").count();
    // A message that is longer is cut.
    assert!(told >= 12 && (told == cairn_s3::bucket::RULES.references.len() || message.ends_with('…')), "{message}");
    for (service, kind, ..) in OTHERS {
        let group = format!("{service}.aws.cairn.run or {service}.services.k8s.aws");
        assert!(
            message.contains(&format!("{kind} default/main cannot be found: no such kind is installed in {group}"))
        );
    }
    assert!(message.contains("bucketRef: Bucket default/logs does not exist"), "{message}");
    assert_eq!(world.mutations(), [""; 0]);

    for other in OTHERS {
        install(&world, other).await;
    }
    let point = ("s3control.aws.cairn.run", "AccessPoint", "accesspoints");
    create_main(&world, point, json!({"name": "readers", "bucket": BUCKET})).await;
    let mut logs = json!({});
    logs["versioning"] = json!({"status": "Enabled"});
    world.create("logs", logs).await;
    world.until_ready("photos").await;
    let bucket = world.aws.bucket(BUCKET).unwrap();
    let has = |part: &str, what: &str| assert!(bucket.config[part].contains(what), "{part} lacks {what}: {bucket:?}");
    let own = "default-logs-111122223333-eu-west-1-an";
    has("logging", &format!("<TargetBucket>{own}</TargetBucket>"));
    for part in ["analytics", "inventory", "replication"] {
        has(part, &format!("<Bucket>arn:aws:s3:::{own}</Bucket>"));
    }
    let point = "<AccessPointArn>arn:aws:s3:eu-west-1:111122223333:accesspoint/readers</AccessPointArn>";
    assert_eq!(bucket.config["metrics"].matches(point).count(), 2, "{bucket:?}");
    let [key, role, queue, topic, function] = OTHERS.map(|(.., arn)| arn);
    for (part, arns) in [
        ("encryption", &[key][..]),
        ("inventory", &[key]),
        ("replication", &[key, role]),
        ("notification", &[queue, topic, function]),
        ("metadataConfiguration", &[role]),
    ] {
        for arn in arns {
            has(part, arn);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_bucket_with_a_name_of_its_own_is_followed_as_soon_as_it_is_ready() {
    let world = World::new();
    let _operator = world.start("one");
    let mut spec = spec::minimal(BUCKET);
    spec["logging"] = json!({"loggingEnabled": {"targetBucketRef": to("logs"), "targetPrefix": "a/"}});
    world.create("photos", spec).await;
    world.until_reason("photos", "DependencyNotReady").await;
    pass(Duration::from_mins(1)).await;
    world.forget_calls();
    world.create("logs", json!({"name": "logs-of-a"})).await;
    world.until_ready("logs").await;
    let since = world.aws.clock().now();
    world.until_ready("photos").await;
    assert!(world.aws.clock().now().duration_since(since).as_secs() < 5, "it waited for a timer");
    assert!(world.aws.bucket(BUCKET).unwrap().config["logging"].contains("<TargetBucket>logs-of-a<"));
}
