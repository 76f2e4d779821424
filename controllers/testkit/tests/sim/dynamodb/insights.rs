//! Contributor insights, by values.

use serde_json::{Value, json};

use super::support::{Model, add_index, delete_index, key, on_demand, strings, with};

fn change(model: &mut Model, action: &str, more: Value) -> Value {
    let body = with(json!({ "ContributorInsightsAction": action }), more);
    model.on_table("UpdateContributorInsights", body).unwrap()
}

fn described(model: &mut Model, index: Option<&str>) -> Value {
    model.on_table("DescribeContributorInsights", json!({ "IndexName": index })).unwrap()
}

#[test]
fn they_come_and_go_for_a_table() {
    let mut model = Model::with(json!({}));
    let off = json!({ "TableName": "orders", "ContributorInsightsStatus": "DISABLED" });
    assert_eq!(described(&mut model, None), off);
    let answer = change(&mut model, "ENABLE", json!({}));
    assert_eq!(answer["ContributorInsightsStatus"], "ENABLING");
    let body = json!({ "TableName": "orders", "ContributorInsightsAction": "DISABLE" });
    assert_eq!(model.refused("UpdateContributorInsights", body, "being enabled or disabled"), "ValidationException");
    model.rest();
    let on = described(&mut model, None);
    assert_eq!(on["ContributorInsightsStatus"], "ENABLED");
    assert_eq!(on["ContributorInsightsMode"], "ACCESSED_AND_THROTTLED_KEYS");
    let rule = |rule: &str| format!("DynamoDBContributorInsights-{rule}-orders-1767225600000");
    assert_eq!(on["ContributorInsightsRuleList"], json!([rule("PKC"), rule("PKT")]));
    assert!(on["LastUpdateDateTime"].is_f64());
    assert_eq!(change(&mut model, "ENABLE", json!({}))["ContributorInsightsStatus"], "ENABLED", "it is so already");
    assert_eq!(change(&mut model, "DISABLE", json!({}))["ContributorInsightsStatus"], "DISABLING");
    model.rest();
    let off = described(&mut model, None);
    assert_eq!(off["ContributorInsightsStatus"], "DISABLED");
    assert_eq!(off.get("ContributorInsightsRuleList"), None);
}

#[test]
fn their_mode_changes() {
    let mut model =
        Model::with(json!({ "AttributeDefinitions": strings(&["id", "at"]), "KeySchema": key(&["id", "at"]) }));
    let throttled = || json!({ "ContributorInsightsMode": "THROTTLED_KEYS" });
    change(&mut model, "ENABLE", throttled());
    model.rest();
    assert_eq!(described(&mut model, None)["ContributorInsightsRuleList"].as_array().unwrap().len(), 2, "PKT and SKT");
    let plain = Model::with(json!({})).table().configuration();
    assert_ne!(model.table().configuration()["insights"], plain["insights"]);
    assert_eq!(change(&mut model, "ENABLE", json!({}))["ContributorInsightsStatus"], "ENABLING");
    model.rest();
    assert_eq!(described(&mut model, None)["ContributorInsightsRuleList"].as_array().unwrap().len(), 4);
    let body = with(json!({ "TableName": "orders", "ContributorInsightsAction": "DISABLE" }), throttled());
    assert_eq!(model.refused("UpdateContributorInsights", body, "only with the action ENABLE"), "ValidationException");
    change(&mut model, "DISABLE", json!({}));
    model.rest();
    assert_eq!(model.table().configuration()["insights"], plain["insights"]);
}

#[test]
fn they_come_and_go_with_an_index() {
    let mut model = Model::with(json!({}));
    let by_b = || json!({ "IndexName": "by-b" });
    let missing = with(json!({ "TableName": "orders", "ContributorInsightsAction": "ENABLE" }), by_b());
    let code = model.refused("UpdateContributorInsights", missing, "Index: by-b not found");
    assert_eq!(code, "ResourceNotFoundException");
    model.updated(add_index("by-b", "b"));
    change(&mut model, "ENABLE", by_b());
    model.rest();
    assert_eq!(described(&mut model, Some("by-b"))["ContributorInsightsStatus"], "ENABLED");
    assert_eq!(described(&mut model, None)["ContributorInsightsStatus"], "DISABLED");
    let all = model.call("ListContributorInsights", json!({})).unwrap();
    assert_eq!(all["ContributorInsightsSummaries"].as_array().unwrap().len(), 1);
    assert_eq!(all["ContributorInsightsSummaries"][0]["IndexName"], "by-b");
    model.updated(delete_index("by-b"));
    let none = model.on_table("ListContributorInsights", json!({})).unwrap();
    assert_eq!(none["ContributorInsightsSummaries"], json!([]));
    model.updated(add_index("by-b", "b"));
    assert_eq!(described(&mut model, Some("by-b"))["ContributorInsightsStatus"], "DISABLED");
}

#[test]
fn a_table_that_is_not_ready_has_none() {
    let mut model = Model::new();
    model.call("CreateTable", on_demand()).unwrap();
    let body = json!({ "TableName": "orders" });
    assert_eq!(model.refused("DescribeContributorInsights", body, "is not active"), "ResourceNotFoundException");
}

#[test]
fn they_are_listed_in_pages() {
    let mut model = Model::with(json!({}));
    model.updated(add_index("by-b", "b"));
    change(&mut model, "ENABLE", json!({}));
    change(&mut model, "ENABLE", json!({ "IndexName": "by-b" }));
    let first = model.call("ListContributorInsights", json!({ "MaxResults": 1 })).unwrap();
    assert_eq!(first["ContributorInsightsSummaries"][0].get("IndexName"), None);
    let rest = model.call("ListContributorInsights", json!({ "NextToken": first["NextToken"] })).unwrap();
    assert_eq!(rest["ContributorInsightsSummaries"].as_array().unwrap().len(), 1);
    assert_eq!(rest["ContributorInsightsSummaries"][0]["IndexName"], "by-b");
    assert_eq!(rest.get("NextToken"), None);
    let body = json!({ "MaxResults": 0 });
    assert_eq!(model.refused("ListContributorInsights", body, "between 1 and 100"), "ValidationException");
    let body = json!({ "NextToken": "x" });
    assert_eq!(model.refused("ListContributorInsights", body, "Invalid NextToken"), "ValidationException");
}
