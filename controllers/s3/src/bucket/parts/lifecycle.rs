//! What becomes of objects as they grow old.

#![expect(deprecated, reason = "AWS still takes the old form of a prefix, and ACK has it")]

use aws_sdk_s3::types::{BucketLifecycleConfiguration, TransitionDefaultMinimumObjectSize};
use cairn_aws::{unless_absent, unmade};
use cairn_core::{
    failure::Failure,
    meaning::{Fill, Meaning},
    observed::Reading,
    rules::{PartRules, Rule},
};
use serde_json::{Map, Value};

use super::{Part, empty_without, without_empty_id};
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, encode, wire},
};

wire! {
    try struct BucketLifecycleConfiguration { "rules" => rules }
    try struct LifecycleRule {
        "abortIncompleteMultipartUpload" => abort_incomplete_multipart_upload,
        "expiration" => expiration,
        "filter" => filter,
        "id" => id,
        "noncurrentVersionExpiration" => noncurrent_version_expiration,
        "noncurrentVersionTransitions" => noncurrent_version_transitions,
        "prefix" => prefix,
        "status" => status,
        "transitions" => transitions,
    }
    struct LifecycleRuleFilter {
        "and" => and,
        "objectSizeGreaterThan" => object_size_greater_than,
        "objectSizeLessThan" => object_size_less_than,
        "prefix" => prefix,
        "tag" => tag,
    }
    struct LifecycleRuleAndOperator {
        "objectSizeGreaterThan" => object_size_greater_than,
        "objectSizeLessThan" => object_size_less_than,
        "prefix" => prefix,
        "tags" => tags,
    }
    struct AbortIncompleteMultipartUpload { "daysAfterInitiation" => days_after_initiation }
    struct LifecycleExpiration {
        "date" => date,
        "days" => days,
        "expiredObjectDeleteMarker" => expired_object_delete_marker,
    }
    struct NoncurrentVersionExpiration {
        "newerNoncurrentVersions" => newer_noncurrent_versions,
        "noncurrentDays" => noncurrent_days,
    }
    struct NoncurrentVersionTransition {
        "newerNoncurrentVersions" => newer_noncurrent_versions,
        "noncurrentDays" => noncurrent_days,
        "storageClass" => storage_class,
    }
    struct Transition { "date" => date, "days" => days, "storageClass" => storage_class }
    enum ExpirationStatus
    enum TransitionStorageClass
    enum TransitionDefaultMinimumObjectSize
}

const MEANING: Meaning = Meaning {
    sets: &["rules", "transitions", "noncurrentVersionTransitions", "tags"],
    defaults: &[("prefix", Fill::Text("")), ("filter", Fill::Empty), ("expiredObjectDeleteMarker", Fill::Flag(false))],
    generated: &["id"],
    times: &["date"],
    ..Meaning::EXACT
};
/// What S3 takes in a header, beside the document.
const SIZE: &str = "transitionDefaultMinimumObjectSize";

pub(super) struct Lifecycle;

impl Part for Lifecycle {
    const RULES: PartRules = PartRules {
        field: "lifecycle",
        rule: Rule::Whole,
        get: "GetBucketLifecycleConfiguration",
        put: "PutBucketLifecycleConfiguration",
        delete: Some("DeleteBucketLifecycle"),
        settle,
        same: |a, b| MEANING.same(a, b),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        let answer = fetch!(client, bucket, get_bucket_lifecycle_configuration, Self::RULES.get);
        let Some(answer) = unless_absent(answer, &["NoSuchLifecycleConfiguration"])? else { return Ok(None) };
        let mut value = Map::new();
        value.insert("rules".into(), answer.rules.unwrap_or_default().iter().map(encode).collect());
        cairn_aws::wire::put::<crate::wire::Sdk, _>(&mut value, SIZE, &answer.transition_default_minimum_object_size);
        Ok(Some(value.into()))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        const OPERATION: &str = Lifecycle::RULES.put;
        let document: BucketLifecycleConfiguration = decode(OPERATION, value)?;
        let size: Option<TransitionDefaultMinimumObjectSize> =
            cairn_aws::wire::take::<crate::wire::Sdk, _>(value, SIZE).map_err(|why| unmade(OPERATION, &why))?;
        let call = client.write.put_bucket_lifecycle_configuration().bucket(bucket);
        let call = call.set_expected_bucket_owner(client.expected_owner(bucket)).lifecycle_configuration(document);
        let answer = call.set_transition_default_minimum_object_size(size).send().await;
        answer.map(drop).map_err(|error| cairn_aws::failure(OPERATION, &error))
    }

    async fn delete(client: &Scoped, bucket: &str) -> Result<(), Failure> {
        send!(client, bucket, delete_bucket_lifecycle, "DeleteBucketLifecycle")
    }
}

/// S3 refuses a rule that does not say which objects, makes up names, and takes an absent size for its default.
fn settle(value: Value, observed: Option<&Value>) -> Value {
    let mut value = empty_without("rules", value);
    let Value::Object(fields) = &mut value else { return value };
    if let Some(Value::Array(rules)) = fields.get_mut("rules") {
        rules.iter_mut().for_each(complete);
        if let Some(size) = observed.and_then(|observed| observed.get(SIZE)) {
            fields.entry(SIZE).or_insert_with(|| size.clone());
        }
    }
    match observed {
        Some(observed) => MEANING.inherit(value, observed),
        None => value,
    }
}

fn complete(rule: &mut Value) {
    let Value::Object(rule) = rule else { return };
    without_empty_id(rule);
    if !rule.contains_key("prefix") {
        rule.entry("filter").or_insert_with(|| Map::new().into());
    }
    if let Some(Value::Object(expiration)) = rule.get_mut("expiration")
        && expiration.len() > 1
    {
        // Beside a time S3 refuses it, and false says nothing.
        expiration.retain(|name, value| name != "expiredObjectDeleteMarker" || value == true);
    }
}
