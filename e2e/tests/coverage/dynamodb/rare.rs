//! Pairs of specs for what is too seldom generated.

use serde_json::{Value, json};

use super::{KEYS, STREAM, source};

/// Two specs each that one table can have one after the other.
pub(super) fn pairs() -> Vec<[Value; 2]> {
    [vec![replicas(), witness(), destination(), imported()], restored(), indexed()].concat()
}

fn table(fields: &Value) -> Value {
    let mut spec = json!({
        "tableName": "orders",
        "attributeDefinitions":
            source::TYPES.map(|(name, kind)| json!({"attributeName": name, "attributeType": kind})),
        "keySchema": source::key(),
    });
    spec.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    spec
}

fn encrypted() -> Value {
    json!({"enabled": true, "sseType": "KMS", "kmsMasterKeyID": KEYS[0]})
}

/// A replica gets another key, and other limits.
fn replicas() -> [Value; 2] {
    let with = |key: &str, most: i64| {
        let limit = json!({"maxReadRequestUnits": most});
        table(&json!({
            "sseSpecification": encrypted(),
            "globalSecondaryIndexes": [{
                "indexName": "by-b",
                "keySchema": [{"attributeName": "b", "keyType": "HASH"}],
                "projection": {"projectionType": "ALL"},
            }],
            "tableReplicas": [{
                "regionName": "eu-central-1",
                "kmsMasterKeyID": key,
                "onDemandThroughputOverride": limit,
                "globalSecondaryIndexes": [{"indexName": "by-b", "onDemandThroughputOverride": limit}],
            }],
        }))
    };
    [with(KEYS[0], 20), with(KEYS[1], 30)]
}

/// What agrees at once goes as it came, together.
fn witness() -> [Value; 2] {
    let strong = json!({
        "multiRegionConsistency": "STRONG",
        "tableReplicas": [{"regionName": "eu-central-1"}],
        "globalTableWitnesses": [{"regionName": "eu-west-3"}],
    });
    [table(&strong), table(&json!({"tableReplicas": [], "globalTableWitnesses": []}))]
}

/// Times are told with another precision.
fn destination() -> [Value; 2] {
    ["MILLISECOND", "MICROSECOND"].map(|precision| {
        table(&json!({"kinesisStreamingDestinations": [
            {"streamARN": STREAM, "approximateCreationDateTimePrecision": precision},
        ]}))
    })
}

/// All that can be said of what is imported.
fn imported() -> [Value; 2] {
    let source = json!({
        "s3BucketSource": {"s3Bucket": "imports-of-a", "s3BucketOwner": "111122223333", "s3KeyPrefix": "tables/"},
        "inputFormat": "CSV",
        "inputFormatOptions": {"csv": {"delimiter": ";", "headerList": ["a", "b"]}},
        "inputCompressionType": "GZIP",
    });
    let limits = json!({"maxReadRequestUnits": 40, "maxWriteRequestUnits": 50});
    let first = json!({
        "importSourceSpecification": source,
        "sseSpecification": encrypted(),
        "globalSecondaryIndexes": [{
            "indexName": "by-b",
            "keySchema": [{"attributeName": "b", "keyType": "HASH"}],
            "projection": {"projectionType": "ALL"},
            "onDemandThroughput": limits,
        }],
    });
    [table(&first), table(&json!({}))]
}

/// What a table is restored from has another key, and is paid for otherwise.
fn restored() -> Vec<[Value; 2]> {
    let by_request = json!({"maxReadRequestUnits": 40, "maxWriteRequestUnits": 50});
    let backup = json!({"backupARN": ""});
    let moment = json!({"sourceTableARN": "", "restoreDateTime": ""});
    let latest = json!({"sourceTableName": "", "useLatestRestorableTime": true});
    let from = |source: &Value, field: &str, throughput: &Value| {
        let first = json!({"restoreFrom": source, "sseSpecification": encrypted(), field: throughput});
        [table(&first), table(&json!({"sseSpecification": encrypted()}))]
    };
    vec![
        from(&backup, "onDemandThroughput", &by_request),
        from(&backup, "provisionedThroughput", &units(6, 7)),
        from(&moment, "onDemandThroughput", &by_request),
        from(&latest, "provisionedThroughput", &units(6, 7)),
    ]
}

/// An index comes, with throughput of its own, and gets another.
fn indexed() -> Vec<[Value; 2]> {
    let with = |field: &str, table_has: &Value, own: &Value| {
        table(&json!({field: table_has, "globalSecondaryIndexes": [{
            "indexName": "by-b",
            "keySchema": [{"attributeName": "b", "keyType": "HASH"}],
            "projection": {"projectionType": "ALL"},
            field: own,
        }]}))
    };
    let limits = |read: i64, write: i64| json!({"maxReadRequestUnits": read, "maxWriteRequestUnits": write});
    let (by_request, provisioned) = ("onDemandThroughput", "provisionedThroughput");
    vec![
        [table(&json!({by_request: limits(9, 9)})), with(by_request, &limits(9, 9), &limits(5, 6))],
        [with(by_request, &limits(9, 9), &limits(5, 6)), with(by_request, &limits(9, 9), &limits(7, 8))],
        [table(&json!({provisioned: units(9, 9)})), with(provisioned, &units(9, 9), &units(5, 6))],
        [with(provisioned, &units(9, 9), &units(5, 6)), with(provisioned, &units(9, 9), &units(7, 8))],
    ]
}

fn units(read: i64, write: i64) -> Value {
    json!({"readCapacityUnits": read, "writeCapacityUnits": write})
}
