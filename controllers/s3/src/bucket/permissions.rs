//! The IAM actions that the calls about a bucket need. Source: the service authorization reference for Amazon S3.

use cairn_core::iam::Permission;

const fn row(operation: &'static str, actions: &'static [&'static str]) -> Permission {
    Permission { operation, actions }
}

pub(super) const PERMISSIONS: &[Permission] = &[
    row("CreateBucket", &["s3:CreateBucket", "s3:TagResource"]),
    row("DeleteBucket", &["s3:DeleteBucket"]),
    row("GetBucketTagging", &["s3:GetBucketTagging"]),
    row("PutBucketTagging", &["s3:PutBucketTagging", "s3:TagResource", "s3:UntagResource"]),
    row("GetBucketEncryption", &["s3:GetEncryptionConfiguration"]),
    row("PutBucketEncryption", &["s3:PutEncryptionConfiguration"]),
    row("GetBucketOwnershipControls", &["s3:GetBucketOwnershipControls"]),
    row("PutBucketOwnershipControls", &["s3:PutBucketOwnershipControls"]),
    row("GetBucketPolicy", &["s3:GetBucketPolicy"]),
    row("PutBucketPolicy", &["s3:PutBucketPolicy"]),
    row("DeleteBucketPolicy", &["s3:DeleteBucketPolicy"]),
    row("GetPublicAccessBlock", &["s3:GetBucketPublicAccessBlock"]),
    row("PutPublicAccessBlock", &["s3:PutBucketPublicAccessBlock"]),
    row("GetBucketVersioning", &["s3:GetBucketVersioning"]),
    row("PutBucketVersioning", &["s3:PutBucketVersioning"]),
];
