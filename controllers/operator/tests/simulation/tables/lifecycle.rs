//! A table from its creation to its deletion, and what that costs.

use std::time::Duration;

use cairn_testkit::aws::dynamodb::model::BillingMode;
use serde_json::{Value, json};

use super::{ACCOUNT, TABLE, count, full, minimal, provisioned, table, tag, timed, units, world};
use crate::harness::{REGION, World, pass};

#[tokio::test(start_paused = true)]
async fn a_create_asks_once_before_and_then_until_the_table_is_active() {
    let world = world(Duration::from_millis(150));
    let _operator = world.start("one");
    world.create("orders", minimal()).await;
    world.api.clear_calls();
    world.until_ready("orders").await;
    assert_eq!(world.operations(), ["DescribeTable", "CreateTable", "DescribeTable"]);
    assert!(world.kubernetes_calls().len() <= 4, "{:?}", world.kubernetes_calls());
    let table = table(&world).unwrap();
    assert_eq!(table.billing.mode, BillingMode::PayPerRequest);
    assert!(tag(&table, "cairn.run/owner").is_some());
    let object = world.object("orders").unwrap();
    assert_eq!(object["status"]["tableStatus"], "ACTIVE");
    assert_eq!(object["status"]["tableID"], table.id);
    assert_eq!(object["status"]["record"]["incarnation"], table.id);
    assert_eq!(object["status"]["record"]["intent"], Value::Null);
    let arn = format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{TABLE}");
    assert_eq!(object["status"]["ackResourceMetadata"]["arn"], arn);
    assert_eq!(object["status"]["creationDateTime"].as_str().map(str::len), Some("2026-01-01T00:00:00Z".len()));
}

#[tokio::test(start_paused = true)]
async fn while_aws_makes_a_table_the_object_says_so_and_asks_ever_more_rarely() {
    let world = world(Duration::from_mins(5));
    let _operator = world.start("one");
    world.create("orders", full()).await;
    world.until_reason("orders", "Creating").await;
    assert!(!world.ready("orders").unwrap().3, "that is no stall");
    world
        .until("AWS is seen to be at it", |world| {
            world.object("orders").unwrap()["status"]["tableStatus"] == "CREATING"
        })
        .await;
    world.forget_calls();
    pass(Duration::from_mins(2)).await;
    let asked = world.operations().len();
    assert!((8..=30).contains(&asked), "{asked}");
    assert_eq!(world.operations().len(), count(&world, "DescribeTable"), "{:?}", world.operations());
    assert!(world.kubernetes_calls().is_empty(), "{:?}", world.kubernetes_calls());
    world.until_ready("orders").await;
}

#[tokio::test(start_paused = true)]
async fn a_hundred_tables_are_ready_within_a_second_of_being_active() {
    let world = world(Duration::from_millis(200));
    let _operator = world.start("one");
    let start = world.api.clock().now();
    for n in 0..100 {
        let mut spec = minimal();
        spec["tableName"] = json!(format!("table-{n}"));
        world.create(&format!("t-{n}"), spec).await;
    }
    for n in 0..100 {
        world.until_ready(&format!("t-{n}")).await;
    }
    let took = world.api.clock().now().duration_since(start);
    assert!(took.as_millis() <= 1_200, "{took}");
}

#[tokio::test(start_paused = true)]
async fn a_check_costs_one_call_and_one_more_for_declared_tags() {
    for (spec, expected) in [(minimal(), &["DescribeTable"][..]), (full(), &["DescribeTable", "ListTagsOfResource"])] {
        let world =
            timed(World::of_tables().flag("--reconcile-default-resync-seconds=600"), Duration::from_millis(100));
        let _operator = world.start("one");
        world.create("orders", spec).await;
        world.until_ready("orders").await;
        world.forget_calls();
        world.until("a check", |world| !world.aws_calls().is_empty()).await;
        pass(Duration::from_secs(5)).await;
        assert_eq!(world.operations(), expected);
        assert!(world.kubernetes_calls().is_empty(), "{:?}", world.kubernetes_calls());
    }
}

#[tokio::test(start_paused = true)]
async fn a_restart_makes_no_call() {
    let world = world(Duration::from_millis(100));
    let operator = world.start("one");
    world.create("orders", full()).await;
    world.until_ready("orders").await;
    operator.stop().await;
    world.forget_calls();
    let _operator = world.start("two");
    pass(Duration::from_mins(5)).await;
    assert!(world.aws.calls().is_empty() && world.kubernetes_calls().is_empty(), "{:?}", world.operations());
}

