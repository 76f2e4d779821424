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
    newest(client, table).await?.map_or(Ok(()), |earlier| out_of_the_way(&earlier, &mark))?;
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

/// Whether an earlier import leaves room for another. One of another object, or from another source, does.
fn out_of_the_way(earlier: &ImportTableDescription, mark: &str) -> Result<(), Failure> {
    if !earlier.client_token.as_deref().is_some_and(|token| token.starts_with(mark)) {
        return Ok(());
    }
    came_through(
        earlier,
        "it is not tried again, because AWS charges for each; mend the cause, then delete the object and create it again, \
         or correct importSourceSpecification",
    )
}

/// What has become of an import.
///
/// # Errors
/// That AWS is still at work on it, or why it failed, with `ours` for the way out.
pub(super) fn came_through(import: &ImportTableDescription, ours: &str) -> Result<(), Failure> {
    match &import.import_status {
        Some(ImportStatus::InProgress | ImportStatus::Cancelling) => {
            Err(failure(import, Class::Retry, "AWS is still at work on it"))
        }
        Some(ImportStatus::Failed | ImportStatus::Cancelled) => Err(failure(import, Class::Invalid, ours)),
        _ => Ok(()),
    }
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
fn failure(import: &ImportTableDescription, class: Class, ours: &str) -> Failure {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn earlier(token: &str, status: ImportStatus) -> ImportTableDescription {
        ImportTableDescription::builder()
            .client_token(token)
            .import_status(status)
            .failure_code("S3AccessDenied")
            .build()
    }

    #[test]
    fn one_object_imports_from_one_source_once() {
        let source = json!({"inputFormat": "ION"});
        let own = mark("uid", &source);
        let token = client_token(&own, "0123456789abcdef0123456789abcdef");
        let class = |status| out_of_the_way(&earlier(&token, status), &own).err().map(|failure| failure.class);
        assert_eq!(class(ImportStatus::Failed), Some(Class::Invalid));
        assert_eq!(class(ImportStatus::Cancelled), Some(Class::Invalid));
        assert_eq!(class(ImportStatus::InProgress), Some(Class::Retry), "AWS need not show the table yet");
        assert_eq!(class(ImportStatus::Completed), None, "the table that it made is gone");
        for other in [mark("another", &source), mark("uid", &json!({"inputFormat": "CSV"}))] {
            assert_eq!(out_of_the_way(&earlier(&token, ImportStatus::Failed), &other), Ok(()));
        }
    }

    #[test]
    fn a_bucket_that_may_not_be_read_is_told_with_the_rights_that_are_missing() {
        let told = failure(&earlier("", ImportStatus::Failed), Class::Invalid, "ours").message;
        assert!(told.contains("s3:GetObject") && told.contains("ours"), "{told}");
    }
}
