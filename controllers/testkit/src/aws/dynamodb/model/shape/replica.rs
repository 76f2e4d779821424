//! Replicas of tables.

use serde::{Deserialize, Serialize};

use super::table::TableClass;

/// Capacity of a replica where it differs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ProvisionedThroughputOverride {
    /// Units, at least 1.
    pub read_capacity_units: Option<i64>,
}

/// Upper bounds of a replica where they differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct OnDemandThroughputOverride {
    /// Request units a second, at least 1; -1 for no bound.
    pub max_read_request_units: Option<i64>,
}

/// An index of a replica where it differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ReplicaGlobalSecondaryIndex {
    /// Name.
    pub index_name: String,
    /// Capacity.
    pub provisioned_throughput_override: Option<ProvisionedThroughputOverride>,
    /// Upper bounds.
    pub on_demand_throughput_override: Option<OnDemandThroughputOverride>,
}

/// A replica to create or to change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ReplicaSettings {
    /// Region.
    pub region_name: String,
    /// Its key of KMS.
    #[serde(rename = "KMSMasterKeyId")]
    pub kms_master_key_id: Option<String>,
    /// Its capacity.
    pub provisioned_throughput_override: Option<ProvisionedThroughputOverride>,
    /// Its upper bounds.
    pub on_demand_throughput_override: Option<OnDemandThroughputOverride>,
    /// Its indexes.
    pub global_secondary_indexes: Option<Vec<ReplicaGlobalSecondaryIndex>>,
    /// Its class.
    pub table_class_override: Option<TableClass>,
}

/// A region, and no more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct InRegion {
    /// Region.
    pub region_name: String,
}

/// One change of one replica: exactly one member is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ReplicationGroupUpdate {
    /// New replica.
    pub create: Option<ReplicaSettings>,
    /// Changed replica.
    pub update: Option<ReplicaSettings>,
    /// Replica to delete.
    pub delete: Option<InRegion>,
}

/// A change of the witness: exactly one member is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct GlobalTableWitnessGroupUpdate {
    /// New witness.
    pub create: Option<InRegion>,
    /// Witness to delete.
    pub delete: Option<InRegion>,
}

/// How soon replicas agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum MultiRegionConsistency {
    /// Some time later.
    #[default]
    Eventual,
    /// At once.
    Strong,
}
