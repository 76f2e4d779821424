//! Who owns objects that others write.

use cairn_aws::unless_absent;
use cairn_core::{
    failure::Failure,
    observed::Reading,
    rules::{PartRules, Removal},
};
use serde_json::{Value, json};

use super::Part;
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, encode, wire},
};

wire! {
    try struct OwnershipControls { "rules" => rules }
    try struct OwnershipControlsRule { "objectOwnership" => object_ownership }
}
wire! { enum ObjectOwnership }

pub(super) struct OwnershipControls;

impl Part for OwnershipControls {
    /// S3 turns ACLs off for every new bucket since April 2023; deleting the controls would turn them on.
    const RULES: PartRules = PartRules {
        field: "ownershipControls",
        removal: Removal::Keep,
        get: "GetBucketOwnershipControls",
        put: "PutBucketOwnershipControls",
        on_new: || Some(json!({"rules": [{"objectOwnership": "BucketOwnerEnforced"}]})),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        let answer = fetch!(client, bucket, get_bucket_ownership_controls, Self::RULES.get);
        let answer = unless_absent(answer, &["OwnershipControlsNotFoundError"])?;
        Ok(answer.and_then(|answer| answer.ownership_controls).map(|controls| encode(&controls)))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let value = decode(Self::RULES.put, value)?;
        send!(client, bucket, put_bucket_ownership_controls.ownership_controls(value), Self::RULES.put)
    }
}
