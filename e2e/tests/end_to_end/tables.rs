//! A table's life: applied, changed, deleted, and each seen in AWS.

use std::fs;

use cairn_e2e::{Error, Result, error::ensure, http, workspace};
use serde_json::{Value, json};

use crate::fixture::{Room, SOON, bucket_name, with_operator};

/// What DynamoDB answers.
pub(crate) fn ask(room: &Room, operation: &str, request: &Value) -> Result<Value> {
    ask_service(room, "dynamodb", "DynamoDB_20120810", operation, request)
}

/// What a service answers that speaks AWS JSON, and that names itself so in signatures and in targets.
pub(crate) fn ask_service(room: &Room, service: &str, target: &str, operation: &str, request: &Value) -> Result<Value> {
    let wrong = |message: String| Error::Aws { operation: operation.into(), message };
    let scope = format!("20260101/us-east-1/{service}/aws4_request");
    let headers = [
        ("X-Amz-Target", format!("{target}.{operation}")),
        ("Content-Type", "application/x-amz-json-1.0".into()),
        ("Authorization", format!("AWS4-HMAC-SHA256 Credential=test/{scope}, SignedHeaders=host, Signature=0")),
    ];
    let answer = http::send(room.stage.moto.port(), "POST", "/", &headers, &request.to_string());
    let answer = answer.ok_or_else(|| wrong("no answer".into()))?;
    if answer.status == 400 && answer.body.contains("ResourceNotFoundException") {
        return Ok(Value::Null);
    }
    serde_json::from_str(&answer.body).map_err(|error| wrong(format!("{error}: {}", answer.body)))
}

pub(crate) fn table(room: &Room, name: &str) -> Result<Value> {
    Ok(ask(room, "DescribeTable", &json!({"TableName": name}))?["Table"].take())
}

fn example(name: &str) -> Result<String> {
    example_of("table", "orders-of-the-shop", name)
}

/// An example, in which a table has another name in AWS.
pub(crate) fn example_of(example: &str, its: &str, name: &str) -> Result<String> {
    let file = workspace().join("examples").join(example).join(format!("{example}.yaml"));
    let text = fs::read_to_string(&file).map_err(|source| Error::file(&file, source))?;
    let its = format!("tableName: {its}");
    ensure(text.contains(&its), || "the example has another name in AWS".into())?;
    Ok(text.replace(&its, &format!("tableName: {name}")))
}

fn ready(room: &Room) -> Result<()> {
    room.kubectl.until_condition("table/orders", "Ready", "True", SOON).map(drop)
}

/// Changes a table that was not changed before, and waits until AWS has it so.
fn edit_once(room: &Room, edit: &Value) -> Result<()> {
    room.kubectl.run(&["patch", "table/orders", "--type=merge", "-p", &edit.to_string()])?;
    let seen = "--for=jsonpath={.status.observedGeneration}=2";
    room.kubectl.run(&["wait", seen, "--timeout=60s", "table/orders"])?;
    ready(room)
}

