//! Default encryption of new objects.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::shared::ResourceReference;

/// Default encryption of new objects. AWS takes exactly one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServerSideEncryptionConfiguration {
    /// The rule.
    #[schemars(length(min = 1, max = 1), extend("x-kubernetes-list-type" = "atomic"))]
    pub rules: Vec<ServerSideEncryptionRule>,
}

/// How new objects are encrypted when the request does not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServerSideEncryptionRule {
    /// Algorithm and key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apply_server_side_encryption_by_default: Option<ServerSideEncryptionByDefault>,
    /// Whether S3 uses a bucket key, which saves calls to KMS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket_key_enabled: Option<bool>,
    /// Ways of encryption that writers may not use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked_encryption_types: Option<BlockedEncryptionTypes>,
}

/// Ways of encryption that writers may not use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BlockedEncryptionTypes {
    /// `SSE-C`, keys that the writer keeps; or `NONE`, which allows all.
    #[schemars(length(min = 1, max = 1), extend("x-kubernetes-list-type" = "atomic"))]
    pub encryption_type: Vec<BlockedEncryptionType>,
}

/// A way of encryption that writers may not use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum BlockedEncryptionType {
    /// None is blocked.
    #[serde(rename = "NONE")]
    None,
    /// Keys that the writer keeps.
    #[serde(rename = "SSE-C")]
    SseC,
}

/// Algorithm and key of the default encryption.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "!has(self.kmsMasterKeyID) || !has(self.sseAlgorithm) || self.sseAlgorithm != 'AES256'", "message": "kmsMasterKeyID needs sseAlgorithm aws:kms or aws:kms:dsse"},
    {"rule": "!has(self.kmsMasterKeyRef) || self.sseAlgorithm != 'AES256'", "message": "kmsMasterKeyRef needs sseAlgorithm aws:kms or aws:kms:dsse"},
    {"rule": "!has(self.kmsMasterKeyRef) || !has(self.kmsMasterKeyID)", "message": "kmsMasterKeyRef fills kmsMasterKeyID: leave one of them out"}
]))]
pub struct ServerSideEncryptionByDefault {
    /// Server-side encryption algorithm.
    pub sse_algorithm: SseAlgorithm,
    /// Id, ARN or alias of the KMS key; without it AWS uses the key `aws/s3`.
    #[serde(rename = "kmsMasterKeyID", skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 2048))]
    pub kms_master_key_id: Option<String>,
    /// The object of the KMS key, whose ARN fills `kmsMasterKeyID`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_master_key_ref: Option<ResourceReference>,
}

/// Server-side encryption algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum SseAlgorithm {
    /// Keys that S3 manages.
    #[serde(rename = "AES256")]
    Aes256,
    /// Keys in AWS KMS.
    #[serde(rename = "aws:kms")]
    Kms,
    /// Keys in AWS KMS, two layers.
    #[serde(rename = "aws:kms:dsse")]
    KmsDsse,
}
