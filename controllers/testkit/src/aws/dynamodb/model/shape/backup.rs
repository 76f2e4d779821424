//! Requests on backups, and for tables made of them.

use serde::{Deserialize, Serialize};

use super::{
    key::{GlobalSecondaryIndex, LocalSecondaryIndex},
    table::SseSpecification,
    throughput::{BillingMode, OnDemandThroughput, ProvisionedThroughput},
    time::Time,
};

/// `CreateBackup`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct CreateBackup {
    /// Name or ARN.
    pub table_name: String,
    /// Name of the backup.
    pub backup_name: String,
}

/// `DescribeBackup`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DescribeBackup {
    /// ARN of the backup.
    pub backup_arn: String,
}

/// `DeleteBackup`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DeleteBackup {
    /// ARN of the backup.
    pub backup_arn: String,
}

/// Who made a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BackupTypeFilter {
    /// Somebody.
    User,
    /// DynamoDB.
    System,
    /// AWS Backup.
    AwsBackup,
    /// Any of these.
    All,
}

/// `ListBackups`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ListBackups {
    /// Name or ARN; nothing for all tables.
    pub table_name: Option<String>,
    /// Size of a page, 1 to 100.
    pub limit: Option<i64>,
    /// Not before.
    pub time_range_lower_bound: Option<Time>,
    /// Before.
    pub time_range_upper_bound: Option<Time>,
    /// What the page before gave.
    pub exclusive_start_backup_arn: Option<String>,
    /// Who made them; nothing is somebody.
    pub backup_type: Option<BackupTypeFilter>,
}

/// `RestoreTableFromBackup`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct RestoreTableFromBackup {
    /// Name of the new table.
    pub target_table_name: String,
    /// ARN of the backup.
    pub backup_arn: String,
    /// How throughput is paid for.
    pub billing_mode_override: Option<BillingMode>,
    /// The global indexes that are restored; nothing is all.
    pub global_secondary_index_override: Option<Vec<GlobalSecondaryIndex>>,
    /// The local indexes that are restored; nothing is all.
    pub local_secondary_index_override: Option<Vec<LocalSecondaryIndex>>,
    /// Capacity.
    pub provisioned_throughput_override: Option<ProvisionedThroughput>,
    /// Upper bounds.
    pub on_demand_throughput_override: Option<OnDemandThroughput>,
    /// Encryption.
    #[serde(rename = "SSESpecificationOverride")]
    pub sse_specification_override: Option<SseSpecification>,
}

/// `RestoreTableToPointInTime`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct RestoreTableToPointInTime {
    /// ARN of the table, unless it is named.
    pub source_table_arn: Option<String>,
    /// Name of the table, unless its ARN is given.
    pub source_table_name: Option<String>,
    /// Name of the new table.
    pub target_table_name: String,
    /// Whether the latest time is meant.
    pub use_latest_restorable_time: Option<bool>,
    /// The time that is meant, unless it is the latest.
    pub restore_date_time: Option<Time>,
    /// How throughput is paid for.
    pub billing_mode_override: Option<BillingMode>,
    /// The global indexes that are restored; nothing is all.
    pub global_secondary_index_override: Option<Vec<GlobalSecondaryIndex>>,
    /// The local indexes that are restored; nothing is all.
    pub local_secondary_index_override: Option<Vec<LocalSecondaryIndex>>,
    /// Capacity.
    pub provisioned_throughput_override: Option<ProvisionedThroughput>,
    /// Upper bounds.
    pub on_demand_throughput_override: Option<OnDemandThroughput>,
    /// Encryption.
    #[serde(rename = "SSESpecificationOverride")]
    pub sse_specification_override: Option<SseSpecification>,
}
