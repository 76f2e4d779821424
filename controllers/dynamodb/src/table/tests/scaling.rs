//! Capacity that follows its use.

use cairn_core::failure::{Class, Failure};

use super::*;

const RECORDED: &[(&str, &[&str])] = &[("autoScaling", &["read", "write", "index/by-at/read"])];

fn bounds(min: i64, max: i64) -> Value {
    json!({"minCapacity": min, "maxCapacity": max})
}

/// What is registered, with the policy that a declaration of bounds alone comes to.
fn registered(names: &[&str]) -> Reading {
    let entry = |name: &&str| with(bounds(5, 50), json!({"capacity": name, "targetValue": 70.0}));
    Ok(Some(names.iter().map(entry).collect()))
}

fn unanswered(class: Class) -> Reading {
    let (operation, code) = ("DescribeScalableTargets".into(), "Some".into());
    Err(Failure { operation, code, message: String::new(), request_id: None, class, ambiguous: false })
}

fn scaled(fields: Value) -> Value {
    with(json!({"billingMode": "PROVISIONED"}), fields)
}

fn both() -> Value {
    json!({"autoScaling": {"read": bounds(5, 50), "write": bounds(5, 50)}})
}

/// A table of capacity 9 with an index of as much.
fn moved() -> Present {
    let units = json!({"readCapacityUnits": 9, "writeCapacityUnits": 9});
    let index = json!({
        "indexName": "by-at",
        "keySchema": [{"attributeName": "id", "keyType": "HASH"}],
        "projection": {"projectionType": "ALL"},
        "provisionedThroughput": units,
    });
    described(json!({"provisionedThroughput": units, "globalSecondaryIndexes": [index]}))
}

fn index(fields: Value) -> Value {
    let index = json!({
        "indexName": "by-at",
        "keySchema": [{"attributeName": "id", "keyType": "HASH"}],
        "projection": {"projectionType": "ALL"},
    });
    json!({"globalSecondaryIndexes": [with(index, fields)]})
}

/// The steps in short: an operation and what it is about.
fn plan(declared: Value, present: &Present, recorded: &[(&str, &[&str])], reading: Reading) -> (Vec<String>, Steps) {
    let steps = planned_with(declared, present, recorded, [("autoScaling", reading)].into());
    let short = |step: &Step| match &step.action {
        Action::ClearEntry { name } => format!("{} {name}", step.operation),
        Action::Put { value } if value["capacity"].is_string() => {
            format!("{} {}", step.operation, value["capacity"].as_str().unwrap())
        }
        Action::Put { value } => format!("{} {value}", step.operation),
        other => format!("{other:?}"),
    };
    (steps.steps.iter().map(short).collect(), steps)
}

fn short(declared: Value, present: &Present, recorded: &[(&str, &[&str])], reading: Reading) -> Vec<String> {
    plan(declared, present, recorded, reading).0
}

#[test]
fn units_are_where_a_new_table_begins_within_the_bounds() {
    let units = |declared: Value| {
        let parts = desired(declared).parts;
        (parts["provisionedThroughput"].clone(), parts.get("globalSecondaryIndexes").cloned())
    };
    let units_of = |read: i64, write: i64| json!({"readCapacityUnits": read, "writeCapacityUnits": write});
    assert_eq!(units(scaled(both())), (units_of(5, 5), None));
    let declared = with(both(), json!({"provisionedThroughput": units_of(1, 90)}));
    assert_eq!(units(declared).0, units_of(5, 50));
    let indexed = index(json!({"autoScaling": {"read": bounds(7, 9)}}));
    let declared = with(with(indexed, json!({"provisionedThroughput": units_of(1, 1)})), both());
    let index = units(declared).1.unwrap()[0].clone();
    assert_eq!(index["provisionedThroughput"], json!({"readCapacityUnits": 7}));
    assert_eq!(index["autoScaling"], Value::Null);
    let replica = json!({"tableReplicas": [{
        "regionName": "us-west-2", "provisionedThroughputOverride": {"readCapacityUnits": 1},
        "autoScaling": {"read": bounds(3, 9)},
        "globalSecondaryIndexes": [{"indexName": "by-at", "autoScaling": {"read": bounds(3, 9)}}],
    }]});
    let parts = desired(scaled(replica)).parts;
    let expected = json!([{
        "regionName": "us-west-2", "provisionedThroughputOverride": {"readCapacityUnits": 3},
        "globalSecondaryIndexes": [{"indexName": "by-at"}],
    }]);
    assert_eq!(parts["tableReplicas"], expected);
    let names: Vec<_> = parts["tableReplicas.autoScaling"].as_array().unwrap().iter().map(|e| &e["capacity"]).collect();
    assert_eq!(names, ["us-west-2/index/by-at/read", "us-west-2/read"]);
}

