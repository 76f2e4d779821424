//! Lists and their pages, ARNs in the place of names, and what reads do not see yet, by values.

use std::time::Duration;

use serde_json::{Value, json};

use super::support::{Model, on_demand, with};

#[test]
fn tables_are_listed_by_name_in_pages() {
    let mut model = Model::new();
    for name in ["c-3", "a-1", "b-2"] {
        model.call("CreateTable", with(on_demand(), json!({ "TableName": name }))).unwrap();
    }
    let first = model.call("ListTables", json!({ "Limit": 2 })).unwrap();
    assert_eq!(first, json!({ "TableNames": ["a-1", "b-2"], "LastEvaluatedTableName": "b-2" }));
    let rest = model.call("ListTables", json!({ "Limit": 2, "ExclusiveStartTableName": "b-2" })).unwrap();
    assert_eq!(rest, json!({ "TableNames": ["c-3"] }));
    assert_eq!(model.call("ListTables", json!({ "Limit": 3 })).unwrap().get("LastEvaluatedTableName"), None);
    assert_eq!(model.refused("ListTables", json!({ "Limit": 0 }), "between 1 and 100"), "ValidationException");
    for (account, region) in [("444455556666", "eu-west-1"), ("111122223333", "us-east-1")] {
        (model.caller.account, model.caller.region) = (account.to_owned(), region.to_owned());
        assert_eq!(model.call("ListTables", json!({})).unwrap(), json!({ "TableNames": [] }));
    }
}

#[test]
fn tags_are_listed_in_pages() {
    let tags: Vec<Value> = (0..25).map(|n| json!({ "Key": format!("k{n:02}"), "Value": n.to_string() })).collect();
    let mut model = Model::with(json!({ "Tags": tags }));
    let (mut seen, mut sizes, mut token) = (Vec::new(), Vec::new(), Value::Null);
    loop {
        let body = json!({ "ResourceArn": model.table().arn(), "NextToken": token });
        let page = model.call("ListTagsOfResource", body).unwrap();
        sizes.push(page["Tags"].as_array().unwrap().len());
        seen.extend(page["Tags"].as_array().unwrap().clone());
        match page.get("NextToken") {
            Some(next) => token = next.clone(),
            None => break,
        }
    }
    assert_eq!((sizes, seen), (vec![10, 10, 5], tags));
}

#[test]
fn an_arn_stands_for_a_name() {
    let mut model = Model::with(json!({}));
    let arn = json!({ "TableName": model.table().arn() });
    assert_eq!(model.call("DescribeTable", arn.clone()).unwrap()["Table"]["TableName"], "orders");
    model.call("UpdateTable", with(arn, json!({ "DeletionProtectionEnabled": true }))).unwrap();
    assert!(model.table().deletion_protection);
}

#[test]
fn a_new_table_may_be_seen_late() {
    let mut model = Model::new();
    model.dynamo.settings_mut().visibility.new_table = Duration::from_millis(300);
    model.call("CreateTable", on_demand()).unwrap();
    let name = || json!({ "TableName": "orders" });
    for operation in ["DescribeTable", "DescribeTimeToLive"] {
        assert_eq!(model.refused(operation, name(), "orders not found"), "ResourceNotFoundException");
    }
    assert_eq!(model.call("ListTables", json!({})).unwrap(), json!({ "TableNames": [] }));
    assert_eq!(model.refused("CreateTable", on_demand(), "already exists"), "ResourceInUseException");
    model.wait(Duration::from_millis(300));
    assert_eq!(model.call("DescribeTable", name()).unwrap()["Table"]["TableStatus"], "CREATING");
    assert_eq!(model.call("ListTables", json!({})).unwrap(), json!({ "TableNames": ["orders"] }));
}
