//! A backup's life: made of its table, kept when that goes, and deleted with its object.

use std::fs;

use cairn_e2e::{Error, Result, error::ensure, workspace};
use serde_json::json;

use crate::{
    fixture::{Room, SOON, bucket_name, with_operator},
    tables::ask,
};

const OBJECT: &str = "backup/ledger-before-the-move";

fn example(table: &str) -> Result<String> {
    let file = workspace().join("examples").join("backup").join("backup.yaml");
    let text = fs::read_to_string(&file).map_err(|source| Error::file(&file, source))?;
    ensure(text.contains("tableName: ledger-of-the-shop"), || "the example has another name in AWS".into())?;
    Ok(text.replace("tableName: ledger-of-the-shop", &format!("tableName: {table}")))
}

/// The ARNs of the backups that AWS has of a table.
fn backups(room: &Room, table: &str) -> Result<Vec<String>> {
    let listed = ask(room, "ListBackups", &json!({"TableName": table}))?;
    let kept =
        listed["BackupSummaries"].as_array().into_iter().flatten().filter(|one| one["BackupStatus"] != "DELETED");
    Ok(kept.filter_map(|one| Some(one["BackupArn"].as_str()?.to_owned())).collect())
}

#[test]
fn the_example_becomes_a_backup_that_outlives_its_table_and_goes_with_its_object() -> Result<()> {
    with_operator("backups", |room| {
        let name = bucket_name();
        room.kubectl.apply(&example(&name)?)?;
        room.kubectl.until_condition(OBJECT, "Ready", "True", SOON)?;
        let object = room.kubectl.get(&[OBJECT])?;
        let status = &object["status"];
        let arn = status["ackResourceMetadata"]["arn"].as_str().unwrap_or_default().to_owned();
        ensure(status["backupStatus"] == "AVAILABLE", || status.to_string())?;
        ensure(backups(room, &name)? == [arn.clone()], || format!("{arn} is not the only one"))?;

        for edit in [json!({"backupName": "another"}), json!({"tableRef": {"from": {"name": "other"}}})] {
            let edit = json!({"spec": edit}).to_string();
            let refused = room.kubectl.run(&["patch", OBJECT, "--type=merge", "-p", &edit]);
            let told = refused.err().map(|error| error.to_string()).unwrap_or_default();
            ensure(told.contains("immutable; create another object"), || told)?;
        }

        room.kubectl.run(&["delete", "--wait=false", "table/ledger"])?;
        room.kubectl.until_gone("table/ledger", SOON)?;
        ensure(backups(room, &name)? == [arn], || "the backup went with its table".into())?;
        room.kubectl.until_condition(OBJECT, "Ready", "True", SOON)?;

        room.kubectl.run(&["delete", "--wait=false", OBJECT])?;
        room.kubectl.until_gone(OBJECT, SOON)?;
        ensure(backups(room, &name)?.is_empty(), || "the object is gone, the backup is not".into())
    })
}
