//! Capacity that follows its use.

use std::{collections::BTreeMap, time::Duration};

use cairn_testkit::{
    Fault, Matcher,
    aws::dynamodb::model::{Caller, scaling::ScalingRequest},
};
use serde_json::{Value, json};

use super::{ACCOUNT, TABLE, count, minimal, provisioned, table, timed, world};
use crate::harness::{REGION, World, pass};

const ELSEWHERE: &str = "eu-central-1";
const REGISTER: &str = "RegisterScalableTarget";
const POLICY: &str = "PutScalingPolicy";
const END: &str = "DeregisterScalableTarget";

pub(super) fn bounds(min: i64, max: i64) -> Value {
    json!({"minCapacity": min, "maxCapacity": max})
}

pub(super) fn with(mut spec: Value, mut fields: Value) -> Value {
    spec.as_object_mut().unwrap().append(fields.as_object_mut().unwrap());
    spec
}

fn scaling() -> Value {
    json!({"read": bounds(5, 50), "write": bounds(5, 40)})
}

/// A table of which reads and writes are scaled.
pub(super) fn scaled() -> Value {
    with(with(minimal(), provisioned(5)), json!({"autoScaling": scaling()}))
}

/// The same with an index of which the same is true.
pub(super) fn indexed() -> Value {
    let index = json!({
        "indexName": "by-id", "keySchema": [{"attributeName": "id", "keyType": "HASH"}],
        "projection": {"projectionType": "KEYS_ONLY"}, "autoScaling": scaling(),
    });
    with(scaled(), json!({"globalSecondaryIndexes": [index]}))
}

/// What is scaled in all regions: bounds and, where there is a policy, the value that it keeps.
pub(super) fn targets(world: &World) -> BTreeMap<String, (i64, i64, Option<i64>)> {
    let kept = |value: f64| serde_json::from_str(&format!("{value:.0}")).unwrap();
    world.aws.dynamodb(|dynamo, _| {
        let shown = dynamo.scalable_targets().map(|target| {
            let region = if target.home.region == REGION { "" } else { &target.home.region };
            let which = if json!(target.dimension).to_string().contains("Read") { "read" } else { "write" };
            let policy = target.policies.values().next().map(|policy| kept(policy.tracking.target_value));
            let of = target.resource.trim_start_matches("table/").trim_start_matches(TABLE);
            (format!("{region}{of} {which}").trim_start().to_owned(), (target.min, target.max, policy))
        });
        shown.collect()
    })
}

fn names(world: &World) -> Vec<String> {
    targets(world).into_keys().collect()
}

/// Somebody else calls Application Auto Scaling.
fn calls(world: &World, operation: &str, dimension: &str, more: Value) {
    let place = json!({
        "ServiceNamespace": "dynamodb", "ResourceId": format!("table/{TABLE}"),
        "ScalableDimension": format!("dynamodb:table:{dimension}CapacityUnits"),
    });
    let request = ScalingRequest::parse(operation, with(place, more)).unwrap();
    world.aws.dynamodb(|dynamo, now| dynamo.scale(&Caller::new(ACCOUNT, REGION), &request, now)).unwrap();
}

/// Somebody else has reads or writes of the table scaled.
fn registers(world: &World, dimension: &str) {
    calls(world, REGISTER, dimension, json!({"MinCapacity": 1, "MaxCapacity": 99}));
    let metric = format!("DynamoDB{dimension}CapacityUtilization");
    let tracking = json!({"TargetValue": 50.0, "PredefinedMetricSpecification": {"PredefinedMetricType": metric}});
    let policy = json!({"PolicyName": "theirs", "TargetTrackingScalingPolicyConfiguration": tracking});
    calls(world, POLICY, dimension, policy);
}

/// What auto scaling does to a table, its indexes and all of its replicas.
fn moves(world: &World, region: &str, units: i64) {
    assert!(world.aws.edit_table(region, TABLE, |table| {
        let indexes = table.indexes.iter_mut().map(|index| &mut index.throughput);
        for throughput in indexes.chain([&mut table.throughput]) {
            (throughput.provisioned.read, throughput.provisioned.write) = (units, units);
        }
    }));
}

fn checked_often() -> World {
    timed(World::of_tables().flag("--reconcile-default-resync-seconds=600"), Duration::from_millis(100))
}

#[tokio::test(start_paused = true)]
async fn a_table_is_made_and_scaled_in_one_go() {
    let world = world(Duration::from_millis(150));
    let _operator = world.start("one");
    world.create("orders", scaled()).await;
    world.api.clear_calls();
    world.until_ready("orders").await;
    let (mut first, mut rest) = (world.operations(), Vec::new());
    rest.extend(first.drain(4..));
    assert_eq!(first, ["DescribeTable", "CreateTable", "DescribeTable", "DescribeScalableTargets"]);
    rest.sort();
    assert_eq!(rest, [POLICY, POLICY, REGISTER, REGISTER]);
    assert!(world.kubernetes_calls().len() <= 4, "{:?}", world.kubernetes_calls());
    let expected = [("read".to_owned(), (5, 50, Some(70))), ("write".to_owned(), (5, 40, Some(70)))];
    assert_eq!(targets(&world), expected.into());
}

