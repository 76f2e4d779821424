//! Whether S3 keeps earlier versions of objects.

use aws_sdk_s3::types::VersioningConfiguration;
use cairn_core::{
    failure::Failure,
    observed::Reading,
    rules::{PartRules, Removal},
};
use serde_json::Value;

use super::Part;
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, encode, wire},
};

wire! { struct VersioningConfiguration { "status" => status } }
wire! { enum BucketVersioningStatus }

pub(super) struct Versioning;

impl Part for Versioning {
    /// A versioned bucket cannot become unversioned, and suspending it would let the next overwrite lose data: removal
    /// from the spec leaves it as it is.
    const RULES: PartRules = PartRules {
        field: "versioning",
        removal: Removal::Keep,
        get: "GetBucketVersioning",
        put: "PutBucketVersioning",
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        let answer = fetch!(client, bucket, get_bucket_versioning, Self::RULES.get)?;
        let never_versioned = answer.status.is_none();
        let configuration = VersioningConfiguration::builder().set_status(answer.status).build();
        Ok((!never_versioned).then(|| encode(&configuration)))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let value = decode(Self::RULES.put, value)?;
        send!(client, bucket, put_bucket_versioning.versioning_configuration(value), Self::RULES.put)
    }
}
