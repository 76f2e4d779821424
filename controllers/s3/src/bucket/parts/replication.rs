//! Copies of objects in other buckets.

#![expect(deprecated, reason = "AWS still takes the old form of a prefix, and ACK has it")]

use cairn_aws::unless_absent;
use cairn_core::{
    failure::Failure,
    leaf,
    meaning::{Fill, Meaning},
    observed::Reading,
    rules::{PartRules, Removal, Rule},
};
use serde_json::{Map, Value, json};

use super::{Part, empty_without, without_empty_id};
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, encode, wire},
};

wire! {
    try struct ReplicationConfiguration { "role" => role, "rules" => rules }
    try struct ReplicationRule {
        "deleteMarkerReplication" => delete_marker_replication,
        "destination" => destination,
        "existingObjectReplication" => existing_object_replication,
        "filter" => filter,
        "id" => id,
        "prefix" => prefix,
        "priority" => priority,
        "sourceSelectionCriteria" => source_selection_criteria,
        "status" => status,
    }
    struct ReplicationRuleFilter { "and" => and, "prefix" => prefix, "tag" => tag }
    struct ReplicationRuleAndOperator { "prefix" => prefix, "tags" => tags }
    struct DeleteMarkerReplication { "status" => status }
    try struct ExistingObjectReplication { "status" => status }
    struct SourceSelectionCriteria {
        "replicaModifications" => replica_modifications,
        "sseKMSEncryptedObjects" => sse_kms_encrypted_objects,
    }
    try struct ReplicaModifications { "status" => status }
    try struct SseKmsEncryptedObjects { "status" => status }
    try struct Destination {
        "accessControlTranslation" => access_control_translation,
        "account" => account,
        "bucket" => bucket,
        "encryptionConfiguration" => encryption_configuration,
        "metrics" => metrics,
        "replicationTime" => replication_time,
        "storageClass" => storage_class,
    }
    try struct AccessControlTranslation { "owner" => owner }
    struct EncryptionConfiguration { "replicaKMSKeyID" => replica_kms_key_id }
    try struct Metrics { "eventThreshold" => event_threshold, "status" => status }
    try struct ReplicationTime { "status" => status, "time" => time }
    struct ReplicationTimeValue { "minutes" => minutes }
    enum ReplicationRuleStatus
    enum DeleteMarkerReplicationStatus
    enum ExistingObjectReplicationStatus
    enum ReplicaModificationsStatus
    enum SseKmsEncryptedObjectsStatus
    enum StorageClass
    enum OwnerOverride
    enum MetricsStatus
    enum ReplicationTimeStatus
}

const MEANING: Meaning = Meaning {
    sets: &["rules", "tags"],
    defaults: &[("prefix", Fill::Text("")), ("filter", Fill::Empty), ("priority", Fill::Number(0))],
    generated: &["id"],
    ..Meaning::EXACT
};

/// Times that S3 wants to hear in minutes, and the only number that it takes.
const TIMES: [&str; 2] = ["destination.replicationTime.time", "destination.metrics.eventThreshold"];
const MINUTES: i32 = 15;

pub(super) struct Replication;

impl Part for Replication {
    /// Copies elsewhere may be all that is left one day, so only an empty list stops them. S3 replicates versioned
    /// buckets alone.
    const RULES: PartRules = PartRules {
        field: "replication",
        rule: Rule::Whole,
        removal: Removal::Keep,
        get: "GetBucketReplication",
        put: "PutBucketReplication",
        delete: Some("DeleteBucketReplication"),
        after: &["versioning"],
        settle,
        same: |a, b| MEANING.same(a, b),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        let answer = fetch!(client, bucket, get_bucket_replication, Self::RULES.get);
        let answer = unless_absent(answer, &["ReplicationConfigurationNotFoundError"])?;
        Ok(answer.and_then(|answer| answer.replication_configuration).map(|configuration| encode(&configuration)))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let value = decode(Self::RULES.put, value)?;
        send!(client, bucket, put_bucket_replication.replication_configuration(value), Self::RULES.put)
    }

    async fn delete(client: &Scoped, bucket: &str) -> Result<(), Failure> {
        send!(client, bucket, delete_bucket_replication, "DeleteBucketReplication")
    }
}

/// S3 refuses a rule that does not say which objects, or, in the new form, what becomes of delete markers; and it makes
/// up names.
fn settle(value: Value, observed: Option<&Value>) -> Value {
    let mut value = empty_without("rules", value);
    if let Some(Value::Array(rules)) = value.get_mut("rules") {
        rules.iter_mut().for_each(complete);
    }
    match observed {
        Some(observed) => MEANING.inherit(value, observed),
        None => value,
    }
}

fn complete(rule: &mut Value) {
    for time in TIMES {
        if leaf::get(rule, time).is_some_and(|time| time.get("minutes").is_none()) {
            leaf::set(rule, &format!("{time}.minutes"), Some(MINUTES.into()));
        }
    }
    let Value::Object(rule) = rule else { return };
    without_empty_id(rule);
    if !rule.contains_key("prefix") {
        rule.entry("filter").or_insert_with(|| Map::new().into());
        rule.entry("deleteMarkerReplication").or_insert_with(|| json!({"status": "Disabled"}));
    }
}