#[test]
fn bounds_come_before_their_policy_and_only_what_differs_is_written() {
    let values = |reading: Reading| {
        let (_, steps) = plan(scaled(json!({"autoScaling": {"read": bounds(5, 50)}})), &moved(), &[], reading);
        let value = |step: Step| match step.action {
            Action::Put { value } => (step.operation, value),
            other => panic!("{other:?}"),
        };
        steps.steps.into_iter().map(value).collect::<Vec<_>>()
    };
    let whole = with(bounds(5, 50), json!({"capacity": "read", "targetValue": 70}));
    assert_eq!(values(Ok(None)), [("RegisterScalableTarget", whole)]);
    assert_eq!(values(registered(&["read", "write"])), []);
    let other = |entry: Value| Ok(Some(json!([with(json!({"capacity": "read"}), entry)])));
    let got = values(other(with(bounds(1, 50), json!({"targetValue": 70.0, "scaleInCooldown": 0}))));
    assert_eq!(got, [("RegisterScalableTarget", with(bounds(5, 50), json!({"capacity": "read"})))]);
    let got = values(other(with(bounds(5, 50), json!({"targetValue": 71.0}))));
    assert_eq!(got, [("PutScalingPolicy", json!({"capacity": "read", "targetValue": 70}))]);
    let got = values(other(bounds(5, 50)));
    let expected = json!({"capacity": "read", "targetValue": 70, "replacesPolicy": true});
    assert_eq!(got, [("PutScalingPolicy", expected)]);
    for differing in [json!({"scaleInCooldown": 60}), json!({"scaleOutCooldown": 1}), json!({"disableScaleIn": true})] {
        let there = with(with(bounds(5, 50), json!({"targetValue": 70.0})), differing);
        assert_eq!(values(other(there)).len(), 1);
    }
}

#[test]
fn capacity_that_is_scaled_is_no_drift_whoever_scales_it() {
    let units = json!({"readCapacityUnits": 5, "writeCapacityUnits": 5});
    let declared = with(both(), json!({"provisionedThroughput": units}));
    assert_eq!(short(declared, &moved(), RECORDED, registered(&["read", "write"])), [""; 0]);
    let indexed = with(index(json!({"provisionedThroughput": units})), json!({"provisionedThroughput": units}));
    let theirs = registered(&["read", "write", "index/by-at/read", "index/by-at/write"]);
    assert_eq!(short(indexed.clone(), &moved(), &[], theirs), [""; 0]);
    let expected = r#"UpdateTable {"globalSecondaryIndexUpdates":[{"update":{"indexName":"by-at","provisionedThroughput":{"readCapacityUnits":9,"writeCapacityUnits":5}}}],"provisionedThroughput":{"readCapacityUnits":5,"writeCapacityUnits":9}}"#;
    assert_eq!(short(indexed, &moved(), &[], registered(&["write", "index/by-at/read"])), [expected]);
}

#[test]
fn reads_of_a_replica_that_are_scaled_are_no_drift() {
    let replicas = |read: i64| {
        json!([{
            "regionName": "us-west-2", "provisionedThroughputOverride": {"readCapacityUnits": read},
            "globalSecondaryIndexes": [
                {"indexName": "by-at", "provisionedThroughputOverride": {"readCapacityUnits": read}},
            ],
        }])
    };
    let mut present = moved();
    present.parts.insert("tableReplicas", Some(replicas(9)));
    let steps = |names: &[&str]| {
        let readings = [("tableReplicas.autoScaling", registered(names))].into();
        planned_with(scaled(json!({"tableReplicas": replicas(5)})), &present, &[], readings).steps
    };
    assert_eq!(steps(&["us-west-2/read", "us-west-2/index/by-at/read"]), []);
    assert_eq!(steps(&["us-west-2/read"]).len(), 1);
    assert_eq!(steps(&["eu-west-2/read", "read"]).len(), 1);
}

