//! Access control lists.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Grantee;

/// An access control list that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CannedAcl {
    /// Only the owner. What AWS gives a new bucket.
    Private,
    /// Everybody may read.
    PublicRead,
    /// Everybody may read and write.
    PublicReadWrite,
    /// Everybody with an AWS account may read.
    AuthenticatedRead,
    /// S3 may write logs.
    LogDeliveryWrite,
}

/// Who may do what, grant by grant. The owner has nothing that is not granted here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessControlPolicy {
    /// The owner of the bucket; it can be left out, because it cannot be changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<AclOwner>,
    /// The grants, in no order.
    #[schemars(length(max = 100), extend("x-kubernetes-list-type" = "atomic"))]
    pub grants: Vec<Grant>,
}

/// The owner of a bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AclOwner {
    /// Canonical user id of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 128))]
    pub id: Option<String>,
    /// A name for people, which AWS ignores: it goes nowhere.
    #[serde(skip_serializing)]
    #[schemars(length(max = 256))]
    pub display_name: Option<String>,
}

/// Who may do what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Grant {
    /// Who.
    pub grantee: Grantee,
    /// What.
    pub permission: AclPermission,
}

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AclPermission {
    /// Everything.
    FullControl,
    /// List objects.
    Read,
    /// Read the list of grants.
    ReadAcp,
    /// Write objects.
    Write,
    /// Write the list of grants.
    WriteAcp,
}
