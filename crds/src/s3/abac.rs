//! Permissions by tags.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RuleStatus;

/// Whether tags of the bucket decide about permissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AbacStatus {
    /// Whether they do. Then AWS takes changes of the bucket's tags only by another way, which Cairn does not go yet.
    pub status: RuleStatus,
}
