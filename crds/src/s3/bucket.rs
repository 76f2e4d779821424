//! `Bucket`: field names are those of ACK's s3-controller, which in turn are those of the S3 API.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    kind::{Column, Home, Kind, Reach},
    schema,
    shared::ResourceReference,
    status::CommonStatus,
};

/// An S3 general-purpose bucket.
pub static BUCKET: Kind = Kind {
    home: Home::Service("s3"),
    reach: Reach::Namespaced,
    kind: "Bucket",
    plural: "buckets",
    description: "An Amazon S3 bucket.",
    columns: &[
        Column { name: "Bucket", path: ".spec.name", kind: "string", priority: 0 },
        Column { name: "Ready", path: ".status.conditions[?(@.type==\"Ready\")].status", kind: "string", priority: 0 },
        Column { name: "Reason", path: ".status.conditions[?(@.type==\"Ready\")].reason", kind: "string", priority: 0 },
        Column { name: "Region", path: ".status.ackResourceMetadata.region", kind: "string", priority: 1 },
        Column { name: "ARN", path: ".status.ackResourceMetadata.arn", kind: "string", priority: 1 },
        Column {
            name: "Message",
            path: ".status.conditions[?(@.type==\"Ready\")].message",
            kind: "string",
            priority: 1,
        },
    ],
    spec: schema::of::<BucketSpec>,
    status: schema::of::<BucketStatus>,
};

/// What a bucket shall be. A field that is left out is not managed: it is neither read nor reset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BucketSpec {
    /// Name of the bucket, unique in the AWS partition. It cannot be changed.
    #[schemars(
        length(min = 3, max = 63),
        regex(pattern = r"^[a-z0-9]([a-z0-9-]|\.[a-z0-9])*[a-z0-9]$"),
        extend("x-kubernetes-validations" = [
            {"rule": "self == oldSelf", "message": "name is immutable: a bucket cannot be renamed; create another object for another bucket"},
            {"rule": r"!self.matches('^[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+$')", "message": "name must not look like an IP address"},
            {"rule": "!self.startsWith('xn--') && !self.startsWith('sthree-') && !self.startsWith('amzn-s3-demo-')", "message": "name starts with a prefix that AWS reserves"},
            {"rule": "!self.endsWith('-s3alias') && !self.endsWith('--ol-s3') && !self.endsWith('.mrap') && !self.endsWith('--x-s3') && !self.endsWith('--table-s3')", "message": "name ends with a suffix that AWS reserves"}
        ])
    )]
    pub name: String,
    /// Where the bucket is created. Without it: the object's region annotation, then the operator's region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_bucket_configuration: Option<CreateBucketConfiguration>,
    /// Default encryption of new objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<ServerSideEncryptionConfiguration>,
    /// Who owns objects that others write, and whether ACLs have any effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ownership_controls: Option<OwnershipControls>,
    /// Bucket policy: an IAM policy document in JSON. Compared by meaning, not by spelling.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 20480), regex(pattern = r"^\s*\{[\s\S]*\}\s*$"))]
    pub policy: Option<String>,
    /// What S3 refuses to make public, whatever ACLs and policies say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_access_block: Option<PublicAccessBlockConfiguration>,
    /// Tags of the bucket. Tags that are not named here stay as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tagging: Option<Tagging>,
    /// Whether S3 keeps earlier versions of objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub versioning: Option<VersioningConfiguration>,
}

/// Where the bucket is created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "self == oldSelf", "message": "createBucketConfiguration is immutable: a bucket cannot be moved"}
]))]
pub struct CreateBucketConfiguration {
    /// AWS region of the bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^([a-z]{2,}(-[a-z]+)+-[0-9]+|EU)$"))]
    pub location_constraint: Option<String>,
}

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

/// Who owns objects that others write. AWS takes exactly one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OwnershipControls {
    /// The rule.
    #[schemars(length(min = 1, max = 1), extend("x-kubernetes-list-type" = "atomic"))]
    pub rules: Vec<OwnershipControlsRule>,
}

/// Who owns objects that others write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OwnershipControlsRule {
    /// The owner of new objects.
    pub object_ownership: ObjectOwnership,
}

/// The owner of new objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ObjectOwnership {
    /// The bucket's owner, if the writer says so in an ACL.
    BucketOwnerPreferred,
    /// The writer.
    ObjectWriter,
    /// The bucket's owner always; ACLs are off. What AWS gives a new bucket.
    BucketOwnerEnforced,
}

/// What S3 refuses to make public. AWS gives a new bucket all four.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublicAccessBlockConfiguration {
    /// Refuse requests that set a public ACL.
    #[serde(rename = "blockPublicACLs", skip_serializing_if = "Option::is_none")]
    pub block_public_acls: Option<bool>,
    /// Refuse a public bucket policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_public_policy: Option<bool>,
    /// Ignore public ACLs that exist.
    #[serde(rename = "ignorePublicACLs", skip_serializing_if = "Option::is_none")]
    pub ignore_public_acls: Option<bool>,
    /// Let only the account and AWS services through a public policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restrict_public_buckets: Option<bool>,
}

/// Tags of the bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tagging {
    /// The tags. AWS allows 50 on a bucket, of which Cairn needs four.
    #[schemars(length(max = 46), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["key"]))]
    pub tag_set: Vec<Tag>,
}

/// One tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tag {
    /// Key; those that start with `aws:` belong to AWS, those with `cairn.run/` to Cairn.
    #[schemars(
        length(min = 1, max = 128),
        extend("x-kubernetes-validations" = [
            {"rule": "!self.startsWith('aws:')", "message": "tag keys that start with aws: belong to AWS"},
            {"rule": "!self.startsWith('cairn.run/')", "message": "tag keys that start with cairn.run/ belong to Cairn"}
        ])
    )]
    pub key: String,
    /// Value, which may be empty.
    #[schemars(length(max = 256))]
    pub value: String,
}

/// Whether S3 keeps earlier versions of objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VersioningConfiguration {
    /// `Enabled` keeps earlier versions; `Suspended` keeps those that exist and makes no new ones.
    pub status: VersioningStatus,
}

/// State of versioning. A bucket that was ever versioned can only be suspended, not reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum VersioningStatus {
    /// Earlier versions are kept.
    Enabled,
    /// No new versions are made.
    Suspended,
}

/// What Cairn saw of the bucket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BucketStatus {
    /// What every AWS kind carries.
    #[serde(flatten)]
    pub common: CommonStatus,
    /// Path of the bucket as CreateBucket answers it, for example `/my-bucket`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}
