//! The table that others are restored from.

use std::time::Duration;

use cairn_testkit::aws::{
    Aws,
    dynamodb::model::{Caller, Request},
};
use serde_json::{Value, json};

use crate::trip::REGION;

const ACCOUNT: &str = "111122223333";
const NAME: &str = "source";

/// The key that a restored table has.
pub(super) fn key() -> Value {
    json!([{"attributeName": "a", "keyType": "HASH"}, {"attributeName": "b", "keyType": "RANGE"}])
}

/// Types of the attributes of that key.
pub(super) const TYPES: [(&str, &str); 2] = [("a", "S"), ("b", "N")];

/// Makes a table with a backup and some history, and lets the spec name what it wants to be restored from.
pub(super) async fn prepare(aws: &Aws, spec: &mut Value) {
    let Some(from) = spec.get_mut("restoreFrom") else { return };
    ask(
        aws,
        "CreateTable",
        &json!({
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": TYPES.map(|(name, kind)| json!({"AttributeName": name, "AttributeType": kind})),
            "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}, {"AttributeName": "b", "KeyType": "RANGE"}],
        }),
    );
    tokio::time::sleep(Duration::from_mins(1)).await;
    ask(
        aws,
        "UpdateContinuousBackups",
        &json!({
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true},
        }),
    );
    let backup = ask(aws, "CreateBackup", &json!({"BackupName": "of-source"}));
    let moment = aws.clock().now();
    tokio::time::sleep(Duration::from_mins(10)).await;
    let named = [
        ("backupARN", backup["BackupDetails"]["BackupArn"].clone()),
        ("sourceTableARN", format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{NAME}").into()),
        ("sourceTableName", NAME.into()),
        ("restoreDateTime", moment.to_string().into()),
    ];
    for (field, value) in named {
        if let Some(there) = from.get_mut(field) {
            *there = value;
        }
    }
}

fn ask(aws: &Aws, operation: &str, request: &Value) -> Value {
    let mut request = request.clone();
    request["TableName"] = NAME.into();
    let request = Request::parse(operation, request).unwrap();
    aws.dynamodb(|dynamo, now| dynamo.handle(&Caller::new(ACCOUNT, REGION), &request, now)).unwrap()
}