#[test]
fn who_may_not_ask_what_is_scaled_knows_of_nothing_as_long_as_nobody_declares_it() {
    let units = json!({"provisionedThroughput": {"readCapacityUnits": 5, "writeCapacityUnits": 5}});
    for class in [Class::Denied, Class::Invalid] {
        let (operations, steps) = plan(units.clone(), &moved(), &[], unanswered(class));
        assert_eq!((operations.len(), steps.unread), (1, vec![]), "{class:?}");
    }
    let (operations, steps) = plan(units.clone(), &moved(), &[], unanswered(Class::Throttled));
    assert_eq!((operations.len(), steps.unread.len()), (0, 1));
    for recorded in [RECORDED, &[]] {
        let (operations, steps) = plan(with(both(), units.clone()), &moved(), recorded, unanswered(Class::Denied));
        assert_eq!((operations.len(), steps.unread.len()), (0, 1), "{recorded:?}");
    }
}

#[test]
fn what_is_taken_out_stays_unless_its_place_still_says_something() {
    let theirs = || registered(&["read", "write", "index/by-at/read", "index/by-at/write"]);
    let gone = |declared: Value| {
        let (operations, steps) = plan(scaled(declared), &moved(), RECORDED, theirs());
        (operations, steps.unmanaged)
    };
    let end = |names: &[&str]| names.iter().map(|name| format!("DeregisterScalableTarget {name}")).collect::<Vec<_>>();
    let kept = |names: &[&str]| names.iter().map(|name| format!("autoScaling of {name}")).collect::<Vec<_>>();
    let only_read = json!({"autoScaling": {"read": bounds(5, 50)}});
    let all = index(json!({"autoScaling": {"read": bounds(5, 50)}}));
    assert_eq!(gone(with(only_read.clone(), all.clone())), (end(&["write"]), vec![]));
    assert_eq!(gone(all), (vec![], kept(&["read", "write"])));
    assert_eq!(gone(with(both(), index(json!({})))), (vec![], kept(&["index/by-at/read"])));
    assert_eq!(gone(index(json!({}))), (vec![], kept(&["index/by-at/read", "read", "write"])));
    let none = with(json!({"autoScaling": {}}), index(json!({"autoScaling": {}})));
    assert_eq!(gone(none).0, end(&["read", "write", "index/by-at/read", "index/by-at/write"]));
    let off = with(json!({"autoScaling": {"read": {}}}), index(json!({})));
    assert_eq!(gone(off), (end(&["read", "write"]), kept(&["index/by-at/read"])));
}

#[test]
fn what_is_said_to_be_off_and_is_off_takes_nothing() {
    assert_eq!(short(json!({"autoScaling": {}}), &moved(), &[], Ok(None)), [""; 0]);
    assert_eq!(short(json!({"autoScaling": {"read": {}}}), &moved(), &[], registered(&["write"])), [""; 0]);
}

#[test]
fn an_index_goes_after_its_auto_scaling() {
    let recorded: &[(&str, &[&str])] =
        &[("autoScaling", &["index/by-at/read"]), ("globalSecondaryIndexes", &["by-at"])];
    let declared = scaled(json!({"globalSecondaryIndexes": []}));
    let (operations, steps) = plan(declared.clone(), &moved(), recorded, registered(&["index/by-at/read"]));
    let delete = r#"UpdateTable {"globalSecondaryIndexUpdates":[{"delete":{"indexName":"by-at"}}]}"#;
    assert_eq!(operations, ["DeregisterScalableTarget index/by-at/read", delete]);
    assert_eq!(steps.steps[1].after, ["autoScaling"]);
    let (operations, steps) = plan(declared, &moved(), recorded, unanswered(Class::Unreachable));
    assert_eq!((operations.len(), steps.unread.len()), (0, 1), "it waits until it is known what is scaled");
    let mut other = index(json!({"autoScaling": {"read": bounds(5, 50)}}))["globalSecondaryIndexes"][0].clone();
    other["indexName"] = json!("other");
    let declared = scaled(with(both(), json!({"globalSecondaryIndexes": [other]})));
    let (operations, steps) = plan(declared, &moved(), recorded, registered(&["index/by-at/read"]));
    let begins = ["RegisterScalableTarget read", "RegisterScalableTarget write"];
    let ends = "DeregisterScalableTarget index/by-at/read";
    assert_eq!(operations[..4], [begins[0], begins[1], ends, delete], "the other's waits for the other");
    assert_eq!((steps.steps.len(), steps.steps[3].after), (5, &["autoScaling"][..]));
}

