//! A bucket as a web site.

use aws_sdk_s3::types::WebsiteConfiguration;
use cairn_aws::unless_absent;
use cairn_core::{
    failure::Failure,
    meaning::Meaning,
    observed::Reading,
    rules::{PartRules, Rule},
};
use serde_json::Value;

use super::Part;
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, encode, wire},
};

wire! {
    struct WebsiteConfiguration {
        "errorDocument" => error_document,
        "indexDocument" => index_document,
        "redirectAllRequestsTo" => redirect_all_requests_to,
        "routingRules" => routing_rules,
    }
    try struct ErrorDocument { "key" => key }
    try struct IndexDocument { "suffix" => suffix }
    try struct RedirectAllRequestsTo { "hostName" => host_name, "protocol" => protocol }
    struct RoutingRule { "condition" => condition, "redirect" => redirect }
    struct Condition {
        "httpErrorCodeReturnedEquals" => http_error_code_returned_equals,
        "keyPrefixEquals" => key_prefix_equals,
    }
    struct Redirect {
        "hostName" => host_name,
        "httpRedirectCode" => http_redirect_code,
        "protocol" => protocol,
        "replaceKeyPrefixWith" => replace_key_prefix_with,
        "replaceKeyWith" => replace_key_with,
    }
    enum Protocol
}

pub(super) struct Website;

impl Part for Website {
    /// Pages and a redirection exclude each other, so there is no merging one into the other.
    const RULES: PartRules = PartRules {
        field: "website",
        rule: Rule::Whole,
        get: "GetBucketWebsite",
        put: "PutBucketWebsite",
        delete: Some("DeleteBucketWebsite"),
        settle: without_empty_rules,
        same: |a, b| Meaning::EXACT.same(a, b),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        let answer = fetch!(client, bucket, get_bucket_website, Self::RULES.get);
        let answer = unless_absent(answer, &["NoSuchWebsiteConfiguration"])?;
        let configuration = answer.map(|answer| {
            WebsiteConfiguration::builder()
                .set_error_document(answer.error_document)
                .set_index_document(answer.index_document)
                .set_redirect_all_requests_to(answer.redirect_all_requests_to)
                .set_routing_rules(answer.routing_rules)
                .build()
        });
        Ok(configuration.map(|configuration| encode(&configuration)))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let value = decode(Self::RULES.put, value)?;
        send!(client, bucket, put_bucket_website.website_configuration(value), Self::RULES.put)
    }

    async fn delete(client: &Scoped, bucket: &str) -> Result<(), Failure> {
        send!(client, bucket, delete_bucket_website, "DeleteBucketWebsite")
    }
}

/// S3 refuses a list of rules that has none.
fn without_empty_rules(mut value: Value, _: Option<&Value>) -> Value {
    if let Value::Object(fields) = &mut value {
        fields.retain(|name, value| name != "routingRules" || value.as_array().is_none_or(|rules| !rules.is_empty()));
    }
    value
}
