//! `CreateTable`, by values.

use cairn_testkit::aws::dynamodb::model::TableStatus;
use serde_json::{Value, json};

use super::support::{Model, index, key, on_demand, provisioned, strings, units, with};

/// What is created, and comes to rest.
pub(crate) fn created(body: Value) -> Value {
    let mut model = Model::new();
    let answer = model.call("CreateTable", body).unwrap();
    assert_eq!(answer["TableDescription"]["TableStatus"], "CREATING");
    model.rest();
    model.on_table("DescribeTable", json!({})).unwrap()["Table"].clone()
}

/// Asserts that `body` is invalid, and that the message says so.
pub(crate) fn invalid(body: Value, says: &str) {
    let mut model = Model::new();
    assert_eq!(model.refused("CreateTable", body, says), "ValidationException", "{says}");
    assert!(model.dynamo.tables(model.now).is_empty());
}

pub(crate) fn indexed(index: Value, attributes: &[&str]) -> Value {
    with(
        on_demand(),
        json!({ "AttributeDefinitions": strings(attributes), "GlobalSecondaryIndexes": Value::Array(vec![index]) }),
    )
}

#[test]
fn an_on_demand_table_describes_itself() {
    let table = created(on_demand());
    let expected = json!({
        "TableName": "orders",
        "TableArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
        "TableId": "00000000-0000-4000-8000-000000000001",
        "TableStatus": "ACTIVE",
        "CreationDateTime": 1_767_225_600.0,
        "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
        "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
        "ProvisionedThroughput": { "ReadCapacityUnits": 0, "WriteCapacityUnits": 0, "NumberOfDecreasesToday": 0 },
        "BillingModeSummary": {
            "BillingMode": "PAY_PER_REQUEST", "LastUpdateToPayPerRequestDateTime": 1_767_225_600.0,
        },
        "WarmThroughput": { "ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000, "Status": "ACTIVE" },
        "DeletionProtectionEnabled": false,
        "ItemCount": 0,
        "TableSizeBytes": 0,
    });
    assert_eq!(table, expected);
}

#[test]
fn everything_at_once() {
    let mut local = index("by-date", "id");
    local["KeySchema"] = key(&["id", "date"]);
    let mut global = index("by-customer", "customer");
    global["ProvisionedThroughput"] = units(3, 2);
    global["Projection"] = json!({ "ProjectionType": "INCLUDE", "NonKeyAttributes": ["total"] });
    let table = created(with(
        provisioned(),
        json!({
            "AttributeDefinitions": strings(&["id", "at", "date", "customer"]), "KeySchema": key(&["id", "at"]),
            "LocalSecondaryIndexes": [local], "GlobalSecondaryIndexes": [global],
            "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "NEW_IMAGE" },
            "SSESpecification": { "Enabled": true }, "TableClass": "STANDARD_INFREQUENT_ACCESS",
            "DeletionProtectionEnabled": true, "WarmThroughput": { "ReadUnitsPerSecond": 100 },
        }),
    ));
    assert_eq!(table["LocalSecondaryIndexes"][0]["IndexName"], "by-date");
    let global = &table["GlobalSecondaryIndexes"][0];
    assert_eq!(global["IndexStatus"], "ACTIVE");
    assert_eq!(global.get("Backfilling"), None, "only an index that comes later is backfilled");
    assert_eq!(global["ProvisionedThroughput"]["ReadCapacityUnits"], 3);
    assert_eq!(global["Projection"], json!({ "ProjectionType": "INCLUDE", "NonKeyAttributes": ["total"] }));
    let arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
    assert_eq!(global["IndexArn"], format!("{arn}/index/by-customer"));
    assert_eq!(table["LatestStreamArn"], format!("{arn}/stream/2026-01-01T00:00:00.000"));
    assert_eq!(table["StreamSpecification"], json!({ "StreamEnabled": true, "StreamViewType": "NEW_IMAGE" }));
    let key = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-0000000000db";
    let encryption = json!({ "Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key });
    assert_eq!(table["SSEDescription"], encryption);
    assert_eq!(table["TableClassSummary"], json!({ "TableClass": "STANDARD_INFREQUENT_ACCESS" }));
    assert_eq!(table["DeletionProtectionEnabled"], true);
    let warm = json!({ "ReadUnitsPerSecond": 100, "WriteUnitsPerSecond": 5, "Status": "ACTIVE" });
    assert_eq!(table["WarmThroughput"], warm);
    assert_eq!(table.get("BillingModeSummary"), None, "it was never on-demand");
}

#[test]
fn a_name_is_given_once_and_an_id_never_again() {
    let mut model = Model::with(json!({}));
    let first = model.table();
    assert_eq!(model.refused("CreateTable", on_demand(), "Table already exists: orders"), "ResourceInUseException");
    model.on_table("DeleteTable", json!({})).unwrap();
    assert_eq!(model.refused("CreateTable", on_demand(), "being deleted"), "ResourceInUseException");
    model.step();
    model.call("CreateTable", on_demand()).unwrap();
    let second = model.table();
    assert_eq!((first.arn(), second.status), (second.arn(), TableStatus::Creating));
    assert_ne!(first.id, second.id);
    model.caller.region = "us-east-1".to_owned();
    model.call("CreateTable", on_demand()).unwrap();
    assert_eq!(model.table().arn(), "arn:aws:dynamodb:us-east-1:111122223333:table/orders");
}

#[test]
fn names_and_keys_are_checked() {
    let table = |more: Value| with(on_demand(), more);
    invalid(table(json!({ "TableName": "ab" })), "length greater than or equal to 3");
    invalid(table(json!({ "TableName": "a".repeat(256) })), "length less than or equal to 255");
    invalid(table(json!({ "TableName": "with space" })), "regular expression pattern");
    invalid(table(json!({ "KeySchema": null })), "first KeySchemaElement is not a HASH");
    let reversed = json!([{ "AttributeName": "id", "KeyType": "RANGE" }]);
    invalid(table(json!({ "KeySchema": reversed })), "first KeySchemaElement is not a HASH");
    let two = json!([{ "AttributeName": "id", "KeyType": "HASH" }, { "AttributeName": "b", "KeyType": "HASH" }]);
    invalid(table(json!({ "KeySchema": two })), "second KeySchemaElement is not a RANGE");
    invalid(table(json!({ "KeySchema": key(&["id", "id"]) })), "have the same name");
    let three = json!([
        { "AttributeName": "a", "KeyType": "HASH" }, { "AttributeName": "b", "KeyType": "RANGE" },
        { "AttributeName": "c", "KeyType": "RANGE" },
    ]);
    invalid(table(json!({ "KeySchema": three })), "less than or equal to 2");
}

#[test]
fn attributes_are_defined_and_used() {
    let table = |more: Value| with(on_demand(), more);
    let missing = "not defined in AttributeDefinitions. Keys: [id], AttributeDefinitions: [other]";
    invalid(table(json!({ "AttributeDefinitions": strings(&["other"]) })), missing);
    let unused = "does not exactly match number of attributes";
    invalid(table(json!({ "AttributeDefinitions": strings(&["id", "more"]) })), unused);
    invalid(table(json!({ "AttributeDefinitions": strings(&["id", "id"]) })), "duplicate");
    invalid(indexed(index("by-b", "b"), &["id"]), "Keys: [b], AttributeDefinitions: [id]");
    let unused = "AttributeDefinitions are not used. AttributeDefinitions: [b, c, id], keys used: [b, id]";
    invalid(indexed(index("by-b", "b"), &["id", "b", "c"]), unused);
}

#[test]
fn indexes_are_checked() {
    let global = |more: Value| indexed(with(index("by-b", "b"), more), &["id", "b"]);
    invalid(global(json!({ "IndexName": "b" })), "length greater than or equal to 3");
    invalid(global(json!({ "Projection": {} })), "Unknown ProjectionType: null");
    invalid(global(json!({ "Projection": { "ProjectionType": "INCLUDE" } })), "NonKeyAttributes is not specified");
    let named =
        |kind: &str, names: Value| json!({ "Projection": { "ProjectionType": kind, "NonKeyAttributes": names } });
    invalid(global(named("ALL", json!(["x"]))), "NonKeyAttributes is specified");
    invalid(global(named("KEYS_ONLY", json!(["x"]))), "NonKeyAttributes is specified");
    invalid(global(named("INCLUDE", json!(["x", "x"]))), "duplicates");
    invalid(global(named("INCLUDE", json!([]))), "length between 1 and 20");
    invalid(global(json!({ "ProvisionedThroughput": units(1, 1) })), "should not be specified for index: by-b");
    invalid(with(on_demand(), json!({ "GlobalSecondaryIndexes": [] })), "List of GlobalSecondaryIndexes is empty");
    let twice = [index("by-b", "b"), index("by-b", "b")];
    let twice = json!({ "AttributeDefinitions": strings(&["id", "b"]), "GlobalSecondaryIndexes": twice });
    invalid(with(on_demand(), twice), "Duplicate index name: by-b");
    let many: Vec<Value> = (0..21).map(|n| index(&format!("index-{n}"), "id")).collect();
    invalid(with(on_demand(), json!({ "GlobalSecondaryIndexes": many })), "per-table limit of 20");
    let many = |count: usize| json!((0..count).map(|n| format!("a{n}")).collect::<Vec<_>>());
    invalid(global(named("INCLUDE", many(21))), "length between 1 and 20");
    let wide: Vec<Value> =
        (0..6).map(|n| with(index(&format!("index-{n}"), "id"), named("INCLUDE", many(20)))).collect();
    let five = with(on_demand(), json!({ "GlobalSecondaryIndexes": wide[..5] }));
    assert_eq!(created(five)["GlobalSecondaryIndexes"].as_array().unwrap().len(), 5);
    invalid(with(on_demand(), json!({ "GlobalSecondaryIndexes": wide })), "(120) exceeds the limit of 100");
}

#[test]
fn a_global_index_has_up_to_four_partition_and_four_sort_keys() {
    let element = |role: &str, n: usize| json!({ "AttributeName": format!("{role}{n}"), "KeyType": role });
    let body = |hashes: usize, ranges: usize| {
        let keys: Vec<Value> =
            (0..hashes).map(|n| element("HASH", n)).chain((0..ranges).map(|n| element("RANGE", n))).collect();
        let names: Vec<&str> = keys.iter().map(|key| key["AttributeName"].as_str().unwrap()).chain(["id"]).collect();
        indexed(with(index("wide", "id"), json!({ "KeySchema": keys })), &names)
    };
    assert_eq!(created(body(4, 4))["GlobalSecondaryIndexes"][0]["KeySchema"].as_array().unwrap().len(), 8);
    invalid(body(5, 1), "more than 4");
    invalid(body(1, 5), "more than 4");
}

#[test]
fn local_indexes_share_the_partition_key() {
    let local = |table: &[&str], index_key: &[&str], attributes: &[&str]| {
        let index = with(index("local", "x"), json!({ "KeySchema": key(index_key) }));
        let more = json!({
            "AttributeDefinitions": strings(attributes), "KeySchema": key(table), "LocalSecondaryIndexes": [index],
        });
        with(on_demand(), more)
    };
    created(local(&["id", "at"], &["id", "b"], &["id", "at", "b"]));
    invalid(local(&["id", "at"], &["id"], &["id", "at"]), "does not have a range key for index: local");
    invalid(local(&["id", "at"], &["b", "at"], &["id", "at", "b"]), "same leading hash key");
    invalid(local(&["id"], &["id", "b"], &["id", "b"]), "Table KeySchema does not have a range key");
}
