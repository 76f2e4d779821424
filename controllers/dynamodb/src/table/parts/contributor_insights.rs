//! Whether `CloudWatch` is told which keys are used most.

use aws_sdk_dynamodb::types::{ContributorInsightsAction, ContributorInsightsStatus};
use cairn_core::{
    failure::Failure,
    observed::Reading,
    rules::{PartRules, Rule},
};
use serde_json::{Value, json};

use super::Apart;
use crate::client::{Scoped, fetch, send};

const ON: &str = "ENABLED";
const OFF: &str = "DISABLED";

pub(super) struct ContributorInsights;

impl Apart for ContributorInsights {
    const RULES: PartRules = PartRules {
        field: "contributorInsights",
        rule: Rule::Whole,
        get: "DescribeContributorInsights",
        put: "UpdateContributorInsights",
        on_new: || Some(json!(OFF)),
        same: |a, b| is_on(a) == is_on(b),
        telling: is_on,
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, table: &str) -> Reading {
        let answer = fetch!(client, describe_contributor_insights.table_name(table), Self::RULES.get)?;
        let on = [Some(ContributorInsightsStatus::Enabled), Some(ContributorInsightsStatus::Enabling)];
        Ok(Some(json!(if on.contains(&answer.contributor_insights_status) { ON } else { OFF })))
    }

    async fn put(client: &Scoped, table: &str, value: &Value) -> Result<(), Failure> {
        let action = if is_on(value) { ContributorInsightsAction::Enable } else { ContributorInsightsAction::Disable };
        send!(
            client,
            update_contributor_insights.table_name(table).contributor_insights_action(action),
            Self::RULES.put
        )
    }
}

/// ACK takes the words of the action as well as those of the state.
fn is_on(value: &Value) -> bool {
    value == ON || value == "ENABLE"
}
