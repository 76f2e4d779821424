//! Tables that are made of others, by values.

use std::time::Duration;

use cairn_testkit::aws::dynamodb::model::{BillingMode, Table, TableStatus};
use serde_json::{Value, json};

use super::support::{Model, index, provisioned, strings, units, with};

/// A model with a rich table, and a backup of it.
fn backed_up() -> (Model, String) {
    let by = |name: &str| with(index(name, "b"), json!({ "ProvisionedThroughput": units(2, 2) }));
    let mut model = Model::with_provisioned(json!({
        "AttributeDefinitions": strings(&["id", "b"]), "GlobalSecondaryIndexes": [by("by-b"), by("by-b-too")],
        "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "NEW_IMAGE" },
        "SSESpecification": { "Enabled": true }, "Tags": [{ "Key": "k", "Value": "v" }],
        "TableClass": "STANDARD_INFREQUENT_ACCESS",
    }));
    let answer = model.on_table("CreateBackup", json!({ "BackupName": "first" })).unwrap();
    let arn = answer["BackupDetails"]["BackupArn"].as_str().unwrap().to_owned();
    (model, arn)
}

fn from_backup(arn: &str, more: Value) -> Value {
    with(json!({ "BackupArn": arn, "TargetTableName": "again" }), more)
}

fn again(model: &Model) -> Table {
    model.dynamo.table(&model.caller, "again", model.now).unwrap()
}

#[test]
fn a_backup_becomes_a_table() {
    let (mut model, arn) = backed_up();
    let body = || from_backup(&arn, json!({}));
    assert_eq!(model.refused("RestoreTableFromBackup", body(), "is being created"), "BackupInUseException");
    model.wait(Duration::from_secs(1));
    let answer = model.call("RestoreTableFromBackup", body()).unwrap()["TableDescription"].clone();
    assert_eq!(answer["TableStatus"], "CREATING");
    assert_eq!(answer["RestoreSummary"]["RestoreInProgress"], true);
    assert_eq!(answer["RestoreSummary"]["SourceBackupArn"], arn);
    assert_eq!(answer["RestoreSummary"]["SourceTableArn"], model.table().arn());
    assert_eq!(model.refused("RestoreTableFromBackup", body(), "created or deleted"), "TableInUseException");
    let delete = json!({ "BackupArn": arn });
    assert_eq!(model.refused("DeleteBackup", delete.clone(), "is being restored"), "BackupInUseException");
    model.wait(Duration::from_millis(2999));
    assert_eq!(again(&model).status, TableStatus::Creating);
    model.wait(Duration::from_millis(1));
    let table = again(&model);
    assert_eq!(table.status, TableStatus::Active);
    assert!(!table.restore.as_ref().unwrap().in_progress);
    assert_eq!(model.refused("RestoreTableFromBackup", body(), "Table already exists"), "TableAlreadyExistsException");
    model.call("DeleteBackup", delete).unwrap();
    let (mut expected, restored) = (model.table().configuration(), table.configuration());
    assert_eq!(restored["tags"], json!([]));
    assert_eq!(restored["stream"], Value::Null);
    for left in ["tags", "stream"] {
        expected[left] = restored[left].clone();
    }
    assert_eq!(restored, expected);
    assert_ne!(table.id, model.table().id);
}

#[test]
fn it_may_differ() {
    let (mut model, arn) = backed_up();
    model.wait(Duration::from_secs(1));
    let refused = |model: &mut Model, more: Value, says: &str| {
        assert_eq!(model.refused("RestoreTableFromBackup", from_backup(&arn, more), says), "ValidationException");
    };
    let other = json!({ "GlobalSecondaryIndexOverride": [index("by-id", "id")] });
    refused(&mut model, other, "Index override does not match an index of the source: by-id");
    let local = with(index("local", "id"), json!({}));
    refused(&mut model, json!({ "LocalSecondaryIndexOverride": [local] }), "does not match an index of the source");
    refused(&mut model, json!({ "GlobalSecondaryIndexOverride": [index("by-b", "b")] }), "specified for index: by-b");
    let more = json!({
        "BillingModeOverride": "PAY_PER_REQUEST", "GlobalSecondaryIndexOverride": [index("by-b", "b")],
        "OnDemandThroughputOverride": { "MaxReadRequestUnits": 9 }, "SSESpecificationOverride": { "Enabled": false },
    });
    model.call("RestoreTableFromBackup", from_backup(&arn, more)).unwrap();
    let table = again(&model);
    assert_eq!((table.billing.mode, table.throughput.max_reads), (BillingMode::PayPerRequest, Some(9)));
    assert_eq!(table.indexes.iter().map(|index| index.name.as_str()).collect::<Vec<_>>(), ["by-b"]);
    assert_eq!(table.encryption.key, None);
    let more = json!({ "TargetTableName": "bare", "GlobalSecondaryIndexOverride": null, "ProvisionedThroughputOverride": units(7, 8) });
    model.call("RestoreTableFromBackup", from_backup(&arn, more)).unwrap();
    let bare = model.dynamo.table(&model.caller, "bare", model.now).unwrap();
    assert_eq!((bare.throughput.provisioned.read, bare.indexes.len()), (7, 2));
    let more = json!({ "TargetTableName": "plain", "GlobalSecondaryIndexOverride": [] });
    model.call("RestoreTableFromBackup", from_backup(&arn, more)).unwrap();
    let plain = model.dynamo.table(&model.caller, "plain", model.now).unwrap();
    assert_eq!((plain.indexes.len(), plain.attributes.len()), (0, 1));
}

