//! Exports and imports, by values.

use std::time::Duration;

use cairn_testkit::aws::dynamodb::model::TableStatus;
use serde_json::{Value, json};

use super::support::{Model, index, on_demand, strings, with};

const ARN: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
const HOUR: Duration = Duration::from_hours(1);

/// A model with a table that could be restored for a day.
fn recoverable() -> Model {
    let mut model = Model::with(json!({}));
    let on = json!({ "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": true } });
    model.on_table("UpdateContinuousBackups", on).unwrap();
    model.wait(24 * HOUR);
    model
}

fn export(more: Value) -> Value {
    with(json!({ "TableArn": ARN, "S3Bucket": "exports" }), more)
}

fn seconds(model: &Model) -> f64 {
    model.now.as_duration().as_secs_f64()
}

fn exported(model: &mut Model, more: Value) -> Value {
    model.call("ExportTableToPointInTime", export(more)).unwrap()["ExportDescription"].clone()
}

fn described(model: &mut Model, arn: &Value) -> Value {
    model.call("DescribeExport", json!({ "ExportArn": arn })).unwrap()["ExportDescription"].clone()
}

#[test]
fn an_export_ends() {
    let mut model = recoverable();
    let more = json!({ "S3Prefix": "daily", "ExportFormat": "ION", "S3SseAlgorithm": "AES256" });
    let started = exported(&mut model, more);
    assert_eq!(started["ExportStatus"], "IN_PROGRESS");
    assert_eq!((&started["ExportType"], &started["ExportFormat"]), (&json!("FULL_EXPORT"), &json!("ION")));
    assert_eq!(started["ExportTime"], seconds(&model) - 300.0);
    assert_eq!(started["TableId"], model.table().id);
    model.wait(Duration::from_secs(4));
    let ended = described(&mut model, &started["ExportArn"]);
    assert_eq!(ended["ExportStatus"], "COMPLETED");
    assert_eq!(ended["EndTime"], seconds(&model));
    assert!(ended["ExportManifest"].as_str().unwrap().starts_with("daily/AWSDynamoDB/0176"));
    let listed = model.call("ListExports", json!({ "TableArn": ARN })).unwrap();
    assert_eq!(listed["ExportSummaries"][0]["ExportArn"], started["ExportArn"]);
    let missing = json!({ "ExportArn": format!("{ARN}/export/none") });
    assert_eq!(model.refused("DescribeExport", missing, "Export not found"), "ExportNotFoundException");
}

#[test]
fn an_export_may_fail() {
    let mut model = recoverable();
    let failing = ("exports".to_owned(), "S3NoSuchBucket".to_owned());
    model.dynamo.settings_mut().failing_buckets.extend([failing]);
    let started = exported(&mut model, json!({}));
    assert_eq!(started.get("FailureCode"), None);
    model.wait(Duration::from_secs(4));
    let ended = described(&mut model, &started["ExportArn"]);
    assert_eq!((&ended["ExportStatus"], &ended["FailureCode"]), (&json!("FAILED"), &json!("S3NoSuchBucket")));
    assert_eq!(ended.get("ExportManifest"), None);
}

#[test]
fn an_export_with_a_token_is_done_once() {
    let mut model = recoverable();
    let token = || json!({ "ClientToken": "once" });
    let first = exported(&mut model, token());
    model.wait(HOUR);
    assert_eq!(exported(&mut model, token())["ExportArn"], first["ExportArn"]);
    let other = export(with(token(), json!({ "S3Prefix": "other" })));
    assert_eq!(model.refused("ExportTableToPointInTime", other, "same ClientToken"), "ExportConflictException");
    assert_ne!(exported(&mut model, json!({}))["ExportArn"], first["ExportArn"]);
    model.wait(8 * HOUR);
    assert_ne!(exported(&mut model, token())["ExportArn"], first["ExportArn"]);
    assert_eq!(model.dynamo.exports().count(), 3);
    let page = model.call("ListExports", json!({ "MaxResults": 2 })).unwrap();
    let rest = model.call("ListExports", json!({ "MaxResults": 2, "NextToken": page["NextToken"] })).unwrap();
    let arns = |page: &Value| -> Vec<String> {
        page["ExportSummaries"].as_array().unwrap().iter().map(|one| one["ExportArn"].to_string()).collect()
    };
    let all = [arns(&page), arns(&rest)].concat();
    assert!(all.is_sorted_by(|a, b| a > b) && all.len() == 3, "in reverse order: {all:?}");
}

