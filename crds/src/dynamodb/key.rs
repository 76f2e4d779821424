//! Keys of tables and indexes, and the attributes that they are made of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An attribute that is part of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttributeDefinition {
    /// Name.
    #[schemars(length(min = 1, max = 255))]
    pub attribute_name: String,
    /// Type. AWS does not change it once the table exists.
    pub attribute_type: AttributeType,
}

/// Type of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum AttributeType {
    /// Text.
    S,
    /// Number.
    N,
    /// Bytes.
    B,
}

/// One attribute of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeySchemaElement {
    /// Name of an attribute that `attributeDefinitions` has.
    #[schemars(length(min = 1, max = 255))]
    pub attribute_name: String,
    /// Its role in the key.
    pub key_type: KeyType,
}

/// Role of an attribute in a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum KeyType {
    /// Partition key.
    Hash,
    /// Sort key.
    Range,
}
