//! Specs that several tests use.

mod variants;

use serde_json::{Value, json};

pub(crate) use variants::{Variant, variants};

/// One spec for each part, each with the fields that AWS has afterwards in its own form. Each goes together with those
/// before it.
pub(crate) fn parts(bucket: &str) -> Vec<(&'static str, Value)> {
    let arn = format!("arn:aws:s3:::{bucket}");
    vec![
        ("encryption", encryption("key-1")),
        ("ownershipControls", json!({"rules": [{"objectOwnership": "BucketOwnerPreferred"}]})),
        ("policy", json!(policy(&format!("{arn}/*")))),
        (
            "publicAccessBlock",
            json!({"blockPublicACLs": true, "blockPublicPolicy": true, "ignorePublicACLs": true, "restrictPublicBuckets": true}),
        ),
        ("versioning", json!({"status": "Enabled"})),
        ("abac", json!({"status": "Enabled"})),
        ("accelerate", json!({"status": "Enabled"})),
        ("accessControlPolicy", json!({"grants": [grant("http://acs.amazonaws.com/groups/s3/LogDelivery", "WRITE")]})),
        ("analytics", json!([analytics("all", &arn)])),
        ("cors", json!({"corsRules": [cors_rule()]})),
        ("intelligentTiering", json!([tiering("old", 90)])),
        ("inventory", json!([inventory("weekly", &arn)])),
        ("lifecycle", json!({"rules": [lifecycle_rule("old", 365)]})),
        ("logging", json!({"loggingEnabled": {"targetBucket": bucket, "targetPrefix": "logs/"}})),
        (
            "metadataConfiguration",
            json!({
                "journalTableConfiguration": {"recordExpiration": {"expiration": "ENABLED", "days": 30}},
                "inventoryTableConfiguration": {"configurationState": "ENABLED"},
            }),
        ),
        ("metrics", json!([{"id": "photos", "filter": {"prefix": "photos/"}}])),
        ("notification", json!({"queueConfigurations": [queue("new", "s3:ObjectCreated:*")]})),
        ("objectLockConfiguration", json!({"rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 1}}})),
        ("replication", replication(1)),
        ("requestPayment", json!({"payer": "Requester"})),
        ("website", json!({"indexDocument": {"suffix": "index.html"}, "errorDocument": {"key": "error.html"}})),
    ]
}

fn cors_rule() -> Value {
    json!({
        "id": "pages",
        "allowedHeaders": ["*"],
        "allowedMethods": ["GET", "HEAD"],
        "allowedOrigins": ["https://example.com"],
        "exposeHeaders": ["ETag"],
        "maxAgeSeconds": 600,
    })
}

fn grant(group: &str, permission: &str) -> Value {
    json!({"grantee": {"type_": "Group", "uRI": group, "displayName": "somebody"}, "permission": permission})
}

fn analytics(id: &str, bucket: &str) -> Value {
    let destination = json!({"s3BucketDestination": {"bucket": bucket, "format": "CSV", "prefix": "usage/"}});
    let export = json!({"outputSchemaVersion": "V_1", "destination": destination});
    json!({"id": id, "storageClassAnalysis": {"dataExport": export}})
}

fn tiering(id: &str, days: u32) -> Value {
    let tiers = json!([
        {"accessTier": "ARCHIVE_ACCESS", "days": days},
        {"accessTier": "DEEP_ARCHIVE_ACCESS", "days": 180},
    ]);
    json!({"id": id, "status": "Enabled", "filter": {"prefix": "old/"}, "tierings": tiers})
}

fn inventory(id: &str, bucket: &str) -> Value {
    let destination = json!({"bucket": bucket, "format": "Parquet", "encryption": {"sseS3": {}}});
    json!({
        "id": id,
        "isEnabled": true,
        "destination": {"s3BucketDestination": destination},
        "includedObjectVersions": "All",
        "optionalFields": ["Size", "ETag"],
        "schedule": {"frequency": "Weekly"},
    })
}

fn lifecycle_rule(id: &str, days: u32) -> Value {
    let tag = json!({"key": "keep", "value": "no"});
    json!({
        "id": id,
        "status": "Enabled",
        "filter": {"and": {"prefix": "a/", "tags": [tag], "objectSizeGreaterThan": 1024}},
        "expiration": {"days": days},
        "transitions": [{"days": 30, "storageClass": "STANDARD_IA"}, {"days": 90, "storageClass": "GLACIER"}],
        "noncurrentVersionExpiration": {"noncurrentDays": 30, "newerNoncurrentVersions": 3},
        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
    })
}

fn queue(id: &str, event: &str) -> Value {
    let filter =
        json!({"key": {"filterRules": [{"name": "prefix", "value": "in/"}, {"name": "suffix", "value": ".jpg"}]}});
    json!({"id": id, "queueARN": "arn:aws:sqs:eu-west-1:111122223333:new", "events": [event], "filter": filter})
}

fn replication(priority: u32) -> Value {
    let rule = json!({
        "id": "copies",
        "status": "Enabled",
        "priority": priority,
        "filter": {"prefix": "a/"},
        "deleteMarkerReplication": {"status": "Disabled"},
        "destination": {"bucket": "arn:aws:s3:::copies-of-a", "storageClass": "STANDARD_IA"},
    });
    json!({"role": "arn:aws:iam::111122223333:role/copies", "rules": [rule]})
}

pub(crate) fn encryption(key: &str) -> Value {
    let by_default = json!({"sseAlgorithm": "aws:kms", "kmsMasterKeyID": key});
    json!({"rules": [{"applyServerSideEncryptionByDefault": by_default}]})
}

pub(crate) fn policy(resource: &str) -> String {
    let statement = json!({
        "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": resource,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    });
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

/// A spec with a name and nothing else.
pub(crate) fn minimal(name: &str) -> Value {
    json!({"name": name})
}

/// A spec that declares everything, tags included.
pub(crate) fn full(name: &str) -> Value {
    declaring(name, usize::MAX)
}

/// A spec that declares five parts, as many do, and tags.
pub(crate) fn usual(name: &str) -> Value {
    declaring(name, 5)
}

/// A spec that declares so many parts, and tags.
pub(crate) fn declaring(name: &str, parts: usize) -> Value {
    let mut spec = minimal(name);
    for (field, value) in self::parts(name).into_iter().take(parts) {
        spec[field] = value;
    }
    spec["tagging"] = json!({"tagSet": [{"key": "team", "value": "a"}]});
    spec
}
