//! Lists of the objects of a bucket.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::shared::ResourceReference;

/// A list of the objects that S3 writes every day or week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InventoryConfiguration {
    /// Name of the configuration.
    #[schemars(length(min = 1, max = 64), regex(pattern = r"^[A-Za-z0-9._-]+$"))]
    pub id: String,
    /// Whether lists are written.
    pub is_enabled: bool,
    /// Where they are written.
    pub destination: InventoryDestination,
    /// Which objects; by default all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<InventoryFilter>,
    /// Which versions.
    pub included_object_versions: InventoryVersions,
    /// What else is said of each object, for example `Size`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 50), inner(length(min = 1, max = 64), regex(pattern = r"^[A-Za-z0-9]+$")), extend("x-kubernetes-list-type" = "set"))]
    pub optional_fields: Option<Vec<String>>,
    /// How often.
    pub schedule: InventorySchedule,
}

/// Where lists are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InventoryDestination {
    /// A bucket.
    pub s3_bucket_destination: InventoryBucketDestination,
}

/// The bucket to which lists are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.bucket) != has(self.bucketRef)", "message": "s3BucketDestination needs either bucket or bucketRef"}
]))]
pub struct InventoryBucketDestination {
    /// Account that owns the bucket.
    #[serde(rename = "accountID", skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[0-9]{12}$"))]
    pub account_id: Option<String>,
    /// ARN of the bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256), regex(pattern = r"^arn:[^:]+:s3"))]
    pub bucket: Option<String>,
    /// The object of the bucket, whose ARN fills `bucket`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket_ref: Option<ResourceReference>,
    /// How lists are encrypted; by default as the bucket says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<InventoryEncryption>,
    /// Form of the lists.
    pub format: InventoryFormat,
    /// What their keys begin with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 512))]
    pub prefix: Option<String>,
}

/// How lists are encrypted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.sseKMS) != has(self.sseS3)", "message": "encryption is either sseKMS or sseS3"}
]))]
pub struct InventoryEncryption {
    /// With a key in KMS.
    #[serde(rename = "sseKMS", skip_serializing_if = "Option::is_none")]
    pub sse_kms: Option<SseKms>,
    /// With keys that S3 manages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sse_s3: Option<SseS3>,
}

/// A key in KMS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.keyID) != has(self.keyRef)", "message": "sseKMS needs either keyID or keyRef"}
]))]
pub struct SseKms {
    /// ARN of the key.
    #[serde(rename = "keyID", skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 2048))]
    pub key_id: Option<String>,
    /// The object of the key, whose ARN fills `keyID`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_ref: Option<ResourceReference>,
}

/// Keys that S3 manages. It has no fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SseS3 {}

/// Form of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum InventoryFormat {
    /// Comma-separated values.
    #[serde(rename = "CSV")]
    Csv,
    /// Apache ORC.
    #[serde(rename = "ORC")]
    Orc,
    /// Apache Parquet.
    Parquet,
}

/// Which objects are in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InventoryFilter {
    /// Their key begins so.
    #[schemars(length(max = 1024))]
    pub prefix: String,
}

/// Which versions are in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum InventoryVersions {
    /// All.
    All,
    /// The latest.
    Current,
}

/// How often lists are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InventorySchedule {
    /// How often.
    pub frequency: InventoryFrequency,
}

/// How often lists are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum InventoryFrequency {
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
}
