//! Logs of the requests to a bucket.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::shared::ResourceReference;

/// Where S3 writes logs of the requests. An empty object switches them off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BucketLoggingStatus {
    /// Where they go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logging_enabled: Option<LoggingEnabled>,
}

/// Where logs go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.targetBucket) != has(self.targetBucketRef)", "message": "logging needs either targetBucket or targetBucketRef"}
]))]
pub struct LoggingEnabled {
    /// Name of a bucket of the same account and region.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 3, max = 63))]
    pub target_bucket: Option<String>,
    /// The object of that bucket, whose name fills `targetBucket`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_bucket_ref: Option<ResourceReference>,
    /// What the keys of the logs begin with; nothing by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub target_prefix: Option<String>,
    /// What follows the prefix in the keys of the logs; by default `simplePrefix`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_object_key_format: Option<TargetObjectKeyFormat>,
    /// Who else may read the logs. AWS takes it only where the target bucket has ACLs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100), extend("x-kubernetes-list-type" = "atomic"))]
    pub target_grants: Option<Vec<TargetGrant>>,
}

/// What follows the prefix in the keys of logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.simplePrefix) != has(self.partitionedPrefix)", "message": "targetObjectKeyFormat is either simplePrefix or partitionedPrefix"}
]))]
pub struct TargetObjectKeyFormat {
    /// `[prefix][YYYY]-[MM]-[DD]-[hh]-[mm]-[ss]-[unique]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simple_prefix: Option<SimplePrefix>,
    /// `[prefix][account]/[region]/[bucket]/[YYYY]/[MM]/[DD]/[YYYY]-[MM]-[DD]-[hh]-[mm]-[ss]-[unique]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partitioned_prefix: Option<PartitionedPrefix>,
}

/// Keys with a time and nothing else. It has no fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SimplePrefix {}

/// Keys with account, region, bucket and day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartitionedPrefix {
    /// The time that counts; by default `DeliveryTime`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_date_source: Option<PartitionDateSource>,
}

/// The time that counts for the key of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum PartitionDateSource {
    /// When the requests were made; the time in the key is 00:00:00.
    EventTime,
    /// When the log was delivered.
    DeliveryTime,
}

/// Who may do what with logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TargetGrant {
    /// Who.
    pub grantee: Grantee,
    /// What.
    pub permission: LogsPermission,
}

/// What somebody may do with logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum LogsPermission {
    /// Everything.
    #[serde(rename = "FULL_CONTROL")]
    FullControl,
    /// Read them.
    #[serde(rename = "READ")]
    Read,
    /// Write them.
    #[serde(rename = "WRITE")]
    Write,
}

/// Somebody to whom something is granted: an account by its canonical id, or a group by its URI. AWS takes no e-mail
/// addresses any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "(self.type_ == 'CanonicalUser') == has(self.id)", "message": "a grantee of type_ CanonicalUser needs id, and no other has one"},
    {"rule": "(self.type_ == 'Group') == has(self.uRI)", "message": "a grantee of type_ Group needs uRI, and no other has one"}
]))]
pub struct Grantee {
    /// What the grantee is.
    #[serde(rename = "type_")]
    pub kind: GranteeType,
    /// Canonical user id of an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 128))]
    pub id: Option<String>,
    /// URI of a group, for example `http://acs.amazonaws.com/groups/s3/LogDelivery`.
    #[serde(rename = "uRI", skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub uri: Option<String>,
    /// A name for people, which AWS ignores: it goes nowhere.
    #[serde(skip_serializing)]
    #[schemars(length(max = 256))]
    pub display_name: Option<String>,
}

/// What a grantee is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum GranteeType {
    /// An account.
    CanonicalUser,
    /// One of the groups that S3 knows.
    Group,
}
