//! Exports to, and imports from, S3.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    context::Caller,
    describe::{pruned, seconds},
    shape::{ExportTableToPointInTime, ExportType, ImportTable},
};

/// What comes of an export or import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// When it ends.
    pub at: Timestamp,
    /// Why it fails, if it does.
    pub failure: Option<String>,
}

impl Ending {
    fn status(&self, now: Timestamp) -> &'static str {
        match (now < self.at, &self.failure) {
            (true, _) => "IN_PROGRESS",
            (false, None) => "COMPLETED",
            (false, Some(_)) => "FAILED",
        }
    }

    /// Adds how it stands to a description.
    fn tell(&self, name: &str, now: Timestamp, description: &mut Value) {
        description[name] = json!(self.status(now));
        if now >= self.at {
            description["EndTime"] = json!(seconds(self.at));
            description["FailureCode"] = json!(self.failure);
            description["FailureMessage"] = json!(self.failure.as_ref().map(|code| format!("The bucket says {code}")));
        }
    }
}

/// An export.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// ARN.
    pub arn: String,
    /// Account and region.
    pub home: Caller,
    /// What was asked for.
    pub request: ExportTableToPointInTime,
    /// `TableId` of the table.
    pub table_id: String,
    /// The time that is exported, or the last of it.
    pub time: Timestamp,
    /// When it was asked for.
    pub started: Timestamp,
    /// What comes of it.
    pub ending: Ending,
}

impl Export {
    /// `ExportDescription`.
    pub(super) fn describe(&self, now: Timestamp) -> Value {
        let request = &self.request;
        let done = now >= self.ending.at && self.ending.failure.is_none();
        let kind = request.export_type.unwrap_or_default();
        let id = self.arn.rsplit('/').next().unwrap_or_default();
        let prefix = request.s3_prefix.as_ref().map(|prefix| format!("{prefix}/")).unwrap_or_default();
        let mut description = json!({
            "ExportArn": self.arn,
            "StartTime": seconds(self.started),
            "ExportManifest": done.then(|| format!("{prefix}AWSDynamoDB/{id}/manifest-summary.json")),
            "TableArn": request.table_arn,
            "TableId": self.table_id,
            "ExportTime": (kind == ExportType::FullExport).then(|| seconds(self.time)),
            "ClientToken": request.client_token,
            "S3Bucket": request.s3_bucket,
            "S3BucketOwner": request.s3_bucket_owner,
            "S3Prefix": request.s3_prefix,
            "S3SseAlgorithm": request.s3_sse_algorithm,
            "S3SseKmsKeyId": request.s3_sse_kms_key_id,
            "ExportFormat": request.export_format.unwrap_or_default(),
            "ExportType": kind,
            "IncrementalExportSpecification": request.incremental_export_specification,
            "BilledSizeBytes": done.then_some(0),
            "ItemCount": done.then_some(0),
        });
        self.ending.tell("ExportStatus", now, &mut description);
        pruned(description)
    }

    /// `ExportSummary`.
    pub(super) fn summary(&self, now: Timestamp) -> Value {
        let kind = self.request.export_type.unwrap_or_default();
        json!({ "ExportArn": self.arn, "ExportStatus": self.ending.status(now), "ExportType": kind })
    }
}

/// An import.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// ARN.
    pub arn: String,
    /// Account and region.
    pub home: Caller,
    /// What was asked for.
    pub request: ImportTable,
    /// ARN of the new table.
    pub table_arn: String,
    /// `TableId` of the new table.
    pub table_id: String,
    /// When it was asked for.
    pub started: Timestamp,
    /// What comes of it.
    pub ending: Ending,
}

impl Import {
    fn log_group(&self) -> String {
        self.home.arn("logs", "log-group:/aws-dynamodb/imports:*")
    }

    /// `ImportTableDescription`.
    pub(super) fn describe(&self, now: Timestamp) -> Value {
        let request = &self.request;
        let done = now >= self.ending.at;
        let mut description = json!({
            "ImportArn": self.arn,
            "TableArn": self.table_arn,
            "TableId": self.table_id,
            "ClientToken": request.client_token,
            "S3BucketSource": request.s3_bucket_source,
            "ErrorCount": 0,
            "CloudWatchLogGroupArn": self.log_group(),
            "InputFormat": request.input_format,
            "InputFormatOptions": request.input_format_options,
            "InputCompressionType": request.input_compression_type.unwrap_or_default(),
            "TableCreationParameters": request.table_creation_parameters,
            "StartTime": seconds(self.started),
            "ProcessedSizeBytes": done.then_some(0),
            "ProcessedItemCount": done.then_some(0),
            "ImportedItemCount": done.then_some(0),
        });
        self.ending.tell("ImportStatus", now, &mut description);
        pruned(description)
    }

    /// `ImportSummary`.
    pub(super) fn summary(&self, now: Timestamp) -> Value {
        pruned(json!({
            "ImportArn": self.arn,
            "ImportStatus": self.ending.status(now),
            "TableArn": self.table_arn,
            "S3BucketSource": self.request.s3_bucket_source,
            "CloudWatchLogGroupArn": self.log_group(),
            "InputFormat": self.request.input_format,
            "StartTime": seconds(self.started),
            "EndTime": (now >= self.ending.at).then(|| seconds(self.ending.at)),
        }))
    }
}
