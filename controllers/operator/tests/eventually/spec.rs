//! What specs declare: one of a few values for each part, each with what AWS shows when it has it.

use serde_json::{Value, json};

/// One value of a part.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// What a merge patch of the spec says.
    pub(crate) patch: Value,
    /// What AWS has then.
    pub(crate) shows: Shows,
}

/// What AWS has of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shows {
    /// A document below this name that contains this text.
    Document(&'static str, &'static str),
    /// So many units set aside.
    Provisioned(i64),
    /// Payment by request.
    ByRequest,
}

/// A part of a spec.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) name: &'static str,
    /// What a merge patch says that takes the part away.
    pub(crate) without: Value,
    pub(crate) choices: Vec<Choice>,
    /// When it is taken from the spec, it goes from AWS too.
    pub(crate) goes: bool,
}

fn part(name: &'static str, goes: bool, choices: &[(Value, &'static str, &'static str)]) -> Part {
    let choice = |(value, document, text): &(Value, &'static str, &'static str)| Choice {
        patch: json!({name: value}),
        shows: Shows::Document(document, text),
    };
    Part { name, without: json!({name: null}), choices: choices.iter().map(choice).collect(), goes }
}

/// The parts of a bucket.
pub(crate) fn of_bucket(bucket: &str) -> Vec<Part> {
    vec![
        part(
            "versioning",
            false,
            &[
                (json!({"status": "Enabled"}), "versioning", "<Status>Enabled</Status>"),
                (json!({"status": "Suspended"}), "versioning", "<Status>Suspended</Status>"),
            ],
        ),
        part(
            "encryption",
            false,
            &[
                (encryption("aws:kms", Some("key-1")), "encryption", "key-1"),
                (encryption("aws:kms", Some("key-2")), "encryption", "key-2"),
                (encryption("AES256", None), "encryption", "AES256"),
            ],
        ),
        part(
            "ownershipControls",
            false,
            &[
                (ownership("BucketOwnerPreferred"), "ownershipControls", "BucketOwnerPreferred"),
                (ownership("BucketOwnerEnforced"), "ownershipControls", "BucketOwnerEnforced"),
            ],
        ),
        part(
            "publicAccessBlock",
            false,
            &[
                (json!({"ignorePublicACLs": true}), "publicAccessBlock", "<IgnorePublicAcls>true</IgnorePublicAcls>"),
                (json!({"ignorePublicACLs": false}), "publicAccessBlock", "<IgnorePublicAcls>false</IgnorePublicAcls>"),
            ],
        ),
        part(
            "policy",
            true,
            &[(json!(policy(bucket, "One")), "policy", "One"), (json!(policy(bucket, "Two")), "policy", "Two")],
        ),
    ]
}

fn encryption(algorithm: &str, key: Option<&str>) -> Value {
    let mut by_default = json!({"sseAlgorithm": algorithm});
    if let Some(key) = key {
        by_default["kmsMasterKeyID"] = json!(key);
    }
    json!({"rules": [{"applyServerSideEncryptionByDefault": by_default}]})
}

fn ownership(who: &str) -> Value {
    json!({"rules": [{"objectOwnership": who}]})
}

fn policy(bucket: &str, sid: &str) -> String {
    let statement = json!({
        "Sid": sid, "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": format!("arn:aws:s3:::{bucket}/*"),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    });
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

/// The parts of a table.
pub(crate) fn of_table() -> Vec<Part> {
    let provisioned = |units: i64| Choice {
        patch: json!({
            "billingMode": "PROVISIONED",
            "provisionedThroughput": {"readCapacityUnits": units, "writeCapacityUnits": units},
        }),
        shows: Shows::Provisioned(units),
    };
    let by_request = Choice {
        patch: json!({"billingMode": "PAY_PER_REQUEST", "provisionedThroughput": null}),
        shows: Shows::ByRequest,
    };
    vec![Part {
        name: "billingMode",
        without: json!({"billingMode": null, "provisionedThroughput": null}),
        choices: vec![provisioned(5), provisioned(9), by_request],
        goes: false,
    }]
}

/// What every spec of a table says.
pub(crate) fn table_base(name: &str) -> Value {
    json!({
        "tableName": name,
        "attributeDefinitions": [{"attributeName": "id", "attributeType": "S"}],
        "keySchema": [{"attributeName": "id", "keyType": "HASH"}],
    })
}

/// Tags in the form in which each kind declares them.
pub(crate) fn tags(tags: &[(&str, &str)]) -> Value {
    json!(tags.iter().map(|(key, value)| json!({"key": key, "value": value})).collect::<Vec<_>>())
}
