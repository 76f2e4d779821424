//! Replicas that agree some time later, by values.

use std::time::Duration;

use cairn_testkit::aws::dynamodb::model::{ReplicaStatus, TableStatus};
use serde_json::{Value, json};

use super::support::{Model, add_index, with};

pub(crate) fn streamed() -> Value {
    json!({ "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES" } })
}

fn update(action: &str, settings: &Value) -> Value {
    json!({ "ReplicaUpdates": [{ action: settings }] })
}

pub(crate) fn add(region: &str, more: Value) -> Value {
    update("Create", &with(json!({ "RegionName": region }), more))
}

pub(crate) fn change(region: &str, more: Value) -> Value {
    update("Update", &with(json!({ "RegionName": region }), more))
}

pub(crate) fn remove(region: &str) -> Value {
    update("Delete", &json!({ "RegionName": region }))
}

/// A table with replicas in these regions.
pub(crate) fn global(regions: &[&str]) -> Model {
    let mut model = Model::with(streamed());
    for region in regions {
        model.updated(add(region, json!({})));
    }
    model
}

pub(crate) fn status(model: &Model, home: &str, region: &str) -> Option<ReplicaStatus> {
    model.table_in(home)?.replication.replica(region).map(|replica| replica.status)
}

#[test]
fn a_replica_comes_and_goes() {
    let mut model = Model::with(streamed());
    let answer = model.update(add("us-east-1", json!({}))).unwrap()["TableDescription"].clone();
    assert_eq!((&answer["TableStatus"], &answer["GlobalTableVersion"]), (&json!("UPDATING"), &json!("2019.11.21")));
    let arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
    let shown = json!({ "RegionName": "us-east-1", "ReplicaStatus": "CREATING", "ReplicaArn": arn });
    assert_eq!((&answer["Replicas"], &answer["MultiRegionConsistency"]), (&json!([shown]), &json!("EVENTUAL")));
    assert_eq!(model.table_in("us-east-1").unwrap().status, TableStatus::Creating);
    model.wait(Duration::from_millis(500));
    assert_eq!(model.table().status, TableStatus::Active, "before the replica is");
    let says = "Replica is being changed in region: us-east-1";
    assert_eq!(model.update_refused(add("us-west-2", json!({})), says), "ResourceInUseException");
    model.wait(Duration::from_millis(2300));
    assert_eq!(status(&model, "eu-west-1", "us-east-1"), Some(ReplicaStatus::Active));
    let replica = model.table_in("us-east-1").unwrap();
    assert_eq!((replica.status, replica.arn()), (TableStatus::Active, arn.to_owned()));
    assert_ne!(replica.id, model.table().id);
    assert_eq!(status(&model, "us-east-1", "eu-west-1"), Some(ReplicaStatus::Active), "it knows the other");
    assert!(replica.stream_arn().unwrap().starts_with(arn));
    model.rest();
    model.update(remove("us-east-1")).unwrap();
    assert_eq!(status(&model, "eu-west-1", "us-east-1"), Some(ReplicaStatus::Deleting));
    assert_eq!(model.table_in("us-east-1").unwrap().status, TableStatus::Deleting);
    let plain = Model::with(streamed()).table().configuration();
    assert_eq!(model.rest().configuration(), plain);
    assert_eq!(model.table_in("us-east-1"), None);
    assert_eq!(model.table().describe(model.now).get("GlobalTableVersion"), None);
}

#[test]
fn all_members_know_each_other() {
    let mut model = global(&["us-east-1", "ap-south-1"]);
    for (home, others) in [
        ("eu-west-1", ["ap-south-1", "us-east-1"]),
        ("us-east-1", ["ap-south-1", "eu-west-1"]),
        ("ap-south-1", ["eu-west-1", "us-east-1"]),
    ] {
        let table = model.table_in(home).unwrap();
        let replicas = &table.replication.replicas;
        assert_eq!(replicas.iter().map(|replica| replica.region.as_str()).collect::<Vec<_>>(), others, "{home}");
        assert!(replicas.iter().all(|replica| replica.status == ReplicaStatus::Active), "{home}");
    }
    model.caller.region = "us-east-1".to_owned();
    model.update(remove("ap-south-1")).unwrap();
    model.rest();
    assert_eq!(status(&model, "eu-west-1", "ap-south-1"), None, "any of them may be asked");
}

