//! The script for DynamoDB.

use serde_json::{Value, json};

use super::script::{Script, tags, with};

pub(super) const ABSENT: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/absent";

/// Everything that is asked of DynamoDB.
pub(crate) fn script(script: &mut Script) {
    of_nothing(script);
    tables(script);
    bad_tables(script);
    labels(script);
    updates(script);
    indexes(script);
    expiry(script);
    backups(script);
    protection(script);
    deletions(script);
}

pub(super) fn arn(table: &str) -> String {
    format!("arn:aws:dynamodb:us-east-1:123456789012:table/{table}")
}

pub(super) fn named(table: &str) -> Value {
    json!({ "TableName": table })
}

/// A table of one key, paid by request.
pub(super) fn on_demand(table: &str) -> Value {
    json!({
        "TableName": table, "BillingMode": "PAY_PER_REQUEST", "KeySchema": key("id"),
        "AttributeDefinitions": attributes(&["id"]),
    })
}

/// The same with capacity.
fn provisioned(table: &str) -> Value {
    let mut table = on_demand(table);
    table["BillingMode"] = json!("PROVISIONED");
    table["ProvisionedThroughput"] = capacity(5, 5);
    table
}

fn key(hash: &str) -> Value {
    json!([{ "AttributeName": hash, "KeyType": "HASH" }])
}

fn keys(hash: &str, range: &str) -> Value {
    json!([{ "AttributeName": hash, "KeyType": "HASH" }, { "AttributeName": range, "KeyType": "RANGE" }])
}

fn attributes(names: &[&str]) -> Value {
    names.iter().map(|name| json!({ "AttributeName": name, "AttributeType": "S" })).collect()
}

fn capacity(read: i64, write: i64) -> Value {
    json!({ "ReadCapacityUnits": read, "WriteCapacityUnits": write })
}

fn index(name: &str, keys: &Value) -> Value {
    json!({ "IndexName": name, "KeySchema": keys, "Projection": { "ProjectionType": "ALL" } })
}

pub(super) fn made(script: &mut Script, table: &Value) {
    script.dynamodb("CreateTable", table.clone());
    script.rest();
    script.dynamodb("DescribeTable", named(table["TableName"].as_str().unwrap_or_default()));
}

fn of_nothing(script: &mut Script) {
    script.dynamodb("ListTables", json!({}));
    for operation in ["DescribeTable", "DeleteTable", "DescribeTimeToLive", "DescribeContinuousBackups"] {
        script.dynamodb(operation, named("absent"));
    }
    script.dynamodb("UpdateTable", with(named("absent"), json!({ "BillingMode": "PAY_PER_REQUEST" })));
    script.dynamodb("UpdateTimeToLive", with(named("absent"), time_to_live("at", true)));
    script.dynamodb("UpdateContinuousBackups", with(named("absent"), recovery(true)));
    script.dynamodb("ListTagsOfResource", json!({ "ResourceArn": ABSENT }));
    script.dynamodb("TagResource", json!({ "ResourceArn": ABSENT, "Tags": tags(&[("a", "1")]) }));
    script.dynamodb("UntagResource", json!({ "ResourceArn": ABSENT, "TagKeys": ["a"] }));
}

