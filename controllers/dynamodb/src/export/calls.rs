//! The calls about exports.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::{
    operation::export_table_to_point_in_time::ExportTableToPointInTimeOutput,
    types::{ExportDescription, ExportStatus},
};
use cairn_aws::{unless_absent, unmade};
use cairn_core::{
    failure::Failure,
    observed::{Existence, Phase, Present},
    tags::Tags,
};
use cairn_runtime::kind::Created;
use serde_json::{Map, Value, json};

use super::{CREATE, LOCATE, parts};
use crate::{
    client::{Scoped, fetch},
    wire::{encode, request, wire},
};

wire! { enum ExportStatus }

request! { export_table_to_point_in_time, "ExportTableToPointInTime" -> ExportTableToPointInTimeOutput {
    "tableARN" => table_arn,
    "clientToken" => client_token,
    "s3Bucket" => s3_bucket,
    "s3BucketOwner" => s3_bucket_owner,
    "s3Prefix" => s3_prefix,
    "s3SSEAlgorithm" => s3_sse_algorithm,
    "s3SSEKMSKeyID" => s3_sse_kms_key_id,
    "exportFormat" => export_format,
    "exportTime" => export_time,
    "exportType" => export_type,
    "incrementalExportSpecification" => incremental_export_specification,
} }

/// Whether AWS knows the export, and all about it.
pub(super) async fn locate(client: &Scoped, arn: &str) -> Result<Existence, Failure> {
    let answer = unless_absent(fetch!(client, describe_export.export_arn(arn), LOCATE), &["ExportNotFoundException"])?;
    Ok(answer.and_then(|answer| answer.export_description).map_or(Existence::Absent, |export| {
        Existence::Present(Present {
            tags: Some(Tags::new()),
            phase: phase(&export),
            parts: parts::described(&export),
            status: status(&export),
            ..Present::default()
        })
    }))
}

fn phase(export: &ExportDescription) -> Phase {
    match &export.export_status {
        Some(ExportStatus::InProgress) => Phase::Creating,
        Some(ExportStatus::Completed) | None => Phase::Steady,
        Some(ExportStatus::Failed) => {
            let told = |text: &Option<String>| text.clone().unwrap_or_else(|| "no word".into());
            Phase::Unusable(format!(
                "the export failed ({}: {}), and is not tried again; put right what AWS names, and create another object \
                 for another export",
                told(&export.failure_code),
                told(&export.failure_message)
            ))
        }
        Some(other) => Phase::Unusable(format!("DynamoDB says that the export is {other}")),
    }
}

/// The kind's own fields of the status. One that AWS no longer tells goes.
fn status(export: &ExportDescription) -> Map<String, Value> {
    [
        ("billedSizeBytes", encode(&export.billed_size_bytes)),
        ("endTime", encode(&export.end_time)),
        ("exportManifest", encode(&export.export_manifest)),
        ("exportStatus", encode(&export.export_status)),
        ("failureCode", encode(&export.failure_code)),
        ("failureMessage", encode(&export.failure_message)),
        ("itemCount", encode(&export.item_count)),
        ("startTime", encode(&export.start_time)),
    ]
    .map(|(field, value)| (field.to_owned(), value))
    .into_iter()
    .collect()
}

/// Begins an export. Sent again with the same token it begins no other.
pub(super) async fn create(
    client: &Scoped,
    token: &str,
    parts: &BTreeMap<&'static str, Value>,
) -> Result<Created, Failure> {
    let mut document: Map<String, Value> =
        parts.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect();
    if let Some(Value::String(name)) = document.remove(parts::TABLE_NAME) {
        document.insert(parts::TABLE_ARN.into(), json!(client.arn(&name)));
    }
    document.insert("clientToken".into(), json!(token));
    let answer = export_table_to_point_in_time(&client.write, &document.into()).await.map_err(unrecoverable)?;
    let arn = answer.export_description.and_then(|export| export.export_arn);
    let identity = arn.ok_or_else(|| Failure {
        // It may have begun one all the same.
        ambiguous: true,
        ..unmade(CREATE, &"the answer names no export")
    })?;
    Ok(Created { identity, incarnation: None })
}

/// What helps is a setting of the table, which AWS's message does not name as a spec does.
fn unrecoverable(failure: Failure) -> Failure {
    if failure.code != "PointInTimeRecoveryUnavailableException" {
        return failure;
    }
    let help = "an export needs point-in-time recovery: set continuousBackups.pointInTimeRecoveryEnabled of the Table";
    Failure { message: format!("{}; {help}", failure.message), ..failure }
}
