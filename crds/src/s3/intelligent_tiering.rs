//! Archive tiers of objects that are seldom read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ObjectFilter, RuleStatus};

/// When objects in the storage class `INTELLIGENT_TIERING` are archived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IntelligentTieringConfiguration {
    /// Name of the configuration.
    #[schemars(length(min = 1, max = 64))]
    pub id: String,
    /// Which objects; by default all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<ObjectFilter>,
    /// Whether the configuration is in force.
    pub status: RuleStatus,
    /// When, and to which tiers.
    #[schemars(
        length(min = 1, max = 2),
        extend(
            "x-kubernetes-list-type" = "atomic",
            "x-kubernetes-validations" = [
                {"rule": "size(self) < 2 || self[0].accessTier != self[1].accessTier", "message": "each access tier stands in tierings once"}
            ]
        )
    )]
    pub tierings: Vec<Tiering>,
}

/// When objects go to which tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "self.accessTier != 'DEEP_ARCHIVE_ACCESS' || self.days >= 180", "message": "objects go to DEEP_ARCHIVE_ACCESS after 180 days or more"}
]))]
pub struct Tiering {
    /// The tier.
    pub access_tier: ArchiveTier,
    /// After so many days without a read.
    #[schemars(range(min = 90, max = 730))]
    pub days: i32,
}

/// A tier of archived objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ArchiveTier {
    /// Read in hours.
    ArchiveAccess,
    /// Read in half a day.
    DeepArchiveAccess,
}
