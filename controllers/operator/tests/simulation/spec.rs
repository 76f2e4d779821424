//! Specs that several tests use.

use serde_json::{Value, json};

/// One spec for each part, each with the fields that AWS has afterwards in its own form.
pub(crate) fn parts(bucket: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("encryption", encryption("key-1")),
        ("ownershipControls", json!({"rules": [{"objectOwnership": "BucketOwnerPreferred"}]})),
        ("policy", json!(policy(&format!("arn:aws:s3:::{bucket}/*")))),
        (
            "publicAccessBlock",
            json!({"blockPublicACLs": true, "blockPublicPolicy": true, "ignorePublicACLs": true, "restrictPublicBuckets": true}),
        ),
        ("versioning", json!({"status": "Enabled"})),
    ]
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
    let mut spec = minimal(name);
    for (field, value) in parts(name) {
        spec[field] = value;
    }
    spec["tagging"] = json!({"tagSet": [{"key": "team", "value": "a"}]});
    spec
}