#[test]
fn the_example_becomes_a_table_follows_edits_and_goes() -> Result<()> {
    with_operator("tables", |room| {
        let name = bucket_name();
        room.kubectl.apply(&example(&name)?)?;
        ready(room)?;
        let made = table(room, &name)?;
        ensure(made["GlobalSecondaryIndexes"][0]["IndexName"] == "by-customer", || format!("{made}"))?;
        ensure(made["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES", || format!("{made}"))?;
        let asked = json!({"TableName": name});
        let life = ask(room, "DescribeTimeToLive", &asked)?;
        ensure(life["TimeToLiveDescription"]["AttributeName"] == "forgottenAt", || format!("{life}"))?;
        let backups = ask(room, "DescribeContinuousBackups", &asked)?;
        let recovery = &backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"];
        ensure(recovery["PointInTimeRecoveryStatus"] == "ENABLED", || format!("{backups}"))?;

        let edit = json!({"spec": {
            "attributeDefinitions": [
                {"attributeName": "order", "attributeType": "S"}, {"attributeName": "shop", "attributeType": "N"},
            ],
            "globalSecondaryIndexes": [{
                "indexName": "by-shop", "keySchema": [{"attributeName": "shop", "keyType": "HASH"}],
                "projection": {"projectionType": "ALL"},
            }],
            "streamSpecification": {"streamEnabled": false, "streamViewType": null},
        }});
        edit_once(room, &edit)?;
        let edited = table(room, &name)?;
        let indexes: Vec<_> =
            edited["GlobalSecondaryIndexes"].as_array().into_iter().flatten().map(|i| &i["IndexName"]).collect();
        ensure(indexes == ["by-shop"], || format!("{edited}"))?;
        ensure(edited["StreamSpecification"]["StreamEnabled"] != true, || format!("{edited}"))?;

        room.kubectl.run(&["delete", "--wait=false", "table/orders"])?;
        room.kubectl.until_gone("table/orders", SOON)?;
        ensure(table(room, &name)?.is_null(), || "the object is gone, the table is not".into())
    })
}

/// What a restore brings stays, and what the spec declares beside it comes after it.
#[test]
fn a_table_is_restored_from_a_backup_and_gets_what_is_declared() -> Result<()> {
    with_operator("restores", |room| {
        let (source, name) = (bucket_name(), bucket_name());
        let key = json!([{"AttributeName": "order", "KeyType": "HASH"}]);
        let made = json!({
            "TableName": source, "KeySchema": key, "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "order", "AttributeType": "S"}],
        });
        ask(room, "CreateTable", &made)?;
        let backup = ask(room, "CreateBackup", &json!({"TableName": source, "BackupName": "nightly"}))?;
        let backup = &backup["BackupDetails"]["BackupArn"];
        let arn = format!("arn:aws:dynamodb:us-east-1:123456789012:table/{name}");
        let policy = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": "*", "Action": "dynamodb:GetItem", "Resource": arn,
        }]});
        let object = json!({
            "apiVersion": "dynamodb.aws.cairn.run/v1alpha1", "kind": "Table", "metadata": {"name": "orders"},
            "spec": {
                "tableName": name,
                "attributeDefinitions": [{"attributeName": "order", "attributeType": "S"}],
                "keySchema": [{"attributeName": "order", "keyType": "HASH"}],
                "restoreFrom": {"backupARN": backup},
                "resourcePolicy": policy.to_string(),
                "continuousBackups": {"pointInTimeRecoveryEnabled": true, "recoveryPeriodInDays": 7},
                "tags": [{"key": "team", "value": "shop"}],
            },
        });
        room.kubectl.apply(&object.to_string())?;
        ready(room)?;
        let restored = table(room, &name)?;
        ensure(restored["RestoreSummary"]["SourceBackupArn"] == *backup, || format!("{restored}"))?;
        let of_table = json!({"ResourceArn": arn});
        let got = ask(room, "GetResourcePolicy", &of_table)?;
        let told = got["Policy"].as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
        ensure(told == Some(policy), || format!("{got}"))?;
        let tags = ask(room, "ListTagsOfResource", &of_table)?;
        let has = |key: &str| tags["Tags"].as_array().is_some_and(|tags| tags.iter().any(|tag| tag["Key"] == *key));
        ensure(has("team") && has("cairn.run/owner"), || format!("{tags}"))?;
        let days = |days: i64| {
            let told = ask(room, "DescribeContinuousBackups", &json!({"TableName": name}))?;
            let recovery = &told["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"];
            ensure(recovery["RecoveryPeriodInDays"] == days, || format!("{told}"))
        };
        days(7)?;

        edit_once(room, &json!({"spec": {"resourcePolicy": null, "continuousBackups": {"recoveryPeriodInDays": 14}}}))?;
        days(14)?;
        let gone = ask(room, "GetResourcePolicy", &of_table)?;
        ensure(gone["__type"].as_str().is_some_and(|code| code.ends_with("PolicyNotFoundException")), || {
            format!("{gone}")
        })
    })
}

