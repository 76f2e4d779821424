//! Requests on contributor insights.

use serde::{Deserialize, Serialize};

/// What to do with contributor insights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ContributorInsightsAction {
    /// Switch them on.
    Enable,
    /// Switch them off.
    Disable,
}

/// Which events contributor insights show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContributorInsightsMode {
    /// All accesses, and throttles.
    #[default]
    AccessedAndThrottledKeys,
    /// Throttles.
    ThrottledKeys,
}

/// `UpdateContributorInsights`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct UpdateContributorInsights {
    /// Name or ARN.
    pub table_name: String,
    /// Name of the index; nothing for the table.
    pub index_name: Option<String>,
    /// What to do.
    pub contributor_insights_action: ContributorInsightsAction,
    /// Which events; nothing is all.
    pub contributor_insights_mode: Option<ContributorInsightsMode>,
}

/// `DescribeContributorInsights`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DescribeContributorInsights {
    /// Name or ARN.
    pub table_name: String,
    /// Name of the index; nothing for the table.
    pub index_name: Option<String>,
}

/// `ListContributorInsights`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ListContributorInsights {
    /// Name or ARN; nothing for all tables.
    pub table_name: Option<String>,
    /// What the page before gave.
    pub next_token: Option<String>,
    /// Size of a page, up to 100.
    pub max_results: Option<i64>,
}
