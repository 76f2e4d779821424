//! Whether `CloudWatch` is told which keys of an index are used most.

use aws_sdk_dynamodb::types::{ContributorInsightsAction, ContributorInsightsSummary};
use cairn_core::{
    failure::Failure,
    observed::{Present, Reading},
    rules::{PartRules, Rule},
};
use serde_json::{Value, json};

use super::{Apart, contributor_insights, global_indexes};
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, encode},
};

pub(in super::super) const FIELD: &str = "indexContributorInsights";
const NAME: &str = "indexName";
const MODE: &str = "contributorInsightsMode";

pub(super) struct IndexInsights;

impl Apart for IndexInsights {
    /// One call tells of all indexes.
    const RULES: PartRules = PartRules {
        field: FIELD,
        rule: Rule::Entries(NAME),
        get: "ListContributorInsights",
        put: "UpdateContributorInsights",
        delete: Some("UpdateContributorInsights"),
        after: &[global_indexes::FIELD],
        same: |a, b| a[MODE].is_null() || a[MODE] == b[MODE],
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, table: &str, _: &Present) -> Reading {
        let (mut on, mut next) = (Vec::new(), None);
        loop {
            let page =
                fetch!(client, list_contributor_insights.table_name(table).set_next_token(next), Self::RULES.get)?;
            on.extend(page.contributor_insights_summaries.iter().flatten().filter_map(observed));
            next = page.next_token;
            if next.is_none() {
                return Ok((!on.is_empty()).then(|| on.into()));
            }
        }
    }

    async fn put(client: &Scoped, table: &str, value: &Value) -> Result<(), Failure> {
        let index = decode::<String>(Self::RULES.put, &value[NAME])?;
        let mode = decode(Self::RULES.put, &value[MODE])?;
        send!(
            client,
            update_contributor_insights
                .table_name(table)
                .index_name(index)
                .contributor_insights_action(ContributorInsightsAction::Enable)
                .set_contributor_insights_mode(mode),
            Self::RULES.put
        )
    }

    async fn take_away(client: &Scoped, table: &str, index: &str) -> Result<(), Failure> {
        send!(
            client,
            update_contributor_insights
                .table_name(table)
                .index_name(index)
                .contributor_insights_action(ContributorInsightsAction::Disable),
            Self::RULES.put
        )
    }
}

fn observed(summary: &ContributorInsightsSummary) -> Option<Value> {
    let index = summary.index_name.as_ref()?;
    let on = contributor_insights::is_state_on(summary.contributor_insights_status.as_ref());
    on.then(|| json!({NAME: index, MODE: encode(&summary.contributor_insights_mode)}))
}
