//! What a table can be imported from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::shared::ResourceReference;

/// Objects of a bucket that a table is made from, named and shaped as in `CloudFormation`. AWS charges for every import, also
/// for one that fails: Cairn asks for the same one once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "!has(self.inputFormatOptions) || self.inputFormat == 'CSV'", "message": "inputFormatOptions are for the inputFormat CSV"}
]))]
pub struct ImportSource {
    /// Where the objects are.
    pub s3_bucket_source: S3BucketSource,
    /// What is in them.
    pub input_format: InputFormat,
    /// How that is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_format_options: Option<InputFormatOptions>,
    /// How they are compressed; without it, not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_compression_type: Option<InputCompressionType>,
}

/// Objects of a bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.s3Bucket) != has(self.s3BucketRef)", "message": "an import needs either s3Bucket or s3BucketRef"}
]))]
pub struct S3BucketSource {
    /// Name of the bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 255), regex(pattern = r"^[a-z0-9A-Z]+[.\-\w]*[a-z0-9A-Z]+$"))]
    pub s3_bucket: Option<String>,
    /// The object of the bucket, whose name fills `s3Bucket`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s3_bucket_ref: Option<ResourceReference>,
    /// Account of the bucket's owner, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9]{12}$"))]
    pub s3_bucket_owner: Option<String>,
    /// What the keys of the objects begin with; without it, all of the bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub s3_key_prefix: Option<String>,
}

/// What imported objects hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InputFormat {
    /// Lines of values between delimiters.
    Csv,
    /// Lines of items in DynamoDB's JSON.
    DynamodbJson,
    /// Amazon Ion.
    Ion,
}

/// How imported objects are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InputFormatOptions {
    /// Of those with the format CSV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub csv: Option<CsvOptions>,
}

/// How CSV is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CsvOptions {
    /// What is between values; without it, a comma.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[,;:|\t ]$"))]
    pub delimiter: Option<String>,
    /// The names of the columns; without it, the first line of each object has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 255),
        inner(length(min = 1, max = 65536), regex(pattern = r"^[\x20-\x21\x23-\x2B\x2D-\x7E]*$"))
    )]
    pub header_list: Option<Vec<String>>,
}

/// How imported objects are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InputCompressionType {
    /// By gzip.
    Gzip,
    /// By Zstandard.
    Zstd,
    /// Not at all.
    None,
}
