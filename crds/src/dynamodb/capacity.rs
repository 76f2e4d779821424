//! Capacity of tables and indexes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How capacity is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BillingMode {
    /// By the capacity that is set aside.
    Provisioned,
    /// By request.
    PayPerRequest,
}

/// Capacity in units a second. 0 stands only where capacity is paid for by request, as AWS reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProvisionedThroughput {
    /// Strongly consistent reads of up to 4 KB a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub read_capacity_units: Option<i64>,
    /// Writes of up to 1 KB a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub write_capacity_units: Option<i64>,
}

/// The most requests a second; -1 for no limit but the account's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OnDemandThroughput {
    /// Read request units.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -1), extend("x-kubernetes-validations" = [{"rule": "self != 0", "message": "must be at least 1, or -1 for no limit"}]))]
    pub max_read_request_units: Option<i64>,
    /// Write request units.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -1), extend("x-kubernetes-validations" = [{"rule": "self != 0", "message": "must be at least 1, or -1 for no limit"}]))]
    pub max_write_request_units: Option<i64>,
}

/// What a table or an index can bear at once. AWS lets it grow, and never takes any of it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WarmThroughput {
    /// Reads a second, at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub read_units_per_second: Option<i64>,
    /// Writes a second, at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub write_units_per_second: Option<i64>,
}
