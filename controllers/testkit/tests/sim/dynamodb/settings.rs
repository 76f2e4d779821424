//! What a table has beside itself, and its end, by values.

use std::time::Duration;

use cairn_testkit::aws::dynamodb::model::TableStatus;
use serde_json::{Value, json};

use super::support::{Model, on_demand, with};

const HOUR: Duration = Duration::from_hours(1);
const ARN: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";

fn time_to_live(enabled: bool, attribute: &str) -> Value {
    let specification = json!({ "Enabled": enabled, "AttributeName": attribute });
    json!({ "TableName": "orders", "TimeToLiveSpecification": specification })
}

fn described(model: &mut Model) -> Value {
    model.on_table("DescribeTimeToLive", json!({})).unwrap()["TimeToLiveDescription"].clone()
}

#[test]
fn time_to_live_comes_and_goes_once_an_hour() {
    let mut model = Model::with(json!({}));
    assert_eq!(described(&mut model), json!({ "TimeToLiveStatus": "DISABLED" }));
    let off = || time_to_live(false, "expires");
    assert_eq!(model.refused("UpdateTimeToLive", off(), "already disabled"), "ValidationException");
    model.call("UpdateTimeToLive", time_to_live(true, "expires")).unwrap();
    assert_eq!(described(&mut model), json!({ "TimeToLiveStatus": "ENABLING", "AttributeName": "expires" }));
    assert_eq!(model.refused("UpdateTimeToLive", off(), "within a fixed interval"), "ValidationException");
    model.rest();
    assert_eq!(described(&mut model), json!({ "TimeToLiveStatus": "ENABLED", "AttributeName": "expires" }));
    let on = time_to_live(true, "expires");
    assert_eq!(model.refused("UpdateTimeToLive", on, "already enabled"), "ValidationException");
    let says = "different AttributeName: current AttributeName is expires";
    assert_eq!(model.refused("UpdateTimeToLive", time_to_live(true, "other"), says), "ValidationException");
    assert_eq!(model.refused("UpdateTimeToLive", time_to_live(false, "other"), says), "ValidationException");
    assert_eq!(model.refused("UpdateTimeToLive", off(), "within a fixed interval"), "ValidationException");
    model.wait(HOUR);
    model.call("UpdateTimeToLive", off()).unwrap();
    assert_eq!(described(&mut model)["TimeToLiveStatus"], "DISABLING");
    model.rest();
    assert_eq!(described(&mut model), json!({ "TimeToLiveStatus": "DISABLED" }));
    let none = time_to_live(true, "");
    assert_eq!(model.refused("UpdateTimeToLive", none, "length between 1 and 255"), "ValidationException");
}

fn recovery(enabled: bool, days: Option<i64>) -> Value {
    let specification = json!({ "PointInTimeRecoveryEnabled": enabled, "RecoveryPeriodInDays": days });
    json!({ "TableName": "orders", "PointInTimeRecoverySpecification": specification })
}

fn backups(model: &mut Model) -> Value {
    let answer = model.on_table("DescribeContinuousBackups", json!({})).unwrap();
    answer["ContinuousBackupsDescription"].clone()
}

#[test]
fn backups_come_a_little_after_the_table() {
    let mut model = Model::new();
    model.call("CreateTable", on_demand()).unwrap();
    model.step();
    assert_eq!(model.table().status, TableStatus::Active);
    let code = model.refused("UpdateContinuousBackups", recovery(true, None), "Backups are being enabled");
    assert_eq!(code, "ContinuousBackupsUnavailableException");
    model.step();
    model.call("UpdateContinuousBackups", recovery(true, None)).unwrap();
    let on = json!({ "PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": 35 });
    assert_eq!(
        backups(&mut model),
        json!({ "ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": on })
    );
}

#[test]
fn the_recovery_window_grows_to_its_period() {
    let mut model = Model::with(json!({}));
    model.call("UpdateContinuousBackups", recovery(true, Some(2))).unwrap();
    let since = model.now;
    model.wait(HOUR);
    let window = backups(&mut model)["PointInTimeRecoveryDescription"].clone();
    let seconds = |time: jiff::Timestamp| time.as_duration().as_secs_f64();
    assert_eq!(window["EarliestRestorableDateTime"], seconds(since));
    assert_eq!(window["LatestRestorableDateTime"], seconds(model.now) - 300.0);
    model.wait(72 * HOUR);
    let window = backups(&mut model)["PointInTimeRecoveryDescription"].clone();
    assert_eq!(window["EarliestRestorableDateTime"], seconds(model.now) - 2.0 * 86_400.0);
    let longer = model.call("UpdateContinuousBackups", recovery(true, Some(7))).unwrap();
    let longer = &longer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"];
    assert_eq!(
        (&longer["RecoveryPeriodInDays"], &longer["EarliestRestorableDateTime"]),
        (&json!(7), &json!(seconds(since)))
    );
    model.call("UpdateContinuousBackups", recovery(false, None)).unwrap();
    let off = json!({ "PointInTimeRecoveryStatus": "DISABLED" });
    assert_eq!(backups(&mut model)["PointInTimeRecoveryDescription"], off);
    model.call("UpdateContinuousBackups", recovery(false, None)).unwrap();
    for days in [0, 36] {
        let code = model.refused("UpdateContinuousBackups", recovery(true, Some(days)), "between 1 and 35");
        assert_eq!(code, "ValidationException");
    }
    let code = model.refused("UpdateContinuousBackups", recovery(false, Some(3)), "only when PointInTimeRecovery");
    assert_eq!(code, "ValidationException");
}

