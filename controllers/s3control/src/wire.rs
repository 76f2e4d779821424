//! Between the JSON of a spec and the types of S3 Control's SDK.

use cairn_aws::wire::Wire;
use cairn_core::failure::Failure;
use serde_json::Value;

/// What tells S3 Control's implementations of [`Wire`] from those of other services.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sdk;

/// The form of an SDK's value in a spec.
pub(crate) fn encode(value: &impl Wire<Sdk>) -> Value {
    value.to_json()
}

/// The value that an operation is to be sent.
///
/// # Errors
/// A failure of that operation, which was not sent, when the value does not have the form.
pub(crate) fn decode<T: Wire<Sdk>>(operation: &str, value: &Value) -> Result<T, Failure> {
    cairn_aws::wire::decode(operation, value)
}

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
