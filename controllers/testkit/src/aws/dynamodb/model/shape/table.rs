//! Requests on tables.

use serde::{Deserialize, Serialize};

use super::{
    key::{AttributeDefinition, GlobalSecondaryIndex, KeySchemaElement, LocalSecondaryIndex},
    replica::{GlobalTableWitnessGroupUpdate, MultiRegionConsistency, ReplicationGroupUpdate},
    setting::Tag,
    throughput::{BillingMode, OnDemandThroughput, ProvisionedThroughput, WarmThroughput},
};

/// What a stream shows of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StreamViewType {
    /// The item as it is now.
    NewImage,
    /// The item as it was.
    OldImage,
    /// Both.
    NewAndOldImages,
    /// Its key.
    KeysOnly,
}

/// Whether changes are streamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct StreamSpecification {
    /// Whether they are.
    pub stream_enabled: bool,
    /// What the stream shows.
    pub stream_view_type: Option<StreamViewType>,
}

/// Kind of encryption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SseType {
    /// In the API model, and refused.
    AES256,
    /// With a key of KMS.
    KMS,
}

/// Encryption with a key of the account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct SseSpecification {
    /// False, or nothing, for the key that AWS owns.
    pub enabled: Option<bool>,
    /// Kind.
    #[serde(rename = "SSEType")]
    pub sse_type: Option<SseType>,
    /// Id, ARN, alias or alias ARN of the key; nothing for `alias/aws/dynamodb`.
    #[serde(rename = "KMSMasterKeyId")]
    pub kms_master_key_id: Option<String>,
}

/// How a table is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TableClass {
    /// Standard.
    #[default]
    Standard,
    /// Standard-IA.
    StandardInfrequentAccess,
}

/// `CreateTable`. Multi-account global tables and vector indexes are not modelled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct CreateTable {
    /// Name or ARN.
    pub table_name: String,
    /// All key attributes of the table and its indexes.
    pub attribute_definitions: Option<Vec<AttributeDefinition>>,
    /// Key.
    pub key_schema: Option<Vec<KeySchemaElement>>,
    /// Local indexes.
    pub local_secondary_indexes: Option<Vec<LocalSecondaryIndex>>,
    /// Global indexes.
    pub global_secondary_indexes: Option<Vec<GlobalSecondaryIndex>>,
    /// How throughput is paid for; nothing is provisioned.
    pub billing_mode: Option<BillingMode>,
    /// Capacity.
    pub provisioned_throughput: Option<ProvisionedThroughput>,
    /// Stream.
    pub stream_specification: Option<StreamSpecification>,
    /// Encryption.
    #[serde(rename = "SSESpecification")]
    pub sse_specification: Option<SseSpecification>,
    /// Tags.
    pub tags: Option<Vec<Tag>>,
    /// Class.
    pub table_class: Option<TableClass>,
    /// Whether it cannot be deleted.
    pub deletion_protection_enabled: Option<bool>,
    /// What it is to take from the start.
    pub warm_throughput: Option<WarmThroughput>,
    /// Resource policy, in JSON.
    pub resource_policy: Option<String>,
    /// Upper bounds.
    pub on_demand_throughput: Option<OnDemandThroughput>,
}

/// `DescribeTable`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DescribeTable {
    /// Name or ARN.
    pub table_name: String,
}

/// `DeleteTable`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DeleteTable {
    /// Name or ARN.
    pub table_name: String,
}

/// `ListTables`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ListTables {
    /// Names up to this one are left out.
    pub exclusive_start_table_name: Option<String>,
    /// Size of a page, 1 to 100.
    pub limit: Option<i64>,
}

/// New throughput of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct UpdateIndex {
    /// Name.
    pub index_name: String,
    /// Capacity.
    pub provisioned_throughput: Option<ProvisionedThroughput>,
    /// Upper bounds.
    pub on_demand_throughput: Option<OnDemandThroughput>,
    /// What it is to take at once.
    pub warm_throughput: Option<WarmThroughput>,
}

/// An index to delete.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DeleteIndex {
    /// Name.
    pub index_name: String,
}

/// One change of one global index: exactly one member is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct GlobalSecondaryIndexUpdate {
    /// New throughput.
    pub update: Option<UpdateIndex>,
    /// New index.
    pub create: Option<GlobalSecondaryIndex>,
    /// Index to delete.
    pub delete: Option<DeleteIndex>,
}

/// `UpdateTable`. Multi-account global tables and vector indexes are not modelled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct UpdateTable {
    /// Name or ARN.
    pub table_name: String,
    /// Key attributes of a new index; others may be repeated.
    pub attribute_definitions: Option<Vec<AttributeDefinition>>,
    /// How throughput is paid for.
    pub billing_mode: Option<BillingMode>,
    /// Capacity.
    pub provisioned_throughput: Option<ProvisionedThroughput>,
    /// Changes of global indexes.
    pub global_secondary_index_updates: Option<Vec<GlobalSecondaryIndexUpdate>>,
    /// Stream.
    pub stream_specification: Option<StreamSpecification>,
    /// Encryption.
    #[serde(rename = "SSESpecification")]
    pub sse_specification: Option<SseSpecification>,
    /// Changes of replicas.
    pub replica_updates: Option<Vec<ReplicationGroupUpdate>>,
    /// How soon the replicas of a new global table agree.
    pub multi_region_consistency: Option<MultiRegionConsistency>,
    /// Changes of the witness.
    pub global_table_witness_updates: Option<Vec<GlobalTableWitnessGroupUpdate>>,
    /// Class.
    pub table_class: Option<TableClass>,
    /// Whether it cannot be deleted.
    pub deletion_protection_enabled: Option<bool>,
    /// Upper bounds.
    pub on_demand_throughput: Option<OnDemandThroughput>,
    /// What it is to take at once.
    pub warm_throughput: Option<WarmThroughput>,
}
