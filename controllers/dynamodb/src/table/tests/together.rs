//! What settings mean for one another.

use super::*;

fn units(read: i64, write: i64) -> Value {
    json!({"readCapacityUnits": read, "writeCapacityUnits": write})
}

#[test]
fn a_mode_of_insights_keeps_them_on() {
    let mut present = by_request(json!({}));
    present.parts.insert("contributorInsights", Some(json!("ENABLED")));
    present.parts.insert("contributorInsightsMode", Some(json!("THROTTLED_KEYS")));
    let recorded: &[(&str, &[&str])] = &[("contributorInsights", &[""])];
    let moded = json!({"contributorInsightsMode": "THROTTLED_KEYS"});
    assert_eq!(updates(moded, &present, recorded), [json!(null); 0]);
    assert_eq!(updates(json!({}), &present, recorded), [json!("DISABLED")]);
}

#[test]
fn a_type_of_encryption_says_nothing_where_there_is_none() {
    let declared = |sse: Value| desired(json!({"sseSpecification": sse})).parts.get("sseSpecification").cloned();
    assert_eq!(declared(json!({"sseType": "KMS"})), None);
    assert_eq!(declared(json!({"enabled": false, "sseType": "KMS"})), Some(json!({"enabled": false})));
    let encrypted = json!({"enabled": true, "sseType": "KMS"});
    assert_eq!(declared(encrypted.clone()), Some(encrypted));
}

#[test]
fn a_new_index_begins_with_what_the_table_has() {
    let created = |declared: Value, present: &Present| {
        let all = updates(with(indexed(&["at"]), declared), present, &[]);
        all.last().unwrap()["globalSecondaryIndexUpdates"][0]["create"]["provisionedThroughput"].clone()
    };
    assert_eq!(created(json!({}), &provisioned(7, 3)), units(7, 3));
    assert_eq!(created(json!({"provisionedThroughput": {"readCapacityUnits": 9}}), &provisioned(7, 3)), units(9, 3));
    assert_eq!(created(json!({"billingMode": "PAY_PER_REQUEST"}), &provisioned(7, 3)), json!(null));
    assert_eq!(created(json!({}), &by_request(json!({}))), json!(null));
}

#[test]
fn what_is_to_be_warm_is_asked_for_when_the_capacity_is_known() {
    let warm = json!({"readUnitsPerSecond": 9_000, "writeUnitsPerSecond": 5});
    let present = described(json!({
        "provisionedThroughput": units(5, 5),
        "warmThroughput": {"readUnitsPerSecond": 5, "writeUnitsPerSecond": 5},
    }));
    let declared = json!({"provisionedThroughput": units(5, 80), "warmThroughput": {"readUnitsPerSecond": 9_000}});
    let expected = [json!({"provisionedThroughput": units(5, 80)}), json!({"warmThroughput": warm})];
    assert_eq!(updates(declared, &present, &[]), expected);

    let with_index = |capacity: Value| {
        let mut spec = indexed(&["at"]);
        spec["globalSecondaryIndexes"][0] = with(index("at"), capacity);
        spec
    };
    let there = with_index(json!({
        "provisionedThroughput": units(5, 5),
        "warmThroughput": {"readUnitsPerSecond": 5, "writeUnitsPerSecond": 5},
    }));
    let there = described(with(json!({"provisionedThroughput": units(5, 5)}), there));
    let update = |capacity: Value| json!({"globalSecondaryIndexUpdates": [{"update": with(json!({"indexName": "at"}), capacity)}]});
    let both = json!({"provisionedThroughput": units(5, 80), "warmThroughput": {"readUnitsPerSecond": 9_000}});
    let capacity = update(json!({"provisionedThroughput": units(5, 80)}));
    assert_eq!(updates(with_index(both), &there, &[]), [capacity]);
    let warmer = with_index(json!({"warmThroughput": {"readUnitsPerSecond": 9_000}}));
    assert_eq!(updates(warmer, &there, &[]), [update(json!({"warmThroughput": warm}))]);
}
