//! What the rules of the schema refuse, and with which words.

use serde_json::{Value, json};

/// Specs that break one rule each, and what they are told.
pub(super) fn bad_specs() -> Vec<(Value, &'static str)> {
    [attributes(), indexes(), capacity(), scaling(), replicas(), consistency(), settings(), encryption(), beginnings()]
        .concat()
}

fn with(fields: &Value) -> Value {
    let mut spec = json!({
        "tableName": "orders",
        "attributeDefinitions": [{"attributeName": "id", "attributeType": "S"}],
        "keySchema": [key("id", "HASH")],
    });
    spec.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    spec
}

fn key(name: &str, kind: &str) -> Value {
    json!({"attributeName": name, "keyType": kind})
}

fn index(keys: &[Value]) -> Value {
    json!({"indexName": "by-id", "keySchema": keys, "projection": {"projectionType": "ALL"}})
}

fn global(fields: &Value) -> Value {
    let mut index = index(&[key("id", "HASH")]);
    index.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    json!([index])
}

fn attributes() -> Vec<(Value, &'static str)> {
    let other = json!({"attributeName": "day", "attributeType": "S"});
    let id = json!({"attributeName": "id", "attributeType": "S"});
    vec![
        (
            with(&json!({"keySchema": [key("id", "HASH"), key("day", "RANGE")]})),
            "every attribute of keySchema has to be in attributeDefinitions",
        ),
        (
            with(&json!({"globalSecondaryIndexes": [index(&[key("day", "HASH")])]})),
            "every key attribute of globalSecondaryIndexes has to be in attributeDefinitions",
        ),
        (
            with(&json!({"localSecondaryIndexes": [index(&[key("id", "HASH"), key("day", "RANGE")])]})),
            "every key attribute of localSecondaryIndexes has to be in attributeDefinitions",
        ),
        (
            with(&json!({"attributeDefinitions": [id, other]})),
            "AWS takes only key attributes in attributeDefinitions; other attributes need no definition",
        ),
        (
            with(&json!({"keySchema": [key("id", "RANGE")]})),
            "keySchema is a HASH key, and a RANGE key after it if there is one",
        ),
    ]
}

fn indexes() -> Vec<(Value, &'static str)> {
    let two = json!([
        {"attributeName": "id", "attributeType": "S"}, {"attributeName": "day", "attributeType": "S"},
    ]);
    let local = |keys: &[Value]| {
        with(&json!({
            "attributeDefinitions": two,
            "keySchema": [key("id", "HASH"), key("day", "RANGE")],
            "localSecondaryIndexes": [index(keys)],
        }))
    };
    vec![
        (with(&json!({"globalSecondaryIndexes": [index(&[key("id", "RANGE")])]})), "keySchema begins with a HASH key"),
        (
            local(&[key("id", "HASH"), key("day", "HASH")]),
            "keySchema is the table's HASH key, and a RANGE key after it",
        ),
        (
            local(&[key("day", "HASH"), key("id", "RANGE")]),
            "the HASH key of localSecondaryIndexes is that of the table",
        ),
        (
            with(&json!({"globalSecondaryIndexes": global(&json!({
                "projection": {"projectionType": "ALL", "nonKeyAttributes": ["a"]},
            }))})),
            "nonKeyAttributes goes with projectionType INCLUDE, and with no other",
        ),
        (
            with(&json!({"indexContributorInsights": [{"indexName": "by-day"}]})),
            "every index of indexContributorInsights has to be in globalSecondaryIndexes",
        ),
    ]
}

