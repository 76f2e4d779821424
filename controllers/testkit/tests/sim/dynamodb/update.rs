//! `UpdateTable` of everything but indexes, by values.

use std::time::Duration;

use cairn_testkit::aws::dynamodb::model::{BillingMode, StreamViewType, TableClass, TableStatus};
use serde_json::{Value, json};

use super::support::{Model, add_index, index, provisioned, strings, units, with};

const HOUR: Duration = Duration::from_hours(1);

fn stream(view: &str) -> Value {
    json!({ "StreamSpecification": { "StreamEnabled": true, "StreamViewType": view } })
}

fn stream_off() -> Value {
    json!({ "StreamSpecification": { "StreamEnabled": false } })
}

fn capacity(read: i64, write: i64) -> Value {
    json!({ "ProvisionedThroughput": units(read, write) })
}

#[test]
fn an_update_shows_the_old_until_it_ends() {
    let mut model = Model::with_provisioned(json!({}));
    let answer = model.update(capacity(10, 5)).unwrap()["TableDescription"].clone();
    assert_eq!(
        (&answer["TableStatus"], &answer["ProvisionedThroughput"]["ReadCapacityUnits"]),
        (&json!("UPDATING"), &json!(5))
    );
    assert_eq!(model.update_refused(capacity(20, 5), "Table is being updated: orders"), "ResourceInUseException");
    model.wait(Duration::from_millis(499));
    assert_eq!(model.table().throughput.provisioned.read, 5);
    model.wait(Duration::from_millis(1));
    let table = model.table();
    assert_eq!((table.status, table.throughput.provisioned.read), (TableStatus::Active, 10));
    assert_eq!((table.throughput.warm_reads, table.throughput.warm_writes), (10, 5), "more capacity warms up");
    let increased = table.describe(model.now)["ProvisionedThroughput"]["LastIncreaseDateTime"].as_f64();
    assert!(increased.is_some_and(|at| at < table.describe(model.now)["CreationDateTime"].as_f64().unwrap() + 3600.0));
}

#[test]
fn what_takes_no_time_is_done_at_once() {
    let mut model = Model::with_provisioned(json!({}));
    model.dynamo.settings_mut().timing.update = Duration::ZERO;
    let answer = model.update(capacity(10, 5)).unwrap()["TableDescription"].clone();
    assert_eq!(answer["TableStatus"], "UPDATING");
    assert_eq!((model.table().status, model.table().throughput.provisioned.read), (TableStatus::Active, 10));
}

#[test]
fn a_table_that_is_not_there_or_not_ready_is_not_updated() {
    let mut model = Model::new();
    assert_eq!(model.update_refused(capacity(1, 1), "Table: orders not found"), "ResourceNotFoundException");
    model.call("CreateTable", provisioned()).unwrap();
    assert_eq!(model.update_refused(capacity(1, 1), "Table is being created: orders"), "ResourceInUseException");
    model.rest();
    model.on_table("DeleteTable", json!({})).unwrap();
    assert_eq!(model.update_refused(capacity(1, 1), "Table is being deleted: orders"), "ResourceInUseException");
}

#[test]
fn what_changes_nothing_is_refused() {
    let mut model = Model::with_provisioned(json!({ "TableClass": "STANDARD" }));
    let refused = |model: &mut Model, more: Value, says: &str| {
        assert_eq!(model.update_refused(more, says), "ValidationException", "{says}");
    };
    refused(&mut model, json!({}), "At least one of ProvisionedThroughput");
    refused(&mut model, json!({ "AttributeDefinitions": strings(&["id"]) }), "At least one of");
    refused(&mut model, json!({ "GlobalSecondaryIndexUpdates": [] }), "At least one of");
    refused(&mut model, capacity(5, 5), "throughput for the table will not change");
    refused(&mut model, json!({ "BillingMode": "PROVISIONED" }), "Nothing will change");
    refused(&mut model, json!({ "DeletionProtectionEnabled": false }), "Nothing will change");
    refused(&mut model, json!({ "TableClass": "STANDARD" }), "equals the current table class");
    refused(&mut model, json!({ "SSESpecification": { "Enabled": false } }), "already encrypted by default");
    refused(&mut model, stream_off(), "does not have an enabled stream");
    refused(&mut model, json!({ "WarmThroughput": { "ReadUnitsPerSecond": 5 } }), "Nothing will change");
    model.updated(stream("NEW_IMAGE"));
    refused(&mut model, stream("NEW_IMAGE"), "already has an enabled stream");
    refused(&mut model, stream("KEYS_ONLY"), "already has an enabled stream");
    model.updated(json!({ "SSESpecification": { "Enabled": true } }));
    refused(&mut model, json!({ "SSESpecification": { "Enabled": true } }), "already encrypted by the AWS managed key");
    let managed = json!({ "SSESpecification": { "Enabled": true, "KMSMasterKeyId": "alias/aws/dynamodb" } });
    refused(&mut model, managed, "already encrypted by given KMSMasterKeyId");
    assert_eq!(model.table().status, TableStatus::Active);
}

