//! Which web pages of other origins may use a bucket.

use aws_sdk_s3::types::CorsConfiguration;
use cairn_aws::unless_absent;
use cairn_core::{
    failure::Failure,
    meaning::Meaning,
    observed::Reading,
    rules::{PartRules, Rule},
};
use serde_json::Value;

use super::{Part, empty_without};
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, encode, wire},
};

wire! {
    try struct CorsConfiguration { "corsRules" => cors_rules }
    try struct CorsRule {
        "allowedHeaders" => allowed_headers,
        "allowedMethods" => allowed_methods,
        "allowedOrigins" => allowed_origins,
        "exposeHeaders" => expose_headers,
        "id" => id,
        "maxAgeSeconds" => max_age_seconds,
    }
}

/// The first rule that fits counts, so rules have an order.
const MEANING: Meaning =
    Meaning { sets: &["allowedHeaders", "allowedMethods", "allowedOrigins", "exposeHeaders"], ..Meaning::EXACT };

pub(super) struct Cors;

impl Part for Cors {
    const RULES: PartRules = PartRules {
        field: "cors",
        rule: Rule::Whole,
        get: "GetBucketCors",
        put: "PutBucketCors",
        delete: Some("DeleteBucketCors"),
        settle: |value, _| empty_without("corsRules", value),
        same: |a, b| MEANING.same(a, b),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        let answer = fetch!(client, bucket, get_bucket_cors, Self::RULES.get);
        let answer = unless_absent(answer, &["NoSuchCORSConfiguration"])?;
        let configuration = answer.map(|answer| CorsConfiguration::builder().set_cors_rules(answer.cors_rules).build());
        Ok(configuration.and_then(Result::ok).map(|configuration| encode(&configuration)))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let value = decode(Self::RULES.put, value)?;
        send!(client, bucket, put_bucket_cors.cors_configuration(value), Self::RULES.put)
    }

    async fn delete(client: &Scoped, bucket: &str) -> Result<(), Failure> {
        send!(client, bucket, delete_bucket_cors, "DeleteBucketCors")
    }
}
