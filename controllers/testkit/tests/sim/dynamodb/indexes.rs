//! Global secondary indexes that come and go, by values.

use std::time::Duration;

use cairn_testkit::aws::dynamodb::model::{AttributeType, IndexStatus, TableStatus};
use serde_json::{Value, json};

use super::support::{Model, add_index, delete_index, index, strings, units, with};

fn update_index(name: &str, more: Value) -> Value {
    json!({ "GlobalSecondaryIndexUpdates": [{ "Update": with(json!({ "IndexName": name }), more) }] })
}

fn state(model: &Model, name: &str) -> Option<(TableStatus, IndexStatus, Option<bool>)> {
    let table = model.table();
    table.index(name).map(|index| (table.status, index.status, index.backfilling))
}

const ONE: &str = "Only 1 online index can be created or deleted simultaneously per table";

#[test]
fn an_index_is_allocated_filled_and_ready() {
    let mut model = Model::with(json!({}));
    let answer = model.update(add_index("by-b", "b")).unwrap()["TableDescription"].clone();
    assert_eq!(answer["GlobalSecondaryIndexes"][0]["IndexStatus"], "CREATING");
    assert_eq!(answer["GlobalSecondaryIndexes"][0]["Backfilling"], false);
    assert_eq!(state(&model, "by-b"), Some((TableStatus::Updating, IndexStatus::Creating, Some(false))));
    assert_eq!(model.update_refused(delete_index("by-b"), "being updated"), "ResourceInUseException");
    model.step();
    assert_eq!(state(&model, "by-b"), Some((TableStatus::Active, IndexStatus::Creating, Some(true))));
    model.wait(Duration::from_millis(2499));
    assert_eq!(state(&model, "by-b").unwrap().1, IndexStatus::Creating);
    model.wait(Duration::from_millis(1));
    assert_eq!(state(&model, "by-b"), Some((TableStatus::Active, IndexStatus::Active, Some(false))));
    assert_eq!(model.table().attributes.len(), 2);
}

#[test]
fn one_comes_or_goes_at_a_time() {
    let mut model = Model::with(json!({}));
    let two = json!({
        "AttributeDefinitions": strings(&["b", "c"]),
        "GlobalSecondaryIndexUpdates": [{ "Create": index("by-b", "b") }, { "Create": index("by-c", "c") }],
    });
    assert_eq!(model.update_refused(two, ONE), "LimitExceededException");
    model.updated(add_index("by-b", "b"));
    model.update(add_index("by-c", "c")).unwrap();
    model.step();
    assert_eq!(model.table().status, TableStatus::Active);
    assert_eq!(model.update_refused(add_index("by-d", "d"), ONE), "LimitExceededException");
    assert_eq!(model.update_refused(delete_index("by-b"), ONE), "LimitExceededException");
    model.rest();
    model.update(delete_index("by-b")).unwrap();
    model.step();
    assert_eq!(state(&model, "by-b"), Some((TableStatus::Active, IndexStatus::Deleting, None)));
    assert_eq!(model.update_refused(add_index("by-d", "d"), ONE), "LimitExceededException");
    assert_eq!(model.update_refused(delete_index("by-c"), ONE), "LimitExceededException");
    let table = model.rest();
    assert_eq!(table.indexes.iter().map(|index| index.name.as_str()).collect::<Vec<_>>(), ["by-c"]);
    let names: Vec<_> = table.attributes.iter().map(|attribute| attribute.attribute_name.as_str()).collect();
    assert_eq!(names, ["id", "c"], "an attribute goes with the last key that has it");
}

#[test]
fn while_it_is_filled_the_table_may_change_and_not_go() {
    let mut model = Model::with(json!({}));
    model.update(add_index("by-b", "b")).unwrap();
    model.step();
    let says = "an index that is being created";
    assert_eq!(model.refused("DeleteTable", json!({ "TableName": "orders" }), says), "ResourceInUseException");
    let warm = update_index("by-b", json!({ "WarmThroughput": { "ReadUnitsPerSecond": 20_000 } }));
    model.update(warm).unwrap();
    assert_eq!(state(&model, "by-b"), Some((TableStatus::Updating, IndexStatus::Creating, Some(true))));
    model.step();
    assert_eq!(state(&model, "by-b"), Some((TableStatus::Active, IndexStatus::Creating, Some(true))));
    assert_eq!(model.table().index("by-b").unwrap().throughput.warm_reads, 20_000);
    model.update(json!({ "DeletionProtectionEnabled": true })).unwrap();
    assert_eq!(model.rest().index("by-b").unwrap().status, IndexStatus::Active);
}

#[test]
fn an_index_that_is_deleted_while_it_is_filled_does_not_come_back() {
    let mut model = Model::with(json!({}));
    model.dynamo.settings_mut().timing.index_delete = Duration::from_millis(600);
    model.dynamo.settings_mut().timing.index_backfill = Duration::from_secs(10);
    model.update(add_index("by-b", "b")).unwrap();
    model.step();
    model.update(delete_index("by-b")).unwrap();
    model.wait(Duration::from_millis(600));
    assert_eq!(state(&model, "by-b"), None);
    model.update(add_index("by-b", "b")).unwrap();
    model.wait(Duration::from_secs(10));
    assert_eq!(state(&model, "by-b").unwrap().2, Some(true), "it is filled for as long as the first would have been");
    model.rest();
    assert_eq!(state(&model, "by-b").unwrap().1, IndexStatus::Active);
}

