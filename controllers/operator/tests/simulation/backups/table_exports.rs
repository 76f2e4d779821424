//! Exports of tables: each runs once, by a token of its own, and leaves in AWS what it did.

use std::{collections::BTreeSet, time::Duration};

use cairn_crds::{
    dynamodb::{TABLE, TABLE_EXPORT},
    s3::BUCKET,
};
use cairn_testkit::{Fault, aws::dynamodb::model::Export};
use serde_json::{Value, json};

use super::{ACCOUNT, ORDERS, ask, table};
use crate::{
    harness::{REGION, World, pass},
    points::{self, every_crash, every_error},
};

fn world() -> World {
    let world = World { unfenced: true, ..World::about(&TABLE_EXPORT) };
    world.aws.dynamodb(|dynamo, _| dynamo.settings_mut().timing.export = Duration::from_millis(100));
    world
}

fn spec() -> Value {
    json!({"tableName": ORDERS, "s3Bucket": "exports"})
}

/// A table that can be exported.
async fn recoverable(world: &World) {
    table(world).await;
    recover(world);
    pass(Duration::from_mins(10)).await;
}

fn recover(world: &World) {
    let on = json!({"PointInTimeRecoveryEnabled": true});
    ask(world, "UpdateContinuousBackups", json!({"TableName": ORDERS, "PointInTimeRecoverySpecification": on}));
}

fn exports(world: &World) -> Vec<Export> {
    world.aws.dynamodb(|dynamo, _| dynamo.exports().cloned().collect())
}

fn arns(world: &World) -> BTreeSet<String> {
    exports(world).into_iter().map(|export| export.arn).collect()
}

fn status(world: &World, name: &str) -> Value {
    world.object(name).unwrap()["status"].clone()
}

#[tokio::test(start_paused = true)]
async fn an_export_runs_once_and_is_not_looked_at_again() {
    let world = world().flag("--reconcile-default-resync-seconds=600");
    recoverable(&world).await;
    let operator = world.start("one");
    let full = json!({
        "tableARN": format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{ORDERS}"),
        "s3Bucket": "exports",
        "s3BucketOwner": ACCOUNT,
        "s3Prefix": "orders",
        "s3SSEAlgorithm": "KMS",
        "s3SSEKMSKeyID": "key-1",
        "exportFormat": "ION",
        "exportType": "FULL_EXPORT",
    });
    world.create("orders", full).await;
    world.until_ready("orders").await;
    assert_eq!(world.operations(), ["ExportTableToPointInTime", "DescribeExport"]);
    let told = status(&world, "orders");
    assert_eq!((&told["exportStatus"], &told["itemCount"]), (&json!("COMPLETED"), &json!(0)), "{told}");
    assert!(told["exportManifest"].as_str().unwrap().starts_with("orders/AWSDynamoDB/"), "{told}");
    assert_eq!(told["ackResourceMetadata"]["arn"], exports(&world)[0].arn);
    let asked = &exports(&world)[0].request;
    assert_eq!((asked.s3_bucket_owner.as_deref(), asked.s3_sse_kms_key_id.as_deref()), (Some(ACCOUNT), Some("key-1")));
    world.forget_calls();
    pass(Duration::from_hours(48)).await;
    operator.stop().await;
    let _operator = world.start("two");
    pass(Duration::from_hours(1)).await;
    assert!(world.operations().is_empty(), "{:?}", world.operations());
    // AWS forgets exports.
    let _forgotten = world.aws.fail_while("DescribeExport", Fault::Error(400, "ExportNotFoundException"));
    let asked = json!({"metadata": {"annotations": {"aws.cairn.run/requested-at": "now"}}});
    world.patch("orders", asked).await;
    world.until("it is answered", |world| status(world, "orders")["lastHandledReconcileAt"] == "now").await;
    world.until_ready("orders").await;
    assert_eq!(status(&world, "orders")["exportStatus"], "COMPLETED");
    assert!(world.mutations().is_empty() && exports(&world).len() == 1);
    world.forget_calls();
    world.delete("orders").await;
    world.until_gone("orders").await;
    assert!(world.operations().is_empty() && exports(&world).len() == 1, "{:?}", world.operations());
}