#[tokio::test(start_paused = true)]
async fn a_check_costs_two_calls_more_and_what_auto_scaling_moved_is_no_drift() {
    let world = checked_often();
    let _operator = world.start("one");
    world.create("orders", indexed()).await;
    world.until_ready("orders").await;
    assert_eq!(names(&world), ["/index/by-id read", "/index/by-id write", "read", "write"]);
    pass(Duration::from_secs(5)).await;
    moves(&world, REGION, 33);
    world.forget_calls();
    world.until("a check", |world| !world.aws_calls().is_empty()).await;
    pass(Duration::from_secs(5)).await;
    assert_eq!(world.operations(), ["DescribeTable", "DescribeScalableTargets", "DescribeScalingPolicies"]);
    assert!(world.kubernetes_calls().is_empty(), "{:?}", world.kubernetes_calls());
    world.forget_calls();
    world.patch("orders", json!({"spec": provisioned(9)})).await;
    pass(Duration::from_hours(1)).await;
    assert!(world.mutations().is_empty(), "an edit of the units is none of the bounds: {:?}", world.mutations());
    assert_eq!(table(&world).unwrap().throughput.provisioned.read, 33);
}

#[tokio::test(start_paused = true)]
async fn drift_of_bounds_and_policies_is_mended() {
    let world = checked_often();
    let _operator = world.start("one");
    world.create("orders", scaled()).await;
    world.until_ready("orders").await;
    let before = targets(&world);
    let policy = json!({"PolicyName": format!("DynamoDBReadCapacityUtilization:table/{TABLE}")});
    for (operation, more, mended) in [
        (REGISTER, json!({"MinCapacity": 1}), REGISTER),
        ("DeleteScalingPolicy", policy, POLICY),
        (END, json!({}), REGISTER),
    ] {
        pass(Duration::from_secs(5)).await;
        world.forget_calls();
        calls(&world, operation, "Read", more);
        assert_ne!(targets(&world), before);
        world.until("it is mended", |world| targets(world) == before).await;
        assert_eq!(world.mutations()[0], mended);
    }
}

#[tokio::test(start_paused = true)]
async fn each_change_takes_the_calls_that_it_needs() {
    let world = world(Duration::from_millis(100));
    let _operator = world.start("one");
    world.create("orders", indexed()).await;
    world.until_ready("orders").await;
    let edits = [
        (json!({"autoScaling": {"read": bounds(5, 60)}}), &[REGISTER][..]),
        (json!({"autoScaling": {"read": {"targetValue": 80, "scaleInCooldown": 60}}}), &[POLICY]),
        (json!({"autoScaling": {"write": null}}), &[END]),
        (json!({"autoScaling": null}), &[]),
        (json!({"globalSecondaryIndexes": []}), &[END, END, "UpdateTable"]),
        (json!({"autoScaling": {}}), &[END]),
        (json!({"autoScaling": scaling()}), &[POLICY, POLICY, REGISTER, REGISTER]),
        (
            json!({"autoScaling": null, "billingMode": "PAY_PER_REQUEST", "provisionedThroughput": null}),
            &[END, END, "UpdateTable"],
        ),
        (with(provisioned(7), json!({"autoScaling": {"read": bounds(8, 9)}})), &[POLICY, REGISTER, "UpdateTable"]),
    ];
    for (edit, expected) in edits {
        world.forget_calls();
        world.patch("orders", json!({"spec": edit})).await;
        world.until_ready("orders").await;
        let mut mutations = world.mutations();
        mutations.sort();
        assert_eq!(mutations, expected, "{edit}");
    }
    assert_eq!(world.events("NoLongerManaged"), 2, "auto scaling, and later the units");
    assert_eq!(targets(&world), [("read".to_owned(), (8, 9, Some(70)))].into());
    let units = table(&world).unwrap().throughput.provisioned;
    assert_eq!((units.read, units.write), (8, 7));
}

