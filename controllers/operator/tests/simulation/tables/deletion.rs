//! What is done before a table is deleted.

use std::time::Duration;

use cairn_testkit::aws::dynamodb::model::BackupType;
use serde_json::{Value, json};

use super::{TABLE, count, minimal, table, timed, world};
use crate::harness::{REGION, World};

/// Names of the backups that somebody made.
fn backups(world: &World) -> Vec<String> {
    world.aws.dynamodb(|dynamo, _| {
        let made = dynamo.backups().filter(|backup| backup.kind == BackupType::User);
        made.map(|backup| backup.name.clone()).collect()
    })
}

async fn made(world: &World, fields: Value) {
    let mut spec = minimal();
    spec.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    world.create("orders", spec).await;
    world.until_ready("orders").await;
}

#[tokio::test(start_paused = true)]
async fn a_table_is_backed_up_before_it_is_deleted() {
    let world = world(Duration::from_millis(150));
    world.aws.dynamodb(|dynamo, _| dynamo.settings_mut().timing.backup = Duration::from_secs(30));
    let _operator = world.start("one");
    made(&world, json!({})).await;
    let uid = world.object("orders").unwrap()["metadata"]["uid"].as_str().unwrap().to_owned();
    world.delete("orders").await;
    world
        .until("the backup is told of", |world| {
            let told = world.object("orders").map(|object| object["status"]["finalBackup"].clone());
            told.is_some_and(|told| told["backupStatus"] == "CREATING")
        })
        .await;
    assert!(table(&world).is_some());
    let told = world.ready("orders").unwrap().2;
    assert!(told.contains(&format!("default.orders.{uid}")), "{told}");
    world.until_gone("orders").await;
    assert_eq!(backups(&world), [format!("default.orders.{uid}")]);
    assert!(world.aws.tables().is_empty());
}

#[tokio::test(start_paused = true)]
async fn no_backup_is_made_where_nobody_wants_one() {
    let unwanted = world(Duration::from_millis(150));
    let like_ack = timed(World::ack_tables(), Duration::from_millis(150));
    for (world, fields) in [(unwanted, json!({"deletion": {"backupFirst": false}})), (like_ack, json!({}))] {
        let _operator = world.start("one");
        made(&world, fields).await;
        world.delete("orders").await;
        world.until_gone("orders").await;
        assert_eq!((backups(&world).len(), count(&world, "ListBackups")), (0, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn replicas_that_the_object_declared_go_one_at_a_time_before_the_table() {
    let world = world(Duration::from_millis(150));
    let _operator = world.start("one");
    made(&world, json!({"tableReplicas": [{"regionName": "eu-central-1"}, {"regionName": "us-west-2"}]})).await;
    world.forget_calls();
    world.delete("orders").await;
    world
        .until("it says which goes", |world| {
            world.ready("orders").is_some_and(|ready| ready.2.contains("the replica in us-west-2"))
        })
        .await;
    world.until_gone("orders").await;
    assert!(world.aws.tables().is_empty());
    let mut mutations = world.mutations();
    mutations.retain(|operation| operation.ends_with("Table"));
    assert_eq!(mutations, ["UpdateTable", "UpdateTable", "DeleteTable"]);
}

#[tokio::test(start_paused = true)]
async fn a_table_that_aws_protects_is_not_deleted_and_the_object_says_why() {
    let world = world(Duration::from_millis(100));
    let _operator = world.start("one");
    made(&world, json!({"deletionProtectionEnabled": true})).await;
    world.delete("orders").await;
    world.until_reason("orders", "Refused").await;
    let told = world.ready("orders").unwrap().2;
    assert!(told.contains("deletionProtectionEnabled"), "{told}");
    assert!(table(&world).is_some() && backups(&world).is_empty());
    world.patch("orders", json!({"spec": {"deletionProtectionEnabled": false}})).await;
    world.until_gone("orders").await;
    assert!(world.aws.tables().is_empty());
}

#[tokio::test(start_paused = true)]
async fn protection_that_somebody_took_away_keeps_nothing() {
    let world = world(Duration::from_millis(100));
    let _operator = world.start("one");
    made(&world, json!({"deletionProtectionEnabled": true})).await;
    world.delete("orders").await;
    world.until_reason("orders", "Refused").await;
    assert!(world.aws.edit_table(REGION, TABLE, |table| table.deletion_protection = false));
    world.until_gone("orders").await;
    assert!(world.aws.tables().is_empty());
}
