//! The definition and the kind that it makes.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Resource;
use crate::schema;

/// What a `ResourceGraphDefinition` defines: a kind, and the resources that each instance of it is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DefinitionSpec {
    /// The kind that users create instances of.
    pub schema: InstanceSchema,
    /// The resources of an instance; their order is inferred from what their expressions read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<Resource>,
}

/// The kind that a definition makes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InstanceSchema {
    /// Name of the kind. It cannot be changed.
    #[schemars(
        regex(pattern = r"^[A-Z][a-zA-Z0-9]{0,62}$"),
        extend("x-kubernetes-validations" = [{"rule": "self == oldSelf", "message": "kind is immutable"}])
    )]
    pub kind: String,
    /// Version of the kind, without a group. It cannot be changed.
    #[schemars(
        regex(pattern = r"^v[0-9]+(alpha[0-9]+|beta[0-9]+)?$"),
        extend("x-kubernetes-validations" = [{"rule": "self == oldSelf", "message": "apiVersion is immutable"}])
    )]
    pub api_version: String,
    /// Group of the kind; without it the group of definitions. It cannot be changed.
    #[schemars(extend("x-kubernetes-validations" = [{"rule": "self == oldSelf", "message": "group is immutable"}]))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Whether instances live in a namespace. It cannot be changed.
    #[schemars(extend("x-kubernetes-validations" = [{"rule": "self == oldSelf", "message": "scope is immutable"}]))]
    #[serde(default)]
    pub scope: Scope,
    /// The fields of an instance's spec, in `SimpleSchema`.
    #[schemars(schema_with = "schema::raw")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec: Option<Map<String, Value>>,
    /// Types by name, for use in `spec`.
    #[schemars(schema_with = "schema::raw")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub types: Option<Map<String, Value>>,
    /// The fields of an instance's status, with the expressions that fill them.
    #[schemars(schema_with = "schema::raw")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Map<String, Value>>,
    /// What `kubectl get` shows of instances, instead of state, readiness and age.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional_printer_columns: Vec<PrinterColumn>,
    /// Short names of the kind.
    #[schemars(
        length(max = 32),
        inner(length(max = 63), regex(pattern = r"^[a-z]([-a-z0-9]*[a-z0-9])?$")),
        extend("x-kubernetes-list-type" = "set")
    )]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub short_names: Vec<String>,
    /// Categories that the kind is listed under.
    #[schemars(
        length(max = 32),
        inner(length(max = 63), regex(pattern = r"^[a-z]([-a-z0-9]*[a-z0-9])?$")),
        extend("x-kubernetes-list-type" = "set")
    )]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Labels and annotations of the generated `CustomResourceDefinition`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<ObjectMarks>,
}

/// Where instances live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Scope {
    /// In a namespace.
    #[default]
    Namespaced,
    /// In the cluster.
    Cluster,
}

/// A column of `kubectl get`, as `CustomResourceDefinition` has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrinterColumn {
    /// Heading.
    pub name: String,
    /// `OpenAPI` type: `integer`, `number`, `string`, `boolean` or `date`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `OpenAPI` format.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// What the column shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// 0 is always shown, more only with `-o wide`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<i32>,
    /// JSON path into the instance.
    pub json_path: String,
}

/// Labels and annotations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ObjectMarks {
    /// Labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}