#[test]
fn tags_are_changed_by_key() {
    let tag = |key: &str, value: &str| json!({ "Key": key, "Value": value });
    let mut model = Model::with(json!({ "Tags": [tag("a", "1"), tag("b", "2")] }));
    model.call("TagResource", json!({ "ResourceArn": ARN, "Tags": [tag("b", "3"), tag("c", "4")] })).unwrap();
    model.call("UntagResource", json!({ "ResourceArn": ARN, "TagKeys": ["a", "unknown"] })).unwrap();
    let list = json!({ "ResourceArn": ARN });
    assert_eq!(
        model.call("ListTagsOfResource", list.clone()).unwrap(),
        json!({ "Tags": [tag("b", "3"), tag("c", "4")] })
    );
    let many: Vec<Value> = (0..49).map(|n| tag(&format!("k{n:02}"), "")).collect();
    let code = model.refused("TagResource", json!({ "ResourceArn": ARN, "Tags": many }), "at most 50");
    assert_eq!(code, "ValidationException");
    let reserved = json!({ "ResourceArn": ARN, "TagKeys": ["aws:cloudformation:stack-name"] });
    assert_eq!(model.refused("UntagResource", reserved, "reserved"), "ValidationException");
    assert_eq!(model.call("ListTagsOfResource", list).unwrap()["Tags"].as_array().unwrap().len(), 2);
}

#[test]
fn tags_change_only_of_a_table_that_is_there() {
    let mut model = Model::new();
    let tags = || json!({ "ResourceArn": ARN, "Tags": [{ "Key": "k", "Value": "v" }] });
    let list = || json!({ "ResourceArn": ARN });
    let says = format!("Requested resource not found: ResourcArn: {ARN} not found");
    assert_eq!(model.refused("TagResource", tags(), &says), "ResourceNotFoundException");
    assert_eq!(model.refused("ListTagsOfResource", list(), &says), "ResourceNotFoundException");
    model.call("CreateTable", with(on_demand(), json!({ "Tags": [{ "Key": "k", "Value": "v" }] }))).unwrap();
    assert_eq!(model.refused("TagResource", tags(), "being created"), "ResourceInUseException");
    assert_eq!(model.call("ListTagsOfResource", list()).unwrap()["Tags"][0]["Key"], "k");
    model.dynamo.settings_mut().visibility.hide_tags_while_creating = true;
    assert_eq!(model.refused("ListTagsOfResource", list(), &says), "ResourceNotFoundException");
    model.rest();
    assert_eq!(model.call("ListTagsOfResource", list()).unwrap()["Tags"][0]["Key"], "k");
    model.update(json!({ "DeletionProtectionEnabled": true })).unwrap();
    model.call("TagResource", tags()).unwrap();
    for arn in ["orders", "arn:aws:s3:::orders", "arn:aws:dynamodb:us-east-1:111122223333:table/orders"] {
        let code = model.refused("ListTagsOfResource", json!({ "ResourceArn": arn }), "Invalid TableArn");
        assert_eq!(code, "ValidationException", "{arn}");
    }
    let other = "arn:aws:dynamodb:eu-west-1:444455556666:table/orders";
    let code = model.refused("ListTagsOfResource", json!({ "ResourceArn": other }), "not authorized");
    assert_eq!(code, "AccessDeniedException");
}

#[test]
fn a_table_is_deleted_in_time() {
    let mut model = Model::new();
    let delete = || json!({ "TableName": "orders" });
    assert_eq!(model.refused("DeleteTable", delete(), "Table: orders not found"), "ResourceNotFoundException");
    model.call("CreateTable", with(on_demand(), json!({ "DeletionProtectionEnabled": true }))).unwrap();
    assert_eq!(model.refused("DeleteTable", delete(), "currently protected"), "ValidationException");
    model.rest();
    assert_eq!(model.refused("DeleteTable", delete(), "currently protected"), "ValidationException");
    model.update(json!({ "DeletionProtectionEnabled": false })).unwrap();
    assert_eq!(model.refused("DeleteTable", delete(), "Table is being updated"), "ResourceInUseException");
    model.rest();
    let first = model.call("DeleteTable", delete()).unwrap();
    assert_eq!(model.call("DeleteTable", delete()).unwrap(), first, "twice is no error");
    model.wait(Duration::from_millis(599));
    assert_eq!(model.table().status, TableStatus::Deleting);
    model.wait(Duration::from_millis(1));
    assert_eq!(model.dynamo.table(&model.caller, "orders", model.now), None);
    assert_eq!(model.refused("DescribeTable", delete(), "Table: orders not found"), "ResourceNotFoundException");
    let code = model.refused("DescribeContinuousBackups", delete(), "Table not found: orders");
    assert_eq!(code, "TableNotFoundException");
    assert_eq!(model.refused("DescribeTimeToLive", delete(), "Table: orders not found"), "ResourceNotFoundException");
}
