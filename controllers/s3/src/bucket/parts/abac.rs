//! Permissions by tags.

use cairn_core::{failure::Failure, observed::Reading, rules::PartRules};
use serde_json::{Value, json};

use super::Part;
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, encode, wire},
};

wire! { struct AbacStatus { "status" => status } }
wire! { enum BucketAbacStatus }

pub(super) struct Abac;

impl Part for Abac {
    /// Once tags decide, S3 takes them no more by the call that writes them: the tags go first.
    const RULES: PartRules = PartRules {
        field: "abac",
        get: "GetBucketAbac",
        put: "PutBucketAbac",
        after: &["tagging"],
        on_new: || Some(json!({"status": "Disabled"})),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        let answer = fetch!(client, bucket, get_bucket_abac, Self::RULES.get)?;
        Ok(answer.abac_status.map(|status| encode(&status)))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let value = decode(Self::RULES.put, value)?;
        send!(client, bucket, put_bucket_abac.abac_status(value), Self::RULES.put)
    }
}
