//! What `CreateTable` checks beside keys and indexes, by values.

use cairn_testkit::aws::dynamodb::model::BillingMode;
use serde_json::{Value, json};

use super::{
    create::{created, indexed, invalid},
    support::{Model, index, on_demand, provisioned, units, with},
};

#[test]
fn billing_and_throughput_go_together() {
    let table = |more: Value| with(on_demand(), more);
    invalid(table(json!({ "BillingMode": "PROVISIONED" })), "must both be specified when BillingMode is PROVISIONED");
    invalid(table(json!({ "BillingMode": null })), "must both be specified when BillingMode is PROVISIONED");
    invalid(table(json!({ "ProvisionedThroughput": units(1, 1) })), "when BillingMode is PAY_PER_REQUEST");
    invalid(with(provisioned(), json!({ "ProvisionedThroughput": units(0, 1) })), "greater than or equal to 1");
    let bounds = json!({ "OnDemandThroughput": { "MaxReadRequestUnits": 10 } });
    invalid(with(provisioned(), bounds.clone()), "when BillingMode is PROVISIONED");
    let shown = json!({ "MaxReadRequestUnits": 10, "MaxWriteRequestUnits": -1 });
    assert_eq!(created(table(bounds))["OnDemandThroughput"], shown);
    invalid(table(json!({ "OnDemandThroughput": {} })), "must be specified");
    invalid(table(json!({ "OnDemandThroughput": { "MaxReadRequestUnits": 0 } })), "must be -1 or at least 1");
    invalid(table(json!({ "WarmThroughput": { "ReadUnitsPerSecond": 11999 } })), "lower than initial throughput");
    invalid(with(provisioned(), json!({ "WarmThroughput": { "WriteUnitsPerSecond": 4 } })), "lower than Provisioned");
    invalid(table(json!({ "BillingMode": "FREE" })), "enum value set: [PROVISIONED, PAY_PER_REQUEST]");
    let mut model = Model::new();
    model.call("CreateTable", with(provisioned(), json!({ "BillingMode": "PROVISIONED" }))).unwrap();
    assert_eq!(model.table().billing.mode, BillingMode::Provisioned);
}

#[test]
fn streams_encryption_tags_and_policies_are_checked() {
    let table = |more: Value| with(on_demand(), more);
    let stream = |stream: Value| table(json!({ "StreamSpecification": stream }));
    invalid(stream(json!({ "StreamEnabled": true })), "StreamViewType must be specified");
    invalid(
        stream(json!({ "StreamEnabled": false, "StreamViewType": "NEW_IMAGE" })),
        "only when StreamEnabled is true",
    );
    assert_eq!(created(stream(json!({ "StreamEnabled": false }))).get("StreamSpecification"), None);
    let key = |sse: Value| table(json!({ "SSESpecification": sse }));
    invalid(key(json!({ "Enabled": true, "SSEType": "AES256" })), "AES256 is not supported");
    invalid(key(json!({ "Enabled": false, "SSEType": "KMS" })), "only when SSESpecification is enabled");
    invalid(key(json!({ "Enabled": true, "KMSMasterKeyId": "alias/unknown" })), "alias/unknown is not found");
    assert_eq!(created(key(json!({ "Enabled": false }))).get("SSEDescription"), None);
    let tags = |tags: Value| table(json!({ "Tags": tags }));
    invalid(tags(json!([{ "Key": "aws:x", "Value": "" }])), "reserved");
    invalid(tags(json!([{ "Key": "", "Value": "" }])), "TagKey");
    invalid(tags(json!([{ "Key": "k", "Value": "v".repeat(257) }])), "TagValue");
    invalid(tags(json!([{ "Key": "k", "Value": "1" }, { "Key": "k", "Value": "2" }])), "Duplicate tag key: k");
    let many: Vec<Value> = (0..51).map(|n| json!({ "Key": format!("k{n}"), "Value": "" })).collect();
    invalid(tags(json!(many)), "at most 50");
    invalid(table(json!({ "ResourcePolicy": "{}" })), "has no Statement");
    let long = json!({ "Statement": [], "Id": "x".repeat(20 * 1024) }).to_string();
    let code = Model::new().refused("CreateTable", table(json!({ "ResourcePolicy": long })), "20480 bytes");
    assert_eq!(code, "LimitExceededException");
}

#[test]
fn one_key_has_many_names() {
    let id = "0123abcd-0123-0123-0123-0123456789ab";
    let arn = format!("arn:aws:kms:eu-west-1:111122223333:key/{id}");
    let other = format!("arn:aws:kms:eu-west-1:444455556666:key/{id}");
    let alias_arn = "arn:aws:kms:eu-west-1:111122223333:alias/mine".to_owned();
    let names = [(id.to_owned(), &arn), (arn.clone(), &arn), ("alias/mine".to_owned(), &arn), (alias_arn, &arn)];
    for (name, expected) in names.into_iter().chain([(other.clone(), &other)]) {
        let mut model = Model::new();
        model.dynamo.settings_mut().aliases.insert("alias/mine".to_owned(), id.to_owned());
        let sse = json!({ "SSESpecification": { "Enabled": true, "KMSMasterKeyId": name } });
        model.call("CreateTable", with(on_demand(), sse)).unwrap();
        assert_eq!(model.table().encryption.key.as_ref(), Some(expected), "{name}");
    }
    let far = format!("arn:aws:kms:us-east-1:111122223333:key/{id}");
    invalid(
        with(on_demand(), json!({ "SSESpecification": { "Enabled": true, "KMSMasterKeyId": far } })),
        "not usable from this region",
    );
}

#[test]
fn there_is_room_for_so_many() {
    let mut model = Model::new();
    let limits = &mut model.dynamo.settings_mut().limits;
    (limits.tables, limits.simultaneous, limits.simultaneous_indexed) = (4, 3, 1);
    let named = |name: &str| with(on_demand(), json!({ "TableName": name }));
    let indexed = |name: &str| with(named(name), json!({ "GlobalSecondaryIndexes": [index("by-id", "id")] }));
    model.call("CreateTable", indexed("table-1")).unwrap();
    let says = "limit of 1 indexed tables";
    assert_eq!(model.refused("CreateTable", indexed("table-2"), says), "LimitExceededException");
    model.call("CreateTable", named("table-2")).unwrap();
    model.call("CreateTable", named("orders")).unwrap();
    let says = "limit of 3 tables that can be created, updated, or deleted simultaneously";
    assert_eq!(model.refused("CreateTable", named("table-4"), says), "LimitExceededException");
    model.rest();
    model.call("CreateTable", named("table-4")).unwrap();
    assert_eq!(model.refused("CreateTable", named("table-5"), "limit of 4 tables"), "LimitExceededException");
}

#[test]
fn what_is_not_modelled_is_named() {
    let vectors = with(on_demand(), json!({ "VectorIndexes": [] }));
    let mut model = Model::new();
    assert_eq!(model.refused("CreateTable", vectors, "the member VectorIndexes of CreateTable"), "NotImplemented");
    let nested = indexed(with(index("by-id", "id"), json!({ "Speed": 1 })), &["id"]);
    assert_eq!(model.refused("CreateTable", nested, "the member Speed of CreateTable"), "NotImplemented");
    assert_eq!(
        model.call("PutItem", json!({})).unwrap_err().message,
        "the testkit's DynamoDB does not simulate PutItem"
    );
    assert_eq!(model.refused("CreateTable", json!({}), "Value null at 'tableName'"), "ValidationException");
    assert_eq!(model.refused("CreateTable", json!({ "TableName": 1 }), "expected a string"), "SerializationException");
}
