//! Counts of requests.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::FilterTag;
use crate::shared::ResourceReference;

/// Counts of requests that S3 gives to `CloudWatch`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MetricsConfiguration {
    /// Name of the configuration.
    #[schemars(length(min = 1, max = 64))]
    pub id: String,
    /// Which objects; by default all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<MetricsFilter>,
}

/// Which objects: one condition, or several in `and`; without any, all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "[has(self.prefix), has(self.tag), has(self.accessPointARN), has(self.accessPointRef), has(self.and)].filter(x, x).size() <= 1", "message": "a filter is prefix, tag, accessPointARN, accessPointRef or and; several conditions go into and"}
]))]
pub struct MetricsFilter {
    /// Their key begins so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub prefix: Option<String>,
    /// They have this tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<FilterTag>,
    /// They are reached by this access point.
    #[serde(rename = "accessPointARN", skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256), regex(pattern = r"^arn:"))]
    pub access_point_arn: Option<String>,
    /// The object of the access point, whose ARN fills `accessPointARN`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_point_ref: Option<ResourceReference>,
    /// All of these hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub and: Option<MetricsFilterAnd>,
}

/// Conditions that all hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "!has(self.accessPointARN) || !has(self.accessPointRef)", "message": "and takes either accessPointARN or accessPointRef"},
    {"rule": "(has(self.prefix) ? 1 : 0) + (has(self.accessPointARN) || has(self.accessPointRef) ? 1 : 0) + (has(self.tags) ? size(self.tags) : 0) >= 2", "message": "and needs two conditions; a single one stands in the filter itself"}
]))]
pub struct MetricsFilterAnd {
    /// The key begins so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub prefix: Option<String>,
    /// The object has all of these tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["key"]))]
    pub tags: Option<Vec<FilterTag>>,
    /// The object is reached by this access point.
    #[serde(rename = "accessPointARN", skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256), regex(pattern = r"^arn:"))]
    pub access_point_arn: Option<String>,
    /// The object of the access point, whose ARN fills `accessPointARN`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_point_ref: Option<ResourceReference>,
}
