//! Replicas that agree at once, by values.

use cairn_testkit::aws::dynamodb::model::{MultiRegionConsistency, ReplicaStatus, TableStatus};
use serde_json::{Value, json};

use super::support::{Model, key, strings, with};

fn strong(replicas: &[&str], witnesses: &[&str]) -> Value {
    group("Create", replicas, witnesses, json!({ "MultiRegionConsistency": "STRONG" }))
}

fn group(action: &str, replicas: &[&str], witnesses: &[&str], more: Value) -> Value {
    let all = |regions: &[&str]| -> Value {
        let updates = regions.iter().map(|region| json!({ action: { "RegionName": region } }));
        if regions.is_empty() { Value::Null } else { updates.collect() }
    };
    with(json!({ "ReplicaUpdates": all(replicas), "GlobalTableWitnessUpdates": all(witnesses) }), more)
}

#[test]
fn three_replicas_come_and_go_together() {
    let mut model = Model::with(json!({}));
    let plain = model.table().configuration();
    let answer = model.update(strong(&["eu-west-2", "eu-west-3"], &[])).unwrap();
    assert_eq!(answer["TableDescription"]["MultiRegionConsistency"], "STRONG");
    model.rest();
    for home in ["eu-west-1", "eu-west-2", "eu-west-3"] {
        let table = model.table_in(home).unwrap();
        assert_eq!(table.status, TableStatus::Active, "{home}");
        assert_eq!(table.replication.consistency, MultiRegionConsistency::Strong, "{home}");
        assert_eq!(table.replication.replicas.len(), 2, "{home}");
        assert!(table.replication.replicas.iter().all(|replica| replica.status == ReplicaStatus::Active), "{home}");
    }
    let says = "keeps all its replicas and its witness, or none";
    let one = group("Delete", &["eu-west-2"], &[], json!({}));
    assert_eq!(model.update_refused(one, says), "ValidationException");
    let more = group("Create", &["eu-central-1"], &[], json!({}));
    assert_eq!(model.update_refused(more, says), "ValidationException");
    assert!(model.updated(json!({ "DeletionProtectionEnabled": true })).deletion_protection);
    model.updated(json!({ "DeletionProtectionEnabled": false }));
    let says = "is deleted with the others";
    assert_eq!(model.refused("DeleteTable", json!({ "TableName": "orders" }), says), "ValidationException");
    let table = model.updated(group("Delete", &["eu-west-2", "eu-west-3"], &[], json!({})));
    assert_eq!((table.configuration(), table.replication.consistency), (plain, MultiRegionConsistency::Eventual));
    assert_eq!(model.dynamo.tables(model.now).len(), 1);
}

#[test]
fn a_witness_stands_for_the_third() {
    let mut model = Model::with(json!({}));
    let answer = model.update(strong(&["eu-west-2"], &["eu-central-1"])).unwrap()["TableDescription"].clone();
    let witness = |status: &str| json!([{ "RegionName": "eu-central-1", "WitnessStatus": status }]);
    assert_eq!(answer["GlobalTableWitnesses"], witness("CREATING"));
    model.rest();
    for home in ["eu-west-1", "eu-west-2"] {
        let table = model.table_in(home).unwrap();
        assert_eq!(table.describe(model.now)["GlobalTableWitnesses"], witness("ACTIVE"), "{home}");
    }
    assert_eq!(model.table_in("eu-central-1"), None, "a witness is no table");
    let says = "keeps all its replicas and its witness, or none";
    for (replicas, witnesses) in [(&["eu-west-2"][..], &[][..]), (&[][..], &["eu-central-1"][..])] {
        let one = group("Delete", replicas, witnesses, json!({}));
        assert_eq!(model.update_refused(one, says), "ValidationException");
    }
    model.update(group("Delete", &["eu-west-2"], &["eu-central-1"], json!({}))).unwrap();
    assert_eq!(model.table().describe(model.now)["GlobalTableWitnesses"], witness("DELETING"));
    let table = model.rest();
    assert_eq!((table.replication.witness, table.replication.replicas.len()), (None, 0));
}

#[test]
fn regions_are_three_of_one_set() {
    let mut model = Model::with(json!({}));
    let three = "three replicas, or two and a witness";
    for (replicas, witnesses, says) in [
        (&["eu-west-2"][..], &[][..], three),
        (&["eu-west-2", "eu-west-3", "eu-central-1"][..], &[][..], three),
        (&["eu-west-2"][..], &["eu-west-2"][..], three),
        (&["eu-west-2"][..], &["eu-west-1"][..], three),
        (&["eu-west-2"][..], &["us-east-1"][..], "regions of one region set"),
        (&["us-east-1", "us-east-2"][..], &[][..], "regions of one region set"),
        (&["eu-west-2", "eu-north-1"][..], &[][..], "regions of one region set"),
    ] {
        assert_eq!(model.update_refused(strong(replicas, witnesses), says), "ValidationException", "{replicas:?}");
    }
    let eventual = group("Create", &["eu-west-2"], &["eu-west-3"], json!({}));
    assert_eq!(model.update_refused(eventual, "at a time"), "ValidationException");
    let alone = group("Create", &[], &["eu-west-3"], json!({}));
    assert_eq!(model.update_refused(alone, "for multi-Region strong consistency only"), "ValidationException");
    assert_eq!(model.dynamo.tables(model.now).len(), 1);
}

#[test]
fn what_it_does_not_go_with() {
    let local = json!({
        "IndexName": "local", "KeySchema": key(&["id", "b"]), "Projection": { "ProjectionType": "ALL" },
    });
    let mut model = Model::with(json!({
        "AttributeDefinitions": strings(&["id", "at", "b"]), "KeySchema": key(&["id", "at"]),
        "LocalSecondaryIndexes": [local],
    }));
    let says = "supports no local secondary indexes";
    assert_eq!(model.update_refused(strong(&["eu-west-2", "eu-west-3"], &[]), says), "ValidationException");
    let mut model = Model::with(json!({}));
    model.updated(strong(&["eu-west-2", "eu-west-3"], &[]));
    let ttl = json!({ "Enabled": true, "AttributeName": "expires" });
    let body = json!({ "TableName": "orders", "TimeToLiveSpecification": ttl });
    assert_eq!(model.refused("UpdateTimeToLive", body, "not supported with multi-Region"), "ValidationException");
}
