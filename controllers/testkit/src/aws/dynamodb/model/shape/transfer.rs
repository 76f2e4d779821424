//! Requests for exports to, and imports from, S3.

use serde::{Deserialize, Serialize};

use super::{
    key::{AttributeDefinition, GlobalSecondaryIndex, KeySchemaElement},
    table::SseSpecification,
    throughput::{BillingMode, OnDemandThroughput, ProvisionedThroughput},
    time::Time,
};

/// Whether all is exported, or what changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExportType {
    /// All.
    #[default]
    FullExport,
    /// What changed.
    IncrementalExport,
}

/// Format of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExportFormat {
    /// JSON with types.
    #[default]
    DynamodbJson,
    /// Ion.
    Ion,
}

/// Encryption of what is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum S3SseAlgorithm {
    /// With a key of S3.
    AES256,
    /// With a key of KMS.
    KMS,
}

/// What an export shows of a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExportViewType {
    /// The item as it is.
    NewImage,
    /// And as it was.
    #[default]
    NewAndOldImages,
}

/// Which changes are exported.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct IncrementalExportSpecification {
    /// Not before.
    pub export_from_time: Option<Time>,
    /// Before; nothing is the latest time.
    pub export_to_time: Option<Time>,
    /// What is shown of a change.
    pub export_view_type: Option<ExportViewType>,
}

/// `ExportTableToPointInTime`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ExportTableToPointInTime {
    /// ARN of the table.
    pub table_arn: String,
    /// The time that is meant; nothing is the latest.
    pub export_time: Option<Time>,
    /// The same request with the same token is done once.
    pub client_token: Option<String>,
    /// Bucket.
    #[serde(rename = "S3Bucket")]
    pub s3_bucket: String,
    /// Account of the bucket.
    #[serde(rename = "S3BucketOwner")]
    pub s3_bucket_owner: Option<String>,
    /// Prefix in the bucket.
    #[serde(rename = "S3Prefix")]
    pub s3_prefix: Option<String>,
    /// Encryption.
    #[serde(rename = "S3SseAlgorithm")]
    pub s3_sse_algorithm: Option<S3SseAlgorithm>,
    /// Key.
    #[serde(rename = "S3SseKmsKeyId")]
    pub s3_sse_kms_key_id: Option<String>,
    /// Format.
    pub export_format: Option<ExportFormat>,
    /// Whether all, or what changed.
    pub export_type: Option<ExportType>,
    /// What changed.
    pub incremental_export_specification: Option<IncrementalExportSpecification>,
}

/// `DescribeExport`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DescribeExport {
    /// ARN of the export.
    pub export_arn: String,
}

/// `ListExports`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ListExports {
    /// ARN of a table; nothing for all.
    pub table_arn: Option<String>,
    /// Size of a page, 1 to 25.
    pub max_results: Option<i64>,
    /// What the page before gave.
    pub next_token: Option<String>,
}

/// Where an import comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct S3BucketSource {
    /// Account of the bucket.
    #[serde(rename = "S3BucketOwner")]
    pub s3_bucket_owner: Option<String>,
    /// Bucket.
    #[serde(rename = "S3Bucket")]
    pub s3_bucket: String,
    /// Prefix in the bucket.
    #[serde(rename = "S3KeyPrefix")]
    pub s3_key_prefix: Option<String>,
}

/// Format of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InputFormat {
    /// JSON with types.
    #[default]
    DynamodbJson,
    /// Ion.
    Ion,
    /// Comma-separated values.
    Csv,
}

/// Compression of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum InputCompressionType {
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
    /// None.
    #[default]
    None,
}

/// How comma-separated values are written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct CsvOptions {
    /// What stands between values.
    pub delimiter: Option<String>,
    /// Names of the columns.
    pub header_list: Option<Vec<String>>,
}

/// How an import is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct InputFormatOptions {
    /// Comma-separated values.
    pub csv: Option<CsvOptions>,
}

/// The table that an import creates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TableCreationParameters {
    /// Name.
    pub table_name: String,
    /// All key attributes of the table and its indexes.
    pub attribute_definitions: Vec<AttributeDefinition>,
    /// Key.
    pub key_schema: Vec<KeySchemaElement>,
    /// How throughput is paid for; nothing is provisioned.
    pub billing_mode: Option<BillingMode>,
    /// Capacity.
    pub provisioned_throughput: Option<ProvisionedThroughput>,
    /// Upper bounds.
    pub on_demand_throughput: Option<OnDemandThroughput>,
    /// Encryption.
    #[serde(rename = "SSESpecification")]
    pub sse_specification: Option<SseSpecification>,
    /// Global indexes.
    pub global_secondary_indexes: Option<Vec<GlobalSecondaryIndex>>,
}

/// `ImportTable`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ImportTable {
    /// The same request with the same token is done once.
    pub client_token: Option<String>,
    /// Where it comes from.
    #[serde(rename = "S3BucketSource")]
    pub s3_bucket_source: S3BucketSource,
    /// Format.
    pub input_format: InputFormat,
    /// How it is written.
    pub input_format_options: Option<InputFormatOptions>,
    /// Compression.
    pub input_compression_type: Option<InputCompressionType>,
    /// The new table.
    pub table_creation_parameters: TableCreationParameters,
}

/// `DescribeImport`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DescribeImport {
    /// ARN of the import.
    pub import_arn: String,
}

/// `ListImports`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ListImports {
    /// ARN of a table; nothing for all.
    pub table_arn: Option<String>,
    /// Size of a page, 1 to 25.
    pub page_size: Option<i64>,
    /// What the page before gave.
    pub next_token: Option<String>,
}
