//! `AccessPoint`: field names are those of ACK's s3control-controller, which in turn are those of the S3 Control API.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    kind::{Column, Home, Kind, Reach},
    s3::PublicAccessBlockConfiguration,
    schema,
    shared::{ResourceReference, Tag},
    status::CommonStatus,
};

/// An access point of an S3 bucket.
pub static ACCESS_POINT: Kind = Kind {
    home: Home::Service("s3control"),
    reach: Reach::Namespaced,
    kind: "AccessPoint",
    plural: "accesspoints",
    description: "An access point of an Amazon S3 bucket: a name of its own for the bucket, with a policy of its own.",
    columns: &[
        Column::text("AccessPoint", ".spec.name"),
        Column::READY,
        Column::REASON,
        Column::text("Alias", ".status.alias").wide(),
        Column::REGION,
        Column::ARN,
        Column::MESSAGE,
    ],
    spec: schema::of::<AccessPointSpec>,
    status: schema::of::<AccessPointStatus>,
};

/// What an access point shall be. A field that is left out is not managed. AWS changes policy and tags of an access point
/// that exists, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.bucket) != has(self.bucketRef)", "message": "an access point needs either bucket or bucketRef"}
]))]
pub struct AccessPointSpec {
    /// Name of the access point, unique in the account and region. It cannot be changed.
    #[schemars(
        length(min = 3, max = 50),
        regex(pattern = r"^[a-z0-9][a-z0-9-]*[a-z0-9]$"),
        extend("x-kubernetes-validations" = [
            {"rule": "self == oldSelf", "message": "name is immutable: an access point cannot be renamed; create another object for another access point"},
            {"rule": "!self.endsWith('-s3alias') && !self.endsWith('--ol-s3')", "message": "name ends with a suffix that AWS reserves"}
        ])
    )]
    pub name: String,
    /// The AWS account that the access point belongs to. It is the one that Cairn acts in for the object, and needs not
    /// be said; where it is and says something else, nothing is done.
    #[serde(rename = "accountID", skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9]{12}$"))]
    pub account_id: Option<String>,
    /// Name of the bucket, in the same region.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 3, max = 255))]
    pub bucket: Option<String>,
    /// The Bucket object, whose name in AWS fills `bucket`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket_ref: Option<ResourceReference>,
    /// The account of the bucket, where it is another.
    #[serde(rename = "bucketAccountID", skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9]{12}$"))]
    pub bucket_account_id: Option<String>,
    /// The policy of the access point, as the JSON of an IAM policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 20480))]
    pub policy: Option<String>,
    /// What is refused to the public by way of the access point. What is left out here is refused, as AWS does where
    /// nothing is said at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_access_block_configuration: Option<PublicAccessBlockConfiguration>,
    /// Tags of the access point. Tags that are not named here stay as they are. AWS allows 50, of which Cairn needs four.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 46), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["key"]))]
    pub tags: Option<Vec<Tag>>,
    /// The network from which alone the access point can be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vpc_configuration: Option<VpcConfiguration>,
}

/// The network from which alone an access point can be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VpcConfiguration {
    /// Id of the VPC.
    #[serde(rename = "vpcID")]
    #[schemars(length(min = 1, max = 1024))]
    pub vpc_id: String,
}

/// What Cairn saw of the access point.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessPointStatus {
    /// What every AWS kind carries.
    #[serde(flatten)]
    pub common: CommonStatus,
    /// The name that can stand for a bucket's in requests for objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// `VPC` where only one network can use it, otherwise `Internet`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_origin: Option<String>,
}
