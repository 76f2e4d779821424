//! Tables with the metadata of objects.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::shared::ResourceReference;

/// Tables in S3 Tables that S3 keeps with the metadata of the bucket's objects. The encryption of a table is said when
/// the table is made, and AWS neither shows nor changes it afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MetadataConfiguration {
    /// The table of what happens to objects.
    pub journal_table_configuration: JournalTableConfiguration,
    /// The table of all objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inventory_table_configuration: Option<InventoryTableConfiguration>,
    /// The table of notes about objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotation_table_configuration: Option<AnnotationTableConfiguration>,
}

/// The table of what happens to objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JournalTableConfiguration {
    /// How long its rows are kept.
    pub record_expiration: RecordExpiration,
    /// How it is encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption_configuration: Option<TableEncryption>,
}

/// How long rows are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "(self.expiration == 'ENABLED') == has(self.days)", "message": "recordExpiration has days where expiration is ENABLED, and not otherwise"}
]))]
pub struct RecordExpiration {
    /// Whether they are deleted at all.
    pub expiration: TableState,
    /// After so many days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 7))]
    pub days: Option<i32>,
}

/// Whether something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum TableState {
    /// It is.
    Enabled,
    /// It is not.
    Disabled,
}

/// The table of all objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InventoryTableConfiguration {
    /// Whether there is one.
    pub configuration_state: TableState,
    /// How it is encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption_configuration: Option<TableEncryption>,
}

/// The table of notes about objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "!has(self.roleRef) || !has(self.role)", "message": "roleRef fills role: leave one of them out"}
]))]
pub struct AnnotationTableConfiguration {
    /// Whether there is one.
    pub configuration_state: TableState,
    /// ARN of the IAM role with which S3 fills it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048), regex(pattern = r"^arn:[^:]+:iam:"))]
    pub role: Option<String>,
    /// The object of the role, whose ARN fills `role`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_ref: Option<ResourceReference>,
    /// How it is encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption_configuration: Option<TableEncryption>,
}

/// How a table is encrypted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "(self.sseAlgorithm == 'aws:kms') == (has(self.kmsKeyARN) || has(self.kmsKeyRef))", "message": "kmsKeyARN goes with sseAlgorithm aws:kms, and not otherwise"},
    {"rule": "!has(self.kmsKeyRef) || !has(self.kmsKeyARN)", "message": "kmsKeyRef fills kmsKeyARN: leave one of them out"}
]))]
pub struct TableEncryption {
    /// Algorithm.
    pub sse_algorithm: TableAlgorithm,
    /// ARN of the key.
    #[serde(rename = "kmsKeyARN", skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 2048))]
    pub kms_key_arn: Option<String>,
    /// The object of the key, whose ARN fills `kmsKeyARN`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_key_ref: Option<ResourceReference>,
}

/// How a table is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TableAlgorithm {
    /// Keys that S3 manages.
    #[serde(rename = "AES256")]
    Aes256,
    /// Keys in AWS KMS.
    #[serde(rename = "aws:kms")]
    Kms,
}