#[test]
fn there_are_so_many_restores() {
    let (mut model, arn) = backed_up();
    model.wait(Duration::from_secs(1));
    model.dynamo.settings_mut().limits.restores = 1;
    model.call("RestoreTableFromBackup", from_backup(&arn, json!({}))).unwrap();
    let more = from_backup(&arn, json!({ "TargetTableName": "third" }));
    assert_eq!(model.refused("RestoreTableFromBackup", more.clone(), "limit of 1"), "LimitExceededException");
    model.rest();
    model.call("RestoreTableFromBackup", more).unwrap();
    let missing = from_backup(&format!("{arn}0"), json!({ "TargetTableName": "fourth" }));
    assert_eq!(model.refused("RestoreTableFromBackup", missing, "Backup not found"), "BackupNotFoundException");
}

fn to_time(more: Value) -> Value {
    with(json!({ "SourceTableName": "orders", "TargetTableName": "again" }), more)
}

#[test]
fn a_point_in_time_becomes_a_table() {
    let mut model = Model::new();
    let latest = || to_time(json!({ "UseLatestRestorableTime": true }));
    assert_eq!(model.refused("RestoreTableToPointInTime", latest(), "Table not found"), "TableNotFoundException");
    model.call("CreateTable", provisioned()).unwrap();
    model.rest();
    let code = model.refused("RestoreTableToPointInTime", latest(), "not enabled for table 'orders'");
    assert_eq!(code, "PointInTimeRecoveryUnavailableException");
    let on = json!({ "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": true } });
    model.on_table("UpdateContinuousBackups", on).unwrap();
    let seconds = |time: jiff::Timestamp| time.as_duration().as_secs_f64();
    let since = seconds(model.now);
    assert_eq!(model.refused("RestoreTableToPointInTime", latest(), "any time yet"), "InvalidRestoreTimeException");
    model.wait(Duration::from_hours(1));
    let at = |time: f64| to_time(json!({ "RestoreDateTime": time }));
    for time in [since - 1.0, seconds(model.now)] {
        let code = model.refused("RestoreTableToPointInTime", at(time), "must be between");
        assert_eq!(code, "InvalidRestoreTimeException");
    }
    let both = with(latest(), json!({ "RestoreDateTime": since }));
    for body in [both, to_time(json!({}))] {
        assert_eq!(model.refused("RestoreTableToPointInTime", body, "One of UseLatest"), "ValidationException");
    }
    let two = with(latest(), json!({ "SourceTableArn": model.table().arn() }));
    assert_eq!(model.refused("RestoreTableToPointInTime", two, "One of SourceTableArn"), "ValidationException");
    let answer = model.call("RestoreTableToPointInTime", at(since)).unwrap()["TableDescription"].clone();
    assert_eq!(answer["RestoreSummary"]["RestoreDateTime"], since);
    assert_eq!(answer["RestoreSummary"].get("SourceBackupArn"), None);
    model.rest();
    let mut expected = model.table().configuration();
    expected["recovery"] = Value::Null;
    assert_eq!(again(&model).configuration(), expected);
    let by_arn =
        json!({ "SourceTableArn": model.table().arn(), "TargetTableName": "third", "UseLatestRestorableTime": true });
    let answer = model.call("RestoreTableToPointInTime", by_arn).unwrap()["TableDescription"].clone();
    assert_eq!(answer["RestoreSummary"]["RestoreDateTime"], seconds(model.now) - 300.0);
}
