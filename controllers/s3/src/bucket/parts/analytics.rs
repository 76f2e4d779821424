//! How objects are used.

use cairn_core::meaning::{Fill, Meaning};

use super::list::configurations;
use crate::wire::wire;

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

configurations! { Analytics, analytics, "analytics", MEANING }