#[test]
fn auto_scaling_comes_with_the_billing_mode_and_goes_with_it() {
    let (operations, steps) = plan(scaled(both()), &by_request(json!({})), &[], Ok(None));
    let switch = r#"UpdateTable {"billingMode":"PROVISIONED","provisionedThroughput":{"readCapacityUnits":5,"writeCapacityUnits":5}}"#;
    assert_eq!(operations, [switch, "RegisterScalableTarget read", "RegisterScalableTarget write"]);
    assert_eq!(steps.round().immediate, [] as [&Step; 0]);
    let by_request = json!({"billingMode": "PAY_PER_REQUEST"});
    let (operations, steps) = plan(by_request, &moved(), RECORDED, registered(&["read", "write"]));
    let ends = ["DeregisterScalableTarget read", "DeregisterScalableTarget write"];
    assert_eq!(operations, [ends[0], ends[1], r#"UpdateTable {"billingMode":"PAY_PER_REQUEST"}"#]);
    assert_eq!(steps.unmanaged, ["provisionedThroughput"; 0]);
}

#[test]
fn replicas_come_after_auto_scaling_and_a_table_that_has_some_is_scaled_before_it_is_switched() {
    let replicas = json!([{"regionName": "us-west-2", "autoScaling": {"read": bounds(1, 9)}}]);
    let stream = json!({"streamSpecification": {"streamEnabled": true, "streamViewType": "NEW_AND_OLD_IMAGES"}});
    let declared = scaled(with(both(), json!({"tableReplicas": replicas})));
    let there = described(with(
        json!({"provisionedThroughput": {"readCapacityUnits": 5, "writeCapacityUnits": 5}}),
        stream.clone(),
    ));
    let readings = || [("autoScaling", Ok(None)), ("tableReplicas.autoScaling", Ok(None))].into();
    let steps = planned_with(declared.clone(), &there, &[], readings());
    let operations = |steps: &[&Step]| steps.iter().map(|step| step.in_words()).collect::<Vec<_>>();
    let round = steps.round();
    assert_eq!(operations(&round.immediate), ["changing autoScaling", "changing autoScaling"]);
    assert_eq!(operations(&round.lasting), ["creating the replica in us-west-2"]);
    assert_eq!(round.lasting[0].after, ["autoScaling"]);
    let mut global = by_request(stream);
    global.parts.insert("tableReplicas", Some(json!([{"regionName": "us-west-2"}])));
    let steps = planned_with(declared, &global, &[], readings());
    let round = steps.round();
    assert_eq!(round.immediate.len(), 3);
    assert_eq!(operations(&round.lasting), ["changing billingMode"]);
}

#[test]
fn what_somebody_may_scale_is_asked_for_only_where_units_differ() {
    let asks = |declared: Value, present: &Present| {
        plan::fields_to_read(&RULES, &desired(declared), &Record::default(), present, false)
    };
    let units = |read: i64| json!({"provisionedThroughput": {"readCapacityUnits": read}});
    assert_eq!(asks(units(9), &moved()), [""; 0]);
    assert_eq!(asks(units(5), &moved()), ["autoScaling"]);
    assert_eq!(asks(units(5), &by_request(json!({}))), [""; 0]);
    assert_eq!(asks(index(units(5)), &moved()), ["autoScaling"]);
    assert_eq!(asks(index(units(9)), &moved()), [""; 0]);
    let replica = |read: i64| {
        let own = json!({"provisionedThroughputOverride": {"readCapacityUnits": read}});
        json!({"tableReplicas": [with(json!({"regionName": "us-west-2"}), own)]})
    };
    let mut present = moved();
    present.parts.insert("tableReplicas", Some(replica(9)["tableReplicas"].clone()));
    assert_eq!(asks(replica(9), &present), [""; 0]);
    assert_eq!(asks(replica(5), &present), ["tableReplicas.autoScaling"]);
    assert_eq!(asks(replica(5), &moved()), [""; 0]);
}
