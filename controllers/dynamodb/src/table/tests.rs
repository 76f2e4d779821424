// Rows read better with values than with references to them.
#![allow(clippy::needless_pass_by_value)]

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::TableDescription;
use cairn_aws::wire::Wire;
use cairn_core::{
    adoption::Adoption,
    api::{Ownership, Record},
    controls::Controls,
    observed::{Observed, Phase, Present, Reading},
    owner::Owner,
    plan::{self, Inputs, Plan, Steps},
    rules::{Effect, Removal},
};
use serde_json::json;

use super::*;
use crate::wire::Sdk;

cairn_aws::wire_struct! { Sdk, TableDescription {
    "attributeDefinitions" => attribute_definitions,
    "keySchema" => key_schema,
    "provisionedThroughput" => provisioned_throughput,
    "billingModeSummary" => billing_mode_summary,
    "onDemandThroughput" => on_demand_throughput,
    "warmThroughput" => warm_throughput,
    "globalSecondaryIndexes" => global_secondary_indexes,
    "localSecondaryIndexes" => local_secondary_indexes,
    "streamSpecification" => stream_specification,
    "tableStatus" => table_status,
    "tableId" => table_id,
    "creationDateTime" => creation_date_time,
    "itemCount" => item_count,
    "archivalSummary" => archival_summary,
    "restoreSummary" => restore_summary,
}, Ok }
crate::wire::wire! { enum TableStatus struct BillingModeSummary { "billingMode" => billing_mode } }

mod replicas;
mod scaling;
mod together;

fn kind() -> TableKind {
    let sessions = cairn_aws::Sessions::new(cairn_aws::Settings {
        endpoint: None,
        identity_endpoint: None,
        read_timeout: std::time::Duration::from_secs(1),
        mutation_timeout: std::time::Duration::from_secs(1),
        use_fips: false,
        use_dual_stack: false,
        time_source: None,
        http_client: None,
        credentials: None,
        meter: cairn_aws::Meter::new(std::sync::Arc::new(Silent)),
    });
    TableKind::new(DynamoDb::new(sessions))
}

#[derive(Debug)]
struct Silent;