fn capacity() -> Vec<(Value, &'static str)> {
    let units = json!({"readCapacityUnits": 5, "writeCapacityUnits": 5});
    vec![
        (
            with(&json!({
                "billingMode": "PAY_PER_REQUEST",
                "globalSecondaryIndexes": global(&json!({"provisionedThroughput": units})),
            })),
            "provisionedThroughput of globalSecondaryIndexes needs billingMode PROVISIONED",
        ),
        (
            with(&json!({"billingMode": "PAY_PER_REQUEST", "provisionedThroughput": units})),
            "provisionedThroughput needs billingMode PROVISIONED",
        ),
        (
            with(&json!({"provisionedThroughput": {"readCapacityUnits": 0, "writeCapacityUnits": 5}})),
            "units of provisionedThroughput must be at least 1",
        ),
        (
            with(&json!({"provisionedThroughput": units, "onDemandThroughput": {"maxReadRequestUnits": 5}})),
            "onDemandThroughput needs billingMode PAY_PER_REQUEST",
        ),
        (with(&json!({"onDemandThroughput": {"maxReadRequestUnits": 0}})), "must be at least 1, or -1 for no limit"),
        (with(&json!({"onDemandThroughput": {"maxWriteRequestUnits": 0}})), "must be at least 1, or -1 for no limit"),
    ]
}

fn scaling() -> Vec<(Value, &'static str)> {
    let range = json!({"read": {"minCapacity": 1, "maxCapacity": 2}});
    let replica = |fields: Value| json!([{"regionName": "eu-central-1", "globalSecondaryIndexes": [fields]}]);
    let read = |read: Value| with(&json!({"billingMode": "PROVISIONED", "autoScaling": {"read": read}}));
    vec![
        (with(&json!({"autoScaling": range})), "autoScaling needs billingMode PROVISIONED"),
        (
            with(&json!({"globalSecondaryIndexes": global(&json!({"autoScaling": range}))})),
            "autoScaling of globalSecondaryIndexes needs billingMode PROVISIONED",
        ),
        (
            with(&json!({"tableReplicas": [{"regionName": "eu-central-1", "autoScaling": range}]})),
            "autoScaling of tableReplicas needs billingMode PROVISIONED",
        ),
        (
            with(&json!({"tableReplicas": replica(json!({"indexName": "by-day", "autoScaling": {}}))})),
            "every index of tableReplicas with autoScaling has to be in globalSecondaryIndexes",
        ),
        (read(json!({"minCapacity": 3, "maxCapacity": 2})), "minCapacity goes with a maxCapacity that is not less"),
        (read(json!({"targetValue": 50})), "minCapacity and maxCapacity are needed, unless {} is to end the scaling"),
    ]
}

fn replicas() -> Vec<(Value, &'static str)> {
    let replica = |mode: &str, fields: Value| {
        let mut replica = json!({"regionName": "eu-central-1"});
        replica.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        with(&json!({"billingMode": mode, "tableReplicas": [replica]}))
    };
    vec![
        (
            with(&json!({
                "tableReplicas": [{"regionName": "eu-central-1"}],
                "streamSpecification": {"streamEnabled": true, "streamViewType": "KEYS_ONLY"},
            })),
            "tableReplicas needs a stream of NEW_AND_OLD_IMAGES, or no word on streamSpecification",
        ),
        (
            replica("PAY_PER_REQUEST", json!({"provisionedThroughputOverride": {"readCapacityUnits": 5}})),
            "provisionedThroughputOverride of tableReplicas needs billingMode PROVISIONED",
        ),
        (
            replica("PROVISIONED", json!({"onDemandThroughputOverride": {"maxReadRequestUnits": 5}})),
            "onDemandThroughputOverride of tableReplicas needs billingMode PAY_PER_REQUEST",
        ),
        (
            replica("PAY_PER_REQUEST", json!({"onDemandThroughputOverride": {"maxReadRequestUnits": 0}})),
            "must be at least 1, or -1 for what the table has",
        ),
        (
            replica("PAY_PER_REQUEST", json!({"kmsMasterKeyID": "alias/aws/dynamodb"})),
            "leave kmsMasterKeyID out for the key that AWS keeps for DynamoDB",
        ),
    ]
}

