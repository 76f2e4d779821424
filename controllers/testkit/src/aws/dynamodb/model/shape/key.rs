//! Attributes, keys and indexes.

use serde::{Deserialize, Serialize};

use super::throughput::{OnDemandThroughput, ProvisionedThroughput, WarmThroughput};

/// Type of a key attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AttributeType {
    /// String.
    S,
    /// Number.
    N,
    /// Bytes.
    B,
}

/// A key attribute of a table or an index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct AttributeDefinition {
    /// Name.
    pub attribute_name: String,
    /// Type.
    pub attribute_type: AttributeType,
}

/// Role of an attribute in a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum KeyType {
    /// Partition key.
    Hash,
    /// Sort key.
    Range,
}

/// An attribute in a key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct KeySchemaElement {
    /// Name.
    pub attribute_name: String,
    /// Role.
    pub key_type: KeyType,
}

/// Which attributes an index holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProjectionType {
    /// All.
    All,
    /// The keys of the table and of the index.
    KeysOnly,
    /// Those and the ones named.
    Include,
}

/// What an index holds of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Projection {
    /// Which attributes.
    pub projection_type: Option<ProjectionType>,
    /// The further attributes of [`ProjectionType::Include`].
    pub non_key_attributes: Option<Vec<String>>,
}

/// A local secondary index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct LocalSecondaryIndex {
    /// Name.
    pub index_name: String,
    /// Key: the table's partition key, and a sort key.
    pub key_schema: Vec<KeySchemaElement>,
    /// What it holds.
    pub projection: Projection,
}

/// A global secondary index to be created, with a table or later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct GlobalSecondaryIndex {
    /// Name.
    pub index_name: String,
    /// Key: up to four partition keys, then up to four sort keys.
    pub key_schema: Vec<KeySchemaElement>,
    /// What it holds.
    pub projection: Projection,
    /// Capacity, for provisioned tables.
    pub provisioned_throughput: Option<ProvisionedThroughput>,
    /// Upper bounds, for on-demand tables.
    pub on_demand_throughput: Option<OnDemandThroughput>,
    /// What it is to take from the start.
    pub warm_throughput: Option<WarmThroughput>,
}
