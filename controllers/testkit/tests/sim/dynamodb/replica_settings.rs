//! What is the same in all replicas, and what differs, by values.

use cairn_testkit::aws::dynamodb::model::{BillingMode, ReplicaStatus, TableClass, TableStatus};
use serde_json::json;

use super::{
    replicas::{add, change, global, remove, status, streamed},
    scaling::scale_writes,
    support::{Model, add_index, delete_index, index, strings, units, with},
};

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
    scale_writes(&mut model, "table/orders", "dynamodb:table:WriteCapacityUnits");
    let bare = json!({
        "ResourceId": "table/orders/index/by-b", "ScalableDimension": "dynamodb:index:WriteCapacityUnits",
        "MinCapacity": 1, "MaxCapacity": 9,
    });
    model.scale("RegisterScalableTarget", bare).unwrap();
    let says = "AutoScaled. Index: by-b";
    assert_eq!(model.update_refused(add("us-east-1", json!({})), says), "ValidationException");
    scale_writes(&mut model, "table/orders/index/by-b", "dynamodb:index:WriteCapacityUnits");
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
