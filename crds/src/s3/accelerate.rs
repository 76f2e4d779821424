//! Transfer acceleration, and who pays for requests.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether transfers over long distances go by way of edge locations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccelerateConfiguration {
    /// `Enabled` or `Suspended`.
    pub status: AccelerateStatus,
}

/// State of transfer acceleration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum AccelerateStatus {
    /// The accelerated endpoint works.
    Enabled,
    /// It does not.
    Suspended,
}

/// Who pays for requests and for data that goes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestPaymentConfiguration {
    /// The one who pays.
    pub payer: Payer,
}

/// The one who pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Payer {
    /// The owner of the bucket. What AWS gives a new bucket.
    BucketOwner,
    /// Whoever sends the request.
    Requester,
}
