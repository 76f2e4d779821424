//! `AWSReferenceGrant`, modelled on `ReferenceGrant` of the Gateway API.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    kind::{Column, Home, Kind, Reach},
    schema,
};

/// Permission for objects of other namespaces to reach into the namespace that the grant is in.
pub static REFERENCE_GRANT: Kind = Kind {
    home: Home::Shared,
    reach: Reach::Namespaced,
    kind: "AWSReferenceGrant",
    plural: "awsreferencegrants",
    description: "Permission for objects of other namespaces to refer to, or to write, objects of this namespace.",
    columns: &[Column::text("From", ".spec.from[*].namespace"), Column::text("To", ".spec.to[*].kind")],
    spec: schema::of::<ReferenceGrantSpec>,
    status: schema::of::<ReferenceGrantStatus>,
};

/// Who may reach what: each of `from` may reach each of `to` in the namespace of the grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReferenceGrantSpec {
    /// Who may.
    #[schemars(length(min = 1, max = 16), extend("x-kubernetes-list-type" = "atomic"))]
    pub from: Vec<GrantFrom>,
    /// What they may reach.
    #[schemars(length(min = 1, max = 16), extend("x-kubernetes-list-type" = "atomic"))]
    pub to: Vec<GrantTo>,
}

/// All objects of one kind in one namespace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrantFrom {
    /// API group of the kind, for example `aws.cairn.run`.
    #[schemars(length(max = 253))]
    pub group: String,
    /// The kind, for example `FieldExport`.
    #[schemars(length(min = 1, max = 63))]
    pub kind: String,
    /// The namespace.
    #[schemars(length(min = 1, max = 63), regex(pattern = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"))]
    pub namespace: String,
}

/// Objects of one kind in the namespace of the grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrantTo {
    /// API group of the kind; empty for `ConfigMap`, `Secret` and the other kinds of the core group.
    #[schemars(length(max = 253))]
    pub group: String,
    /// The kind, for example `ConfigMap`.
    #[schemars(length(min = 1, max = 63))]
    pub kind: String,
    /// The one object; all of the kind when it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 253))]
    pub name: Option<String>,
}

/// Nothing: a grant says all by its spec.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReferenceGrantStatus {}
