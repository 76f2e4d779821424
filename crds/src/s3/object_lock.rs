//! How long objects cannot be deleted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How long new objects cannot be deleted. It needs a bucket with object lock; without `rule`, an object says itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ObjectLockConfiguration {
    /// Object lock is on; once on it stays on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_lock_enabled: Option<ObjectLockEnabled>,
    /// What holds for objects that do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<ObjectLockRule>,
}

/// Object lock is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ObjectLockEnabled {
    /// It is.
    Enabled,
}

/// What holds for objects that do not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ObjectLockRule {
    /// How long they are kept.
    pub default_retention: DefaultRetention,
}

/// How long objects are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.days) != has(self.years)", "message": "defaultRetention has either days or years"}
]))]
pub struct DefaultRetention {
    /// Who may delete them before.
    pub mode: RetentionMode,
    /// In days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 36500))]
    pub days: Option<i32>,
    /// In years.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100))]
    pub years: Option<i32>,
    /// For how long an event holds objects that do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_event_hold: Option<EventHoldDuration>,
}

/// For how long an event holds objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.days) != has(self.years)", "message": "defaultEventHold has either days or years"}
]))]
pub struct EventHoldDuration {
    /// In days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 36500))]
    pub days: Option<i32>,
    /// In years.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100))]
    pub years: Option<i32>,
}

/// Who may delete objects before their time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum RetentionMode {
    /// Whoever has the permission to.
    Governance,
    /// Nobody, not even the root user.
    Compliance,
}
