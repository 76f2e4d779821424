//! How objects are used.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ObjectFilter;
use crate::shared::ResourceReference;

/// What S3 finds out about how objects are used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnalyticsConfiguration {
    /// Name of the configuration.
    #[schemars(length(min = 1, max = 64))]
    pub id: String,
    /// Which objects; by default all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<ObjectFilter>,
    /// What becomes of the findings.
    pub storage_class_analysis: StorageClassAnalysis,
}

/// What becomes of findings; without `dataExport` they are shown in the console alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StorageClassAnalysis {
    /// They are written to a bucket every day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_export: Option<AnalyticsDataExport>,
}

/// Where findings are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnalyticsDataExport {
    /// Version of the form; there is only `V_1`.
    pub output_schema_version: AnalyticsSchemaVersion,
    /// The destination.
    pub destination: AnalyticsDestination,
}

/// Version of the form of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum AnalyticsSchemaVersion {
    /// The first.
    #[serde(rename = "V_1")]
    V1,
}

/// Where findings are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnalyticsDestination {
    /// A bucket.
    pub s3_bucket_destination: AnalyticsBucketDestination,
}

/// The bucket to which findings are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.bucket) != has(self.bucketRef)", "message": "s3BucketDestination needs either bucket or bucketRef"}
]))]
pub struct AnalyticsBucketDestination {
    /// ARN of the bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256), regex(pattern = r"^arn:[^:]+:s3"))]
    pub bucket: Option<String>,
    /// The object of the bucket, whose ARN fills `bucket`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket_ref: Option<ResourceReference>,
    /// Account that owns the bucket.
    #[serde(rename = "bucketAccountID", skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[0-9]{12}$"))]
    pub bucket_account_id: Option<String>,
    /// Form of the files; there is only `CSV`.
    pub format: AnalyticsFormat,
    /// What their keys begin with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 512))]
    pub prefix: Option<String>,
}

/// Form of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum AnalyticsFormat {
    /// Comma-separated values.
    Csv,
}