#[test]
fn what_does_not_go_together_is_refused() {
    let mut model = Model::with_provisioned(json!({}));
    let encrypt = json!({ "SSESpecification": { "Enabled": true } });
    let class = json!({ "TableClass": "STANDARD_INFREQUENT_ACCESS" });
    let protect = json!({ "DeletionProtectionEnabled": true });
    let says = "Server-Side Encryption modification must be the only operation";
    for other in [class.clone(), protect.clone(), stream("NEW_IMAGE"), capacity(9, 9), add_index("by-b", "b")] {
        assert_eq!(model.update_refused(with(encrypt.clone(), other), says), "ValidationException");
    }
    for other in [protect.clone(), capacity(9, 9)] {
        let says = "Table Class modification must be the only operation";
        assert_eq!(model.update_refused(with(class.clone(), other), says), "ValidationException");
    }
    let says = "Throughput cannot be updated in the request that creates or deletes";
    for other in [capacity(9, 9), json!({ "BillingMode": "PAY_PER_REQUEST" })] {
        let index = with(add_index("by-b", "b"), other);
        assert_eq!(model.update_refused(index, says), "ValidationException");
    }
    let both =
        json!({ "GlobalSecondaryIndexUpdates": [{ "Delete": { "IndexName": "by-b" }, "Create": index("by-c", "c") }] });
    assert_eq!(model.update_refused(both, "One of Update, Create or Delete"), "ValidationException");
    let table = model.updated(with(with(protect, stream("NEW_IMAGE")), capacity(9, 9)));
    assert!(table.deletion_protection && table.stream.is_some() && table.throughput.provisioned.read == 9);
}

#[test]
fn to_on_demand_and_back() {
    let mut indexed = index("by-b", "b");
    indexed["ProvisionedThroughput"] = units(2, 2);
    let more = json!({ "AttributeDefinitions": strings(&["id", "b"]), "GlobalSecondaryIndexes": [indexed] });
    let mut model = Model::with_provisioned(more);
    let refused = with(json!({ "BillingMode": "PAY_PER_REQUEST" }), capacity(1, 1));
    assert_eq!(model.update_refused(refused, "when BillingMode is PAY_PER_REQUEST"), "ValidationException");
    let table =
        model.updated(json!({ "BillingMode": "PAY_PER_REQUEST", "OnDemandThroughput": { "MaxWriteRequestUnits": 7 } }));
    assert_eq!((table.billing.mode, table.throughput.provisioned.read), (BillingMode::PayPerRequest, 0));
    assert_eq!((table.throughput.max_reads, table.throughput.max_writes), (None, Some(7)));
    assert_eq!(table.index("by-b").unwrap().throughput.provisioned.write, 0);
    assert_eq!(table.throughput.warm_reads, 12_000);
    assert_eq!(model.update_refused(capacity(1, 1), "when BillingMode is PAY_PER_REQUEST"), "ValidationException");

    let back = json!({ "BillingMode": "PROVISIONED" });
    assert_eq!(model.update_refused(back.clone(), "must both be specified"), "ValidationException");
    let back = with(back, capacity(3, 3));
    let says = "ProvisionedThroughput must be specified for index: by-b";
    assert_eq!(model.update_refused(back.clone(), says), "ValidationException");
    let update = json!({ "Update": { "IndexName": "by-b", "ProvisionedThroughput": units(4, 4) } });
    let table = model.updated(with(back, json!({ "GlobalSecondaryIndexUpdates": [update] })));
    assert_eq!((table.throughput.provisioned.read, table.throughput.max_writes), (3, None));
    assert_eq!(table.index("by-b").unwrap().throughput.provisioned.write, 4);
    let summary = &table.describe(model.now)["BillingModeSummary"];
    assert_eq!(summary["BillingMode"], "PROVISIONED");
    assert!(summary["LastUpdateToPayPerRequestDateTime"].is_f64());
}

#[test]
fn four_switches_to_on_demand_in_a_day() {
    let mut model = Model::with_provisioned(json!({}));
    let there = || json!({ "BillingMode": "PAY_PER_REQUEST" });
    let back = || with(json!({ "BillingMode": "PROVISIONED" }), capacity(5, 5));
    for _ in 0..4 {
        model.updated(there());
        model.updated(back());
        model.wait(HOUR);
    }
    let code = model.update_refused(there(), "limited to 4 in 1 day(s)");
    assert_eq!(code, "LimitExceededException");
    let first = model.table().billing.switches[0];
    model.update_refused(there(), &format!("Next update can be made at {}", first.checked_add(24 * HOUR).unwrap()));
    model.wait(20 * HOUR);
    model.updated(there());
    model.update_refused(json!({ "BillingMode": "PAY_PER_REQUEST" }), "Nothing will change");
}

