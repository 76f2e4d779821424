//! What becomes of objects as they grow old.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::FilterTag;

/// What becomes of objects as they grow old. An empty list takes the configuration away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LifecycleConfiguration {
    /// The rules, in no order.
    #[schemars(length(max = 1000), extend("x-kubernetes-list-type" = "atomic"))]
    pub rules: Vec<LifecycleRule>,
    /// From what size on objects move to another storage class where a rule does not say; without it, what AWS has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transition_default_minimum_object_size: Option<TransitionMinimumSize>,
}

/// From what size on objects move to another storage class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TransitionMinimumSize {
    /// 128 KB. What AWS gives a new configuration.
    #[serde(rename = "all_storage_classes_128K")]
    All128K,
    /// 128 KB, and any size to `GLACIER` and `DEEP_ARCHIVE`.
    #[serde(rename = "varies_by_storage_class")]
    Varies,
}

/// What becomes of some objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "!has(self.prefix) || !has(self.filter)", "message": "a rule has either filter or prefix, which is the old form of it"},
    {"rule": "has(self.expiration) || has(self.transitions) || has(self.noncurrentVersionExpiration) || has(self.noncurrentVersionTransitions) || has(self.abortIncompleteMultipartUpload)", "message": "a rule needs an action: expiration, transitions, noncurrentVersionExpiration, noncurrentVersionTransitions or abortIncompleteMultipartUpload"}
]))]
pub struct LifecycleRule {
    /// Name of the rule; without it AWS makes one up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 255))]
    pub id: Option<String>,
    /// Whether the rule is in force.
    pub status: RuleStatus,
    /// Which objects, in the old form.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub prefix: Option<String>,
    /// Which objects; by default all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<LifecycleFilter>,
    /// Uploads in parts that are not finished in time are given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abort_incomplete_multipart_upload: Option<AbortIncompleteMultipartUpload>,
    /// Objects are deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration: Option<LifecycleExpiration>,
    /// Earlier versions of objects are deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noncurrent_version_expiration: Option<NoncurrentVersionExpiration>,
    /// Earlier versions of objects move to another storage class.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 10), extend("x-kubernetes-list-type" = "atomic"))]
    pub noncurrent_version_transitions: Option<Vec<NoncurrentVersionTransition>>,
    /// Objects move to another storage class.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 10), extend("x-kubernetes-list-type" = "atomic"))]
    pub transitions: Option<Vec<Transition>>,
}

/// Whether a rule is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum RuleStatus {
    /// It is.
    Enabled,
    /// It is not.
    Disabled,
}

/// Which objects: one condition, or several in `and`; without any, all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "[has(self.prefix), has(self.tag), has(self.objectSizeGreaterThan), has(self.objectSizeLessThan), has(self.and)].filter(x, x).size() <= 1", "message": "a filter is prefix, tag, objectSizeGreaterThan, objectSizeLessThan or and; several conditions go into and"}
]))]
pub struct LifecycleFilter {
    /// Their key begins so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub prefix: Option<String>,
    /// They have this tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<FilterTag>,
    /// They have more bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub object_size_greater_than: Option<i64>,
    /// They have fewer bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub object_size_less_than: Option<i64>,
    /// All of these hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub and: Option<LifecycleFilterAnd>,
}

/// Conditions that all hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "(has(self.prefix) ? 1 : 0) + (has(self.objectSizeGreaterThan) ? 1 : 0) + (has(self.objectSizeLessThan) ? 1 : 0) + (has(self.tags) ? size(self.tags) : 0) >= 2", "message": "and needs two conditions; a single one stands in the filter itself"}
]))]
pub struct LifecycleFilterAnd {
    /// The key begins so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub prefix: Option<String>,
    /// The object has all of these tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["key"]))]
    pub tags: Option<Vec<FilterTag>>,
    /// The object has more bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub object_size_greater_than: Option<i64>,
    /// The object has fewer bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub object_size_less_than: Option<i64>,
}

/// When uploads in parts are given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AbortIncompleteMultipartUpload {
    /// So many days after they began.
    #[schemars(range(min = 1))]
    pub days_after_initiation: i32,
}

/// When objects are deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.date) || has(self.days) || has(self.expiredObjectDeleteMarker)", "message": "expiration needs date, days or expiredObjectDeleteMarker"},
    {"rule": "[has(self.date), has(self.days), has(self.expiredObjectDeleteMarker) && self.expiredObjectDeleteMarker].filter(x, x).size() <= 1", "message": "expiration is only one of date, days and expiredObjectDeleteMarker"}
]))]
pub struct LifecycleExpiration {
    /// On this day: midnight in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T00:00:00(\.0+)?(Z|[+-]00:00)$"))]
    pub date: Option<String>,
    /// So many days after they were made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub days: Option<i32>,
    /// Not objects, but delete markers with no versions left behind them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expired_object_delete_marker: Option<bool>,
}

/// When objects move to which storage class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.date) != has(self.days)", "message": "a transition has either date or days"},
    {"rule": "!has(self.days) || self.days >= 30 || !(self.storageClass in ['STANDARD_IA', 'ONEZONE_IA'])", "message": "objects move to STANDARD_IA and ONEZONE_IA after 30 days at the earliest"}
]))]
pub struct Transition {
    /// On this day: midnight in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T00:00:00(\.0+)?(Z|[+-]00:00)$"))]
    pub date: Option<String>,
    /// So many days after they were made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub days: Option<i32>,
    /// The storage class.
    pub storage_class: TransitionStorageClass,
}

/// A storage class to which objects may move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TransitionStorageClass {
    /// For archives that are read in hours.
    Glacier,
    /// For what is seldom read.
    StandardIa,
    /// The same, in one availability zone.
    OnezoneIa,
    /// For what is read nobody knows when.
    IntelligentTiering,
    /// For archives that are read in half a day.
    DeepArchive,
    /// For archives that are read at once.
    GlacierIr,
}

/// When earlier versions of objects are deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoncurrentVersionExpiration {
    /// So many days after they were replaced.
    #[schemars(range(min = 1))]
    pub noncurrent_days: i32,
    /// But so many of them are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100))]
    pub newer_noncurrent_versions: Option<i32>,
}

/// When earlier versions of objects move to which storage class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoncurrentVersionTransition {
    /// So many days after they were replaced.
    #[schemars(range(min = 0))]
    pub noncurrent_days: i32,
    /// But so many of them stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100))]
    pub newer_noncurrent_versions: Option<i32>,
    /// The storage class.
    pub storage_class: TransitionStorageClass,
}