impl cairn_aws::CallObserver for Silent {
    fn called(&self, _: cairn_aws::AwsCall<'_>) {}
}

fn with(mut base: Value, fields: Value) -> Value {
    base.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    base
}

fn desired(fields: Value) -> Desired {
    let base = json!({
        "tableName": "orders",
        "attributeDefinitions": [{"attributeName": "id", "attributeType": "S"}],
        "keySchema": [{"attributeName": "id", "keyType": "HASH"}],
    });
    kind().desired(&serde_json::from_value(with(base, fields)).unwrap()).unwrap()
}

/// A table as `DescribeTable` shows it.
fn described(fields: Value) -> Present {
    let base = json!({
        "attributeDefinitions": [{"attributeName": "id", "attributeType": "S"}],
        "keySchema": [{"attributeName": "id", "keyType": "HASH"}],
        "provisionedThroughput": {"readCapacityUnits": 0, "writeCapacityUnits": 0},
        "tableStatus": "ACTIVE",
        "tableId": "id-1",
    });
    describe::present(&TableDescription::from_json(&with(base, fields)).unwrap())
}

fn by_request(fields: Value) -> Present {
    described(with(json!({"billingModeSummary": {"billingMode": "PAY_PER_REQUEST"}}), fields))
}

fn provisioned(read: i64, write: i64) -> Present {
    described(json!({"provisionedThroughput": {"readCapacityUnits": read, "writeCapacityUnits": write}}))
}

fn owner() -> Owner {
    let text = |text: &str| text.to_owned();
    Owner {
        cluster: text("c"),
        service: text("dynamodb"),
        kind: text("Table"),
        namespace: text("default"),
        name: text("orders"),
    }
}

/// What is planned for a table that is there.
fn planned(declared: Value, present: &Present, recorded: &[(&str, &[&str])]) -> Steps {
    planned_with(declared, present, recorded, BTreeMap::new())
}

/// The same where this was read beside the table.
fn planned_with(
    declared: Value,
    present: &Present,
    recorded: &[(&str, &[&str])],
    parts: BTreeMap<&'static str, Reading>,
) -> Steps {
    let recorded = recorded
        .iter()
        .map(|(field, paths)| ((*field).to_owned(), paths.iter().map(ToString::to_string).collect()))
        .collect();
    let record = Record { ownership: Some(Ownership::Created), declared: recorded, ..Record::default() };
    let present = Present { tags: Some(owner().tags()), ..present.clone() };
    let observed = Observed { existence: Existence::Present(present), parts, fresh: false };
    let plan = plan::plan(Inputs {
        rules: &RULES,
        desired: &desired(declared),
        record: &record,
        observed: &observed,
        owner: &owner(),
        adoption: &Adoption::NotAsked,
        controls: &Controls::default(),
        emulated: false,
        confirm_create: false,
        now: jiff::Timestamp::UNIX_EPOCH,
    });
    match plan {
        Plan::Steps(steps) => steps,
        other => panic!("{other:?}"),
    }
}

/// The requests that bring a table that is there to what is declared.
fn updates(declared: Value, present: &Present, recorded: &[(&str, &[&str])]) -> Vec<Value> {
    let steps = planned(declared, present, recorded);
    assert_eq!(steps.immutable, [""; 0]);
    let document = |step: Step| match step.action {
        Action::Put { value } => value,
        other => panic!("{other:?}"),
    };
    steps.steps.into_iter().map(document).collect()
}

#[test]
fn every_part_is_a_field_of_the_spec() {
    let fields = (TABLE.spec)();
    for part in RULES.parts {
        // What a replica has for itself stands in the items of the list of replicas.
        let field = match part.field.split_once('.') {
            None => &fields["properties"][part.field],
            Some((list, field)) => &fields["properties"][list]["items"]["properties"][field],
        };
        assert!(field.is_object(), "{}", part.field);
    }
}

#[test]
fn every_call_has_its_permissions() {
    for operation in RULES.operations() {
        assert!(!RULES.actions(operation).is_empty(), "{operation} is not in the table of permissions");
    }
}

#[test]
fn what_removal_leaves_as_it_is() {
    let changeable = RULES.parts.iter().filter(|part| !part.immutable);
    let kept: Vec<_> = changeable.filter(|p| p.removal == Removal::Keep).map(|p| p.field).collect();
    let expected = [
        "deletionProtectionEnabled",
        "billingMode",
        "provisionedThroughput",
        "warmThroughput",
        "sseSpecification",
        "multiRegionConsistency",
        "continuousBackups",
        "contributorInsightsMode",
        "tableReplicas.deletionProtectionEnabled",
        "tableReplicas.tags",
        "tableReplicas.continuousBackups",
        "tableReplicas.contributorInsights",
        "tableReplicas.resourcePolicy",
    ];
    assert_eq!(kept, expected);
}

#[test]
fn what_a_table_takes_by_update_lasts() {
    for part in RULES.parts {
        let by_update = part.put == UPDATE && !part.field.contains('.');
        assert_eq!(part.effect == Effect::Lasting, by_update, "{}", part.field);
    }
}

#[test]
fn a_spec_declares_what_it_names_and_what_follows_from_that() {
    let fields = |fields| desired(fields).parts.into_keys().collect::<Vec<_>>();
    assert_eq!(fields(json!({})), ["attributeDefinitions", "keySchema"]);
    let throughput = json!({"provisionedThroughput": {"readCapacityUnits": 5, "writeCapacityUnits": 5}});
    assert_eq!(desired(throughput).parts["billingMode"], "PROVISIONED");
    let limit = json!({"onDemandThroughput": {"maxReadRequestUnits": 5}});
    assert_eq!(desired(limit).parts["billingMode"], "PAY_PER_REQUEST");
    let zeroes = json!({
        "billingMode": "PAY_PER_REQUEST",
        "provisionedThroughput": {"readCapacityUnits": 0, "writeCapacityUnits": 0},
    });
    assert_eq!(fields(zeroes), ["attributeDefinitions", "billingMode", "keySchema"]);
    assert_eq!(desired(json!({})).tags, None);
    let tags = desired(json!({"tags": [{"key": "team", "value": "a"}]})).tags;
    assert_eq!(tags, Some([("team".to_owned(), "a".to_owned())].into()));
}

#[test]
fn a_creation_without_a_word_on_capacity_is_paid_for_by_request() {
    let create = |fields| calls::creation("orders", &desired(fields).parts, &Tags::new());
    assert_eq!(create(json!({}))["billingMode"], "PAY_PER_REQUEST");
    let throughput = json!({"readCapacityUnits": 5, "writeCapacityUnits": 5});
    let document = create(json!({"provisionedThroughput": throughput}));
    assert_eq!((&document["billingMode"], &document["provisionedThroughput"]), (&json!("PROVISIONED"), &throughput));
    assert_eq!(document["tableName"], "orders");
}

#[test]
fn nothing_that_is_not_declared_is_touched() {
    assert_eq!(updates(json!({}), &provisioned(7, 7), &[]), [json!(null); 0]);
    let limited = by_request(json!({"onDemandThroughput": {"maxReadRequestUnits": 9}}));
    assert_eq!(updates(json!({}), &limited, &[]), [json!(null); 0]);
    let other = json!({"provisionedThroughput": {"readCapacityUnits": 5}});
    let expected = json!({"provisionedThroughput": {"readCapacityUnits": 5, "writeCapacityUnits": 7}});
    assert_eq!(updates(other, &provisioned(7, 7), &[]), [expected]);
}

#[test]
fn a_billing_mode_and_its_throughput_go_in_one_call() {
    let throughput = json!({"readCapacityUnits": 5, "writeCapacityUnits": 6});
    let declared = json!({"billingMode": "PROVISIONED", "provisionedThroughput": throughput});
    assert_eq!(updates(declared.clone(), &by_request(json!({})), &[]), std::slice::from_ref(&declared));
    assert_eq!(updates(declared, &provisioned(5, 6), &[]), [json!(null); 0]);
    let declared = json!({"billingMode": "PAY_PER_REQUEST", "onDemandThroughput": {"maxReadRequestUnits": 9}});
    assert_eq!(updates(declared.clone(), &provisioned(5, 6), &[]), [declared]);
}

#[test]
fn the_throughput_of_the_other_billing_mode_goes_with_it() {
    let limited = by_request(json!({"onDemandThroughput": {"maxReadRequestUnits": 9}}));
    let declared = json!({"billingMode": "PROVISIONED", "provisionedThroughput": {"readCapacityUnits": 5, "writeCapacityUnits": 5}});
    let recorded: &[(&str, &[&str])] = &[("onDemandThroughput", &["maxReadRequestUnits"])];
    assert_eq!(updates(declared.clone(), &limited, recorded), [declared]);
}

#[test]
fn a_limit_that_is_no_longer_declared_is_lifted() {
    let limited = by_request(json!({"onDemandThroughput": {"maxReadRequestUnits": 9, "maxWriteRequestUnits": 8}}));
    let recorded: &[(&str, &[&str])] = &[("onDemandThroughput", &["maxReadRequestUnits"])];
    let expected = json!({"onDemandThroughput": {"maxReadRequestUnits": -1, "maxWriteRequestUnits": 8}});
    assert_eq!(updates(json!({"billingMode": "PAY_PER_REQUEST"}), &limited, recorded), [expected]);
    assert_eq!(updates(json!({"billingMode": "PAY_PER_REQUEST"}), &by_request(json!({})), recorded), [json!(null); 0]);
    let unlimited = json!({"onDemandThroughput": {"maxReadRequestUnits": -1}});
    assert_eq!(updates(unlimited, &by_request(json!({})), &[]), [json!(null); 0]);
}

#[test]
fn only_another_type_of_a_key_attribute_is_a_difference() {
    let rules = RULES.part("attributeDefinitions").unwrap();
    let definition = |name, kind| json!({"attributeName": name, "attributeType": kind});
    let (id, other) = (definition("id", "S"), definition("at", "N"));
    let observed = json!([id, other]);
    assert!((rules.same)(&json!([other, id]), &observed));
    assert!((rules.same)(&json!([id]), &observed));
    assert!((rules.same)(&json!([id, definition("new", "B")]), &observed));
    assert!(!(rules.same)(&json!([id, definition("at", "S")]), &observed));
}

#[test]
fn a_table_says_what_aws_is_doing_with_it() {
    let phase = |status: &str| described(json!({"tableStatus": status})).phase;
    assert_eq!(phase("ACTIVE"), Phase::Steady);
    assert_eq!(phase("CREATING"), Phase::Creating);
    assert!(matches!(phase("UPDATING"), Phase::Updating(_)));
    assert!(matches!(phase("ARCHIVING"), Phase::Updating(_)));
    assert_eq!(phase("DELETING"), Phase::Deleting);
    for (status, word) in [
        ("INACCESSIBLE_ENCRYPTION_CREDENTIALS", "KMS key"),
        ("ARCHIVED", "backup"),
        ("REPLICATION_NOT_AUTHORIZED", "replicate"),
        ("SOMETHING_NEW", "SOMETHING_NEW"),
    ] {
        let Phase::Unusable(why) = phase(status) else { panic!("{status} can be used") };
        assert!(why.contains(word), "{why}");
    }
}

#[test]
fn the_status_has_acks_fields_and_what_aws_no_longer_tells_goes() {
    let present = described(json!({"itemCount": 3, "creationDateTime": "2026-01-02T03:04:05Z"}));
    assert_eq!(present.incarnation.as_deref(), Some("id-1"));
    assert_eq!((present.status["tableID"].as_str(), present.status["itemCount"].as_i64()), (Some("id-1"), Some(3)));
    assert_eq!(present.status["creationDateTime"], "2026-01-02T03:04:05Z");
    assert_eq!(present.status["latestStreamARN"], Value::Null);
    let told = json!({
        "archivalSummary": {"archivalBackupARN": "arn:b", "archivalReason": "INACCESSIBLE_ENCRYPTION_CREDENTIALS"},
        "restoreSummary": {
            "restoreDateTime": "2026-01-02T03:04:05Z", "restoreInProgress": true, "sourceTableARN": "arn:t",
        },
    });
    let summaries = described(told.clone()).status;
    assert_eq!(
        (&summaries["archivalSummary"], &summaries["restoreSummary"]),
        (&told["archivalSummary"], &told["restoreSummary"])
    );
    let fields = (TABLE.status)();
    for field in present.status.keys() {
        assert!(fields["properties"].get(field).is_some(), "{field} is not in the schema");
    }
}

fn index(name: &str) -> Value {
    json!({
        "indexName": name,
        "keySchema": [{"attributeName": name, "keyType": "HASH"}],
        "projection": {"projectionType": "INCLUDE", "nonKeyAttributes": ["x", "y"]},
    })
}

fn indexed(names: &[&str]) -> Value {
    let names = std::iter::once("id").chain(names.iter().copied());
    let definitions: Vec<_> = names.clone().map(|name| json!({"attributeName": name, "attributeType": "S"})).collect();
    let indexes: Vec<_> = names.skip(1).map(index).collect();
    json!({"attributeDefinitions": definitions, "globalSecondaryIndexes": indexes})
}

#[test]
fn indexes_come_one_by_one_with_the_attributes_of_their_keys() {
    let declared = indexed(&["at", "by"]);
    let steps = planned(declared.clone(), &by_request(json!({})), &[]);
    let words: Vec<_> = steps.steps.iter().map(Step::in_words).collect();
    assert_eq!(words, ["creating index at", "creating index by"]);
    let expected = json!({
        "attributeDefinitions": [{"attributeName": "at", "attributeType": "S"}],
        "globalSecondaryIndexUpdates": [{"create": index("at")}],
    });
    assert_eq!(updates(declared.clone(), &by_request(json!({})), &[])[0], expected);
    let there = by_request(indexed(&["at", "by", "theirs"]));
    assert_eq!(updates(declared, &there, &[]), [json!(null); 0]);
}

#[test]
fn nothing_is_begun_while_aws_is_at_work_on_an_index() {
    let mut present = by_request(indexed(&["at"]));
    present.status["globalSecondaryIndexesDescriptions"] =
        json!([{"indexName": "at", "indexStatus": "CREATING", "backfilling": true}]);
    let steps = planned(indexed(&["at", "by"]), &present, &[]);
    let words: Vec<_> = steps.awaited.iter().map(|awaited| awaited.words.as_str()).collect();
    assert_eq!((steps.steps, words), (vec![], vec!["filling index at"]));
    let recorded: &[(&str, &[&str])] = &[("globalSecondaryIndexes", &["at"])];
    let given_up = updates(json!({}), &present, recorded);
    assert_eq!(given_up, [json!({"globalSecondaryIndexUpdates": [{"delete": {"indexName": "at"}}]})]);
}

#[test]
fn attributes_of_an_index_have_no_order_and_others_need_another_index() {
    let mut declared = indexed(&["at"]);
    let present = by_request(declared.clone());
    declared["globalSecondaryIndexes"][0]["projection"]["nonKeyAttributes"] = json!(["y", "x"]);
    assert_eq!(updates(declared.clone(), &present, &[]), [json!(null); 0]);
    declared["globalSecondaryIndexes"][0]["projection"]["nonKeyAttributes"] = json!(["y", "z"]);
    let steps = planned(declared, &present, &[]);
    assert_eq!((steps.steps, steps.immutable), (vec![], vec!["globalSecondaryIndexes"]));
}

#[test]
fn a_table_that_begins_to_be_paid_for_by_capacity_has_some_for_every_index() {
    let mut declared = indexed(&["at"]);
    let units = |units: i64| json!({"readCapacityUnits": units, "writeCapacityUnits": units});
    declared["provisionedThroughput"] = units(5);
    declared["globalSecondaryIndexes"][0]["provisionedThroughput"] = units(3);
    let got = updates(declared, &by_request(indexed(&["at", "theirs"])), &[]);
    let expected = json!({
        "billingMode": "PROVISIONED",
        "provisionedThroughput": units(5),
        "globalSecondaryIndexUpdates": [
            {"update": {"indexName": "at", "provisionedThroughput": units(3)}},
            {"update": {"indexName": "theirs", "provisionedThroughput": units(5)}},
        ],
    });
    assert_eq!(got, [expected]);
}

#[test]
fn warm_throughput_only_grows() {
    let warm = |read: i64| json!({"warmThroughput": {"readUnitsPerSecond": read}});
    let present = by_request(json!({"warmThroughput": {"readUnitsPerSecond": 12_000, "writeUnitsPerSecond": 4_000}}));
    assert_eq!(updates(warm(9_000), &present, &[]), [json!(null); 0]);
    let expected = json!({"warmThroughput": {"readUnitsPerSecond": 15_000, "writeUnitsPerSecond": 4_000}});
    assert_eq!(updates(warm(15_000), &present, &[]), [expected]);
}

#[test]
fn another_view_ends_the_stream_and_begins_another() {
    let stream = |view: &str| json!({"streamSpecification": {"streamEnabled": true, "streamViewType": view}});
    let off = json!({"streamSpecification": {"streamEnabled": false}});
    assert_eq!(updates(stream("NEW_IMAGE"), &by_request(stream("KEYS_ONLY")), &[]), [off]);
    assert_eq!(updates(stream("NEW_IMAGE"), &by_request(json!({})), &[]), [stream("NEW_IMAGE")]);
    assert_eq!(updates(stream("NEW_IMAGE"), &by_request(stream("NEW_IMAGE")), &[]), [json!(null); 0]);
}
