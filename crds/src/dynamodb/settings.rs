//! What a table can be told beside its keys and its capacity.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::shared::ResourceReference;

/// Encryption of a table by a key of KMS. Every table is encrypted; without this, by a key that AWS owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "(has(self.enabled) && self.enabled) || !has(self.kmsMasterKeyID)", "message": "kmsMasterKeyID needs enabled: true"},
    {"rule": "(has(self.enabled) && self.enabled) || !has(self.kmsMasterKeyRef)", "message": "kmsMasterKeyRef needs enabled: true"},
    {"rule": "!has(self.kmsMasterKeyRef) || !has(self.kmsMasterKeyID)", "message": "kmsMasterKeyRef fills kmsMasterKeyID: leave one of them out"},
    {"rule": "!has(self.kmsMasterKeyID) || !self.kmsMasterKeyID.endsWith('alias/aws/dynamodb')", "message": "leave kmsMasterKeyID out for the key that AWS keeps for DynamoDB"}
]))]
pub struct SseSpecification {
    /// Whether a key of KMS is used: the one that `kmsMasterKeyID` names, or else the account's own for DynamoDB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Always `KMS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sse_type: Option<SseType>,
    /// Id, ARN or alias of the key.
    #[serde(rename = "kmsMasterKeyID", skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 2048))]
    pub kms_master_key_id: Option<String>,
    /// The object of the KMS key, whose ARN fills `kmsMasterKeyID`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_master_key_ref: Option<ResourceReference>,
}

/// How a table is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum SseType {
    /// By a key of KMS.
    #[serde(rename = "KMS")]
    Kms,
}

/// The stream of a table's changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "self.streamEnabled == has(self.streamViewType)", "message": "streamViewType goes with streamEnabled: true, and only with it"}
]))]
pub struct StreamSpecification {
    /// Whether there is one.
    pub stream_enabled: bool,
    /// What it tells of an item that changes. Another view needs another stream: the one that there is ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_view_type: Option<StreamViewType>,
}

/// What a stream tells of an item that changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StreamViewType {
    /// Its keys.
    KeysOnly,
    /// How it is after the change.
    NewImage,
    /// How it was before.
    OldImage,
    /// Both.
    NewAndOldImages,
}

/// What storage and requests of a table cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TableClass {
    /// For tables that are used often.
    Standard,
    /// For tables that mostly lie there.
    StandardInfrequentAccess,
}

/// Items that go by themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "!has(self.enabled) || !self.enabled || has(self.attributeName)", "message": "attributeName is needed with enabled: true"}
]))]
pub struct TimeToLiveSpecification {
    /// The attribute that holds the time after which an item goes, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 255))]
    pub attribute_name: Option<String>,
    /// Whether they do. AWS takes a change of this once an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// Backups from which any moment can be restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "!has(self.recoveryPeriodInDays) || (has(self.pointInTimeRecoveryEnabled) && self.pointInTimeRecoveryEnabled)", "message": "recoveryPeriodInDays needs pointInTimeRecoveryEnabled: true"}
]))]
pub struct PointInTimeRecoverySpecification {
    /// Whether AWS keeps them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point_in_time_recovery_enabled: Option<bool>,
    /// For how many days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 35))]
    pub recovery_period_in_days: Option<i64>,
}

/// Whether `CloudWatch` is told which keys are used most. ACK takes all four words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContributorInsights {
    /// It is.
    Enable,
    /// It is.
    Enabled,
    /// It is not.
    Disable,
    /// It is not.
    Disabled,
}

/// Which keys `CloudWatch` is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContributorInsightsMode {
    /// Those that are used most, and those that are throttled.
    AccessedAndThrottledKeys,
    /// Those that are throttled.
    ThrottledKeys,
}

/// An index of which `CloudWatch` is told which keys are used most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IndexContributorInsights {
    /// Name of the index.
    #[schemars(length(min = 3, max = 255), regex(pattern = r"^[a-zA-Z0-9_.-]+$"))]
    pub index_name: String,
    /// Which keys it is told of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contributor_insights_mode: Option<ContributorInsightsMode>,
}

/// A Kinesis data stream that a table's changes go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KinesisStreamingDestination {
    /// ARN of the stream, which is in the table's region.
    #[serde(rename = "streamARN")]
    #[schemars(length(min = 37, max = 1024), regex(pattern = r"^arn:[^:]+:kinesis:[^:]+:[^:]+:stream/.+$"))]
    pub stream_arn: String,
    /// How exactly the time of a change is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approximate_creation_date_time_precision: Option<ApproximateCreationDateTimePrecision>,
}

/// How exactly the time of a change is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum ApproximateCreationDateTimePrecision {
    /// In milliseconds.
    Millisecond,
    /// In microseconds.
    Microsecond,
}

/// What is done before a table is deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TableDeletion {
    /// Whether an on-demand backup is made of the table, named after the object, which stays in AWS. Without it: one is
    /// made, but not under ACK's groups, because ACK makes none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_first: Option<bool>,
}

/// What a table is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "[has(self.backupARN), has(self.sourceTableARN), has(self.sourceTableName)].exists_one(x, x)", "message": "exactly one of backupARN, sourceTableARN and sourceTableName is needed"},
    {"rule": "has(self.backupARN) ? !has(self.restoreDateTime) && !has(self.useLatestRestorableTime) : has(self.restoreDateTime) != (has(self.useLatestRestorableTime) && self.useLatestRestorableTime)", "message": "a source table needs either restoreDateTime or useLatestRestorableTime: true, and a backup neither"}
]))]
pub struct RestoreFrom {
    /// ARN of a backup.
    #[serde(rename = "backupARN", skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 37, max = 1024))]
    pub backup_arn: Option<String>,
    /// ARN of a table with continuous backups.
    #[serde(rename = "sourceTableARN", skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1024))]
    pub source_table_arn: Option<String>,
    /// Name of a table with continuous backups.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 3, max = 255), regex(pattern = r"^[a-zA-Z0-9_.-]+$"))]
    pub source_table_name: Option<String>,
    /// The moment of the source table.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub restore_date_time: Option<String>,
    /// The last moment that can be restored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_latest_restorable_time: Option<bool>,
}
