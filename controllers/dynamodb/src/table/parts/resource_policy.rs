//! Who may do what with a table.

use cairn_aws::{policy, unless_absent};
use cairn_core::{
    failure::Failure,
    observed::{Present, Reading},
    rules::{PartRules, Rule},
};
use serde_json::Value;

use super::Apart;
use crate::{
    client::{Scoped, fetch, send},
    wire::decode,
};

pub(super) struct ResourcePolicy;

impl Apart for ResourcePolicy {
    const RULES: PartRules = PartRules {
        field: "resourcePolicy",
        rule: Rule::Whole,
        get: "GetResourcePolicy",
        put: "PutResourcePolicy",
        delete: Some("DeleteResourcePolicy"),
        same: policy::same_values,
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, table: &str, _: &Present) -> Reading {
        read(client, &client.arn(table)).await
    }

    async fn put(client: &Scoped, table: &str, value: &Value) -> Result<(), Failure> {
        write(client, &client.arn(table), value).await
    }

    async fn delete(client: &Scoped, table: &str) -> Result<(), Failure> {
        take_away(client, &client.arn(table)).await
    }
}

/// The policy of the table or stream with that ARN.
pub(super) async fn read(client: &Scoped, arn: &str) -> Reading {
    let answer = fetch!(client, get_resource_policy.resource_arn(arn), ResourcePolicy::RULES.get);
    let answer = unless_absent(answer, &["PolicyNotFoundException"])?;
    Ok(answer.and_then(|answer| answer.policy).map(Value::from))
}

/// Gives it that policy.
pub(super) async fn write(client: &Scoped, arn: &str, policy: &Value) -> Result<(), Failure> {
    let operation = ResourcePolicy::RULES.put;
    let policy = decode::<String>(operation, policy)?;
    send!(client, put_resource_policy.resource_arn(arn).policy(policy), operation)
}

/// Takes its policy away.
pub(super) async fn take_away(client: &Scoped, arn: &str) -> Result<(), Failure> {
    send!(client, delete_resource_policy.resource_arn(arn), "DeleteResourcePolicy")
}
