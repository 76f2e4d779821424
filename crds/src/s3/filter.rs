//! Which objects something is about.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A tag that an object has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FilterTag {
    /// Key.
    #[schemars(length(min = 1, max = 128))]
    pub key: String,
    /// Value.
    #[schemars(length(max = 256))]
    pub value: String,
}

/// Which objects: one condition, or several in `and`; without any, all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "[has(self.prefix), has(self.tag), has(self.and)].filter(x, x).size() <= 1", "message": "a filter is prefix, tag or and; several conditions go into and"}
]))]
pub struct ObjectFilter {
    /// Their key begins so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub prefix: Option<String>,
    /// They have this tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<FilterTag>,
    /// All of these hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub and: Option<ObjectFilterAnd>,
}

/// Conditions that all hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "(has(self.prefix) ? 1 : 0) + (has(self.tags) ? size(self.tags) : 0) >= 2", "message": "and needs two conditions; a single one stands in the filter itself"}
]))]
pub struct ObjectFilterAnd {
    /// The key begins so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub prefix: Option<String>,
    /// The object has all of these tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["key"]))]
    pub tags: Option<Vec<FilterTag>>,
}
