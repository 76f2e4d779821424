//! `FieldExport`: field names are ACK's; `spec.values`, and that `from.path` may be absent, are Cairn's.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    kind::{Column, Home, Kind, Reach},
    schema,
    status::conditions,
};

/// Values of an AWS resource's object, written into a `ConfigMap` or a `Secret`.
pub static FIELD_EXPORT: Kind = Kind {
    home: Home::Shared,
    reach: Reach::Namespaced,
    kind: "FieldExport",
    plural: "fieldexports",
    description: "Values of the object of an AWS resource, written into a ConfigMap or a Secret.",
    columns: &[
        Column::text("Source", ".spec.from.resource.name"),
        Column::text("To", ".spec.to.kind"),
        Column::text("Target", ".spec.to.name"),
        Column::READY,
        Column::REASON,
        Column::MESSAGE,
    ],
    spec: schema::of::<FieldExportSpec>,
    status: schema::of::<FieldExportStatus>,
};

/// What is exported where: one value by `from.path` and `to.key`, or several by `values`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.from.path) != has(self.values)", "message": "exactly one of from.path and values must be there: one value, or several"},
    {"rule": "!has(self.values) || !has(self.to.key)", "message": "to.key belongs to from.path; each of values has its own key"}
]))]
pub struct FieldExportSpec {
    /// What is read.
    pub from: ExportSource,
    /// What is written.
    pub to: ExportTarget,
    /// Several values of the resource. They are written together, once there is a value for each.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 128),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["key"])
    )]
    pub values: Option<Vec<ExportedValue>>,
}

/// What is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportSource {
    /// Path of the one value in the resource's object, as jq writes it, for example `.status.ackResourceMetadata.arn`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 512))]
    pub path: Option<String>,
    /// The object of an AWS resource, in the namespace of the export.
    pub resource: ExportedResource,
}

/// The object of an AWS resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportedResource {
    /// Its API group, for example `s3.aws.cairn.run`.
    #[schemars(length(min = 1, max = 253))]
    pub group: String,
    /// Its kind, for example `Bucket`.
    #[schemars(length(min = 1, max = 63))]
    pub kind: String,
    /// Its name.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
}

/// What is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportTarget {
    /// Whether it is a `ConfigMap` or a `Secret`.
    pub kind: TargetKind,
    /// Its name. It is created when it does not exist.
    #[schemars(length(max = 253), regex(pattern = r"^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$"))]
    pub name: String,
    /// Its namespace, if it is not that of the export. That namespace has to permit it by an `AWSReferenceGrant`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 63), regex(pattern = r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$"))]
    pub namespace: Option<String>,
    /// Key of the one value in it. Without it: namespace and name of the export, joined by a dot.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 253), regex(pattern = r"^[-._a-zA-Z0-9]*$"))]
    pub key: Option<String>,
}

/// One of several values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportedValue {
    /// Key of the value in the target.
    #[schemars(length(min = 1, max = 253), regex(pattern = r"^[-._a-zA-Z0-9]+$"))]
    pub key: String,
    /// Path of the value in the resource's object, as jq writes it.
    #[schemars(length(min = 1, max = 512))]
    pub path: String,
}

/// The kinds that values can be written into, spelt as ACK spells them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TargetKind {
    /// A `ConfigMap`.
    ConfigMap,
    /// A `Secret`.
    Secret,
}

/// What Cairn did for the export.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FieldExportStatus {
    /// `Ready`, `Reconciling` and `Stalled`, as kstatus reads them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "conditions")]
    pub conditions: Vec<Condition>,
    /// The last request to look at the export, by annotation, that was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_handled_reconcile_at: Option<String>,
    /// The `metadata.generation` that this status speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// What Cairn remembers from one reconcile to the next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<ExportRecord>,
}

/// What Cairn remembers of an export. Written by the controller alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportRecord {
    /// Version of this structure; 1 today.
    pub version: u32,
    /// The objects in which there may be keys of this export. Each is here before the first key is written into it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    pub targets: Vec<ExportedInto>,
    /// Digest of what was last exported in full. For a Secret, of the version of the source and not of the values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The export carried ACK's finalizer before Cairn first wrote this status: values of ACK's may be replaced.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inherited: bool,
}

/// An object in which there may be keys of an export.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportedInto {
    /// Whether it is a `ConfigMap` or a `Secret`.
    pub kind: TargetKind,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}
