//! The shapes of requests to Application Auto Scaling, closed like those to DynamoDB.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A capacity that may be scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Dimension {
    /// Reads of a table.
    #[serde(rename = "dynamodb:table:ReadCapacityUnits")]
    TableReads,
    /// Writes to a table.
    #[serde(rename = "dynamodb:table:WriteCapacityUnits")]
    TableWrites,
    /// Reads of an index.
    #[serde(rename = "dynamodb:index:ReadCapacityUnits")]
    IndexReads,
    /// Writes to an index.
    #[serde(rename = "dynamodb:index:WriteCapacityUnits")]
    IndexWrites,
}

/// What is suspended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct SuspendedState {
    /// Scaling in.
    pub dynamic_scaling_in_suspended: Option<bool>,
    /// Scaling out.
    pub dynamic_scaling_out_suspended: Option<bool>,
    /// Scheduled scaling.
    pub scheduled_scaling_suspended: Option<bool>,
}

/// `RegisterScalableTarget`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct RegisterScalableTarget {
    /// `dynamodb`.
    pub service_namespace: String,
    /// `table/orders` or `table/orders/index/by-date`.
    pub resource_id: String,
    /// Capacity.
    pub scalable_dimension: Dimension,
    /// Lower bound, at least 1; may be left out later.
    pub min_capacity: Option<i64>,
    /// Upper bound; may be left out later.
    pub max_capacity: Option<i64>,
    /// Role; nothing for the one that is linked to the service.
    #[serde(rename = "RoleARN")]
    pub role_arn: Option<String>,
    /// What is suspended.
    pub suspended_state: Option<SuspendedState>,
    /// Tags of a new target.
    pub tags: Option<BTreeMap<String, String>>,
}

/// `DescribeScalableTargets`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DescribeScalableTargets {
    /// `dynamodb`.
    pub service_namespace: String,
    /// Of these; nothing is of all.
    pub resource_ids: Option<Vec<String>>,
    /// This capacity; nothing is all.
    pub scalable_dimension: Option<Dimension>,
    /// Size of a page, 1 to 50.
    pub max_results: Option<i64>,
    /// What the page before gave.
    pub next_token: Option<String>,
}

/// `DeregisterScalableTarget`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DeregisterScalableTarget {
    /// `dynamodb`.
    pub service_namespace: String,
    /// Table or index.
    pub resource_id: String,
    /// Capacity.
    pub scalable_dimension: Dimension,
}

/// How a policy works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PolicyType {
    /// A metric is kept at a value.
    TargetTrackingScaling,
    /// In the API model, and not for DynamoDB.
    StepScaling,
    /// In the API model, and not for DynamoDB.
    PredictiveScaling,
}

/// A metric of DynamoDB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MetricType {
    /// Percent of read capacity that is used.
    DynamoDBReadCapacityUtilization,
    /// Percent of write capacity that is used.
    DynamoDBWriteCapacityUtilization,
}

/// A metric of DynamoDB, in a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct PredefinedMetric {
    /// Which.
    pub predefined_metric_type: MetricType,
}

/// A policy that keeps a metric at a value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TrackingPolicy {
    /// The value, 20 to 90 percent.
    pub target_value: f64,
    /// The metric.
    pub predefined_metric_specification: Option<PredefinedMetric>,
    /// Seconds.
    pub scale_out_cooldown: Option<i64>,
    /// Seconds.
    pub scale_in_cooldown: Option<i64>,
    /// Whether capacity only grows.
    pub disable_scale_in: Option<bool>,
}

/// `PutScalingPolicy`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct PutScalingPolicy {
    /// Name.
    pub policy_name: String,
    /// `dynamodb`.
    pub service_namespace: String,
    /// Table or index.
    pub resource_id: String,
    /// Capacity.
    pub scalable_dimension: Dimension,
    /// How it works; may be left out later.
    pub policy_type: Option<PolicyType>,
    /// What it keeps.
    pub target_tracking_scaling_policy_configuration: Option<TrackingPolicy>,
}

/// `DescribeScalingPolicies`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DescribeScalingPolicies {
    /// Of these names; nothing is of all.
    pub policy_names: Option<Vec<String>>,
    /// `dynamodb`.
    pub service_namespace: String,
    /// Of this table or index; nothing is of all.
    pub resource_id: Option<String>,
    /// Of this capacity; nothing is of all.
    pub scalable_dimension: Option<Dimension>,
    /// Size of a page, 1 to 10.
    pub max_results: Option<i64>,
    /// What the page before gave.
    pub next_token: Option<String>,
}

/// `DeleteScalingPolicy`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DeleteScalingPolicy {
    /// Name.
    pub policy_name: String,
    /// `dynamodb`.
    pub service_namespace: String,
    /// Table or index.
    pub resource_id: String,
    /// Capacity.
    pub scalable_dimension: Dimension,
}

/// `TagResource`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TagTarget {
    /// ARN of a scalable target.
    #[serde(rename = "ResourceARN")]
    pub resource_arn: String,
    /// Tags to add or to change.
    pub tags: BTreeMap<String, String>,
}

/// `UntagResource`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct UntagTarget {
    /// ARN of a scalable target.
    #[serde(rename = "ResourceARN")]
    pub resource_arn: String,
    /// Keys of the tags to remove.
    pub tag_keys: Vec<String>,
}

/// `ListTagsForResource`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ListTagsForResource {
    /// ARN of a scalable target.
    #[serde(rename = "ResourceARN")]
    pub resource_arn: String,
}
