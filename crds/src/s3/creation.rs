//! Where a bucket is created.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the bucket is created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "self == oldSelf", "message": "createBucketConfiguration is immutable: a bucket cannot be moved"},
    {"rule": "!has(self.bucket) || has(self.location)", "message": "bucket needs location"},
    {"rule": "!has(self.location) || !has(self.bucket) || !has(self.bucket.dataRedundancy) || (self.bucket.dataRedundancy == 'SingleLocalZone') == (self.location.type == 'LocalZone')", "message": "dataRedundancy is SingleAvailabilityZone in an Availability Zone and SingleLocalZone in a Local Zone"}
]))]
pub struct CreateBucketConfiguration {
    /// What a directory bucket is. What is left out follows from its zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<BucketInfo>,
    /// Zone of a directory bucket. It follows from the bucket's name and needs not be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<LocationInfo>,
    /// AWS region of the bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^([a-z]{2,}(-[a-z]+)+-[0-9]+|EU)$"))]
    pub location_constraint: Option<String>,
}

/// What a directory bucket is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BucketInfo {
    /// Over what the objects are spread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_redundancy: Option<DataRedundancy>,
    /// `Directory`: AWS has no other.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<BucketType>,
}

/// Over what the objects of a directory bucket are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DataRedundancy {
    /// Devices of one Availability Zone.
    SingleAvailabilityZone,
    /// Devices of one Local Zone.
    SingleLocalZone,
}

/// Type of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum BucketType {
    /// A directory bucket.
    Directory,
}

/// Zone of a directory bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "(self.type == 'LocalZone') == self.name.matches('^[a-z0-9]+-[a-z0-9]+-')", "message": "the id of a Local Zone has three parts, for example usw2-lax1-az1, and that of an Availability Zone two"}
]))]
pub struct LocationInfo {
    /// Id of the zone, for example `use1-az4`.
    #[schemars(length(max = 32), regex(pattern = r"^[a-z0-9]+(-[a-z0-9]+)+$"))]
    pub name: String,
    /// Type of the zone.
    #[serde(rename = "type")]
    pub kind: LocationType,
}

/// Type of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum LocationType {
    /// An Availability Zone.
    AvailabilityZone,
    /// A Local Zone.
    LocalZone,
}
