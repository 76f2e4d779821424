//! Counts of requests.

use aws_sdk_s3::types::MetricsConfiguration;
use cairn_core::{
    failure::Failure,
    meaning::{Fill, Meaning},
    observed::Reading,
    rules::{PartRules, Rule},
};
use serde_json::Value;

use super::{
    Part,
    list::{self, id, listed},
};
use crate::{
    client::{Scoped, send},
    wire::{decode, encode, wire},
};

wire! {
    try struct MetricsConfiguration { "filter" => filter, "id" => id }
    union MetricsFilter { "accessPointARN" => AccessPointArn, "and" => And, "prefix" => Prefix, "tag" => Tag }
    struct MetricsAndOperator { "accessPointARN" => access_point_arn, "prefix" => prefix, "tags" => tags }
}

const MEANING: Meaning = Meaning { sets: &["tags"], defaults: &[("prefix", Fill::Text(""))], ..Meaning::EXACT };

pub(super) struct Metrics;

impl Part for Metrics {
    const RULES: PartRules = PartRules {
        field: "metrics",
        rule: Rule::Entries("id"),
        get: "ListBucketMetricsConfigurations",
        put: "PutBucketMetricsConfiguration",
        delete: Some("DeleteBucketMetricsConfiguration"),
        settle: list::without_empty_filter,
        same: |a, b| MEANING.same(a, b),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        listed!(client, bucket, list_bucket_metrics_configurations, metrics_configuration_list, Self::RULES.get)
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let configuration: MetricsConfiguration = decode(Self::RULES.put, value)?;
        send!(
            client,
            bucket,
            put_bucket_metrics_configuration.id(id(value)).metrics_configuration(configuration),
            Self::RULES.put
        )
    }

    async fn delete_entry(client: &Scoped, bucket: &str, name: &str) -> Result<(), Failure> {
        send!(client, bucket, delete_bucket_metrics_configuration.id(name), "DeleteBucketMetricsConfiguration")
    }
}