#[test]
fn what_is_asked_of_an_index_is_checked() {
    let mut model = Model::with_provisioned(json!({ "AttributeDefinitions": strings(&["id"]) }));
    let says = "ProvisionedThroughput must be specified for index: by-b";
    assert_eq!(model.update_refused(add_index("by-b", "b"), says), "ValidationException");
    let mut asked = add_index("by-b", "b");
    asked["GlobalSecondaryIndexUpdates"][0]["Create"]["ProvisionedThroughput"] = units(2, 2);
    let undefined = with(asked.clone(), json!({ "AttributeDefinitions": null }));
    assert_eq!(
        model.update_refused(undefined, "not defined in AttributeDefinitions. Keys: [b]"),
        "ValidationException"
    );
    let unused = with(asked.clone(), json!({ "AttributeDefinitions": strings(&["b", "c"]) }));
    assert_eq!(model.update_refused(unused, "AttributeDefinitions are not used"), "ValidationException");
    let other = json!({ "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "N" }] });
    assert_eq!(model.update_refused(with(asked.clone(), other), "id cannot be changed"), "ValidationException");
    let number = json!({ "AttributeDefinitions": [
        { "AttributeName": "id", "AttributeType": "S" }, { "AttributeName": "b", "AttributeType": "N" },
    ] });
    let table = model.updated(with(asked.clone(), number));
    assert_eq!(table.attributes[1].attribute_type, AttributeType::N);
    let again = with(asked, json!({ "AttributeDefinitions": null }));
    assert_eq!(model.update_refused(again, "index which already exists"), "ValidationException");
    assert_eq!(model.update_refused(delete_index("by-c"), "Index: by-c not found"), "ResourceNotFoundException");
    let missing = update_index("by-c", json!({ "ProvisionedThroughput": units(9, 9) }));
    assert_eq!(model.update_refused(missing, "Index: by-c not found"), "ResourceNotFoundException");
    assert_eq!(model.update_refused(update_index("by-b", json!({})), "No throughput"), "ValidationException");
    let same = update_index("by-b", json!({ "ProvisionedThroughput": units(2, 2) }));
    assert_eq!(model.update_refused(same, "the index by-b will not change"), "ValidationException");
    let update = json!({ "Update": { "IndexName": "by-b", "ProvisionedThroughput": units(3, 3) } });
    let twice = json!({ "GlobalSecondaryIndexUpdates": [update, update] });
    assert_eq!(model.update_refused(twice, "per index is allowed simultaneously. Index: by-b"), "ValidationException");
    model.update(json!({ "GlobalSecondaryIndexUpdates": [update] })).unwrap();
    assert_eq!(state(&model, "by-b").unwrap().1, IndexStatus::Updating);
    let table = model.rest();
    assert_eq!(table.index("by-b").unwrap().throughput.provisioned.write, 3);
    assert_eq!(table.index("by-b").unwrap().status, IndexStatus::Active);
}

#[test]
fn there_are_at_most_twenty() {
    let many: Vec<Value> = (0..20).map(|n| index(&format!("index-{n}"), "id")).collect();
    let mut model = Model::with(json!({ "GlobalSecondaryIndexes": many }));
    let one_more = json!({ "GlobalSecondaryIndexUpdates": [{ "Create": index("index-20", "id") }] });
    assert_eq!(model.update_refused(one_more.clone(), "per-table limit of 20"), "ValidationException");
    model.updated(delete_index("index-7"));
    assert_eq!(model.updated(one_more).indexes.len(), 20);
}

#[test]
fn a_table_that_is_deleted_shows_no_indexes() {
    let mut model = Model::with(json!({}));
    model.updated(add_index("by-b", "b"));
    model.update(delete_index("by-b")).unwrap();
    model.step();
    let answer = model.on_table("DeleteTable", json!({})).unwrap()["TableDescription"].clone();
    assert_eq!(answer["TableStatus"], "DELETING");
    assert_eq!(answer.get("GlobalSecondaryIndexes"), None);
}

#[test]
fn an_index_that_goes_needs_no_throughput() {
    let mut model = Model::with(json!({}));
    model.updated(add_index("by-b", "b"));
    model.update(delete_index("by-b")).unwrap();
    model.step();
    assert_eq!(state(&model, "by-b"), Some((TableStatus::Active, IndexStatus::Deleting, None)));
    model.update(json!({ "BillingMode": "PROVISIONED", "ProvisionedThroughput": units(1, 1) })).unwrap();
    let says = "Index is being created or deleted: by-b";
    model.step();
    let update = update_index("by-b", json!({ "ProvisionedThroughput": units(2, 2) }));
    assert_eq!(model.update_refused(update, says), "ResourceInUseException");
    assert!(model.rest().indexes.is_empty());
}