fn consistency() -> Vec<(Value, &'static str)> {
    vec![
        (
            with(&json!({"globalTableWitnesses": [{"regionName": "eu-west-2"}]})),
            "globalTableWitnesses needs multiRegionConsistency STRONG",
        ),
        (
            with(&json!({"multiRegionConsistency": "STRONG", "tableReplicas": [{"regionName": "eu-central-1"}]})),
            "multiRegionConsistency STRONG needs two tableReplicas, or one and one of globalTableWitnesses",
        ),
        (
            with(&json!({"multiRegionConsistency": "STRONG", "timeToLive": {"enabled": true, "attributeName": "a"}})),
            "multiRegionConsistency STRONG takes no localSecondaryIndexes and no timeToLive",
        ),
    ]
}

fn settings() -> Vec<(Value, &'static str)> {
    vec![
        (
            with(&json!({"contributorInsights": "DISABLE", "contributorInsightsMode": "THROTTLED_KEYS"})),
            "contributorInsightsMode needs contributorInsights ENABLE, or no word on it",
        ),
        (
            with(&json!({"streamSpecification": {"streamEnabled": true}})),
            "streamViewType goes with streamEnabled: true, and only with it",
        ),
        (with(&json!({"timeToLive": {"enabled": true}})), "attributeName is needed with enabled: true"),
        (
            with(&json!({"continuousBackups": {"recoveryPeriodInDays": 3}})),
            "recoveryPeriodInDays needs pointInTimeRecoveryEnabled: true",
        ),
        (with(&json!({"tags": [{"key": "aws:x", "value": ""}]})), "tag keys that start with aws: belong to AWS"),
        (
            with(&json!({"tags": [{"key": "cairn.run/x", "value": ""}]})),
            "tag keys that start with cairn.run/ belong to Cairn",
        ),
    ]
}

fn encryption() -> Vec<(Value, &'static str)> {
    let encrypted = |sse: Value| with(&json!({"sseSpecification": sse}));
    let reference = json!({"from": {"name": "key"}});
    vec![
        (encrypted(json!({"kmsMasterKeyID": "k"})), "kmsMasterKeyID needs enabled: true"),
        (encrypted(json!({"kmsMasterKeyRef": reference})), "kmsMasterKeyRef needs enabled: true"),
        (
            encrypted(json!({"enabled": true, "kmsMasterKeyID": "k", "kmsMasterKeyRef": reference})),
            "kmsMasterKeyRef fills kmsMasterKeyID: leave one of them out",
        ),
        (
            encrypted(json!({"enabled": true, "kmsMasterKeyID": "alias/aws/dynamodb"})),
            "leave kmsMasterKeyID out for the key that AWS keeps for DynamoDB",
        ),
    ]
}

fn beginnings() -> Vec<(Value, &'static str)> {
    let restored = |from: Value| with(&json!({"restoreFrom": from}));
    let bucket = json!({"s3Bucket": "imports-of-a"});
    let imported = |fields: Value| {
        let mut source = json!({"s3BucketSource": bucket, "inputFormat": "ION"});
        source.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        json!({"importSourceSpecification": source})
    };
    let mut both = imported(json!({}));
    both["restoreFrom"] = json!({"backupARN": "b"});
    vec![
        (
            restored(json!({"restoreDateTime": "2026-01-01T00:00:00Z"})),
            "exactly one of backupARN, sourceTableARN and sourceTableName is needed",
        ),
        (
            restored(json!({"sourceTableName": "source"})),
            "a source table needs either restoreDateTime or useLatestRestorableTime: true, and a backup neither",
        ),
        (
            with(&both),
            "importSourceSpecification goes with neither restoreFrom nor localSecondaryIndexes: AWS imports no such table",
        ),
        (with(&imported(json!({"inputFormatOptions": {}}))), "inputFormatOptions are for the inputFormat CSV"),
        (with(&imported(json!({"s3BucketSource": {}}))), "an import needs either s3Bucket or s3BucketRef"),
    ]
}
