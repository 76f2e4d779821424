//! Indexes of tables.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AutoScaling, KeySchemaElement, OnDemandThroughput, ProvisionedThroughput, WarmThroughput};

/// An index with keys of its own, which comes and goes while the table is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GlobalSecondaryIndex {
    /// Name of the index, unique in the table.
    #[schemars(length(min = 3, max = 255), regex(pattern = r"^[a-zA-Z0-9_.-]+$"))]
    pub index_name: String,
    /// The key: up to four `HASH` attributes, and up to four `RANGE` attributes after them. AWS does not change it; an
    /// index with another key needs another name.
    #[schemars(
        length(min = 1, max = 8),
        extend(
            "x-kubernetes-list-type" = "atomic",
            "x-kubernetes-validations" = [
                {"rule": "self[0].keyType == 'HASH'", "message": "keySchema begins with a HASH key"}
            ]
        )
    )]
    pub key_schema: Vec<KeySchemaElement>,
    /// The attributes that the index has beside its keys. AWS does not change them.
    pub projection: Projection,
    /// Capacity of the index, where the table is paid for by capacity. A unit that is left out keeps what AWS has, so
    /// that something else may scale it; a new index begins with what the table has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provisioned_throughput: Option<ProvisionedThroughput>,
    /// Capacity of the index that follows its use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_scaling: Option<AutoScaling>,
    /// The most that the index takes, where the table is paid for by request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_demand_throughput: Option<OnDemandThroughput>,
    /// What the index can bear at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warm_throughput: Option<WarmThroughput>,
}

/// An index with the table's partition key and a sort key of its own. It comes and goes with the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LocalSecondaryIndex {
    /// Name of the index, unique in the table.
    #[schemars(length(min = 3, max = 255), regex(pattern = r"^[a-zA-Z0-9_.-]+$"))]
    pub index_name: String,
    /// The table's partition key (`HASH`), and the sort key of the index (`RANGE`).
    #[schemars(
        length(min = 2, max = 2),
        extend(
            "x-kubernetes-list-type" = "atomic",
            "x-kubernetes-validations" = [
                {"rule": "self[0].keyType == 'HASH' && self[1].keyType == 'RANGE'", "message": "keySchema is the table's HASH key, and a RANGE key after it"}
            ]
        )
    )]
    pub key_schema: Vec<KeySchemaElement>,
    /// The attributes that the index has beside its keys.
    pub projection: Projection,
}

/// The attributes that an index has beside its keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "(has(self.projectionType) && self.projectionType == 'INCLUDE') == has(self.nonKeyAttributes)", "message": "nonKeyAttributes goes with projectionType INCLUDE, and with no other"}
]))]
pub struct Projection {
    /// Which they are.
    pub projection_type: ProjectionType,
    /// Names of the attributes, with `INCLUDE`. AWS allows 100 in all indexes of a table together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 100),
        inner(length(min = 1, max = 255)),
        extend("x-kubernetes-list-type" = "set")
    )]
    pub non_key_attributes: Option<Vec<String>>,
}

/// Which attributes an index has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProjectionType {
    /// All of the table's.
    All,
    /// Only the keys.
    KeysOnly,
    /// The keys, and those that are named.
    Include,
}
