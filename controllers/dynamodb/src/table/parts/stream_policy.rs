//! Who may do what with a table's stream.

use cairn_aws::unmade;
use cairn_core::{
    failure::Failure,
    observed::{Present, Reading},
    rules::PartRules,
};
use serde_json::Value;

use super::{
    super::describe,
    Apart, STREAM,
    resource_policy::{self, ResourcePolicy},
};
use crate::client::{Scoped, fetch};

pub(super) struct StreamPolicy;

impl Apart for StreamPolicy {
    /// Another stream has another policy, so that it comes after the stream.
    const RULES: PartRules = PartRules { field: "streamResourcePolicy", after: &[STREAM], ..ResourcePolicy::RULES };

    async fn get(client: &Scoped, _: &str, home: &Present) -> Reading {
        match describe::stream(home) {
            Some(stream) => resource_policy::read(client, stream).await,
            None => Ok(None),
        }
    }

    async fn put(client: &Scoped, table: &str, value: &Value) -> Result<(), Failure> {
        let none = || unmade(Self::RULES.put, &"the table has no stream; declare one as streamSpecification");
        let stream = stream(client, table).await?.ok_or_else(none)?;
        resource_policy::write(client, &stream, value).await
    }

    async fn delete(client: &Scoped, table: &str) -> Result<(), Failure> {
        let Some(stream) = stream(client, table).await? else { return Ok(()) };
        resource_policy::take_away(client, &stream).await
    }
}

/// ARN of the stream that the table has now: a step may have made another since the table was looked at.
async fn stream(client: &Scoped, table: &str) -> Result<Option<String>, Failure> {
    let answer = fetch!(client, describe_table.table_name(table), "DescribeTable")?;
    let table = answer.table.filter(|table| table.stream_specification.as_ref().is_some_and(|has| has.stream_enabled));
    Ok(table.and_then(|table| table.latest_stream_arn))
}
