//! Replicas that agree some time later, by values.

use std::time::Duration;

use cairn_testkit::aws::dynamodb::model::{BillingMode, ReplicaStatus, TableClass, TableStatus};
use serde_json::{Value, json};

use super::support::{Model, add_index, delete_index, index, strings, units, with};

fn streamed() -> Value {
    json!({ "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES" } })
}

fn update(action: &str, settings: &Value) -> Value {
    json!({ "ReplicaUpdates": [{ action: settings }] })
}

fn add(region: &str, more: Value) -> Value {
    update("Create", &with(json!({ "RegionName": region }), more))
}

fn change(region: &str, more: Value) -> Value {
    update("Update", &with(json!({ "RegionName": region }), more))
}

fn remove(region: &str) -> Value {
    update("Delete", &json!({ "RegionName": region }))
}

/// A table with replicas in these regions.
fn global(regions: &[&str]) -> Model {
    let mut model = Model::with(streamed());
    for region in regions {
        model.updated(add(region, json!({})));
    }
    model
}

fn status(model: &Model, home: &str, region: &str) -> Option<ReplicaStatus> {
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
fn a_replica_may_differ() {
    let mut model = Model::with(streamed());
    let more = json!({ "OnDemandThroughputOverride": { "MaxReadRequestUnits": 7 }, "TableClassOverride": "STANDARD_INFREQUENT_ACCESS" });
    model.updated(add("us-east-1", more));
    let shown = model.table().describe(model.now)["Replicas"][0].clone();
    assert_eq!(shown["OnDemandThroughputOverride"], json!({ "MaxReadRequestUnits": 7 }));
    assert_eq!(shown["ReplicaTableClassSummary"], json!({ "TableClass": "STANDARD_INFREQUENT_ACCESS" }));
    let replica = model.table_in("us-east-1").unwrap();
    assert_eq!(replica.class.class, Some(TableClass::StandardInfrequentAccess));
    assert_eq!((replica.throughput.max_reads, model.table().throughput.max_reads), (Some(7), None));
    let bounds = |reads: i64| json!({ "OnDemandThroughputOverride": { "MaxReadRequestUnits": reads } });
    model.update(change("us-east-1", bounds(9))).unwrap();
    assert_eq!(status(&model, "eu-west-1", "us-east-1"), Some(ReplicaStatus::Updating));
    assert_eq!(model.table_in("us-east-1").unwrap().status, TableStatus::Updating);
    model.rest();
    assert_eq!(model.table_in("us-east-1").unwrap().throughput.max_reads, Some(9));
    assert_eq!(model.table().replication.replicas[0].overrides.max_reads, Some(9));
    model.updated(json!({ "OnDemandThroughput": { "MaxReadRequestUnits": 3, "MaxWriteRequestUnits": 4 } }));
    let replica = model.table_in("us-east-1").unwrap();
    assert_eq!((replica.throughput.max_reads, replica.throughput.max_writes), (Some(9), Some(4)));
    model.updated(change("us-east-1", bounds(-1)));
    assert_eq!(model.table_in("us-east-1").unwrap().throughput.max_reads, Some(3));
}

#[test]
fn some_settings_are_the_same_everywhere() {
    let mut model = global(&["us-east-1"]);
    model.update(add_index("by-b", "b")).unwrap();
    assert_eq!(model.table_in("us-east-1").unwrap().indexes.len(), 1);
    assert_eq!(model.table_in("us-east-1").unwrap().status, TableStatus::Updating);
    model.rest();
    model.updated(json!({ "WarmThroughput": { "ReadUnitsPerSecond": 20_000 } }));
    model.updated(json!({ "SSESpecification": { "Enabled": true } }));
    model.updated(json!({ "TableClass": "STANDARD_INFREQUENT_ACCESS" }));
    let replica = model.table_in("us-east-1").unwrap();
    assert_eq!(replica.throughput.warm_reads, 20_000);
    assert!(replica.encryption.key.unwrap().starts_with("arn:aws:kms:us-east-1:"));
    assert_eq!(replica.class.class, Some(TableClass::StandardInfrequentAccess));
    let ttl = json!({ "TimeToLiveSpecification": { "Enabled": true, "AttributeName": "expires" } });
    model.on_table("UpdateTimeToLive", ttl).unwrap();
    assert_eq!(model.table_in("us-east-1").unwrap().time_to_live.attribute.as_deref(), Some("expires"));
    model.rest();
    model.updated(delete_index("by-b"));
    assert!(model.table_in("us-east-1").unwrap().indexes.is_empty());
    let key =
        json!({ "SSESpecification": { "Enabled": true, "KMSMasterKeyId": "0123abcd-0123-0123-0123-0123456789ab" } });
    assert_eq!(model.update_refused(key, "customer managed key"), "NotImplemented");
}

#[test]
fn others_are_each_ones_own() {
    let mut model = Model::with(with(streamed(), json!({ "Tags": [{ "Key": "k", "Value": "v" }] })));
    let on = json!({ "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": true } });
    model.on_table("UpdateContinuousBackups", on).unwrap();
    model.updated(json!({ "DeletionProtectionEnabled": true }));
    model.updated(add("us-east-1", json!({})));
    let replica = model.table_in("us-east-1").unwrap();
    assert_eq!((replica.tags.len(), replica.deletion_protection, replica.backups.recovery), (0, false, None));
    model.caller.region = "us-east-1".to_owned();
    model.updated(json!({ "DeletionProtectionEnabled": true }));
    model.caller.region = "eu-west-1".to_owned();
    let says = "currently protected against deletion";
    assert_eq!(model.update_refused(remove("us-east-1"), says), "ValidationException", "by its own protection");
    assert_eq!(status(&model, "eu-west-1", "us-east-1"), Some(ReplicaStatus::Active));
}

