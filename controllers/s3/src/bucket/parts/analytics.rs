//! How objects are used.

use aws_sdk_s3::types::AnalyticsConfiguration;
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
    try struct AnalyticsConfiguration {
        "filter" => filter,
        "id" => id,
        "storageClassAnalysis" => storage_class_analysis,
    }
    union AnalyticsFilter { "and" => And, "prefix" => Prefix, "tag" => Tag }
    struct AnalyticsAndOperator { "prefix" => prefix, "tags" => tags }
    struct StorageClassAnalysis { "dataExport" => data_export }
    try struct StorageClassAnalysisDataExport {
        "destination" => destination,
        "outputSchemaVersion" => output_schema_version,
    }
    struct AnalyticsExportDestination { "s3BucketDestination" => s3_bucket_destination }
    try struct AnalyticsS3BucketDestination {
        "bucket" => bucket,
        "bucketAccountID" => bucket_account_id,
        "format" => format,
        "prefix" => prefix,
    }
    enum StorageClassAnalysisSchemaVersion
    enum AnalyticsS3ExportFileFormat
}

const MEANING: Meaning = Meaning { sets: &["tags"], defaults: &[("prefix", Fill::Text(""))], ..Meaning::EXACT };

pub(super) struct Analytics;

impl Part for Analytics {
    const RULES: PartRules = PartRules {
        field: "analytics",
        rule: Rule::Entries("id"),
        get: "ListBucketAnalyticsConfigurations",
        put: "PutBucketAnalyticsConfiguration",
        delete: Some("DeleteBucketAnalyticsConfiguration"),
        settle: list::without_empty_filter,
        same: |a, b| MEANING.same(a, b),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        listed!(client, bucket, list_bucket_analytics_configurations, analytics_configuration_list, Self::RULES.get)
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let configuration: AnalyticsConfiguration = decode(Self::RULES.put, value)?;
        send!(
            client,
            bucket,
            put_bucket_analytics_configuration.id(id(value)).analytics_configuration(configuration),
            Self::RULES.put
        )
    }

    async fn delete_entry(client: &Scoped, bucket: &str, name: &str) -> Result<(), Failure> {
        send!(client, bucket, delete_bucket_analytics_configuration.id(name), "DeleteBucketAnalyticsConfiguration")
    }
}
