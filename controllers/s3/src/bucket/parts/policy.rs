//! The bucket policy.

use cairn_aws::{policy, unless_absent};
use cairn_core::{
    failure::Failure,
    observed::Reading,
    rules::{PartRules, Rule},
};
use serde_json::Value;

use super::Part;
use crate::{
    client::{Scoped, fetch, send},
    wire::decode,
};

pub(super) struct Policy;

impl Part for Policy {
    /// A new bucket has no policy, so removal takes it away. A public policy is refused while the public access block
    /// stands, and both may change together: the block goes first.
    const RULES: PartRules = PartRules {
        field: "policy",
        rule: Rule::Whole,
        get: "GetBucketPolicy",
        put: "PutBucketPolicy",
        delete: Some("DeleteBucketPolicy"),
        after: &["publicAccessBlock"],
        same: policy::same_values,
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        let answer = fetch!(client, bucket, get_bucket_policy, Self::RULES.get);
        let answer = unless_absent(answer, &["NoSuchBucketPolicy"])?;
        Ok(answer.and_then(|answer| answer.policy).map(Value::from))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let value = decode::<String>(Self::RULES.put, value)?;
        send!(client, bucket, put_bucket_policy.policy(value), Self::RULES.put)
    }

    async fn delete(client: &Scoped, bucket: &str) -> Result<(), Failure> {
        send!(client, bucket, delete_bucket_policy, "DeleteBucketPolicy")
    }
}
