//! What replicas have for themselves, each a setting that a table has too.

use cairn_core::{
    failure::Failure,
    observed::{Present, Reading},
    rules::{PartRules, Rule},
    tags,
};
use serde_json::Value;

use super::{
    super::calls, Apart, continuous_backups::ContinuousBackups, contributor_insights::ContributorInsights,
    in_replicas::OfReplicas, resource_policy::ResourcePolicy,
};
use crate::{
    client::{Scoped, fetch, send},
    wire::decode,
};

/// Whether AWS itself refuses to delete a replica.
pub(super) struct Protection;

impl Apart for Protection {
    const RULES: PartRules = PartRules {
        field: "deletionProtectionEnabled",
        rule: Rule::Whole,
        get: "DescribeTable",
        put: "UpdateTable",
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, table: &str, _: &Present) -> Reading {
        let answer = fetch!(client, describe_table.table_name(table), Self::RULES.get)?;
        Ok(answer.table.map(|table| table.deletion_protection_enabled.unwrap_or(false).into()))
    }

    async fn put(client: &Scoped, table: &str, value: &Value) -> Result<(), Failure> {
        let on = value.as_bool();
        send!(client, update_table.table_name(table).set_deletion_protection_enabled(on), Self::RULES.put)
    }
}

/// Tags of a replica.
pub(super) struct Tags;

impl Apart for Tags {
    /// Tags that nobody declares stay.
    const RULES: PartRules = PartRules {
        field: "tags",
        rule: Rule::Whole,
        get: "ListTagsOfResource",
        put: "TagResource",
        same: has_all,
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, table: &str, _: &Present) -> Reading {
        Ok(Some(tags::list(&calls::tags(client, table).await?)))
    }

    async fn put(client: &Scoped, table: &str, value: &Value) -> Result<(), Failure> {
        let tags = Some(decode(Self::RULES.put, value)?);
        send!(client, tag_resource.resource_arn(client.arn(table)).set_tags(tags), Self::RULES.put)
    }
}

fn has_all(declared: &Value, there: &Value) -> bool {
    let there = there.as_array().map_or(&[][..], Vec::as_slice);
    declared.as_array().into_iter().flatten().all(|tag| there.contains(tag))
}

impl OfReplicas for Tags {
    const PATH: &'static str = "tableReplicas.tags";
}

impl OfReplicas for Protection {
    const PATH: &'static str = "tableReplicas.deletionProtectionEnabled";
}

impl OfReplicas for ContinuousBackups {
    const PATH: &'static str = "tableReplicas.continuousBackups";
}

impl OfReplicas for ContributorInsights {
    const PATH: &'static str = "tableReplicas.contributorInsights";
}

impl OfReplicas for ResourcePolicy {
    const PATH: &'static str = "tableReplicas.resourcePolicy";
}