fn tables(script: &mut Script) {
    // In the order of their names, in which AWS lists them.
    made(script, &with(on_demand("cold"), json!({ "TableClass": "STANDARD_INFREQUENT_ACCESS" })));
    made(script, &provisioned("events"));
    indexed(script);
    made(script, &on_demand("orders"));
    script.dynamodb("CreateTable", on_demand("orders"));
    made(
        script,
        &with(
            on_demand("rich"),
            json!({
                "KeySchema": keys("id", "at"),
                "AttributeDefinitions": attributes(&["id", "at", "who"]),
                "GlobalSecondaryIndexes": [index("by-who", &key("who")), index("by-at", &keys("at", "who"))],
                "LocalSecondaryIndexes": [index("of-who", &keys("id", "who"))],
                "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES" },
                "Tags": tags(&[("team", "a"), ("stage", "test")]),
                "DeletionProtectionEnabled": false,
            }),
        ),
    );
    script.dynamodb("ListTagsOfResource", json!({ "ResourceArn": arn("rich") }));
    made(script, &with(on_demand("secret"), json!({ "SSESpecification": { "Enabled": true, "SSEType": "KMS" } })));
    script.dynamodb("ListTables", json!({}));
    script.dynamodb("ListTables", json!({ "Limit": 2 }));
    script.dynamodb("ListTables", json!({ "Limit": 2, "ExclusiveStartTableName": "events" }));
    script.dynamodb("ListTables", json!({ "Limit": 0 }));
    script.dynamodb("ListTables", json!({ "Limit": 101 }));
}

/// A table with capacity, and an index with its own.
fn indexed(script: &mut Script) {
    let listed = with(index("by-who", &key("who")), json!({ "ProvisionedThroughput": capacity(1, 2) }));
    let included = json!({ "ProjectionType": "INCLUDE", "NonKeyAttributes": ["x", "y"] });
    made(
        script,
        &with(
            provisioned("indexed"),
            json!({
                "AttributeDefinitions": attributes(&["id", "who"]),
                "GlobalSecondaryIndexes": [with(listed, json!({ "Projection": included }))],
            }),
        ),
    );
}

