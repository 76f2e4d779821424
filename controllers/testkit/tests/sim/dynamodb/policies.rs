//! Resource policies, by values.

use std::time::Duration;

use serde_json::{Value, json};

use super::support::{Model, on_demand, with};

const ARN: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";

fn policy(id: &str, effect: &str, action: &str) -> String {
    let statement = json!({ "Effect": effect, "Principal": { "AWS": "*" }, "Action": action, "Resource": "*" });
    json!({ "Version": "2012-10-17", "Id": id, "Statement": [statement] }).to_string()
}

fn reads(id: &str) -> String {
    policy(id, "Allow", "dynamodb:GetItem")
}

fn put(arn: &str, policy: &str, more: Value) -> Value {
    with(json!({ "ResourceArn": arn, "Policy": policy }), more)
}

fn get(model: &mut Model, arn: &str) -> Value {
    model.call("GetResourcePolicy", json!({ "ResourceArn": arn })).unwrap()
}

#[test]
fn a_policy_has_a_revision() {
    let mut model = Model::with(json!({}));
    let none = json!({ "ResourceArn": ARN });
    assert_eq!(model.refused("GetResourcePolicy", none.clone(), "not found"), "PolicyNotFoundException");
    let first = model.call("PutResourcePolicy", put(ARN, &reads("1"), json!({}))).unwrap()["RevisionId"].clone();
    assert_eq!(get(&mut model, ARN), json!({ "Policy": reads("1"), "RevisionId": first }));
    let same = model.call("PutResourcePolicy", put(ARN, &reads("1"), json!({}))).unwrap()["RevisionId"].clone();
    assert_eq!(same, first, "the same document is the same revision");
    let second = model.call("PutResourcePolicy", put(ARN, &reads("2"), json!({}))).unwrap()["RevisionId"].clone();
    assert_ne!(second, first, "also at the same time");
    assert_eq!(model.call("DeleteResourcePolicy", none.clone()).unwrap(), json!({ "RevisionId": second }));
    assert_eq!(model.call("DeleteResourcePolicy", none).unwrap(), json!({}), "none is no error");
}

#[test]
fn a_revision_may_be_expected() {
    let mut model = Model::with(json!({}));
    let expecting = |revision: &Value, id: &str| put(ARN, &reads(id), json!({ "ExpectedRevisionId": revision }));
    let none = json!("NO_POLICY");
    let code = model.refused("PutResourcePolicy", expecting(&json!("1"), "1"), "has no policy");
    assert_eq!(code, "PolicyNotFoundException");
    let first = model.call("PutResourcePolicy", expecting(&none, "1")).unwrap()["RevisionId"].clone();
    let says = "expecting none to be present for table orders, but a policy exists with revision id";
    assert_eq!(model.refused("PutResourcePolicy", expecting(&none, "2"), says), "PolicyNotFoundException");
    model.wait(Duration::from_secs(1));
    let second = model.call("PutResourcePolicy", expecting(&first, "2")).unwrap()["RevisionId"].clone();
    let says = format!("table orders has revision id {}.", second.as_str().unwrap());
    assert_eq!(model.refused("PutResourcePolicy", expecting(&first, "3"), &says), "PolicyNotFoundException");
    let delete = |revision: &Value| json!({ "ResourceArn": ARN, "ExpectedRevisionId": revision });
    assert_eq!(model.refused("DeleteResourcePolicy", delete(&first), &says), "PolicyNotFoundException");
    assert_eq!(model.call("DeleteResourcePolicy", delete(&second)).unwrap(), json!({ "RevisionId": second }));
    assert_eq!(model.refused("DeleteResourcePolicy", delete(&second), "has no policy"), "PolicyNotFoundException");
}

#[test]
fn a_table_may_be_created_with_one() {
    let mut model = Model::new();
    model.call("CreateTable", with(on_demand(), json!({ "ResourcePolicy": reads("1") }))).unwrap();
    assert_eq!(get(&mut model, ARN)["Policy"], reads("1"));
    assert_eq!(
        model.refused("PutResourcePolicy", put(ARN, &reads("2"), json!({})), "created"),
        "ResourceInUseException"
    );
    model.rest();
    model.update(json!({ "DeletionProtectionEnabled": true })).unwrap();
    model.call("PutResourcePolicy", put(ARN, &reads("2"), json!({}))).unwrap();
    assert_eq!(model.table().configuration()["policy"], reads("2"));
}

#[test]
fn a_stream_has_its_own() {
    let stream = json!({ "StreamEnabled": true, "StreamViewType": "KEYS_ONLY" });
    let mut model = Model::with(json!({ "StreamSpecification": stream }));
    let arn = model.table().stream_arn().unwrap();
    model.call("PutResourcePolicy", put(&arn, &reads("stream"), json!({}))).unwrap();
    assert_eq!(get(&mut model, &arn)["Policy"], reads("stream"));
    let table = json!({ "ResourceArn": ARN });
    assert_eq!(model.refused("GetResourcePolicy", table, "not found"), "PolicyNotFoundException");
    model.updated(json!({ "StreamSpecification": { "StreamEnabled": false } }));
    assert_eq!(get(&mut model, &arn)["Policy"], reads("stream"), "while the stream is kept");
    model.updated(json!({ "StreamSpecification": stream }));
    let gone = json!({ "ResourceArn": arn });
    assert_eq!(model.refused("GetResourcePolicy", gone, "Stream: "), "ResourceNotFoundException");
    let new = model.table().stream_arn().unwrap();
    let body = json!({ "ResourceArn": new });
    assert_eq!(model.refused("GetResourcePolicy", body, "not found"), "PolicyNotFoundException");
}

#[test]
fn nobody_is_shut_out_by_mistake() {
    let mut model = Model::with(json!({}));
    for action in ["*", "dynamodb:*", "dynamodb:PutResourcePolicy"] {
        let says = "ConfirmRemoveSelfResourceAccess must be set";
        let shut = put(ARN, &policy("1", "Deny", action), json!({}));
        assert_eq!(model.refused("PutResourcePolicy", shut.clone(), says), "ValidationException", "{action}");
        model.call("PutResourcePolicy", with(shut, json!({ "ConfirmRemoveSelfResourceAccess": true }))).unwrap();
    }
    model.call("PutResourcePolicy", put(ARN, &policy("2", "Deny", "dynamodb:DeleteItem"), json!({}))).unwrap();
}

#[test]
fn what_is_asked_is_checked() {
    let mut model = Model::with(json!({}));
    assert_eq!(model.refused("PutResourcePolicy", put(ARN, "no", json!({})), "no Statement"), "ValidationException");
    let long = "x".repeat(20 * 1024);
    assert_eq!(
        model.refused("PutResourcePolicy", put(ARN, &reads(&long), json!({})), "20480"),
        "LimitExceededException"
    );
    for arn in ["orders".to_owned(), format!("{ARN}/index/by-b")] {
        let code = model.refused("GetResourcePolicy", json!({ "ResourceArn": arn }), "Invalid TableArn");
        assert_eq!(code, "ValidationException");
    }
    let other = json!({ "ResourceArn": ARN.replace("orders", "other") });
    assert_eq!(model.refused("GetResourcePolicy", other, "other not found"), "ResourceNotFoundException");
    model.dynamo.settings_mut().visibility.new_table = Duration::from_hours(1);
    let late = json!({ "ResourceArn": ARN });
    assert_eq!(model.refused("GetResourcePolicy", late, "orders not found"), "ResourceNotFoundException");
}
