//! Replicas of tables in other regions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ContributorInsights, PointInTimeRecoverySpecification, ReplicaAutoScaling, TableClass};
use crate::shared::Tag;

/// A replica of a table in another region. A field that is left out is not managed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TableReplica {
    /// The region, which is not the table's own.
    #[schemars(length(min = 1, max = 64), regex(pattern = r"^[a-z0-9-]+$"))]
    pub region_name: String,
    /// Id, ARN or alias of the key of KMS in that region: needed where the table names one, and refused where it does not.
    #[serde(rename = "kmsMasterKeyID", skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 2048),
        extend("x-kubernetes-validations" = [
            {"rule": "!self.endsWith('alias/aws/dynamodb')", "message": "leave kmsMasterKeyID out for the key that AWS keeps for DynamoDB"}
        ])
    )]
    pub kms_master_key_id: Option<String>,
    /// What storage and requests cost there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table_class_override: Option<TableClass>,
    /// Reads of the replica, where the table is paid for by capacity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provisioned_throughput_override: Option<ProvisionedThroughputOverride>,
    /// Reads of the replica that follow their use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_scaling: Option<ReplicaAutoScaling>,
    /// The most that the replica takes, where the table is paid for by request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_demand_throughput_override: Option<OnDemandThroughputOverride>,
    /// Where indexes of the replica differ from the table's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(max = 20),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["indexName"])
    )]
    pub global_secondary_indexes: Option<Vec<ReplicaGlobalSecondaryIndex>>,
    /// Whether AWS itself refuses to delete the replica.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_protection_enabled: Option<bool>,
    /// Backups of the replica from which any moment can be restored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub continuous_backups: Option<PointInTimeRecoverySpecification>,
    /// Whether `CloudWatch` is told which keys of the replica are used most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contributor_insights: Option<ContributorInsights>,
    /// Who may do what with the replica, as the JSON of an IAM policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 20480))]
    pub resource_policy: Option<String>,
    /// Tags of the replica, which has none of the table's. Tags that are not named here, or no longer, stay as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 46), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["key"]))]
    pub tags: Option<Vec<Tag>>,
}

/// An index of a replica, where it differs from the table's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReplicaGlobalSecondaryIndex {
    /// Name of the index.
    #[schemars(length(min = 3, max = 255), regex(pattern = r"^[a-zA-Z0-9_.-]+$"))]
    pub index_name: String,
    /// Reads of the index, where the table is paid for by capacity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provisioned_throughput_override: Option<ProvisionedThroughputOverride>,
    /// Reads of the index that follow their use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_scaling: Option<ReplicaAutoScaling>,
    /// The most that the index takes, where the table is paid for by request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_demand_throughput_override: Option<OnDemandThroughputOverride>,
}

/// Reads of a replica. Writes are the same everywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProvisionedThroughputOverride {
    /// Strongly consistent reads of up to 4 KB a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub read_capacity_units: Option<i64>,
}

/// The most reads of a replica. Writes are the same everywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OnDemandThroughputOverride {
    /// Read request units a second; -1 for what the table has.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -1), extend("x-kubernetes-validations" = [{"rule": "self != 0", "message": "must be at least 1, or -1 for what the table has"}]))]
    pub max_read_request_units: Option<i64>,
}

/// A region that only bears witness to what replicas agree on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GlobalTableWitness {
    /// The region.
    #[schemars(length(min = 1, max = 64), regex(pattern = r"^[a-z0-9-]+$"))]
    pub region_name: String,
}

/// How soon replicas agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MultiRegionConsistency {
    /// Some time later.
    Eventual,
    /// At once.
    Strong,
}
