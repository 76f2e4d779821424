//! Who may do what with a table.

use cairn_aws::{policy, unless_absent};
use cairn_core::{
    failure::Failure,
    observed::Reading,
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

    async fn get(client: &Scoped, table: &str) -> Reading {
        let answer = fetch!(client, get_resource_policy.resource_arn(client.arn(table)), Self::RULES.get);
        let answer = unless_absent(answer, &["PolicyNotFoundException"])?;
        Ok(answer.and_then(|answer| answer.policy).map(Value::from))
    }

    async fn put(client: &Scoped, table: &str, value: &Value) -> Result<(), Failure> {
        let value = decode::<String>(Self::RULES.put, value)?;
        send!(client, put_resource_policy.resource_arn(client.arn(table)).policy(value), Self::RULES.put)
    }

    async fn delete(client: &Scoped, table: &str) -> Result<(), Failure> {
        send!(client, delete_resource_policy.resource_arn(client.arn(table)), "DeleteResourcePolicy")
    }
}
