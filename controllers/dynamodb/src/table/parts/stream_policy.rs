//! Who may do what with a table's stream.

use cairn_aws::{policy, unless_absent, unmade};
use cairn_core::{
    failure::Failure,
    observed::Reading,
    rules::{PartRules, Rule},
};
use serde_json::Value;

use super::{Apart, STREAM};
use crate::{
    client::{Scoped, fetch, send},
    wire::decode,
};

pub(super) struct StreamPolicy;

impl Apart for StreamPolicy {
    /// Another stream has another policy, so that it comes after the stream.
    const RULES: PartRules = PartRules {
        field: "streamResourcePolicy",
        rule: Rule::Whole,
        get: "GetResourcePolicy",
        put: "PutResourcePolicy",
        delete: Some("DeleteResourcePolicy"),
        after: &[STREAM],
        same: policy::same_values,
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, table: &str) -> Reading {
        let Some(stream) = stream(client, table).await? else { return Ok(None) };
        let answer = fetch!(client, get_resource_policy.resource_arn(stream), Self::RULES.get);
        let answer = unless_absent(answer, &["PolicyNotFoundException"])?;
        Ok(answer.and_then(|answer| answer.policy).map(Value::from))
    }

    async fn put(client: &Scoped, table: &str, value: &Value) -> Result<(), Failure> {
        let none = || unmade(Self::RULES.put, &"the table has no stream; declare one as streamSpecification");
        let stream = stream(client, table).await?.ok_or_else(none)?;
        let value = decode::<String>(Self::RULES.put, value)?;
        send!(client, put_resource_policy.resource_arn(stream).policy(value), Self::RULES.put)
    }

    async fn delete(client: &Scoped, table: &str) -> Result<(), Failure> {
        let Some(stream) = stream(client, table).await? else { return Ok(()) };
        send!(client, delete_resource_policy.resource_arn(stream), "DeleteResourcePolicy")
    }
}

/// ARN of the stream that the table has now.
async fn stream(client: &Scoped, table: &str) -> Result<Option<String>, Failure> {
    let answer = fetch!(client, describe_table.table_name(table), "DescribeTable")?;
    let table = answer.table.filter(|table| table.stream_specification.as_ref().is_some_and(|has| has.stream_enabled));
    Ok(table.and_then(|table| table.latest_stream_arn))
}
