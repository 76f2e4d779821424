//! Requests on what a table has beside itself.

use serde::{Deserialize, Serialize};

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Tag {
    /// Key, 1 to 128 characters.
    pub key: String,
    /// Value, up to 256 characters.
    pub value: String,
}

/// `TagResource`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TagResource {
    /// ARN of a table.
    pub resource_arn: String,
    /// Tags to add or to change.
    pub tags: Vec<Tag>,
}

/// `UntagResource`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct UntagResource {
    /// ARN of a table.
    pub resource_arn: String,
    /// Keys of the tags to remove.
    pub tag_keys: Vec<String>,
}

/// `ListTagsOfResource`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ListTagsOfResource {
    /// ARN of a table.
    pub resource_arn: String,
    /// What the page before gave.
    pub next_token: Option<String>,
}

/// Time to live.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TimeToLiveSpecification {
    /// Whether items expire.
    pub enabled: bool,
    /// The attribute that says when.
    pub attribute_name: String,
}

/// `UpdateTimeToLive`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct UpdateTimeToLive {
    /// Name or ARN.
    pub table_name: String,
    /// Time to live.
    pub time_to_live_specification: TimeToLiveSpecification,
}

/// `DescribeTimeToLive`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DescribeTimeToLive {
    /// Name or ARN.
    pub table_name: String,
}

/// Point-in-time recovery.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct PointInTimeRecoverySpecification {
    /// Whether a table can be restored to a point in time.
    pub point_in_time_recovery_enabled: bool,
    /// How far back, 1 to 35 days; nothing is 35.
    pub recovery_period_in_days: Option<i64>,
}

/// `UpdateContinuousBackups`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct UpdateContinuousBackups {
    /// Name or ARN.
    pub table_name: String,
    /// Point-in-time recovery.
    pub point_in_time_recovery_specification: PointInTimeRecoverySpecification,
}

/// `DescribeContinuousBackups`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DescribeContinuousBackups {
    /// Name or ARN.
    pub table_name: String,
}
