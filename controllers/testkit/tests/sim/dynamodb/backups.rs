//! Backups, by values.

use std::time::Duration;

use serde_json::{Value, json};

use super::support::{Model, add_index, on_demand, with};

fn backup(model: &mut Model, name: &str) -> String {
    let answer = model.on_table("CreateBackup", json!({ "BackupName": name })).unwrap();
    answer["BackupDetails"]["BackupArn"].as_str().unwrap().to_owned()
}

fn described(model: &mut Model, arn: &str) -> Value {
    model.call("DescribeBackup", json!({ "BackupArn": arn })).unwrap()["BackupDescription"].clone()
}

fn names(model: &mut Model, body: Value) -> Vec<String> {
    let answer = model.call("ListBackups", body).unwrap();
    let summaries = answer["BackupSummaries"].as_array().unwrap().iter();
    summaries.map(|summary| summary["BackupName"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_backup_is_made_kept_and_deleted() {
    let mut model =
        Model::with(json!({ "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "NEW_IMAGE" } }));
    model.updated(add_index("by-b", "b"));
    let arn = backup(&mut model, "first");
    assert!(arn.starts_with("arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/0176"), "{arn}");
    assert_eq!(described(&mut model, &arn)["BackupDetails"]["BackupStatus"], "CREATING");
    let body = || json!({ "BackupArn": arn });
    assert_eq!(model.refused("DeleteBackup", body(), "is being created"), "BackupInUseException");
    model.wait(Duration::from_millis(600));
    let shown = described(&mut model, &arn);
    assert_eq!(shown["BackupDetails"]["BackupStatus"], "AVAILABLE");
    assert_eq!(shown["BackupDetails"]["BackupType"], "USER");
    assert_eq!(shown["SourceTableDetails"]["TableId"], model.table().id);
    assert_eq!(shown["SourceTableDetails"]["BillingMode"], "PAY_PER_REQUEST");
    let features = &shown["SourceTableFeatureDetails"];
    assert_eq!(features["GlobalSecondaryIndexes"][0]["IndexName"], "by-b");
    assert_eq!(features["StreamDescription"]["StreamViewType"], "NEW_IMAGE");
    model.on_table("DeleteTable", json!({})).unwrap();
    model.step();
    assert_eq!(described(&mut model, &arn)["SourceTableDetails"]["TableName"], "orders", "it outlives its table");
    let deleted = model.call("DeleteBackup", body()).unwrap();
    assert_eq!(deleted["BackupDescription"]["BackupDetails"]["BackupStatus"], "DELETED");
    assert_eq!(model.refused("DescribeBackup", body(), &arn), "BackupNotFoundException");
    assert_eq!(model.refused("DeleteBackup", body(), &arn), "BackupNotFoundException");
}

#[test]
fn a_table_that_is_not_ready_is_not_backed_up() {
    let mut model = Model::new();
    let body = || json!({ "TableName": "orders", "BackupName": "first" });
    assert_eq!(model.refused("CreateBackup", body(), "Table not found: orders"), "TableNotFoundException");
    model.call("CreateTable", on_demand()).unwrap();
    assert_eq!(model.refused("CreateBackup", body(), "created or deleted"), "TableInUseException");
    model.step();
    let code = model.refused("CreateBackup", body(), "Backups are being enabled");
    assert_eq!(code, "ContinuousBackupsUnavailableException");
    model.rest();
    let bad = with(body(), json!({ "BackupName": "x" }));
    assert_eq!(model.refused("CreateBackup", bad, "greater than or equal to 3"), "ValidationException");
    model.call("CreateBackup", body()).unwrap();
    assert_eq!(model.dynamo.backups().count(), 1);
}

#[test]
fn backups_are_listed() {
    let mut model = Model::with(json!({}));
    backup(&mut model, "first");
    model.wait(Duration::from_hours(1));
    let middle = model.now.as_duration().as_secs_f64();
    backup(&mut model, "second");
    backup(&mut model, "second");
    assert_eq!(names(&mut model, json!({})), ["first", "second", "second"]);
    assert_eq!(names(&mut model, json!({ "TableName": "orders" })).len(), 3);
    assert_eq!(names(&mut model, json!({ "TableName": "other" })).len(), 0);
    assert_eq!(names(&mut model, json!({ "TimeRangeLowerBound": middle })), ["second", "second"]);
    assert_eq!(names(&mut model, json!({ "TimeRangeUpperBound": middle })), ["first"]);
    assert_eq!(names(&mut model, json!({ "BackupType": "SYSTEM" })).len(), 0);
    assert_eq!(names(&mut model, json!({ "BackupType": "AWS_BACKUP" })).len(), 0);
    let page = model.call("ListBackups", json!({ "Limit": 2 })).unwrap();
    let rest = json!({ "ExclusiveStartBackupArn": page["LastEvaluatedBackupArn"] });
    assert_eq!(page["BackupSummaries"].as_array().unwrap().len(), 2);
    assert_eq!(names(&mut model, rest), ["second"]);
    assert_eq!(model.call("ListBackups", json!({ "Limit": 3 })).unwrap().get("LastEvaluatedBackupArn"), None);
    assert_eq!(model.refused("ListBackups", json!({ "Limit": 101 }), "between 1 and 100"), "ValidationException");
    model.caller.region = "us-east-1".to_owned();
    assert_eq!(names(&mut model, json!({})).len(), 0);
}

#[test]
fn a_table_that_could_be_restored_leaves_a_backup() {
    let mut model = Model::with(json!({}));
    let on = json!({ "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": true } });
    model.on_table("UpdateContinuousBackups", on).unwrap();
    for _ in 0..2 {
        model.on_table("DeleteTable", json!({})).unwrap();
    }
    assert_eq!(names(&mut model, json!({})).len(), 0, "somebody's own are listed by default");
    assert_eq!(names(&mut model, json!({ "BackupType": "ALL" })), ["orders$DeletedTableBackup"]);
    let listed = model.call("ListBackups", json!({ "BackupType": "SYSTEM" })).unwrap()["BackupSummaries"][0].clone();
    assert_eq!((&listed["BackupType"], &listed["BackupStatus"]), (&json!("SYSTEM"), &json!("AVAILABLE")));
    model.wait(Duration::from_hours(35 * 24));
    assert_eq!(names(&mut model, json!({ "BackupType": "ALL" })).len(), 0);
    let body = json!({ "BackupArn": listed["BackupArn"] });
    assert_eq!(model.refused("DescribeBackup", body, "Backup not found"), "BackupNotFoundException");
}

#[test]
fn a_table_that_could_not_be_restored_leaves_none() {
    let mut model = Model::with(json!({}));
    model.on_table("DeleteTable", json!({})).unwrap();
    assert_eq!(model.dynamo.backups().count(), 0);
}
