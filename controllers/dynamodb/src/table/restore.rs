//! Tables that are made from a backup, or from a moment of another table.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::operation::{
    restore_table_from_backup::RestoreTableFromBackupOutput,
    restore_table_to_point_in_time::RestoreTableToPointInTimeOutput,
};
use cairn_core::failure::Failure;
use serde_json::{Map, Value, json};

use super::parts::restore_from;
use crate::{client::Scoped, wire::request};

request! { restore_table_from_backup, "RestoreTableFromBackup" -> RestoreTableFromBackupOutput {
    "tableName" => target_table_name,
    "backupARN" => backup_arn,
    "billingMode" => billing_mode_override,
    "provisionedThroughput" => provisioned_throughput_override,
    "onDemandThroughput" => on_demand_throughput_override,
    "sseSpecification" => sse_specification_override,
} }

request! { restore_table_to_point_in_time, "RestoreTableToPointInTime" -> RestoreTableToPointInTimeOutput {
    "tableName" => target_table_name,
    "sourceTableName" => source_table_name,
    "sourceTableARN" => source_table_arn,
    "restoreDateTime" => restore_date_time,
    "useLatestRestorableTime" => use_latest_restorable_time,
    "billingMode" => billing_mode_override,
    "provisionedThroughput" => provisioned_throughput_override,
    "onDemandThroughput" => on_demand_throughput_override,
    "sseSpecification" => sse_specification_override,
} }

/// What of the table a restore takes. Everything else is as it was, until what is declared is compared with it.
const OVERRIDES: [&str; 4] = ["billingMode", "provisionedThroughput", "onDemandThroughput", "sseSpecification"];

/// Makes the table from what `restoreFrom` names; tells AWS's id of it. It takes no tags.
pub(super) async fn restore(
    client: &Scoped,
    table: &str,
    parts: &BTreeMap<&'static str, Value>,
    from: &Value,
) -> Result<Option<String>, Failure> {
    let document = request(table, parts, from);
    let made = if from.get("backupARN").is_some() {
        restore_table_from_backup(&client.write, &document).await?.table_description
    } else {
        restore_table_to_point_in_time(&client.write, &document).await?.table_description
    };
    Ok(made.and_then(|table| table.table_id))
}

/// What the spec says of the source, and of the table where a restore takes that.
fn request(table: &str, parts: &BTreeMap<&'static str, Value>, from: &Value) -> Value {
    let source = from.as_object().cloned().unwrap_or_default();
    let taken = parts.iter().filter(|(field, _)| OVERRIDES.contains(field));
    let taken = taken.map(|(field, value)| ((*field).to_owned(), value.clone()));
    let mut document: Map<String, Value> = source.into_iter().chain(taken).collect();
    document.insert("tableName".into(), json!(table));
    document.into()
}

/// The source of a table that is to be restored.
pub(super) fn source<'p>(parts: &'p BTreeMap<&'static str, Value>) -> Option<&'p Value> {
    parts.get(restore_from::FIELD)
}
