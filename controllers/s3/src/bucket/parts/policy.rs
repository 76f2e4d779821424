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
        same,
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

fn same(a: &Value, b: &Value) -> bool {
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => policy::same(a, b),
        _ => a == b,
    }
}

/// Checks that the policy is a JSON object.
///
/// # Errors
/// Where it ceases to be one.
pub(super) fn check(text: Option<&str>) -> Result<(), String> {
    let Some(text) = text else { return Ok(()) };
    policy::check(text).map_err(|why| format!("spec.policy: {why}"))
}