/// None of these makes a table.
fn bad_tables(script: &mut Script) {
    let global = |indexes: Value| json!({ "GlobalSecondaryIndexes": indexes });
    let local = |indexes: Value| json!({ "LocalSecondaryIndexes": indexes });
    let projected = |projection: Value| with(index("x", &key("id")), json!({ "Projection": projection }));
    let trials = [
        json!({ "KeySchema": null }),
        json!({ "KeySchema": [] }),
        json!({ "AttributeDefinitions": null }),
        json!({ "AttributeDefinitions": [] }),
        json!({ "AttributeDefinitions": attributes(&["id", "unused"]) }),
        json!({ "AttributeDefinitions": attributes(&["id", "id"]) }),
        json!({ "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "M" }] }),
        json!({ "KeySchema": keys("id", "undefined") }),
        json!({ "KeySchema": keys("id", "id") }),
        json!({ "KeySchema": [{ "AttributeName": "id", "KeyType": "RANGE" }] }),
        json!({ "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }, { "AttributeName": "id", "KeyType": "HASH" }] }),
        json!({ "KeySchema": [{ "AttributeName": "id", "KeyType": "OTHER" }] }),
        json!({ "BillingMode": "PROVISIONED" }),
        json!({ "BillingMode": "FREE" }),
        json!({ "BillingMode": null }),
        json!({ "ProvisionedThroughput": capacity(1, 1) }),
        json!({ "BillingMode": "PROVISIONED", "ProvisionedThroughput": capacity(0, 1) }),
        json!({ "TableName": "ab" }),
        json!({ "TableName": "no good" }),
        json!({ "TableName": "a".repeat(256) }),
        json!({ "TableName": null }),
        global(json!([])),
        global(json!([index("x", &key("undefined"))])),
        global(json!([index("x", &key("id")), index("x", &key("id"))])),
        global(json!([index("no good", &key("id"))])),
        global(json!([projected(json!({ "ProjectionType": "SOME" }))])),
        global(json!([projected(json!({}))])),
        global(json!([projected(json!({ "ProjectionType": "INCLUDE" }))])),
        global(json!([projected(json!({ "ProjectionType": "ALL", "NonKeyAttributes": ["a"] }))])),
        global(json!([{ "IndexName": "xyz", "KeySchema": key("id") }])),
        local(json!([])),
        local(json!([index("xyz", &keys("id", "id"))])),
        local(json!([index("xyz", &key("id"))])),
        json!({ "StreamSpecification": { "StreamEnabled": true } }),
        json!({ "StreamSpecification": { "StreamEnabled": false, "StreamViewType": "KEYS_ONLY" } }),
        json!({ "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "ALL" } }),
        json!({ "TableClass": "GLACIER" }),
        json!({ "Tags": tags(&[("a", "1"), ("a", "2")]) }),
        json!({ "Tags": tags(&[("aws:a", "1")]) }),
    ];
    for (number, trial) in trials.into_iter().enumerate() {
        // Each has a name of its own, so that what one server makes of it is in nobody's way.
        let mut table = with(on_demand(&format!("bad-{number}")), trial);
        if let Some(fields) = table.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
        script.dynamodb("CreateTable", table);
    }
}

fn labels(script: &mut Script) {
    let arn = arn("orders");
    let many: Vec<String> = (0..6).map(|number| format!("k{number:02}")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|key| (key.as_str(), "v")).collect();
    let (long, value) = ("k".repeat(129), "v".repeat(257));
    let trials: [&[(&str, &str)]; 4] = [&[("a", "1"), ("b", "")], &[("a", "2")], &[], &many];
    script.dynamodb("ListTagsOfResource", json!({ "ResourceArn": arn }));
    for trial in trials {
        script.dynamodb("TagResource", json!({ "ResourceArn": arn, "Tags": tags(trial) }));
        script.dynamodb("ListTagsOfResource", json!({ "ResourceArn": arn }));
    }
    for keys in [json!(["b"]), json!(["absent"]), json!([]), json!(["a", "b"])] {
        script.dynamodb("UntagResource", json!({ "ResourceArn": arn, "TagKeys": keys }));
        script.dynamodb("ListTagsOfResource", json!({ "ResourceArn": arn }));
    }
    // Of a table whose tags nobody looks at.
    for trial in [&[("aws:x", "1")], &[(long.as_str(), "1")], &[("a", value.as_str())]] {
        script.dynamodb("TagResource", json!({ "ResourceArn": self::arn("secret"), "Tags": tags(trial) }));
    }
}

fn updated(script: &mut Script, table: &str, change: Value) {
    script.dynamodb("UpdateTable", with(named(table), change));
    script.rest();
    script.dynamodb("DescribeTable", named(table));
}

fn updates(script: &mut Script) {
    let provisioned = |units| json!({ "BillingMode": "PROVISIONED", "ProvisionedThroughput": capacity(units, units) });
    updated(script, "orders", provisioned(4));
    updated(script, "orders", json!({ "ProvisionedThroughput": capacity(6, 7) }));
    updated(script, "orders", json!({ "BillingMode": "PAY_PER_REQUEST" }));
    updated(script, "events", json!({ "ProvisionedThroughput": capacity(8, 5) }));
    updated(script, "orders", json!({ "TableClass": "STANDARD_INFREQUENT_ACCESS" }));
    updated(
        script,
        "orders",
        json!({ "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "KEYS_ONLY" } }),
    );
    updated(
        script,
        "orders",
        json!({ "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "NEW_IMAGE" } }),
    );
    updated(script, "orders", json!({ "StreamSpecification": { "StreamEnabled": false } }));
    updated(script, "orders", json!({ "StreamSpecification": { "StreamEnabled": false } }));
    updated(script, "orders", json!({ "SSESpecification": { "Enabled": true, "SSEType": "KMS" } }));
    updated(script, "orders", json!({ "SSESpecification": { "Enabled": false } }));
    let trials = [
        json!({}),
        json!({ "ProvisionedThroughput": capacity(1, 1) }),
        json!({ "BillingMode": "FREE" }),
        json!({ "TableClass": "GLACIER" }),
        json!({ "GlobalSecondaryIndexUpdates": [] }),
    ];
    // Of a table that nobody looks at any more.
    for trial in trials {
        script.dynamodb("UpdateTable", with(named("secret"), trial));
    }
    updated(script, "events", json!({ "ProvisionedThroughput": capacity(8, 5) }));
}

fn indexes(script: &mut Script) {
    let create = |name: &str, attribute: &str| {
        json!({
            "AttributeDefinitions": attributes(&["id", attribute]),
            "GlobalSecondaryIndexUpdates": [{ "Create": index(name, &key(attribute)) }],
        })
    };
    let delete = |name: &str| json!({ "GlobalSecondaryIndexUpdates": [{ "Delete": { "IndexName": name } }] });
    let update = |name: &str, units| {
        let change = json!({ "IndexName": name, "ProvisionedThroughput": capacity(units, units) });
        json!({ "GlobalSecondaryIndexUpdates": [{ "Update": change }] })
    };
    updated(script, "cold", create("by-kind", "kind"));
    updated(script, "cold", create("by-kind", "kind"));
    updated(script, "cold", delete("absent"));
    updated(script, "cold", delete("by-kind"));
    updated(script, "indexed", update("by-who", 3));
    updated(script, "indexed", update("absent", 3));
    updated(script, "indexed", delete("by-who"));
}

fn time_to_live(attribute: &str, enabled: bool) -> Value {
    json!({ "TimeToLiveSpecification": { "AttributeName": attribute, "Enabled": enabled } })
}

fn expiry(script: &mut Script) {
    script.dynamodb("DescribeTimeToLive", named("events"));
    for enabled in [true, false] {
        script.dynamodb("UpdateTimeToLive", with(named("events"), time_to_live("at", enabled)));
        script.rest();
        script.dynamodb("DescribeTimeToLive", named("events"));
    }
    // Of a table whose time to live nobody looks at.
    for (attribute, enabled) in
        [("at", false), ("at", true), ("at", true), ("other", true), ("other", false), ("", true)]
    {
        script.dynamodb("UpdateTimeToLive", with(named("cold"), time_to_live(attribute, enabled)));
        script.rest();
    }
}

fn recovery(enabled: bool) -> Value {
    json!({ "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": enabled } })
}

fn backups(script: &mut Script) {
    let wanted = |days: u32| {
        let mut wanted = recovery(true);
        wanted["PointInTimeRecoverySpecification"]["RecoveryPeriodInDays"] = json!(days);
        wanted
    };
    script.dynamodb("DescribeContinuousBackups", named("events"));
    for (table, specification) in [
        ("events", recovery(true)),
        ("events", recovery(true)),
        ("events", recovery(false)),
        ("events", recovery(false)),
        ("rich", wanted(7)),
        ("rich", wanted(35)),
    ] {
        script.dynamodb("UpdateContinuousBackups", with(named(table), specification));
        script.rest();
        script.dynamodb("DescribeContinuousBackups", named(table));
    }
    // Of a table that nobody looks at any more.
    for days in [0, 36] {
        script.dynamodb("UpdateContinuousBackups", with(named("secret"), wanted(days)));
    }
}

fn protection(script: &mut Script) {
    updated(script, "events", json!({ "DeletionProtectionEnabled": true }));
    script.dynamodb("DeleteTable", named("events"));
    script.dynamodb("DescribeTable", named("events"));
    updated(script, "events", json!({ "DeletionProtectionEnabled": false }));
}

fn deletions(script: &mut Script) {
    for table in ["events", "rich", "orders"] {
        script.dynamodb("DeleteTable", named(table));
        script.rest();
        script.dynamodb("DescribeTable", named(table));
        script.dynamodb("DeleteTable", named(table));
        script.dynamodb("ListTagsOfResource", json!({ "ResourceArn": arn(table) }));
    }
    made(script, &on_demand("orders"));
    script.dynamodb("ListTagsOfResource", json!({ "ResourceArn": arn("orders") }));
    script.dynamodb("DescribeContinuousBackups", named("orders"));
    script.dynamodb("DescribeTimeToLive", named("orders"));
}
