//! Between the JSON of a spec and the types of S3 Control's SDK.

cairn_aws::wire_of!("S3 Control");

cairn_aws::wire! {
    aws_sdk_s3control, Sdk;
    struct PublicAccessBlockConfiguration {
        "blockPublicACLs" => block_public_acls,
        "blockPublicPolicy" => block_public_policy,
        "ignorePublicACLs" => ignore_public_acls,
        "restrictPublicBuckets" => restrict_public_buckets,
    }
    try struct VpcConfiguration { "vpcID" => vpc_id }
}