#[test]
fn decreases_are_few_in_a_day() {
    let mut model = Model::with_provisioned(json!({ "ProvisionedThroughput": units(100, 100) }));
    for read in [90, 80, 70, 60] {
        assert_eq!(model.updated(capacity(read, 200)).throughput.provisioned.read, read);
        model.updated(capacity(read, 201));
    }
    let says = "Number of decreases today: 4";
    assert_eq!(model.update_refused(capacity(50, 201), says), "LimitExceededException");
    model.updated(capacity(61, 202));
    model.wait(HOUR);
    let table = model.updated(capacity(50, 202));
    assert_eq!(table.describe(model.now)["ProvisionedThroughput"]["NumberOfDecreasesToday"], 5);
    assert_eq!(model.update_refused(capacity(40, 202), "Number of decreases today: 5"), "LimitExceededException");
    model.wait(23 * HOUR);
    assert_eq!(model.table().describe(model.now)["ProvisionedThroughput"]["NumberOfDecreasesToday"], 0);
    model.updated(capacity(40, 202));
}

#[test]
fn classes_change_twice_in_thirty_days() {
    let mut model = Model::with(json!({}));
    let class = |class: &str| json!({ "TableClass": class });
    let table = model.updated(class("STANDARD_INFREQUENT_ACCESS"));
    assert_eq!(table.class.class, Some(TableClass::StandardInfrequentAccess));
    assert!(table.describe(model.now)["TableClassSummary"]["LastUpdateDateTime"].is_f64());
    model.wait(HOUR);
    model.updated(class("STANDARD"));
    model.wait(29 * 24 * HOUR);
    let says = "Updates of the table class are limited to 2 in 30 day(s)";
    assert_eq!(model.update_refused(class("STANDARD_INFREQUENT_ACCESS"), says), "LimitExceededException");
    model.wait(23 * HOUR);
    model.updated(class("STANDARD_INFREQUENT_ACCESS"));
    assert_eq!(model.update_refused(class("STANDARD"), "limited to 2"), "LimitExceededException");
}

#[test]
fn encryption_takes_a_while_and_changes_four_times_a_day() {
    let mut model = Model::with(json!({}));
    let on = || json!({ "SSESpecification": { "Enabled": true } });
    let off = || json!({ "SSESpecification": { "Enabled": false } });
    let answer = model.update(on()).unwrap();
    assert_eq!(answer["TableDescription"]["SSEDescription"], json!({ "Status": "UPDATING" }));
    model.wait(Duration::from_millis(999));
    assert_eq!(model.table().status, TableStatus::Updating);
    assert!(model.rest().encryption.key.is_some());
    let answer = model.update(off()).unwrap();
    assert_eq!(answer["TableDescription"]["SSEDescription"]["Status"], "UPDATING");
    assert_eq!(model.rest().describe(model.now).get("SSEDescription"), None);
    model.updated(on());
    model.updated(off());
    assert_eq!(model.update_refused(on(), "limited to 4 in 1 day(s)"), "LimitExceededException");
    model.wait(24 * HOUR);
    model.updated(on());
}

#[test]
fn a_stream_has_a_label_and_stays_a_day() {
    let mut model = Model::with(json!({}));
    let answer = model.update(stream("NEW_AND_OLD_IMAGES")).unwrap()["TableDescription"].clone();
    let arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/2026-01-01T00:00:01.200";
    assert_eq!((&answer["LatestStreamArn"], &answer["TableStatus"]), (&json!(arn), &json!("UPDATING")));
    assert_eq!(answer["LatestStreamLabel"], "2026-01-01T00:00:01.200");
    model.rest();
    let table = model.updated(stream_off());
    assert_eq!((table.stream, table.stream_arn().as_deref()), (None, Some(arn)));
    model.wait(HOUR);
    let again = model.updated(stream("KEYS_ONLY"));
    assert_ne!(again.stream_arn().as_deref(), Some(arn));
    model.wait(24 * HOUR);
    assert_eq!(model.table().stream, Some(StreamViewType::KeysOnly));
    assert_eq!(model.table().stream_arn(), again.stream_arn(), "the old stream takes nothing with it");
    model.updated(stream_off());
    model.wait(24 * HOUR);
    assert_eq!(model.table().stream_arn(), None);
}

#[test]
fn bounds_and_warmth() {
    let mut model = Model::with(json!({}));
    let table = model.updated(json!({ "OnDemandThroughput": { "MaxReadRequestUnits": 5, "MaxWriteRequestUnits": 6 } }));
    assert_eq!((table.throughput.max_reads, table.throughput.max_writes), (Some(5), Some(6)));
    let table = model.updated(json!({ "OnDemandThroughput": { "MaxReadRequestUnits": -1 } }));
    assert_eq!((table.throughput.max_reads, table.throughput.max_writes), (None, Some(6)));
    let warm = |reads: i64| json!({ "WarmThroughput": { "ReadUnitsPerSecond": reads } });
    assert_eq!(model.updated(warm(13_000)).throughput.warm_reads, 13_000);
    let says = "lower than current WarmThroughput, decreasing WarmThroughput is not supported";
    assert_eq!(model.update_refused(warm(12_999), says), "ValidationException");
    assert_eq!(model.update_refused(json!({ "WarmThroughput": {} }), "must be specified"), "ValidationException");
    let table = model.updated(json!({ "OnDemandThroughput": { "MaxWriteRequestUnits": -1 } }));
    assert_eq!(table.describe(model.now).get("OnDemandThroughput"), None);
}