#[tokio::test(start_paused = true)]
async fn what_somebody_else_scales_is_left_alone_unless_it_is_declared() {
    for ack in [false, true] {
        let world = if ack { World::ack_tables() } else { World::of_tables() };
        let world = timed(world.flag("--reconcile-default-resync-seconds=600"), Duration::from_millis(100));
        let _operator = world.start("one");
        world.create("orders", with(minimal(), provisioned(5))).await;
        world.until_ready("orders").await;
        registers(&world, "Read");
        let theirs = targets(&world);
        assert!(world.aws.edit_table(REGION, TABLE, |table| table.throughput.provisioned.read = 33));
        pass(Duration::from_secs(5)).await;
        world.forget_calls();
        world.until("a check", |world| !world.aws_calls().is_empty()).await;
        pass(Duration::from_secs(5)).await;
        let expected = ["DescribeTable", "DescribeScalableTargets", "DescribeScalingPolicies"];
        assert_eq!(world.operations(), expected);
        pass(Duration::from_hours(1)).await;
        assert!(world.mutations().is_empty(), "{:?}", world.mutations());
        world.patch("orders", json!({"spec": provisioned(7)})).await;
        world.until_ready("orders").await;
        let units = table(&world).unwrap().throughput.provisioned;
        assert_eq!((units.read, units.write), (33, 7), "nobody scales the writes");
        assert_eq!(targets(&world), theirs);
        world.patch("orders", json!({"spec": {"autoScaling": {"read": bounds(1, 40)}}})).await;
        world.until_ready("orders").await;
        assert_eq!(
            targets(&world),
            [("read".to_owned(), (1, 40, Some(70)))].into(),
            "it has one policy, which is ours"
        );
        assert_eq!(count(&world, "DeleteScalingPolicy"), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_delete_ends_what_was_declared_and_nothing_else() {
    let world = world(Duration::from_millis(100));
    let _operator = world.start("one");
    let spec = with(indexed(), json!({"autoScaling": {"read": bounds(5, 50)}, "deletion": {"backupFirst": false}}));
    world.create("orders", spec).await;
    world.until_ready("orders").await;
    registers(&world, "Write");
    world.forget_calls();
    world.delete("orders").await;
    world.until_gone("orders").await;
    assert_eq!(names(&world), ["write"]);
    assert_eq!(world.mutations(), [END, END, END, "DeleteTable"]);
}

#[tokio::test(start_paused = true)]
async fn the_auto_scaling_of_a_table_that_somebody_else_deleted_goes_with_its_object() {
    let world = world(Duration::from_millis(100));
    let _operator = world.start("one");
    world.create("orders", global()).await;
    world.until_ready("orders").await;
    world.aws.dynamodb(|dynamo, _| dynamo.remove(&Caller::new(ACCOUNT, REGION), TABLE));
    world.aws.fail(Matcher::operation(END).nth(1), Fault::Status(500));
    world.forget_calls();
    world.delete("orders").await;
    world.until_gone("orders").await;
    assert_eq!(names(&world), [""; 0], "the next table of that name is not scaled by what this one declared");
    assert_eq!(world.events("Released"), 1);
}

/// A table whose replica and its index are scaled too.
fn global() -> Value {
    let index = json!({"indexName": "by-id", "autoScaling": {"read": bounds(6, 60)}});
    let replica = json!({
        "regionName": ELSEWHERE, "autoScaling": {"read": bounds(7, 70)}, "globalSecondaryIndexes": [index],
        "provisionedThroughputOverride": {"readCapacityUnits": 3},
    });
    with(indexed(), json!({"tableReplicas": [replica]}))
}

#[tokio::test(start_paused = true)]
async fn a_table_with_replicas_is_made_in_one_go_and_its_replicas_are_scaled() {
    let world = checked_often();
    let _operator = world.start("one");
    world.create("orders", global()).await;
    world.until_ready("orders").await;
    let here = ["/index/by-id read", "/index/by-id write"];
    let there = [format!("{ELSEWHERE} read"), format!("{ELSEWHERE}/index/by-id read")];
    let all: Vec<_> =
        here.into_iter().map(str::to_owned).chain(there.clone()).chain(["read".into(), "write".into()]).collect();
    assert_eq!(names(&world), all);
    let replica = || world.aws.table(ELSEWHERE, TABLE).unwrap().throughput.provisioned.read;
    assert_eq!(replica(), 7, "it begins within the bounds");
    pass(Duration::from_secs(5)).await;
    assert!(world.aws.edit_table(ELSEWHERE, TABLE, |table| table.throughput.provisioned.read = 44));
    assert!(world.aws.edit_table(REGION, TABLE, |table| {
        for replica in &mut table.replication.replicas {
            replica.overrides.read = Some(44);
        }
    }));
    world.forget_calls();
    pass(Duration::from_hours(1)).await;
    assert!(world.mutations().is_empty(), "{:?}", world.mutations());
    assert_eq!(replica(), 44);
    world.patch("orders", json!({"spec": {"tableReplicas": []}})).await;
    world.until_ready("orders").await;
    assert_eq!(world.mutations(), [END, END, "UpdateTable"]);
    assert!(world.aws.table(ELSEWHERE, TABLE).is_none());
    assert_eq!(names(&world), [here[0], here[1], "read", "write"]);
}

#[tokio::test(start_paused = true)]
async fn with_the_table_its_replicas_and_all_auto_scaling_go() {
    let world = world(Duration::from_millis(100));
    let _operator = world.start("one");
    world.create("orders", global()).await;
    world.until_ready("orders").await;
    world.delete("orders").await;
    world.until_gone("orders").await;
    assert!(world.aws.tables().is_empty());
    assert_eq!(names(&world), [""; 0]);
}