#[test]
fn a_customer_managed_key_is_given_for_each() {
    let id = "0123abcd-0123-0123-0123-0123456789ab";
    let key = json!({ "SSESpecification": { "Enabled": true, "KMSMasterKeyId": id } });
    let mut model = Model::with(with(streamed(), key));
    let says = "KMSMasterKeyId must be specified for every replica";
    assert_eq!(model.update_refused(add("us-east-1", json!({})), says), "ValidationException");
    let table = model.updated(add("us-east-1", json!({ "KMSMasterKeyId": id })));
    let arn = format!("arn:aws:kms:us-east-1:111122223333:key/{id}");
    assert_eq!(table.describe(model.now)["Replicas"][0]["KMSMasterKeyId"], arn);
    assert_eq!(model.table_in("us-east-1").unwrap().encryption.key, Some(arn));
    let mut model = global(&[]);
    let says = "only for replicas of a table with a customer managed key";
    assert_eq!(model.update_refused(add("us-east-1", json!({ "KMSMasterKeyId": id })), says), "ValidationException");
}

#[test]
fn capacity_of_a_global_table_is_scaled() {
    let by_b = with(index("by-b", "b"), json!({ "ProvisionedThroughput": units(5, 5) }));
    let indexed = json!({ "AttributeDefinitions": strings(&["id", "b"]), "GlobalSecondaryIndexes": [by_b] });
    let mut model = Model::with_provisioned(with(streamed(), indexed));
    let says = "Table write capacity should either be Pay-Per-Request or AutoScaled";
    assert_eq!(model.update_refused(add("us-east-1", json!({})), says), "ValidationException");
    super::scaling::scale_writes(&mut model, "table/orders", "dynamodb:table:WriteCapacityUnits");
    let bare = json!({
        "ResourceId": "table/orders/index/by-b", "ScalableDimension": "dynamodb:index:WriteCapacityUnits",
        "MinCapacity": 1, "MaxCapacity": 9,
    });
    model.scale("RegisterScalableTarget", bare).unwrap();
    let says = "AutoScaled. Index: by-b";
    assert_eq!(model.update_refused(add("us-east-1", json!({})), says), "ValidationException");
    super::scaling::scale_writes(&mut model, "table/orders/index/by-b", "dynamodb:index:WriteCapacityUnits");
    let read = |read: i64| json!({ "ProvisionedThroughputOverride": { "ReadCapacityUnits": read } });
    let index_read = with(read(3), json!({ "IndexName": "by-b" }));
    model.updated(add("us-east-1", with(read(2), json!({ "GlobalSecondaryIndexes": [index_read] }))));
    let there = |model: &Model| {
        let table = model.table_in("us-east-1").unwrap();
        let index = table.index("by-b").unwrap().throughput.provisioned.clone();
        let table = table.throughput.provisioned;
        ((table.read, table.write), (index.read, index.write))
    };
    assert_eq!(there(&model), ((2, 5), (3, 5)));
    model.updated(json!({ "ProvisionedThroughput": units(9, 8) }));
    assert_eq!(there(&model), ((2, 8), (3, 5)), "its reads are its own");
    model.updated(json!({ "ProvisionedThroughput": units(10, 8) }));
    assert_eq!(there(&model), ((2, 8), (3, 5)), "nothing changes there");
    let update = json!({ "Update": { "IndexName": "by-b", "ProvisionedThroughput": units(9, 7) } });
    model.updated(json!({ "GlobalSecondaryIndexUpdates": [update] }));
    assert_eq!(there(&model), ((2, 8), (3, 7)));
    let update = json!({ "Update": { "IndexName": "by-b", "ProvisionedThroughput": units(10, 7) } });
    assert_eq!(
        model
            .updated(json!({ "GlobalSecondaryIndexUpdates": [update] }))
            .index("by-b")
            .unwrap()
            .throughput
            .provisioned
            .read,
        10
    );
    assert_eq!(there(&model), ((2, 8), (3, 7)), "nothing changes there");
    model.updated(json!({ "BillingMode": "PAY_PER_REQUEST" }));
    assert_eq!(model.table_in("us-east-1").unwrap().billing.mode, BillingMode::PayPerRequest);
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
