//! Contributor insights of tables and indexes.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    change::Change,
    context::Context,
    describe::{pruned, seconds},
    failure::{Failure, Outcome},
    shape::{ContributorInsightsAction, ContributorInsightsMode, KeyType, UpdateContributorInsights},
    table::{Table, TableStatus},
};

/// State of contributor insights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum InsightsStatus {
    /// About to be on.
    Enabling,
    /// On.
    Enabled,
    /// About to be off.
    Disabling,
    /// Off.
    #[default]
    Disabled,
}

/// Contributor insights of a table or an index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Insights {
    /// State.
    pub status: InsightsStatus,
    /// Which events.
    pub mode: ContributorInsightsMode,
    /// When the state last changed; nothing for what was never on.
    pub changed: Option<Timestamp>,
}

impl Insights {
    fn is_moving(self) -> bool {
        matches!(self.status, InsightsStatus::Enabling | InsightsStatus::Disabling)
    }

    /// Ends what is under way.
    pub(super) fn end(&mut self, at: Timestamp) {
        self.changed = Some(at);
        self.status = match self.status {
            InsightsStatus::Enabling | InsightsStatus::Enabled => InsightsStatus::Enabled,
            InsightsStatus::Disabling | InsightsStatus::Disabled => InsightsStatus::Disabled,
        };
    }
}

impl Table {
    /// The table after `UpdateContributorInsights`. What is so already is no error.
    ///
    /// # Errors
    ///
    /// What DynamoDB refuses: an index that is not there, and a change while another is under way.
    pub fn update_insights(&self, context: &Context, asked: &UpdateContributorInsights) -> Outcome<Self> {
        let index = asked.index_name.as_deref();
        let current = self.insights(index)?;
        let (enable, mode) = match (asked.contributor_insights_action, asked.contributor_insights_mode) {
            (ContributorInsightsAction::Enable, mode) => (true, mode.unwrap_or_default()),
            (ContributorInsightsAction::Disable, None) => (false, current.mode),
            (ContributorInsightsAction::Disable, Some(_)) => {
                return Err(Failure::invalid("ContributorInsightsMode can be specified only with the action ENABLE"));
            }
        };
        if current.is_moving() {
            return Err(Failure::validation("Contributor Insights is being enabled or disabled"));
        }
        let is_so = match current.status {
            InsightsStatus::Enabled => enable && mode == current.mode,
            _ => !enable,
        };
        let mut table = self.clone();
        if !is_so {
            let status = if enable { InsightsStatus::Enabling } else { InsightsStatus::Disabling };
            let insights = Insights { status, mode, changed: Some(context.now) };
            table.insights.insert(asked.index_name.clone(), insights);
            table.schedule(context, context.settings.timing.insights, Change::Insights(asked.index_name.clone()));
        }
        Ok(table)
    }

    /// Contributor insights of the table or of an index.
    ///
    /// # Errors
    ///
    /// `ResourceNotFoundException` for an index that is not there, and for a table that is not ready: that is what this
    /// exception means too (API reference).
    pub fn insights(&self, index: Option<&str>) -> Outcome<Insights> {
        if self.status == TableStatus::Creating || self.status == TableStatus::Deleting {
            return Err(Failure::not_found(format!("Table: {} is not active", self.name)));
        }
        if let Some(index) = index.filter(|index| self.index(index).is_none()) {
            return Err(Failure::not_found(format!("Table: {}, Index: {index} not found", self.name)));
        }
        Ok(self.insights.get(&index.map(str::to_owned)).copied().unwrap_or_default())
    }

    /// The answer to `DescribeContributorInsights`.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn describe_insights(&self, index: Option<&str>) -> Outcome<Value> {
        let insights = self.insights(index)?;
        let mut answer = self.summarize_insights(index, insights);
        answer["LastUpdateDateTime"] = json!(insights.changed.map(seconds));
        if insights.status != InsightsStatus::Disabled {
            answer["ContributorInsightsRuleList"] = json!(self.rules(index, insights));
        }
        Ok(pruned(answer))
    }

    pub(super) fn summarize_insights(&self, index: Option<&str>, insights: Insights) -> Value {
        let mode = insights.changed.map(|_| insights.mode);
        pruned(json!({
            "TableName": self.name,
            "IndexName": index,
            "ContributorInsightsStatus": insights.status,
            "ContributorInsightsMode": mode,
        }))
    }

    /// Names of the rules in `CloudWatch`: for accesses and throttles, of partition keys and of whole keys (developer
    /// guide, "How it works").
    fn rules(&self, index: Option<&str>, insights: Insights) -> Vec<String> {
        let keys = index.and_then(|index| self.index(index)).map_or(&self.keys, |index| &index.keys);
        let sorted = keys.iter().any(|key| key.key_type == KeyType::Range);
        let events: &[char] = match insights.mode {
            ContributorInsightsMode::AccessedAndThrottledKeys => &['C', 'T'],
            ContributorInsightsMode::ThrottledKeys => &['T'],
        };
        let place = index.map_or_else(|| self.name.clone(), |index| format!("{}-{index}", self.name));
        let keys = if sorted { ["PK", "SK"].as_slice() } else { ["PK"].as_slice() };
        let rules = keys.iter().flat_map(|key| events.iter().map(move |event| format!("{key}{event}")));
        rules
            .map(|rule| format!("DynamoDBContributorInsights-{rule}-{place}-{}", self.created.as_millisecond()))
            .collect()
    }
}