#[tokio::test(start_paused = true)]
async fn a_part_of_time_is_exported_and_objects_that_are_alike_have_an_export_each() {
    let world = world();
    recoverable(&world).await;
    pass(Duration::from_hours(2)).await;
    let _operator = world.start("one");
    let now = world.aws.dynamodb(|_, now| now);
    let ago = |minutes: i64| (now - jiff::SignedDuration::from_mins(minutes)).to_string();
    let span = json!({"exportFromTime": ago(60), "exportToTime": ago(20), "exportViewType": "NEW_IMAGE"});
    let increment = json!({
        "tableName": ORDERS, "s3Bucket": "exports", "exportType": "INCREMENTAL_EXPORT",
        "incrementalExportSpecification": span,
    });
    for name in ["a", "b"] {
        world.create(name, increment.clone()).await;
    }
    world.create("moment", json!({"tableName": ORDERS, "s3Bucket": "exports", "exportTime": ago(30)})).await;
    for name in ["a", "b", "moment"] {
        world.until_ready(name).await;
    }
    assert_eq!(arns(&world).len(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_export_that_fails_says_why_and_is_not_tried_again() {
    let world = world();
    recoverable(&world).await;
    world.aws.dynamodb(|dynamo, _| {
        dynamo.settings_mut().failing_buckets.insert("exports".into(), "S3NoSuchBucket".into());
    });
    let _operator = world.start("one");
    world.create("orders", spec()).await;
    world.until_reason("orders", "Unusable").await;
    let (_, _, message, stalled) = world.ready("orders").unwrap();
    assert!(
        stalled && message.contains("S3NoSuchBucket: The bucket says") && message.contains("another object"),
        "{message}"
    );
    assert_eq!(status(&world, "orders")["failureCode"], "S3NoSuchBucket");
    world.forget_calls();
    pass(Duration::from_hours(30)).await;
    assert!(world.operations().is_empty(), "{:?}", world.operations());
    world.delete("orders").await;
    world.until_gone("orders").await;
    assert_eq!(exports(&world).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_table_without_point_in_time_recovery_is_told_what_helps() {
    let world = world();
    table(&world).await;
    let _operator = world.start("one");
    world.create("orders", spec()).await;
    world.until_reason("orders", "Refused").await;
    let (_, _, message, stalled) = world.ready("orders").unwrap();
    assert!(stalled && message.contains("continuousBackups.pointInTimeRecoveryEnabled"), "{message}");
    recover(&world);
    world.until_ready("orders").await;
    assert_eq!(exports(&world).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_export_waits_for_its_table_and_bucket_and_needs_neither_after_that() {
    let mut world = world();
    let _operator = world.start("one");
    let from = |name: &str| json!({"from": {"name": name}});
    world.create("export", json!({"tableRef": from("orders"), "s3BucketRef": from("exports")})).await;
    world.until_reason("export", "DependencyNotReady").await;
    world.kind = &BUCKET;
    world.create("exports", json!({"name": "exports-of-a"})).await;
    world.kind = &TABLE;
    let table = json!({
        "tableName": ORDERS,
        "attributeDefinitions": [{"attributeName": "id", "attributeType": "S"}],
        "keySchema": [{"attributeName": "id", "keyType": "HASH"}],
        "continuousBackups": {"pointInTimeRecoveryEnabled": true},
        "deletion": {"backupFirst": false},
    });
    world.create("orders", table).await;
    world.kind = &TABLE_EXPORT;
    world.until_ready("export").await;
    assert_eq!(exports(&world)[0].request.s3_bucket, "exports-of-a");
    for kind in [&TABLE, &BUCKET] {
        world.kind = kind;
        let name = world.objects()[0]["metadata"]["name"].as_str().unwrap().to_owned();
        world.delete(&name).await;
        world.until_gone(&name).await;
    }
    world.kind = &TABLE_EXPORT;
    pass(Duration::from_hours(1)).await;
    world.until_ready("export").await;
    assert_eq!(exports(&world).len(), 1);
}

/// An export comes to be while things fail.
#[derive(Clone, Copy, Debug)]
struct Creation;

impl points::Story for Creation {
    fn world(self) -> World {
        world()
    }

    async fn prepare(self, world: &World) {
        recoverable(world).await;
    }

    async fn act(self, world: &World) {
        world.create("orders", spec()).await;
    }

    async fn done(self, world: &World) {
        world.until_ready("orders").await;
    }

    fn check(self, world: &World, point: &str) {
        let identity = status(world, "orders")["record"]["identity"].as_str().unwrap().to_owned();
        assert_eq!(arns(world), BTreeSet::from([identity]), "{point}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_crash_at_any_call_makes_no_second_export() {
    every_crash(Creation).await;
}

#[tokio::test(start_paused = true)]
async fn an_error_at_any_call_makes_no_second_export() {
    every_error(Creation).await;
}