#[tokio::test(start_paused = true)]
async fn a_delete_asks_whose_the_table_is_deletes_it_and_waits_until_it_is_gone() {
    let world = world(Duration::from_millis(150));
    let _operator = world.start("one");
    let mut spec = minimal();
    spec["deletion"] = json!({"backupFirst": false});
    world.create("orders", spec).await;
    world.until_ready("orders").await;
    world.forget_calls();
    world.delete("orders").await;
    world.until_gone("orders").await;
    let expected = ["DescribeTable", "ListTagsOfResource", "DeleteTable", "DescribeTable", "DescribeTable"];
    assert_eq!(world.operations(), expected);
    assert_eq!(world.events("Deleted"), 1);
    assert!(world.aws.tables().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_deleted_while_aws_makes_it_is_waited_for() {
    let world = world(Duration::from_secs(20));
    let _operator = world.start("one");
    world.create("orders", minimal()).await;
    world.until_reason("orders", "Creating").await;
    world.until("it is there", |world| table(world).is_some()).await;
    world.delete("orders").await;
    world.until_gone("orders").await;
    assert!(world.aws.tables().is_empty());
    assert_eq!(world.events("Deleted"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_billing_mode_goes_with_its_throughput_in_one_call() {
    let world = world(Duration::from_millis(300));
    let _operator = world.start("one");
    world.create("orders", minimal()).await;
    world.until_ready("orders").await;
    world.forget_calls();
    world.patch("orders", json!({"spec": provisioned(7)})).await;
    world.until_reason("orders", "Updating").await;
    world.until_ready("orders").await;
    assert_eq!(world.mutations(), ["UpdateTable"]);
    assert_eq!(units(&table(&world).unwrap()), (BillingMode::Provisioned, 7));
    let request = json!({"spec": {"billingMode": "PAY_PER_REQUEST", "provisionedThroughput": null}});
    world.patch("orders", request).await;
    world.until_ready("orders").await;
    assert_eq!(world.mutations(), ["UpdateTable", "UpdateTable"]);
    assert_eq!(table(&world).unwrap().billing.mode, BillingMode::PayPerRequest);
}

#[tokio::test(start_paused = true)]
async fn capacity_that_is_not_declared_is_nobodys_drift() {
    let world = timed(World::of_tables().flag("--reconcile-default-resync-seconds=600"), Duration::from_millis(100));
    let _operator = world.start("one");
    world.create("orders", full()).await;
    world.until_ready("orders").await;
    assert!(world.aws.edit_table(REGION, TABLE, |table| table.throughput.provisioned.write = 50));
    world.patch("orders", json!({"spec": {"provisionedThroughput": {"writeCapacityUnits": null}}})).await;
    world.until_ready("orders").await;
    pass(Duration::from_hours(1)).await;
    assert_eq!(table(&world).unwrap().throughput.provisioned.write, 50);
    assert_eq!(count(&world, "UpdateTable"), 0);
    assert_eq!(world.events("NoLongerManaged"), 1);
}

#[tokio::test(start_paused = true)]
async fn drift_of_the_billing_mode_is_mended_and_told() {
    let world = timed(World::of_tables().flag("--reconcile-default-resync-seconds=600"), Duration::from_millis(100));
    let _operator = world.start("one");
    world.create("orders", full()).await;
    world.until_ready("orders").await;
    world.forget_calls();
    assert!(world.aws.edit_table(REGION, TABLE, |table| {
        (table.billing.mode, table.billing.on_demand_since) = (BillingMode::PayPerRequest, Some(table.created));
    }));
    world.until("drift is mended", |world| world.events("DriftCorrected") == 1).await;
    world.until_ready("orders").await;
    assert_eq!(units(&table(&world).unwrap()), (BillingMode::Provisioned, 5));
    assert_eq!(world.mutations(), ["UpdateTable"]);
}

#[tokio::test(start_paused = true)]
async fn tags_of_others_stay_and_ours_follow_the_spec() {
    let world = world(Duration::from_millis(100));
    let _operator = world.start("one");
    world.create("orders", full()).await;
    world.until_ready("orders").await;
    assert!(world.aws.edit_table(REGION, TABLE, |table| {
        let mut other = table.tags[0].clone();
        (other.key, other.value) = ("theirs".into(), "1".into());
        table.tags.push(other);
    }));
    world.forget_calls();
    world.patch("orders", json!({"spec": {"tags": [{"key": "env", "value": "prod"}]}})).await;
    world.until_ready("orders").await;
    let mut mutations = world.mutations();
    mutations.sort();
    assert_eq!(mutations, ["TagResource", "UntagResource"]);
    let table = table(&world).unwrap();
    let found = ["theirs", "env", "team"].map(|key| tag(&table, key));
    assert_eq!(found, [Some("1".to_owned()), Some("prod".to_owned()), None]);
    assert!(tag(&table, "cairn.run/owner").is_some());
}

#[tokio::test(start_paused = true)]
async fn another_type_of_a_key_attribute_is_told_and_changes_nothing() {
    let world = world(Duration::from_millis(100));
    let _operator = world.start("one");
    world.create("orders", minimal()).await;
    world.until_ready("orders").await;
    world.forget_calls();
    let definitions = json!([{"attributeName": "id", "attributeType": "N"}]);
    world.patch("orders", json!({"spec": {"attributeDefinitions": definitions}})).await;
    world.until_reason("orders", "Immutable").await;
    assert!(world.ready("orders").unwrap().2.contains("attributeDefinitions"));
    assert!(world.mutations().is_empty());
}
