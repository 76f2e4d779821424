//! Default encryption of new objects.

use cairn_aws::unless_absent;
use cairn_core::{
    failure::Failure,
    leaf,
    observed::Reading,
    rules::{PartRules, Removal},
};
use serde_json::{Value, json};

use super::Part;
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, encode, wire},
    zone::Zone,
};

wire! {
    struct ServerSideEncryptionRule {
        "applyServerSideEncryptionByDefault" => apply_server_side_encryption_by_default,
        "blockedEncryptionTypes" => blocked_encryption_types,
        "bucketKeyEnabled" => bucket_key_enabled,
    }
    struct BlockedEncryptionTypes { "encryptionType" => encryption_type }
}
wire! {
    try struct ServerSideEncryptionConfiguration { "rules" => rules }
    try struct ServerSideEncryptionByDefault { "kmsMasterKeyID" => kms_master_key_id, "sseAlgorithm" => sse_algorithm }
}
wire! { enum ServerSideEncryption enum EncryptionType }

const ALGORITHM: &str = "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm";
const BUCKET_KEY: &str = "rules.0.bucketKeyEnabled";
const KEY: &str = "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyID";

pub(super) struct Encryption;

impl Part for Encryption {
    /// S3 encrypts every new bucket with its own keys since January 2023. Going back from a KMS key to those would
    /// lower a protection, and deleting the configuration does just that.
    const RULES: PartRules = PartRules {
        field: "encryption",
        removal: Removal::Keep,
        get: "GetBucketEncryption",
        put: "PutBucketEncryption",
        on_new: || {
            Some(json!({
                "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}, "bucketKeyEnabled": false}],
            }))
        },
        settle: without_stray_key,
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        let answer = fetch!(client, bucket, get_bucket_encryption, Self::RULES.get);
        let answer = unless_absent(answer, &["ServerSideEncryptionConfigurationNotFoundError"])?;
        let configuration = answer.and_then(|answer| answer.server_side_encryption_configuration);
        Ok(configuration.map(|configuration| with_bucket_key(bucket, encode(&configuration))))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let value = decode(Self::RULES.put, &with_bucket_key(bucket, value.clone()))?;
        send!(client, bucket, put_bucket_encryption.server_side_encryption_configuration(value), Self::RULES.put)
    }
}

/// Directory buckets always have bucket keys, and refuse to be told otherwise.
fn with_bucket_key(bucket: &str, mut value: Value) -> Value {
    if Zone::of(bucket).is_some() {
        leaf::set(&mut value, BUCKET_KEY, Some(true.into()));
    }
    value
}

/// S3 refuses a KMS key beside its own keys. When the algorithm goes back to those, the key that AWS still has goes too.
fn without_stray_key(mut value: Value, _: Option<&Value>) -> Value {
    if leaf::get(&value, ALGORITHM).is_some_and(|algorithm| algorithm == "AES256") {
        leaf::set(&mut value, KEY, None);
    }
    value
}