#[test]
fn what_a_replica_needs() {
    let mut model = Model::with(json!({}));
    let says = "StreamViewType NEW_AND_OLD_IMAGES";
    assert_eq!(model.update_refused(add("us-east-1", json!({})), says), "ValidationException");
    let mut model = global(&["us-east-1"]);
    let refused = |model: &mut Model, body: Value, says: &str| {
        assert_eq!(model.update_refused(body, says), "ValidationException", "{says}");
    };
    refused(&mut model, add("eu-west-1", json!({})), "already exists in region: eu-west-1");
    refused(&mut model, add("us-east-1", json!({})), "already exists in region: us-east-1");
    refused(&mut model, add("mars-1", json!({})), "Unsupported region for a replica: mars-1");
    refused(&mut model, remove("us-west-2"), "does not exist in region: us-west-2");
    refused(&mut model, change("us-west-2", json!({})), "does not exist in region: us-west-2");
    refused(&mut model, change("us-east-1", json!({})), "Nothing will change in the replica");
    let two = json!({ "ReplicaUpdates": [
        { "Create": { "RegionName": "us-west-1" } }, { "Create": { "RegionName": "us-west-2" } },
    ] });
    refused(&mut model, two, "Only one replica can be created, updated or deleted at a time");
    let both = json!({ "ReplicaUpdates": [{ "Create": { "RegionName": "us-west-2" }, "Delete": { "RegionName": "us-east-1" } }] });
    refused(&mut model, both, "One of Create, Update or Delete");
    let with_more = with(add("us-west-2", json!({})), json!({ "DeletionProtectionEnabled": true }));
    refused(&mut model, with_more, "Replica updates must be the only operation");
    refused(&mut model, json!({ "MultiRegionConsistency": "EVENTUAL" }), "only when a replica is created");
    refused(&mut model, json!({ "StreamSpecification": { "StreamEnabled": false } }), "on a table with replicas");
    let read = json!({ "ProvisionedThroughputOverride": { "ReadCapacityUnits": 5 } });
    refused(&mut model, change("us-east-1", read), "OnDemandThroughputOverride for on-demand ones");
    let by_b = json!({ "GlobalSecondaryIndexes": [{ "IndexName": "by-b" }] });
    assert_eq!(model.update_refused(change("us-east-1", by_b), "by-b not found"), "ResourceNotFoundException");
    model.caller.region = "us-west-2".to_owned();
    model.call("CreateTable", super::support::on_demand()).unwrap();
    model.caller.region = "eu-west-1".to_owned();
    refused(&mut model, add("us-west-2", json!({})), "a table with the same name already exists");
    assert_eq!(model.table().status, TableStatus::Active);
}

#[test]
fn the_source_stays_a_day() {
    let mut model = global(&["us-east-1"]);
    let delete = || json!({ "TableName": "orders" });
    let says = "acted as a source region for new replica(s) being added to the table in the last 24 hours";
    assert_eq!(model.refused("DeleteTable", delete(), says), "ValidationException");
    model.caller.region = "us-east-1".to_owned();
    assert_eq!(model.update_refused(remove("eu-west-1"), says), "ValidationException");
    assert_eq!(model.table_in("eu-west-1").unwrap().status, TableStatus::Active);
    model.wait(Duration::from_hours(24));
    model.caller.region = "eu-west-1".to_owned();
    model.call("DeleteTable", delete()).unwrap();
    assert_eq!(status(&model, "us-east-1", "eu-west-1"), Some(ReplicaStatus::Deleting));
    while model.step() {}
    assert_eq!(model.table_in("eu-west-1"), None);
    let left = model.table_in("us-east-1").unwrap();
    assert_eq!((left.status, left.replication.replicas.len()), (TableStatus::Active, 0));
}

#[test]
fn a_source_whose_replicas_are_gone_goes_at_once() {
    let mut model = global(&["us-east-1"]);
    model.updated(remove("us-east-1"));
    model.on_table("DeleteTable", json!({})).unwrap();
}

#[test]
fn one_changes_only_while_the_others_rest() {
    let mut model = global(&["us-east-1"]);
    model.caller.region = "us-east-1".to_owned();
    model.update(json!({ "DeletionProtectionEnabled": true })).unwrap();
    model.caller.region = "eu-west-1".to_owned();
    let says = "Replica is being changed: us-east-1";
    assert_eq!(model.update_refused(add_index("by-b", "b"), says), "ResourceInUseException");
    assert!(model.table().indexes.is_empty(), "all or nothing");
}
