//! Transfer acceleration.

use aws_sdk_s3::types::AccelerateConfiguration;
use cairn_core::{failure::Failure, observed::Reading, rules::PartRules};
use serde_json::{Value, json};

use super::Part;
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, encode, wire},
};

wire! { struct AccelerateConfiguration { "status" => status } }
wire! { enum BucketAccelerateStatus }

pub(super) struct Accelerate;

impl Part for Accelerate {
    /// A new bucket says nothing of acceleration, which is the same as suspended; there is no way back to saying nothing.
    const RULES: PartRules = PartRules {
        field: "accelerate",
        get: "GetBucketAccelerateConfiguration",
        put: "PutBucketAccelerateConfiguration",
        on_new: || Some(json!({"status": "Suspended"})),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        let answer = fetch!(client, bucket, get_bucket_accelerate_configuration, Self::RULES.get)?;
        let said = answer.status.is_some();
        let configuration = AccelerateConfiguration::builder().set_status(answer.status).build();
        Ok(said.then(|| encode(&configuration)))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let value = decode(Self::RULES.put, value)?;
        send!(client, bucket, put_bucket_accelerate_configuration.accelerate_configuration(value), Self::RULES.put)
    }
}
