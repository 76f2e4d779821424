//! Tables that are made from objects of a bucket.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::{
    operation::import_table::ImportTableOutput,
    types::{ImportStatus, ImportSummary, ImportTableDescription},
};
use cairn_core::{
    digest,
    failure::{Class, Failure},
};
use cairn_runtime::kind::Creation;
use serde_json::{Value, json};

use super::{calls, parts::import_source};
use crate::{
    client::{Scoped, fetch},
    wire::{request, wire},
};

wire! {
    try struct S3BucketSource {
        "s3Bucket" => s3_bucket,
        "s3BucketOwner" => s3_bucket_owner,
        "s3KeyPrefix" => s3_key_prefix,
    }
    enum InputFormat
    enum InputCompressionType
    struct InputFormatOptions { "csv" => csv }
    struct CsvOptions { "delimiter" => delimiter, "headerList" => header_list }
    try struct TableCreationParameters {
        "tableName" => table_name,
        "attributeDefinitions" => attribute_definitions,
        "keySchema" => key_schema,
        "billingMode" => billing_mode,
        "provisionedThroughput" => provisioned_throughput,
        "onDemandThroughput" => on_demand_throughput,
        "sseSpecification" => sse_specification,
        "globalSecondaryIndexes" => global_secondary_indexes,
    }
}

request! { import_table, "ImportTable" -> ImportTableOutput {
    "clientToken" => client_token,
    "s3BucketSource" => s3_bucket_source,
    "inputFormat" => input_format,
    "inputFormatOptions" => input_format_options,
    "inputCompressionType" => input_compression_type,
    "table" => table_creation_parameters,
} }

/// Makes the table from what `importSourceSpecification` names; tells AWS's id of it. It takes no tags.
///
/// AWS charges for every import, also for one that fails: one that this object asked for from the same source, and that
/// failed, is not asked for again.
pub(super) async fn import(
    client: &Scoped,
    table: &str,
    creation: Creation<'_>,
    source: &Value,
) -> Result<Option<String>, Failure> {
    let mark = mark(creation.uid, source);
    if let Some(earlier) = newest(client, table).await?.filter(|earlier| has_failed(earlier, &mark)) {
        let why = "it is not tried again, because AWS charges for each; mend the cause, then delete the object and create \
                   it again, or correct importSourceSpecification";
        return Err(failure(&earlier, Class::Invalid, why));
    }
    let mut document = source.clone();
    document["clientToken"] = json!(client_token(&mark, creation.token));
    document["table"] = calls::creation(table, creation.parts, creation.tags);
    let answer = import_table(&client.write, &document).await?;
    Ok(answer.import_table_description.and_then(|import| import.table_id))
}

/// The source that a table is to be made from.
pub(super) fn source<'p>(parts: &'p BTreeMap<&'static str, Value>) -> Option<&'p Value> {
    parts.get(import_source::FIELD)
}

/// So many characters are of the mark, and so many of the token.
const HALF: usize = 16;

/// What all imports have in common that one object asks for from one source.
fn mark(uid: &str, source: &Value) -> String {
    digest::of(&json!([uid, source])).chars().take(HALF).collect()
}

fn client_token(mark: &str, token: &str) -> String {
    mark.chars().chain(token.chars().take(HALF)).collect()
}

fn has_failed(import: &ImportTableDescription, mark: &str) -> bool {
    let ended = matches!(import.import_status, Some(ImportStatus::Failed | ImportStatus::Cancelled));
    ended && import.client_token.as_deref().is_some_and(|token| token.starts_with(mark))
}

/// The import that last began to make a table of that name; `None` where AWS knows of none. It remembers 90 days. Source:
/// DynamoDB API reference, `ListImports`.
pub(super) async fn newest(client: &Scoped, table: &str) -> Result<Option<ImportTableDescription>, Failure> {
    let (mut newest, mut next): (Option<ImportSummary>, _) = (None, None);
    loop {
        let page = fetch!(client, list_imports.table_arn(client.arn(table)).set_next_token(next), "ListImports")?;
        let all = newest.into_iter().chain(page.import_summary_list.unwrap_or_default());
        newest = all.max_by_key(|import| import.start_time.map(|time| time.as_nanos()));
        next = page.next_token;
        if next.is_none() {
            break;
        }
    }
    let Some(arn) = newest.and_then(|newest| newest.import_arn) else { return Ok(None) };
    let answer = fetch!(client, describe_import.import_arn(arn), "DescribeImport")?;
    Ok(answer.import_table_description)
}

/// Reading data is no right that the operator has by itself.
const PERMIT: &str = "; the operator's role needs s3:ListBucket on the bucket and s3:GetObject on its objects, which the \
                      operator's own policy does not grant";

/// What has become of an import, in AWS's words and ours.
pub(super) fn failure(import: &ImportTableDescription, class: Class, ours: &str) -> Failure {
    let status = import.import_status.as_ref().map_or("UNKNOWN", ImportStatus::as_str);
    let arn = import.import_arn.as_deref().unwrap_or_default();
    let code = import.failure_code.as_deref().unwrap_or(status);
    let why = import.failure_message.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
    let permit = if code.contains("AccessDenied") { PERMIT } else { "" };
    Failure {
        operation: "ImportTable".into(),
        code: code.into(),
        message: format!("the import {arn} is {status}{why}; {ours}{permit}"),
        request_id: None,
        class,
        ambiguous: false,
    }
}
