//! Auto scaling of capacity that is set aside, by Application Auto Scaling.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Capacity of a table, or of an index, that follows its use, where the table is paid for by capacity. Units of
/// `provisionedThroughput` are where such a capacity begins; after that nobody sets them back, nor does an edit of them
/// change anything.
///
/// One of `read` and `write` that is left out is not managed. One that is taken out, while the other stays, is no longer
/// scaled; where all of `autoScaling` is taken out, AWS goes on scaling what it scales, so that capacity does not fall
/// behind use. `{}` ends all of it, whoever began it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AutoScaling {
    /// Reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<CapacityScaling>,
    /// Writes. AWS needs them scaled, of the table and of each index, where a table has replicas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub write: Option<CapacityScaling>,
}

/// Reads of a replica, or of an index of one, that follow their use. Writes are scaled in all replicas as in the table.
/// Where this is taken out, AWS goes on scaling them; `{}` ends it, whoever began it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReplicaAutoScaling {
    /// Reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<CapacityScaling>,
}

/// The bounds of a capacity, and how it follows its use. `{}` ends the scaling of the capacity, whoever began it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.minCapacity) ? has(self.maxCapacity) && self.minCapacity <= self.maxCapacity : !has(self.maxCapacity)", "message": "minCapacity goes with a maxCapacity that is not less"},
    {"rule": "has(self.minCapacity) || (!has(self.targetValue) && !has(self.scaleInCooldown) && !has(self.scaleOutCooldown) && !has(self.disableScaleIn))", "message": "minCapacity and maxCapacity are needed, unless {} is to end the scaling"}
]))]
pub struct CapacityScaling {
    /// The fewest units a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub min_capacity: Option<i32>,
    /// The most units a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub max_capacity: Option<i32>,
    /// Percent of the capacity that are to be used; 70 where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 20, max = 90))]
    pub target_value: Option<i32>,
    /// Seconds after the capacity went down before it goes down again; 0 where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub scale_in_cooldown: Option<i32>,
    /// Seconds after the capacity went up before it goes up again; 0 where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub scale_out_cooldown: Option<i32>,
    /// Whether the capacity only goes up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_scale_in: Option<bool>,
}
