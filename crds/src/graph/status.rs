//! What the operator says on definitions and their revisions; the fields are kro's.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::status::conditions;

/// The status of a definition.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionStatus {
    /// `Active` when instances are looked after as the definition says, and `Inactive` otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The ids of the resources, each after those that it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topological_order: Vec<String>,
    /// What has been found out about the definition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "conditions")]
    pub conditions: Vec<Condition>,
    /// The resources that need others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<Links>,
    /// The highest number that was ever given to a revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_issued_revision: Option<i64>,
    /// How many instances follow which revision. It is a few minutes behind where instances only come and go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revisions: Vec<Followers>,
    /// The newest request to look at the definition that was followed, as its author wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_handled_reconcile_at: Option<String>,
    /// The `metadata.generation` that this status speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
}

/// The instances that follow a revision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Followers {
    /// The number of the revision.
    pub revision: i64,
    /// How many instances follow it.
    pub instances: i64,
}

/// What a resource needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Links {
    /// Its id.
    pub id: String,
    /// The resources that it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<Link>,
}

/// A resource by its id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// The id.
    pub id: String,
}

/// The status of a revision.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RevisionStatus {
    /// The ids of the resources, each after those that it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topological_order: Vec<String>,
    /// What has been found out about the revision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "conditions")]
    pub conditions: Vec<Condition>,
    /// The resources that need others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<Links>,
}
