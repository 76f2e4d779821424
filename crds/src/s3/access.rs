//! Who owns objects, and what is refused to the public.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

/// What S3 refuses to make public. AWS gives a new bucket, and a new access point, all four.
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
