//! Billing and throughput.

use serde::{Deserialize, Serialize};

/// How throughput is paid for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BillingMode {
    /// By capacity.
    #[default]
    Provisioned,
    /// By request (on-demand).
    PayPerRequest,
}

impl BillingMode {
    /// Whether throughput is paid for by request.
    #[must_use]
    pub fn is_on_demand(self) -> bool {
        self == Self::PayPerRequest
    }
}

/// Capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ProvisionedThroughput {
    /// Units, at least 1.
    pub read_capacity_units: i64,
    /// Units, at least 1.
    pub write_capacity_units: i64,
}

/// Upper bounds of on-demand throughput.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct OnDemandThroughput {
    /// Request units a second, at least 1; -1 for no bound.
    pub max_read_request_units: Option<i64>,
    /// Request units a second, at least 1; -1 for no bound.
    pub max_write_request_units: Option<i64>,
}

/// What a table or index can take at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct WarmThroughput {
    /// Read units a second.
    pub read_units_per_second: Option<i64>,
    /// Write units a second.
    pub write_units_per_second: Option<i64>,
}
