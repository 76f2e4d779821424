//! Logs of the requests to a bucket.

use aws_sdk_s3::types::BucketLoggingStatus;
use cairn_core::{
    failure::Failure,
    leaf,
    meaning::{Fill, Meaning},
    observed::Reading,
    rules::{PartRules, Rule},
};
use serde_json::Value;

use super::Part;
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, encode, wire},
};

wire! {
    struct BucketLoggingStatus { "loggingEnabled" => logging_enabled }
    try struct LoggingEnabled {
        "targetBucket" => target_bucket,
        "targetGrants" => target_grants,
        "targetObjectKeyFormat" => target_object_key_format,
        "targetPrefix" => target_prefix,
    }
    struct TargetGrant { "grantee" => grantee, "permission" => permission }
    struct TargetObjectKeyFormat { "partitionedPrefix" => partitioned_prefix, "simplePrefix" => simple_prefix }
    struct PartitionedPrefix { "partitionDateSource" => partition_date_source }
    struct SimplePrefix {}
    enum PartitionDateSource
    enum BucketLogsPermission
}

const MEANING: Meaning = Meaning {
    sets: &["targetGrants"],
    defaults: &[("targetPrefix", Fill::Text("")), ("partitionDateSource", Fill::Text("DeliveryTime"))],
    ..Meaning::EXACT
};
const DESTINATION: &str = "loggingEnabled";
const PREFIX: &str = "loggingEnabled.targetPrefix";
const FORMAT: &str = "loggingEnabled.targetObjectKeyFormat";

pub(super) struct Logging;

impl Part for Logging {
    /// A destination is one decision: a prefix of one bucket makes no sense in another, so it is written whole.
    const RULES: PartRules = PartRules {
        field: "logging",
        rule: Rule::Whole,
        get: "GetBucketLogging",
        put: "PutBucketLogging",
        delete: Some("PutBucketLogging"),
        settle: complete,
        same: |a, b| MEANING.same(&as_answered(a), &as_answered(b)),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        let answer = fetch!(client, bucket, get_bucket_logging, Self::RULES.get)?;
        let status = BucketLoggingStatus::builder().set_logging_enabled(answer.logging_enabled).build();
        Ok(status.logging_enabled.is_some().then(|| encode(&status)))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let value = decode(Self::RULES.put, value)?;
        send!(client, bucket, put_bucket_logging.bucket_logging_status(value), Self::RULES.put)
    }

    async fn delete(client: &Scoped, bucket: &str) -> Result<(), Failure> {
        let off = BucketLoggingStatus::builder().build();
        send!(client, bucket, put_bucket_logging.bucket_logging_status(off), Self::RULES.put)
    }
}

/// S3 refuses a destination without a prefix, also where there is none.
fn complete(mut value: Value, _: Option<&Value>) -> Value {
    if leaf::get(&value, DESTINATION).is_some() && leaf::get(&value, PREFIX).is_none() {
        leaf::set(&mut value, PREFIX, Some("".into()));
    }
    value
}

/// S3 does not say the format that is the default.
fn as_answered(value: &Value) -> Value {
    let mut value = value.clone();
    if leaf::get(&value, FORMAT).is_some_and(|format| format.get("simplePrefix").is_some()) {
        leaf::set(&mut value, FORMAT, None);
    }
    value
}
