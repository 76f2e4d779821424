//! Requests on resource policies.

use serde::{Deserialize, Serialize};

/// `PutResourcePolicy`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct PutResourcePolicy {
    /// ARN of a table or a stream.
    pub resource_arn: String,
    /// The policy, in JSON.
    pub policy: String,
    /// The revision that is to be replaced; `NO_POLICY` for none.
    pub expected_revision_id: Option<String>,
    /// Whether the caller may shut itself out.
    pub confirm_remove_self_resource_access: Option<bool>,
}

/// `GetResourcePolicy`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct GetResourcePolicy {
    /// ARN of a table or a stream.
    pub resource_arn: String,
}

/// `DeleteResourcePolicy`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DeleteResourcePolicy {
    /// ARN of a table or a stream.
    pub resource_arn: String,
    /// The revision that is to be deleted.
    pub expected_revision_id: Option<String>,
}
