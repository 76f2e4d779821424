//! Tables that are made from others.

use std::time::Duration;

use cairn_testkit::aws::dynamodb::model::{Caller, TimeToLiveStatus};
use serde_json::{Value, json};

use super::{ACCOUNT, TABLE, count, minimal, table, tag, world};
use crate::harness::{REGION, World, pass};

const COPY: &str = "orders-again";

fn copy(from: Value) -> Value {
    let mut spec = minimal();
    spec["tableName"] = json!(COPY);
    spec["restoreFrom"] = from;
    spec["tags"] = json!([{"key": "team", "value": "a"}]);
    spec["timeToLive"] = json!({"enabled": true, "attributeName": "ends"});
    spec
}

async fn source(world: &World) {
    let mut spec = minimal();
    spec["continuousBackups"] = json!({"pointInTimeRecoveryEnabled": true});
    world.create("orders", spec).await;
    world.until_ready("orders").await;
}

fn restored(world: &World) -> cairn_testkit::aws::dynamodb::model::Table {
    world.aws.dynamodb(|dynamo, now| dynamo.table(&Caller::new(ACCOUNT, REGION), COPY, now)).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_table_is_made_from_a_moment_of_another_and_is_owned_and_set_up_after_that() {
    let world = world(Duration::from_millis(100));
    let _operator = world.start("one");
    source(&world).await;
    pass(Duration::from_mins(10)).await;
    world.create("again", copy(json!({"sourceTableName": TABLE, "useLatestRestorableTime": true}))).await;
    world.until_ready("again").await;
    let made = restored(&world);
    assert_eq!(made.restore.as_ref().map(|restore| restore.in_progress), Some(false));
    assert!(tag(&made, "cairn.run/owner").is_some());
    assert_ne!(made.time_to_live.status, TimeToLiveStatus::Disabled);
    assert_eq!((count(&world, "RestoreTableToPointInTime"), count(&world, "CreateTable")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_table_comes_back_from_the_backup_of_its_deletion() {
    let world = world(Duration::from_millis(100));
    let _operator = world.start("one");
    source(&world).await;
    world.delete("orders").await;
    world.until_gone("orders").await;
    assert!(table(&world).is_none());
    let arn = world.aws.dynamodb(|dynamo, _| dynamo.backups().map(|backup| backup.arn.clone()).next()).unwrap();
    world.create("again", copy(json!({"backupARN": arn}))).await;
    world.until_ready("again").await;
    assert_eq!(restored(&world).restore.unwrap().backup_arn, Some(arn));
    assert_eq!(count(&world, "RestoreTableFromBackup"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_backup_that_is_not_there_is_told() {
    let world = world(Duration::from_millis(100));
    let _operator = world.start("one");
    let arn = format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{TABLE}/backup/01489602797149-73d8d5bc");
    world.create("again", copy(json!({"backupARN": arn}))).await;
    world.until_reason("again", "Refused").await;
    let told = world.ready("again").unwrap().2;
    assert!(told.contains("BackupNotFoundException"), "{told}");
    assert_eq!(count(&world, "CreateTable"), 0);
}
