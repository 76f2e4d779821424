//! What `DescribeTable` tells.

use aws_sdk_dynamodb::types::{
    GlobalSecondaryIndexDescription, GlobalTableWitnessDescription, ReplicaDescription, ReplicaStatus,
    TableDescription, TableStatus,
};
use cairn_core::observed::{Phase, Present};
use serde_json::{Map, Value};

use super::parts::{self, replicas};
use crate::wire::{encode, timestamp, wire};

/// Fields of the status that are read again.
const REPLICAS: &str = "replicas";
const REPLICA_STATUS: &str = "replicaStatus";
const STREAM_ARN: &str = "latestStreamARN";

wire! {
    enum IndexStatus
    enum ReplicaStatus
    enum WitnessStatus
    struct ArchivalSummary {
        "archivalBackupARN" => archival_backup_arn,
        "archivalDateTime" => archival_date_time,
        "archivalReason" => archival_reason,
    }
    try struct RestoreSummary {
        "restoreDateTime" => restore_date_time,
        "restoreInProgress" => restore_in_progress,
        "sourceBackupARN" => source_backup_arn,
        "sourceTableARN" => source_table_arn,
    }
}

/// A table that exists. Its tags take a call of their own.
pub(super) fn present(table: &TableDescription) -> Present {
    Present {
        tags: None,
        incarnation: table.table_id.clone(),
        born: table.creation_date_time.and_then(timestamp),
        phase: phase(table),
        parts: parts::described(table),
        status: status(table),
    }
}

/// Source: DynamoDB API reference, `TableDescription.TableStatus`.
fn phase(table: &TableDescription) -> Phase {
    let unusable = |why: &str| Phase::Unusable(why.into());
    match &table.table_status {
        None | Some(TableStatus::Active) => Phase::Steady,
        Some(TableStatus::Creating) => Phase::Creating,
        Some(TableStatus::Updating) => Phase::Updating("AWS is working on the last change".into()),
        Some(TableStatus::Archiving) => Phase::Updating("AWS is archiving the table".into()),
        Some(TableStatus::Deleting) => Phase::Deleting,
        Some(TableStatus::InaccessibleEncryptionCredentials) => unusable(
            "DynamoDB cannot use the KMS key of the table, and archives the table after seven days; permit DynamoDB to \
             use the key again",
        ),
        Some(TableStatus::Archived) => unusable(
            "DynamoDB archived the table because its KMS key could not be used; status.archivalSummary names the \
             backup that it can be restored from",
        ),
        Some(TableStatus::ReplicationNotAuthorized) => unusable(
            "DynamoDB may not replicate the table; permit it by the resource policies of its replicas and the policy \
             of its KMS key",
        ),
        Some(other) => Phase::Unusable(format!("DynamoDB says that the table is {other}")),
    }
}

/// The kind's own fields of the status. One that AWS no longer tells goes.
fn status(table: &TableDescription) -> Map<String, Value> {
    [
        ("archivalSummary", encode(&table.archival_summary)),
        ("creationDateTime", encode(&table.creation_date_time)),
        ("globalSecondaryIndexesDescriptions", table.global_secondary_indexes.as_deref().map_or(Value::Null, indexes)),
        ("globalTableVersion", encode(&table.global_table_version)),
        ("itemCount", encode(&table.item_count)),
        (STREAM_ARN, encode(&table.latest_stream_arn)),
        ("latestStreamLabel", encode(&table.latest_stream_label)),
        (REPLICAS, all_replicas(table)),
        ("restoreSummary", encode(&table.restore_summary)),
        ("tableID", encode(&table.table_id)),
        ("tableSizeBytes", encode(&table.table_size_bytes)),
        ("tableStatus", encode(&table.table_status.as_ref().map(|status| status.as_str().to_owned()))),
    ]
    .map(|(field, value)| (field.to_owned(), value))
    .into_iter()
    .collect()
}

/// What is told of each index.
fn indexes(indexes: &[GlobalSecondaryIndexDescription]) -> Value {
    let told = |index: &GlobalSecondaryIndexDescription| {
        let fields = [
            ("indexName", encode(&index.index_name)),
            ("indexARN", encode(&index.index_arn)),
            ("indexStatus", encode(&index.index_status)),
            ("backfilling", encode(&index.backfilling.filter(|backfilling| *backfilling))),
            ("itemCount", encode(&index.item_count)),
            ("indexSizeBytes", encode(&index.index_size_bytes)),
        ];
        known(fields)
    };
    indexes.iter().map(told).collect()
}

/// What is told of each replica, and of a witness as of a replica; null where there is none.
fn all_replicas(table: &TableDescription) -> Value {
    let told = |replica: &ReplicaDescription| {
        known([
            ("regionName", encode(&replica.region_name)),
            ("kmsMasterKeyID", encode(&replica.kms_master_key_id)),
            ("replicaInaccessibleDateTime", encode(&replica.replica_inaccessible_date_time)),
            (REPLICA_STATUS, encode(&replica.replica_status)),
            ("replicaStatusDescription", encode(&replica.replica_status_description)),
            ("replicaStatusPercentProgress", encode(&replica.replica_status_percent_progress)),
        ])
    };
    let witness = |witness: &GlobalTableWitnessDescription| {
        known([("regionName", encode(&witness.region_name)), (REPLICA_STATUS, encode(&witness.witness_status))])
    };
    let witnesses = table.global_table_witnesses.iter().flatten().map(witness);
    let all: Vec<_> = replicas::others(table).map(told).chain(witnesses).collect();
    if all.is_empty() { Value::Null } else { all.into() }
}

/// ARN of the stream that a table has.
pub(super) fn stream(table: &Present) -> Option<&str> {
    let stream = table.parts.get(parts::STREAM)?.as_ref()?;
    table.status.get(STREAM_ARN)?.as_str().filter(|_| stream["streamEnabled"] == true)
}

/// The regions of a table's replicas that can be asked for what they have for themselves.
pub(super) fn active_replicas(table: &Present) -> Vec<&str> {
    let told = table.status.get(REPLICAS).and_then(Value::as_array);
    let active = |region: &&str| {
        let is_it = |replica: &Value| {
            replica[replicas::REGION] == **region && replica[REPLICA_STATUS] == ReplicaStatus::Active.as_str()
        };
        told.is_some_and(|told| told.iter().any(is_it))
    };
    let all = table.parts.get(replicas::FIELD).and_then(Option::as_ref).and_then(Value::as_array);
    all.into_iter().flatten().filter_map(|replica| replica[replicas::REGION].as_str()).filter(active).collect()
}

/// The fields of which AWS tells something.
fn known<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let known = fields.into_iter().filter(|(_, value)| !value.is_null());
    known.map(|(field, value)| (field.to_owned(), value)).collect::<Map<_, _>>().into()
}
