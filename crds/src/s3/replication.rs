//! Copies of objects in other buckets.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ObjectFilter, RuleStatus};
use crate::shared::ResourceReference;

/// Which objects are copied to which buckets. An empty list stops it; taking the field away does not, because copies
/// may be what protects the data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.role) != has(self.roleRef)", "message": "replication needs either role or roleRef"}
]))]
pub struct ReplicationConfiguration {
    /// ARN of the IAM role with which S3 copies.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048), regex(pattern = r"^arn:[^:]+:iam:"))]
    pub role: Option<String>,
    /// The object of the role, whose ARN fills `role`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_ref: Option<ResourceReference>,
    /// The rules.
    #[schemars(length(max = 1000), extend("x-kubernetes-list-type" = "atomic"))]
    pub rules: Vec<ReplicationRule>,
}

/// Which objects are copied where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "!has(self.prefix) || !has(self.filter)", "message": "a rule has either filter or prefix, which is the old form of it"}
]))]
pub struct ReplicationRule {
    /// Name of the rule; without it AWS makes one up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 255))]
    pub id: Option<String>,
    /// Whether the rule is in force.
    pub status: RuleStatus,
    /// Of the rules that fit an object and have the same destination, the one with the highest number counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub priority: Option<i32>,
    /// Which objects, in the old form.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub prefix: Option<String>,
    /// Which objects; by default all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<ObjectFilter>,
    /// Where, and how the copies are kept.
    pub destination: Destination,
    /// Whether delete markers are copied too. AWS wants to know wherever `filter` is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_marker_replication: Option<OptionalStatus>,
    /// Whether objects are copied that were there before the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existing_object_replication: Option<Status>,
    /// Which objects are copied that otherwise would not be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_selection_criteria: Option<SourceSelectionCriteria>,
}

/// Whether something is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Status {
    /// Whether it is.
    pub status: RuleStatus,
}

/// Whether something is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OptionalStatus {
    /// Whether it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<RuleStatus>,
}

/// Which objects are copied that otherwise would not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SourceSelectionCriteria {
    /// Changes of metadata of copies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replica_modifications: Option<Status>,
    /// Objects that are encrypted with keys in KMS.
    #[serde(rename = "sseKMSEncryptedObjects", skip_serializing_if = "Option::is_none")]
    pub sse_kms_encrypted_objects: Option<Status>,
}

/// Where copies go, and how they are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.bucket) != has(self.bucketRef)", "message": "destination needs either bucket or bucketRef"},
    {"rule": "!has(self.accessControlTranslation) || has(self.account)", "message": "accessControlTranslation needs account"},
    {"rule": "!has(self.replicationTime) || self.replicationTime.status == 'Disabled' || (has(self.metrics) && self.metrics.status == 'Enabled')", "message": "replicationTime needs metrics"}
]))]
pub struct Destination {
    /// Account that owns the bucket, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[0-9]{12}$"))]
    pub account: Option<String>,
    /// ARN of the bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256), regex(pattern = r"^arn:[^:]+:s3"))]
    pub bucket: Option<String>,
    /// The object of the bucket, whose ARN fills `bucket`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket_ref: Option<ResourceReference>,
    /// Storage class of the copies; by default that of the object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_class: Option<ReplicaStorageClass>,
    /// Who owns the copies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_control_translation: Option<AccessControlTranslation>,
    /// With which key copies are encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption_configuration: Option<ReplicaEncryption>,
    /// Whether S3 measures how far the copies are behind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics: Option<ReplicationMetrics>,
    /// Whether S3 promises how far they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replication_time: Option<ReplicationTime>,
}

/// Storage class of copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReplicaStorageClass {
    /// For what is often read.
    Standard,
    /// With less redundancy; no longer recommended.
    ReducedRedundancy,
    /// For what is seldom read.
    StandardIa,
    /// The same, in one availability zone.
    OnezoneIa,
    /// For what is read nobody knows when.
    IntelligentTiering,
    /// For archives that are read in hours.
    Glacier,
    /// For archives that are read in half a day.
    DeepArchive,
    /// On Outposts.
    Outposts,
    /// For archives that are read at once.
    GlacierIr,
    /// In one availability zone, fast.
    ExpressOnezone,
}

/// Who owns copies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessControlTranslation {
    /// The owner.
    pub owner: OwnerOverride,
}

/// The owner of copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum OwnerOverride {
    /// The account of the destination.
    Destination,
}

/// With which key copies are encrypted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "!has(self.replicaKMSKeyRef) || !has(self.replicaKMSKeyID)", "message": "replicaKMSKeyRef fills replicaKMSKeyID: leave one of them out"}
]))]
pub struct ReplicaEncryption {
    /// ARN of a key in the region of the destination.
    #[serde(rename = "replicaKMSKeyID", skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 2048))]
    pub replica_kms_key_id: Option<String>,
    /// The object of the key, whose ARN fills `replicaKMSKeyID`.
    #[serde(rename = "replicaKMSKeyRef", skip_serializing_if = "Option::is_none")]
    pub replica_kms_key_ref: Option<ResourceReference>,
}

/// Whether S3 measures how far copies are behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReplicationMetrics {
    /// Whether it does.
    pub status: RuleStatus,
    /// After how long S3 tells of a missing copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_threshold: Option<ReplicationMinutes>,
}

/// Whether S3 promises how far copies are behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReplicationTime {
    /// Whether it does.
    pub status: RuleStatus,
    /// How far; AWS takes 15 minutes and nothing else.
    pub time: ReplicationMinutes,
}

/// A time in minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReplicationMinutes {
    /// The minutes; AWS takes 15 and nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 15, max = 15))]
    pub minutes: Option<i32>,
}
