//! The calls about backups.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::{
    operation::create_backup::CreateBackupOutput,
    types::{BackupDescription, BackupDetails, BackupStatus, BackupSummary},
};
use cairn_aws::{unless_absent, unmade};
use cairn_core::{
    failure::Failure,
    listed::Listed,
    observed::{Existence, Phase, Present},
    tags::Tags,
};
use cairn_runtime::kind::Created;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{CREATE, DELETE, LIST, LOCATE, NAME, TABLE};
use crate::{
    client::{Scoped, fetch, send},
    wire::{encode, request, timestamp, wire},
};

wire! { enum BackupStatus enum BackupType }

/// What DynamoDB says of a backup that is not there.
const ABSENT: &[&str] = &["BackupNotFoundException"];

request! { create_backup, "CreateBackup" -> CreateBackupOutput {
    "tableName" => table_name,
    "backupName" => backup_name,
} }

/// The backups of a table that somebody made and that are not deleted.
pub(crate) async fn of_table(client: &Scoped, table: &str) -> Result<Vec<BackupSummary>, Failure> {
    let (mut all, mut next) = (Vec::new(), None);
    loop {
        let page = fetch!(client, list_backups.table_name(table).set_exclusive_start_backup_arn(next), LIST)?;
        all.extend(page.backup_summaries.unwrap_or_default());
        next = page.last_evaluated_backup_arn;
        if next.is_none() {
            all.retain(|backup| backup.backup_status != Some(BackupStatus::Deleted));
            return Ok(all);
        }
    }
}

/// Those that have a name. One of which AWS does not tell when it was made is as old as can be.
pub(super) fn listed(all: &[BackupSummary], name: &str) -> Vec<Listed> {
    let named = all.iter().filter(|backup| backup.backup_name.as_deref() == Some(name));
    let listed = named.filter_map(|backup| {
        let created = backup.backup_creation_date_time.and_then(timestamp).unwrap_or(Timestamp::MIN);
        Some(Listed { id: backup.backup_arn.clone()?, created })
    });
    listed.collect()
}

/// Whether the backup exists, and all about it.
pub(super) async fn locate(client: &Scoped, arn: &str) -> Result<Existence, Failure> {
    let answer = unless_absent(fetch!(client, describe_backup.backup_arn(arn), LOCATE), ABSENT)?;
    Ok(answer.and_then(|answer| answer.backup_description).map_or(Existence::Absent, |backup| existence(&backup)))
}

fn existence(backup: &BackupDescription) -> Existence {
    let details = backup.backup_details.as_ref();
    let phase = match details.map(|details| &details.backup_status) {
        Some(BackupStatus::Deleted) => return Existence::Absent,
        Some(BackupStatus::Creating) => Phase::Creating,
        Some(BackupStatus::Available) | None => Phase::Steady,
        Some(other) => Phase::Unusable(format!("DynamoDB says that the backup is {other}")),
    };
    let table = backup.source_table_details.as_ref().map(|table| Value::from(table.table_name.clone()));
    let name = details.map(|details| Value::from(details.backup_name.clone()));
    Existence::Present(Present {
        tags: Some(Tags::new()),
        phase,
        parts: [(TABLE, table), (NAME, name)].into(),
        status: details.map(status).unwrap_or_default(),
        ..Present::default()
    })
}

/// The kind's own fields of the status. One that AWS no longer tells goes.
fn status(details: &BackupDetails) -> Map<String, Value> {
    [
        ("backupCreationDateTime", encode(&details.backup_creation_date_time)),
        ("backupExpiryDateTime", encode(&details.backup_expiry_date_time)),
        ("backupSizeBytes", encode(&details.backup_size_bytes)),
        ("backupStatus", encode(&details.backup_status)),
        ("backupType", encode(&details.backup_type)),
    ]
    .map(|(field, value)| (field.to_owned(), value))
    .into_iter()
    .collect()
}

/// Makes a backup.
pub(super) async fn create(client: &Scoped, parts: &BTreeMap<&'static str, Value>) -> Result<Created, Failure> {
    let document: Map<String, Value> =
        parts.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect();
    let answer = create_backup(&client.write, &document.into()).await?;
    let details = answer.backup_details.ok_or_else(|| Failure {
        // It may have made one all the same.
        ambiguous: true,
        ..unmade(CREATE, &"the answer names no backup")
    })?;
    Ok(Created { identity: details.backup_arn, incarnation: None })
}

/// Makes a backup of a table, of the name that the document says.
pub(crate) async fn back_up(client: &Scoped, table: &str, document: &Value) -> Result<(), Failure> {
    let mut document = document.clone();
    document[TABLE] = table.into();
    create_backup(&client.write, &document).await.map(drop)
}

/// Deletes a backup. One that is gone already is deleted.
pub(super) async fn delete(client: &Scoped, arn: &str) -> Result<(), Failure> {
    let answer = send!(client, delete_backup.backup_arn(arn), DELETE);
    unless_absent(answer, ABSENT).map(|_| ())
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::primitives::DateTime;

    use super::*;

    #[test]
    fn of_all_backups_of_a_table_those_of_the_name_are_listed_with_their_times() {
        let summary = |name: &str, arn: &str, time: Option<i64>| {
            let time = time.map(DateTime::from_millis);
            BackupSummary::builder().backup_name(name).backup_arn(arn).set_backup_creation_date_time(time).build()
        };
        let all = [summary("a", "1", Some(1_234)), summary("b", "2", Some(1)), summary("a", "3", None)];
        let found = listed(&all, "a");
        let times: Vec<_> = found.iter().map(|one| (one.id.as_str(), one.created)).collect();
        assert_eq!(times, [("1", Timestamp::from_millisecond(1_234).unwrap()), ("3", Timestamp::MIN)]);
    }
}