#[test]
fn what_is_exported_is_checked() {
    let mut model = Model::with(json!({}));
    let refused =
        |model: &mut Model, more: Value, says: &str| model.refused("ExportTableToPointInTime", export(more), says);
    let unavailable = "PointInTimeRecoveryUnavailableException";
    assert_eq!(refused(&mut model, json!({}), "not enabled for table 'orders'"), unavailable);
    assert_eq!(refused(&mut model, json!({ "TableArn": "orders" }), "Invalid TableArn"), "ValidationException");
    let other = ARN.replace("orders", "other");
    assert_eq!(refused(&mut model, json!({ "TableArn": other }), "Table not found: other"), "TableNotFoundException");
    let mut model = recoverable();
    let (now, invalid) = (seconds(&model), "InvalidExportTimeException");
    for time in [now, now - 100_000.0] {
        assert_eq!(refused(&mut model, json!({ "ExportTime": time }), "outside"), invalid);
    }
    let span = |from: f64, to: f64| {
        let span = json!({ "ExportFromTime": from, "ExportToTime": to });
        json!({ "ExportType": "INCREMENTAL_EXPORT", "IncrementalExportSpecification": span })
    };
    assert_eq!(refused(&mut model, span(now - 900.0, now - 600.0), "15 minutes to 24 hours"), "ValidationException");
    assert_eq!(refused(&mut model, span(now - 600.0, now - 1800.0), "15 minutes"), "ValidationException");
    assert_eq!(refused(&mut model, span(now - 100_000.0, now - 600.0), "outside"), invalid);
    let bare = json!({ "ExportType": "INCREMENTAL_EXPORT" });
    assert_eq!(refused(&mut model, bare, "IncrementalExportSpecification for"), "ValidationException");
    let both = with(span(now - 3600.0, now - 600.0), json!({ "ExportType": "FULL_EXPORT" }));
    assert_eq!(refused(&mut model, both, "IncrementalExportSpecification for"), "ValidationException");
    let incremental = exported(&mut model, span(now - 3600.0, now - 600.0));
    assert_eq!(incremental["IncrementalExportSpecification"]["ExportToTime"], now - 600.0);
    assert_eq!(incremental.get("ExportTime"), None);
}

fn import(more: Value) -> Value {
    let mut table = on_demand();
    table["GlobalSecondaryIndexes"] = json!([index("by-b", "b")]);
    table["AttributeDefinitions"] = strings(&["id", "b"]);
    let base = json!({
        "S3BucketSource": { "S3Bucket": "imports" }, "InputFormat": "DYNAMODB_JSON", "TableCreationParameters": table,
    });
    with(base, more)
}

fn imported(model: &mut Model, arn: &Value) -> Value {
    model.call("DescribeImport", json!({ "ImportArn": arn })).unwrap()["ImportTableDescription"].clone()
}

#[test]
fn an_import_makes_a_table() {
    let mut model = Model::new();
    let started = model.call("ImportTable", import(json!({}))).unwrap()["ImportTableDescription"].clone();
    assert_eq!(started["ImportStatus"], "IN_PROGRESS");
    assert!(started["ImportArn"].as_str().unwrap().starts_with(&format!("{ARN}/import/0176")));
    assert_eq!(started["InputCompressionType"], "NONE");
    let table = model.table();
    assert_eq!((table.status, table.indexes.len()), (TableStatus::Creating, 1));
    assert_eq!((&started["TableArn"], &started["TableId"]), (&json!(table.arn()), &json!(table.id)));
    model.wait(Duration::from_millis(3499));
    assert_eq!(model.table().status, TableStatus::Creating);
    model.wait(Duration::from_millis(1));
    assert_eq!(model.table().status, TableStatus::Active);
    let ended = imported(&mut model, &started["ImportArn"]);
    assert_eq!((&ended["ImportStatus"], &ended["EndTime"]), (&json!("COMPLETED"), &json!(seconds(&model))));
    assert_eq!(model.refused("ImportTable", import(json!({})), "Table already exists"), "ResourceInUseException");
    let listed = model.call("ListImports", json!({ "TableArn": ARN })).unwrap();
    assert_eq!(listed["ImportSummaryList"][0]["ImportStatus"], "COMPLETED");
    let missing = json!({ "ImportArn": format!("{ARN}/import/none") });
    assert_eq!(model.refused("DescribeImport", missing, "Import not found"), "ImportNotFoundException");
}

#[test]
fn an_import_with_a_token_is_done_once() {
    let mut model = Model::new();
    let token = || json!({ "ClientToken": "once" });
    let first = model.call("ImportTable", import(token())).unwrap()["ImportTableDescription"].clone();
    let again = model.call("ImportTable", import(token())).unwrap()["ImportTableDescription"].clone();
    assert_eq!(again["ImportArn"], first["ImportArn"]);
    let other = import(with(token(), json!({ "InputFormat": "ION" })));
    assert_eq!(model.refused("ImportTable", other, "same ClientToken"), "ImportConflictException");
    assert_eq!(model.dynamo.imports().count(), 1);
}

#[test]
fn what_is_imported_is_checked() {
    let mut model = Model::new();
    let csv = json!({ "InputFormatOptions": { "Csv": { "Delimiter": ";" } } });
    assert_eq!(model.refused("ImportTable", import(csv.clone()), "CSV only"), "ValidationException");
    let mut bad = import(json!({}));
    bad["TableCreationParameters"]["AttributeDefinitions"] = strings(&["id"]);
    assert_eq!(model.refused("ImportTable", bad, "Keys: [b]"), "ValidationException");
    assert!(model.dynamo.tables(model.now).is_empty());
    model.dynamo.settings_mut().limits.imports = 1;
    model.dynamo.settings_mut().failing_buckets.insert("imports".to_owned(), "S3NoSuchBucket".to_owned());
    let started = model.call("ImportTable", import(with(csv, json!({ "InputFormat": "CSV" })))).unwrap();
    let mut second = import(json!({}));
    second["TableCreationParameters"]["TableName"] = json!("second");
    assert_eq!(model.refused("ImportTable", second.clone(), "limit of 1 concurrent imports"), "LimitExceededException");
    model.rest();
    let ended = imported(&mut model, &started["ImportTableDescription"]["ImportArn"]);
    assert_eq!((&ended["ImportStatus"], &ended["FailureCode"]), (&json!("FAILED"), &json!("S3NoSuchBucket")));
    model.call("ImportTable", second).unwrap();
}
