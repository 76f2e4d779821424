//! Requests on the auto scaling of replicas.

use serde::{Deserialize, Serialize};

/// What a metric is to be kept at.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TargetTracking {
    /// Whether capacity only grows.
    pub disable_scale_in: Option<bool>,
    /// Seconds.
    pub scale_in_cooldown: Option<i64>,
    /// Seconds.
    pub scale_out_cooldown: Option<i64>,
    /// Percent of capacity that is used.
    pub target_value: f64,
}

/// A policy of auto scaling.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct AutoScalingPolicyUpdate {
    /// Name; nothing for one that is made up.
    pub policy_name: Option<String>,
    /// What is tracked.
    pub target_tracking_scaling_policy_configuration: TargetTracking,
}

/// Auto scaling of one capacity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct AutoScalingSettingsUpdate {
    /// Lower bound, in units.
    pub minimum_units: Option<i64>,
    /// Upper bound, in units.
    pub maximum_units: Option<i64>,
    /// Whether it is off.
    pub auto_scaling_disabled: Option<bool>,
    /// Role.
    pub auto_scaling_role_arn: Option<String>,
    /// Policy.
    pub scaling_policy_update: Option<AutoScalingPolicyUpdate>,
}

/// Auto scaling of writes to an index, in all replicas.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct GlobalSecondaryIndexAutoScalingUpdate {
    /// Name.
    pub index_name: Option<String>,
    /// Writes.
    pub provisioned_write_capacity_auto_scaling_update: Option<AutoScalingSettingsUpdate>,
}

/// Auto scaling of reads of an index of a replica.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ReplicaGlobalSecondaryIndexAutoScalingUpdate {
    /// Name.
    pub index_name: Option<String>,
    /// Reads.
    pub provisioned_read_capacity_auto_scaling_update: Option<AutoScalingSettingsUpdate>,
}

/// Auto scaling of reads of a replica.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ReplicaAutoScalingUpdate {
    /// Region.
    pub region_name: String,
    /// Its indexes.
    pub replica_global_secondary_index_updates: Option<Vec<ReplicaGlobalSecondaryIndexAutoScalingUpdate>>,
    /// Reads.
    pub replica_provisioned_read_capacity_auto_scaling_update: Option<AutoScalingSettingsUpdate>,
}

/// `UpdateTableReplicaAutoScaling`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct UpdateTableReplicaAutoScaling {
    /// Name or ARN.
    pub table_name: String,
    /// Writes to indexes.
    pub global_secondary_index_updates: Option<Vec<GlobalSecondaryIndexAutoScalingUpdate>>,
    /// Writes.
    pub provisioned_write_capacity_auto_scaling_update: Option<AutoScalingSettingsUpdate>,
    /// Reads.
    pub replica_updates: Option<Vec<ReplicaAutoScalingUpdate>>,
}

/// `DescribeTableReplicaAutoScaling`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DescribeTableReplicaAutoScaling {
    /// Name or ARN.
    pub table_name: String,
}