/// What AWS always refuses is refused before it is stored, and the refusal says why.
#[test]
fn bad_tables_are_refused() -> Result<()> {
    with_operator("bad-tables", |room| {
        let name = bucket_name();
        let good = example(&name)?;
        for (part, with, why) in [
            (
                "attributeName: day, attributeType: S",
                "attributeName: dusk, attributeType: S",
                "has to be in attributeDefinitions",
            ),
            ("projectionType: KEYS_ONLY", "projectionType: INCLUDE", "nonKeyAttributes goes with"),
            ("streamViewType: NEW_AND_OLD_IMAGES", "streamViewType: EVERYTHING", "Unsupported value"),
            ("enabled: true, attributeName: forgottenAt", "enabled: true", "attributeName is needed"),
            ("pointInTimeRecoveryEnabled: true", "recoveryPeriodInDays: 3", "needs pointInTimeRecoveryEnabled"),
            ("indexName: by-customer", "indexName: by customer", "should match"),
            (
                "streamViewType: NEW_AND_OLD_IMAGES}",
                "streamViewType: KEYS_ONLY}\n  tableReplicas: [{regionName: eu-west-1}]",
                "needs a stream of NEW_AND_OLD_IMAGES",
            ),
            (
                "timeToLive: {",
                "multiRegionConsistency: STRONG\n  timeToLive: {",
                "no localSecondaryIndexes and no timeToLive",
            ),
            (
                "timeToLive: {",
                "globalTableWitnesses: [{regionName: eu-west-2}]\n  timeToLive: {",
                "globalTableWitnesses needs",
            ),
            (
                "timeToLive: {",
                "tableReplicas: [{regionName: eu-west-1, provisionedThroughputOverride: {readCapacityUnits: 5}}]\n  timeToLive: {",
                "needs billingMode PROVISIONED",
            ),
            (
                "timeToLive: {",
                "indexContributorInsights: [{indexName: by-day}]\n  timeToLive: {",
                "has to be in globalSecondaryIndexes",
            ),
            (
                "timeToLive: {",
                "restoreFrom: {sourceTableName: other}\n  timeToLive: {",
                "either restoreDateTime or useLatestRestorableTime",
            ),
            (
                "timeToLive: {",
                "restoreFrom: {restoreDateTime: '2026-01-01T00:00:00Z'}\n  timeToLive: {",
                "exactly one of backupARN",
            ),
            (
                "timeToLive: {",
                "sseSpecification: {kmsMasterKeyRef: {from: {name: key}}}\n  timeToLive: {",
                "kmsMasterKeyRef needs enabled",
            ),
            (
                "timeToLive: {",
                "sseSpecification: {enabled: true, kmsMasterKeyID: alias/aws/dynamodb}\n  timeToLive: {",
                "leave kmsMasterKeyID out",
            ),
            (
                "timeToLive: {",
                "restoreFrom: {sourceTableName: other, useLatestRestorableTime: true}\n  importSourceSpecification: {inputFormat: ION, s3BucketSource: {s3Bucket: items}}\n  timeToLive: {",
                "goes with neither restoreFrom nor localSecondaryIndexes",
            ),
            (
                "timeToLive: {",
                "importSourceSpecification: {inputFormat: ION, s3BucketSource: {s3KeyPrefix: '2026/'}}\n  timeToLive: {",
                "either s3Bucket or s3BucketRef",
            ),
            (
                "timeToLive: {",
                "importSourceSpecification: {inputFormat: ION, inputFormatOptions: {csv: {delimiter: ';'}}, s3BucketSource: {s3Bucket: items}}\n  timeToLive: {",
                "for the inputFormat CSV",
            ),
        ] {
            ensure(good.contains(part), || format!("the example has no `{part}`"))?;
            let refused = room.kubectl.apply(&good.replace(part, with));
            let told = refused.err().map(|error| error.to_string()).unwrap_or_default();
            ensure(told.contains(why), || format!("`{with}`: expected `{why}`, got: {told}"))?;
        }
        Ok(())
    })
}
