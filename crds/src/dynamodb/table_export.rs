//! `TableExport`: ACK has no such kind; field names are those of the DynamoDB API, as ACK would spell them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    kind::{Column, Home, Kind, Reach},
    schema,
    shared::ResourceReference,
    status::CommonStatus,
};

/// An export of a `DynamoDB` table to S3.
pub static TABLE_EXPORT: Kind = Kind {
    home: Home::Service("dynamodb"),
    reach: Reach::Namespaced,
    kind: "TableExport",
    plural: "tableexports",
    description: "An export of an Amazon DynamoDB table, as it was at one moment or of what changed in a time, to Amazon \
                  S3. It runs once. Deleting the object leaves in AWS what was exported.",
    columns: &[
        Column::text("Status", ".status.exportStatus"),
        Column::READY,
        Column::REASON,
        Column::text("Bucket", ".spec.s3Bucket"),
        Column::text("Manifest", ".status.exportManifest").wide(),
        Column::REGION,
        Column::ARN,
        Column::MESSAGE,
    ],
    spec: schema::of::<TableExportSpec>,
    status: schema::of::<TableExportStatus>,
};

/// What is exported, and where to. Nothing of it can be changed: another export takes another object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "[has(self.tableARN), has(self.tableName), has(self.tableRef)].exists_one(x, x)", "message": "an export needs exactly one of tableARN, tableName and tableRef"},
    {"rule": "has(self.s3Bucket) != has(self.s3BucketRef)", "message": "an export needs either s3Bucket or s3BucketRef"},
    {"rule": "has(self.incrementalExportSpecification) == (has(self.exportType) && self.exportType == 'INCREMENTAL_EXPORT')", "message": "incrementalExportSpecification goes with exportType INCREMENTAL_EXPORT"},
    {"rule": "!has(self.exportTime) || !has(self.incrementalExportSpecification)", "message": "exportTime is for a full export"},
    {"rule": "!has(self.s3SSEKMSKeyID) || (has(self.s3SSEAlgorithm) && self.s3SSEAlgorithm == 'KMS')", "message": "s3SSEKMSKeyID goes with s3SSEAlgorithm KMS"}
]))]
pub struct TableExportSpec {
    /// Format of what is exported; `DYNAMODB_JSON` where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-kubernetes-validations" = [
        {"rule": "self == oldSelf", "message": "exportFormat is immutable; create another object for another export"}
    ]))]
    pub export_format: Option<ExportFormat>,
    /// The moment of which a full export is; the last that can be restored where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time", "x-kubernetes-validations" = [
        {"rule": "self == oldSelf", "message": "exportTime is immutable; create another object for another export"}
    ]))]
    pub export_time: Option<String>,
    /// Whether all is exported, as where it is left out, or what changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-kubernetes-validations" = [
        {"rule": "self == oldSelf", "message": "exportType is immutable; create another object for another export"}
    ]))]
    pub export_type: Option<ExportType>,
    /// Which changes an incremental export is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-kubernetes-validations" = [
        {"rule": "self == oldSelf", "message": "incrementalExportSpecification is immutable; create another object for another export"}
    ]))]
    pub incremental_export_specification: Option<IncrementalExportSpecification>,
    /// Name of the bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 3, max = 255),
        extend("x-kubernetes-validations" = [
            {"rule": "self == oldSelf", "message": "s3Bucket is immutable; create another object for another export"}
        ])
    )]
    pub s3_bucket: Option<String>,
    /// The Bucket object, whose name in AWS fills `s3Bucket`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-kubernetes-validations" = [
        {"rule": "self == oldSelf", "message": "s3BucketRef is immutable; create another object for another export"}
    ]))]
    pub s3_bucket_ref: Option<ResourceReference>,
    /// The account of the bucket, where it is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9]{12}$"), extend("x-kubernetes-validations" = [
        {"rule": "self == oldSelf", "message": "s3BucketOwner is immutable; create another object for another export"}
    ]))]
    pub s3_bucket_owner: Option<String>,
    /// What the names of the exported objects begin with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024), extend("x-kubernetes-validations" = [
        {"rule": "self == oldSelf", "message": "s3Prefix is immutable; create another object for another export"}
    ]))]
    pub s3_prefix: Option<String>,
    /// How the exported objects are encrypted.
    #[serde(rename = "s3SSEAlgorithm", skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-kubernetes-validations" = [
        {"rule": "self == oldSelf", "message": "s3SSEAlgorithm is immutable; create another object for another export"}
    ]))]
    pub s3_sse_algorithm: Option<S3SseAlgorithm>,
    /// Id of the key of KMS that they are encrypted by.
    #[serde(rename = "s3SSEKMSKeyID", skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 2048), extend("x-kubernetes-validations" = [
        {"rule": "self == oldSelf", "message": "s3SSEKMSKeyID is immutable; create another object for another export"}
    ]))]
    pub s3_sse_kms_key_id: Option<String>,
    /// ARN of the table.
    #[serde(rename = "tableARN", skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1024), extend("x-kubernetes-validations" = [
        {"rule": "self == oldSelf", "message": "tableARN is immutable; create another object for another export"}
    ]))]
    pub table_arn: Option<String>,
    /// Name of the table, in the same account and region. Point-in-time recovery has to be on for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 3, max = 255),
        regex(pattern = r"^[a-zA-Z0-9_.-]+$"),
        extend("x-kubernetes-validations" = [
            {"rule": "self == oldSelf", "message": "tableName is immutable; create another object for another export"}
        ])
    )]
    pub table_name: Option<String>,
    /// The Table object, whose name in AWS fills `tableName`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-kubernetes-validations" = [
        {"rule": "self == oldSelf", "message": "tableRef is immutable; create another object for another export"}
    ]))]
    pub table_ref: Option<ResourceReference>,
}

/// Format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExportFormat {
    /// JSON that tells the type of each value.
    DynamodbJson,
    /// Amazon Ion.
    Ion,
}

/// Whether all is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExportType {
    /// All.
    FullExport,
    /// What changed in a time.
    IncrementalExport,
}

/// How exported objects are encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum S3SseAlgorithm {
    /// By a key of S3.
    AES256,
    /// By a key of KMS.
    KMS,
}

/// Which changes are exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IncrementalExportSpecification {
    /// The first moment. Between it and the last are 15 minutes to 24 hours.
    #[schemars(extend("format" = "date-time"))]
    pub export_from_time: String,
    /// The moment after the last; the latest that can be restored where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub export_to_time: Option<String>,
    /// What is told of a change; `NEW_AND_OLD_IMAGES` where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub export_view_type: Option<ExportViewType>,
}

/// What is told of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExportViewType {
    /// The item after it.
    NewImage,
    /// And the item before it.
    NewAndOldImages,
}

/// What Cairn saw of the export when it last looked. One that is completed is not looked at again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TableExportStatus {
    /// What every AWS kind carries.
    #[serde(flatten)]
    pub common: CommonStatus,
    /// How much AWS charges for, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billed_size_bytes: Option<i64>,
    /// When the export ended, as RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<String>,
    /// Name of the manifest in the bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub export_manifest: Option<String>,
    /// State: `IN_PROGRESS`, `COMPLETED` or `FAILED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub export_status: Option<String>,
    /// Why the export failed, as AWS has it in a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_code: Option<String>,
    /// Why the export failed, as AWS says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_message: Option<String>,
    /// How many items were exported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item_count: Option<i64>,
    /// When the export began, as RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<String>,
}
