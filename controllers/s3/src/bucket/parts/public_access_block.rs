//! What S3 refuses to make public.

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
    struct PublicAccessBlockConfiguration {
        "blockPublicACLs" => block_public_acls,
        "blockPublicPolicy" => block_public_policy,
        "ignorePublicACLs" => ignore_public_acls,
        "restrictPublicBuckets" => restrict_public_buckets,
    }
}

pub(super) struct PublicAccessBlock;

impl Part for PublicAccessBlock {
    /// S3 gives every new bucket all four since April 2023. Only an explicit `false` takes one away.
    const RULES: PartRules = PartRules {
        field: "publicAccessBlock",
        removal: Removal::Keep,
        get: "GetPublicAccessBlock",
        put: "PutPublicAccessBlock",
        on_new: || {
            Some(json!({
                "blockPublicACLs": true,
                "blockPublicPolicy": true,
                "ignorePublicACLs": true,
                "restrictPublicBuckets": true,
            }))
        },
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        let answer = fetch!(client, bucket, get_public_access_block, Self::RULES.get);
        let answer = unless_absent(answer, &["NoSuchPublicAccessBlockConfiguration"])?;
        Ok(answer.and_then(|answer| answer.public_access_block_configuration).map(|block| encode(&block)))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let value = decode(Self::RULES.put, value)?;
        send!(client, bucket, put_public_access_block.public_access_block_configuration(value), Self::RULES.put)
    }
}
