//! What is seen of tables.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::status::CommonStatus;

/// What Cairn saw of the table when it last looked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TableStatus {
    /// What every AWS kind carries.
    #[serde(flatten)]
    pub common: CommonStatus,
    /// Why AWS archived the table, and what it can be restored from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archival_summary: Option<ArchivalSummary>,
    /// When AWS created the table, as RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creation_date_time: Option<String>,
    /// The backup that is made before the table is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub final_backup: Option<FinalBackup>,
    /// What AWS tells of each global secondary index.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["indexName"]))]
    pub global_secondary_indexes_descriptions: Option<Vec<IndexStatus>>,
    /// Version of global tables that the replicas are of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub global_table_version: Option<String>,
    /// How many items the table holds. AWS counts about every six hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item_count: Option<i64>,
    /// ARN of the table's newest stream.
    #[serde(rename = "latestStreamARN", skip_serializing_if = "Option::is_none")]
    pub latest_stream_arn: Option<String>,
    /// When the newest stream was made; with the table's name it is unique in the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_stream_label: Option<String>,
    /// What AWS tells of each replica, and of a witness as of a replica.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["regionName"]))]
    pub replicas: Option<Vec<ReplicaStatus>>,
    /// What the table was restored from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restore_summary: Option<RestoreSummary>,
    /// AWS's own id of the table. Another table of the same name has another.
    #[serde(rename = "tableID", skip_serializing_if = "Option::is_none")]
    pub table_id: Option<String>,
    /// Size of the table in bytes. AWS counts about every six hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table_size_bytes: Option<i64>,
    /// State of the table: `ACTIVE`, `CREATING`, `UPDATING`, `DELETING`, ….
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table_status: Option<String>,
}

/// Why AWS archived a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArchivalSummary {
    /// ARN of the backup that it can be restored from.
    #[serde(rename = "archivalBackupARN", skip_serializing_if = "Option::is_none")]
    pub archival_backup_arn: Option<String>,
    /// When, as RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archival_date_time: Option<String>,
    /// Why: `INACCESSIBLE_ENCRYPTION_CREDENTIALS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archival_reason: Option<String>,
}

/// What a table was restored from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RestoreSummary {
    /// The moment that was restored, as RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restore_date_time: Option<String>,
    /// Whether AWS is still at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restore_in_progress: Option<bool>,
    /// ARN of the backup, if it was one.
    #[serde(rename = "sourceBackupARN", skip_serializing_if = "Option::is_none")]
    pub source_backup_arn: Option<String>,
    /// ARN of the table.
    #[serde(rename = "sourceTableARN", skip_serializing_if = "Option::is_none")]
    pub source_table_arn: Option<String>,
}

/// What AWS tells of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IndexStatus {
    /// Name of the index.
    pub index_name: String,
    /// ARN.
    #[serde(rename = "indexARN", skip_serializing_if = "Option::is_none")]
    pub index_arn: Option<String>,
    /// State: `ACTIVE`, `CREATING`, `UPDATING` or `DELETING`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index_status: Option<String>,
    /// Whether AWS is putting the table's items into it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backfilling: Option<bool>,
    /// How many items it holds. AWS counts about every six hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item_count: Option<i64>,
    /// Size in bytes. AWS counts about every six hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index_size_bytes: Option<i64>,
}

/// What AWS tells of a replica.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplicaStatus {
    /// Its region.
    pub region_name: String,
    /// Key of KMS that it is encrypted by.
    #[serde(rename = "kmsMasterKeyID", skip_serializing_if = "Option::is_none")]
    pub kms_master_key_id: Option<String>,
    /// Since when AWS cannot use it, as RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replica_inaccessible_date_time: Option<String>,
    /// State: `ACTIVE`, `CREATING`, `CREATION_FAILED`, `UPDATING`, `DELETING`, ….
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replica_status: Option<String>,
    /// What AWS says of the state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replica_status_description: Option<String>,
    /// How far its creation is, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replica_status_percent_progress: Option<String>,
}

/// A backup that is made before its table is deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FinalBackup {
    /// Name.
    pub backup_name: String,
    /// ARN.
    #[serde(rename = "backupARN", skip_serializing_if = "Option::is_none")]
    pub backup_arn: Option<String>,
    /// State: `CREATING` or `AVAILABLE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_status: Option<String>,
}
