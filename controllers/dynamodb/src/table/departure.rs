//! What goes with a table: before it is deleted a backup of it, its replicas one at a time, and the end of its auto
//! scaling; that alone where somebody else deleted the table.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{BackupStatus, BackupSummary};
use cairn_core::{
    failure::Failure,
    plan::{Action, Step},
    rules::Effect,
};
use cairn_crds::dynamodb::TableSpec;
use cairn_runtime::kind::{Before, Departure};
use serde_json::{Map, Value, json};

use super::{
    UPDATE, arrange,
    parts::{replicas, scaling, witnesses},
};
use crate::{
    backup::{self, calls},
    client::Scoped,
    wire::encode,
};

const PROTECTION: &str = "deletionProtectionEnabled";
/// The longest name of a backup. Source: DynamoDB API reference, `CreateBackup.BackupName`.
const LONGEST: usize = 255;

/// The next of what comes before the deletion; `None` when nothing is left, and where AWS refuses the deletion anyway.
pub(super) async fn before_delete(
    client: &Scoped,
    spec: Option<&TableSpec>,
    departure: Departure<'_>,
) -> Result<Option<Before>, Failure> {
    let protected = departure.present.parts.get(PROTECTION).is_some_and(|there| *there == Some(json!(true)));
    let unprotects = spec.is_some_and(|spec| spec.deletion_protection_enabled == Some(false));
    if protected && !unprotects {
        return Ok(None);
    }
    let said = spec.and_then(|spec| spec.deletion.as_ref()?.backup_first);
    if said.unwrap_or(!departure.like_ack)
        && let Some(before) = backup(client, departure).await.map_err(no_backup)?
    {
        return Ok(Some(before));
    }
    if let Some(before) = scaled(client, departure, scaling::OF_REPLICAS).await? {
        return Ok(Some(before));
    }
    if let Some(before) = replica(departure).or_else(|| protected.then(unprotected)) {
        return Ok(Some(before));
    }
    scaled(client, departure, scaling::FIELD).await
}

/// The end of the auto scaling that the object declared. It would outlive the table, and hold for the next of its name.
/// Source: DynamoDB API reference, `ReplicationGroupUpdate`.
async fn scaled(client: &Scoped, departure: Departure<'_>, field: &'static str) -> Result<Option<Before>, Failure> {
    let Some(declared) = departure.declared.get(field) else { return Ok(None) };
    let left = scaling::left(client, departure.identity, departure.present, field, declared).await?;
    if left.is_empty() {
        return Ok(None);
    }
    let words = format!("ending the auto scaling of {} before the table is deleted", left.join(", "));
    let step = step(field, scaling::DEREGISTER, json!(left), &words);
    Ok(Some(Before { step: Some(step), words, status: Map::new() }))
}

/// The end of the auto scaling that the object declared, of a table that is gone already.
pub(super) async fn end_what_outlives(
    client: &Scoped,
    table: &str,
    declared: &BTreeMap<String, Vec<String>>,
) -> Result<(), Failure> {
    for field in [scaling::OF_REPLICAS, scaling::FIELD] {
        scaling::end_all(client, table, declared.get(field).map_or(&[], Vec::as_slice)).await?;
    }
    Ok(())
}

/// The backup that is made of the table, until it is there.
async fn backup(client: &Scoped, departure: Departure<'_>) -> Result<Option<Before>, Failure> {
    let name = backup_name(departure);
    let Some(backup) = find(client, departure, &name).await? else {
        let words = format!("making the backup {name} before the table is deleted");
        let step = step("deletion", backup::CREATE, json!({"backupName": name}), &words);
        return Ok(Some(Before { step: Some(step), words, status: Map::new() }));
    };
    if backup.backup_status != Some(BackupStatus::Creating) {
        return Ok(None);
    }
    let told = json!({
        "backupName": name,
        "backupARN": encode(&backup.backup_arn),
        "backupStatus": encode(&backup.backup_status),
    });
    let words = format!("AWS is making the backup {name}; the table is deleted after that");
    Ok(Some(Before { step: None, words, status: [("finalBackup".to_owned(), told)].into_iter().collect() }))
}

/// A name that no other object's backup has, and no backup of an earlier object of the same name.
fn backup_name(departure: Departure<'_>) -> String {
    let Departure { owner, uid, .. } = departure;
    let room = LONGEST.saturating_sub(uid.len() + 1);
    let name: String = format!("{}.{}", owner.namespace, owner.name).chars().take(room).collect();
    format!("{name}.{uid}")
}

/// The backup of that name of this very table.
async fn find(client: &Scoped, departure: Departure<'_>, name: &str) -> Result<Option<BackupSummary>, Failure> {
    let id = departure.present.incarnation.as_deref();
    let is_it = |backup: &BackupSummary| {
        let of_this = backup.table_id.as_deref().is_none_or(|table| Some(table) == id);
        backup.backup_name.as_deref() == Some(name) && of_this
    };
    Ok(calls::of_table(client, departure.identity).await?.into_iter().find(is_it))
}

fn no_backup(failure: Failure) -> Failure {
    let way_out = "set deletion.backupFirst to false to delete the table without a backup";
    Failure { message: format!("{}; {way_out}", failure.message), ..failure }
}

/// The next replica that goes, of those that this object declared; others are not its own.
fn replica(departure: Departure<'_>) -> Option<Before> {
    if let Some(awaited) = arrange::replicas::awaited(departure.present).into_iter().next() {
        return Some(Before { step: None, words: awaited.words, status: Map::new() });
    }
    let all: Vec<_> = [replicas::FIELD, witnesses::FIELD].iter().flat_map(|field| of_own(departure, field)).collect();
    let (_, first) = all.first()?;
    let (words, document) = if arrange::strong::is(departure.present) {
        ("deleting all replicas, which agree at once".to_owned(), arrange::strong::deletion(&all))
    } else {
        (format!("deleting the replica in {first}"), arrange::replicas::deletion(first))
    };
    let step = step(replicas::FIELD, UPDATE, document, &words);
    Some(Before { step: Some(step), words, status: Map::new() })
}

/// The regions that a field of the spec declared and that there are, with the field.
fn of_own(departure: Departure<'_>, field: &'static str) -> Vec<(&'static str, String)> {
    let declared = departure.declared.get(field).map_or(&[][..], Vec::as_slice);
    let there = departure.present.parts.get(field).and_then(Option::as_ref).and_then(Value::as_array);
    let regions = there.into_iter().flatten().filter_map(|entry| entry[replicas::REGION].as_str().map(str::to_owned));
    regions.filter(|region| declared.contains(region)).map(|region| (field, region)).collect()
}

/// The spec says that the table is not protected, so that the protection goes with it.
fn unprotected() -> Before {
    let words = "turning deletionProtectionEnabled off, as the spec says, before the table is deleted".to_owned();
    let step = step(PROTECTION, UPDATE, json!({PROTECTION: false}), &words);
    Before { step: Some(step), words, status: Map::new() }
}

fn step(field: &'static str, operation: &'static str, value: Value, words: &str) -> Step {
    Step {
        field,
        operation,
        action: Action::Put { value },
        before: Value::Null,
        effect: Effect::Lasting,
        after: &[],
        words: Some(words.to_owned()),
    }
}
