//! Which keys `CloudWatch` is told of.

use aws_sdk_dynamodb::types::ContributorInsightsAction;
use cairn_core::{
    failure::Failure,
    observed::{Present, Reading},
    rules::{PartRules, Removal, Rule},
};
use serde_json::Value;

use super::{Apart, contributor_insights};
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, encode, wire},
};

wire! { enum ContributorInsightsMode }

pub(in super::super) const FIELD: &str = "contributorInsightsMode";

pub(super) struct InsightsMode;

impl Apart for InsightsMode {
    /// A mode means that there are insights, and ends with them: going back to another would be to begin them again.
    const RULES: PartRules = PartRules {
        field: FIELD,
        rule: Rule::Whole,
        get: "DescribeContributorInsights",
        put: "UpdateContributorInsights",
        removal: Removal::Keep,
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, table: &str, _: &Present) -> Reading {
        let answer = fetch!(client, describe_contributor_insights.table_name(table), Self::RULES.get)?;
        let on = contributor_insights::is_state_on(answer.contributor_insights_status.as_ref());
        Ok(answer.contributor_insights_mode.filter(|_| on).as_ref().map(encode))
    }

    async fn put(client: &Scoped, table: &str, value: &Value) -> Result<(), Failure> {
        let (enable, mode) = (ContributorInsightsAction::Enable, decode(Self::RULES.put, value)?);
        send!(
            client,
            update_contributor_insights
                .table_name(table)
                .contributor_insights_action(enable)
                .contributor_insights_mode(mode),
            Self::RULES.put
        )
    }
}
