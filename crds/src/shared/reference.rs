//! How a spec names other objects: as ACK's `AWSResourceReferenceWrapper` and `SecretKeyReference`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Names an object whose value fills the field beside this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResourceReference {
    /// The object.
    pub from: ResourceName,
}

/// An object that stands for an AWS resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResourceName {
    /// Its name.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
    /// Its namespace; that of the object itself when it is absent. Another one has to permit it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 63))]
    pub namespace: Option<String>,
}

/// Names a key of a Secret, whose text fills this field. AWS gets it again whenever the Secret changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecretKeyReference {
    /// The Secret's name.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
    /// The Secret's namespace; that of the object itself when it is absent. Another one has to permit it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 63))]
    pub namespace: Option<String>,
    /// The key in the Secret.
    #[schemars(length(min = 1, max = 253))]
    pub key: String,
}
