//! Whether `CloudWatch` is told which keys are used most.

use aws_sdk_dynamodb::types::{ContributorInsightsAction, ContributorInsightsStatus};
use cairn_core::{
    failure::Failure,
    observed::{Present, Reading},
    rules::{PartRules, Rule},
};
use serde_json::{Value, json};

use super::Apart;
use crate::client::{Scoped, fetch, send};

pub(in super::super) const FIELD: &str = "contributorInsights";
const ON: &str = "ENABLED";
const OFF: &str = "DISABLED";

pub(super) struct ContributorInsights;

impl Apart for ContributorInsights {
    const RULES: PartRules = PartRules {
        field: FIELD,
        rule: Rule::Whole,
        get: "DescribeContributorInsights",
        put: "UpdateContributorInsights",
        on_new: || Some(json!(OFF)),
        same: |a, b| is_on(a) == is_on(b),
        telling: is_on,
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, table: &str, _: &Present) -> Reading {
        let answer = fetch!(client, describe_contributor_insights.table_name(table), Self::RULES.get)?;
        let on = is_state_on(answer.contributor_insights_status.as_ref());
        Ok(Some(json!(if on { ON } else { OFF })))
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

/// Whether it is told, or about to be.
pub(super) fn is_state_on(state: Option<&ContributorInsightsStatus>) -> bool {
    matches!(state, Some(ContributorInsightsStatus::Enabled | ContributorInsightsStatus::Enabling))
}

/// ACK takes the words of the action as well as those of the state.
pub(in super::super) fn is_on(value: &Value) -> bool {
    value == ON || value == "ENABLE"
}
