//! Tables that begin with the items of something else: the calls that make them take no tags.

use std::time::Duration;

use cairn_testkit::aws::dynamodb::model::{Caller, Request};
use serde_json::{Value, json};

use super::{ACCOUNT, TABLE, count, minimal, table, tag, world};
use crate::{
    harness::{REGION, World, pass},
    points::{self, every_crash, every_error},
};

const SOURCE: &str = "imports";

fn imported() -> Value {
    let mut spec = minimal();
    spec["importSourceSpecification"] =
        json!({"s3BucketSource": {"s3Bucket": SOURCE, "s3KeyPrefix": "2026/"}, "inputFormat": "DYNAMODB_JSON"});
    spec["timeToLive"] = json!({"enabled": true, "attributeName": "ends"});
    spec
}

fn failing(world: &World, failing: bool) {
    world.aws.dynamodb(|dynamo, _| {
        let buckets = &mut dynamo.settings_mut().failing_buckets;
        buckets.clear();
        buckets.extend(failing.then(|| (SOURCE.to_owned(), "S3AccessDenied".to_owned())));
    });
}

fn call(world: &World, operation: &str, body: Value) -> Value {
    let request = Request::parse(operation, body).unwrap();
    world.aws.dynamodb(|dynamo, now| dynamo.handle(&Caller::new(ACCOUNT, REGION), &request, now).unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_table_is_imported_and_is_owned_and_set_up_after_that() {
    let world = world(Duration::from_millis(100)).flag("--reconcile-default-resync-seconds=600");
    let _operator = world.start("one");
    world.create("orders", imported()).await;
    world.until_ready("orders").await;
    let made = table(&world).unwrap();
    assert!(tag(&made, "cairn.run/owner").is_some());
    assert_eq!((count(&world, "ImportTable"), count(&world, "CreateTable")), (1, 0));
    let asked = world.aws.dynamodb(|dynamo, _| dynamo.imports().next().unwrap().request.clone());
    assert_eq!((asked.s3_bucket_source.s3_bucket.as_str(), asked.client_token.unwrap().len()), (SOURCE, 32));
    world.forget_calls();
    world.until("a check", |world| !world.aws_calls().is_empty()).await;
    pass(Duration::from_secs(5)).await;
    assert_eq!(world.operations(), ["DescribeTable", "DescribeTimeToLive"], "how it began matters no more");
}

#[tokio::test(start_paused = true)]
async fn an_import_that_failed_is_told_and_paid_for_once() {
    let world = world(Duration::from_millis(100));
    failing(&world, true);
    let _operator = world.start("one");
    world.create("orders", imported()).await;
    world.until_reason("orders", "Refused").await;
    let told = world.ready("orders").unwrap().2;
    let words = ["importSourceSpecification", "S3AccessDenied", "s3:GetObject", "the table is there without"];
    assert!(words.iter().all(|word| told.contains(word)), "{told}");
    // Whatever becomes of the table.
    call(&world, "DeleteTable", json!({"TableName": TABLE}));
    pass(Duration::from_hours(20)).await;
    assert_eq!(count(&world, "ImportTable"), 1);
    let told = world.ready("orders").unwrap().2;
    assert!(told.contains("it is not tried again, because AWS charges for each"), "{told}");
    failing(&world, false);
    let elsewhere = json!({"importSourceSpecification": {"s3BucketSource": {"s3KeyPrefix": "2026-mended/"}}});
    world.patch("orders", json!({"spec": elsewhere})).await;
    world.until_ready("orders").await;
    assert_eq!(count(&world, "ImportTable"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_table_whose_import_failed_can_be_kept_as_it_is() {
    let world = world(Duration::from_millis(100));
    failing(&world, true);
    let _operator = world.start("one");
    world.create("orders", imported()).await;
    world.until_reason("orders", "Refused").await;
    world.patch("orders", json!({"spec": {"importSourceSpecification": null}})).await;
    world.until_ready("orders").await;
    assert_eq!(count(&world, "ImportTable"), 1);
}

#[derive(Clone, Copy, Debug)]
enum Story {
    Import,
    Restore,
}

impl points::Story for Story {
    fn world(self) -> World {
        World { unfenced: true, ..world(Duration::from_millis(500)) }
    }

    async fn prepare(self, world: &World) {
        let (Self::Restore, name) = (self, json!({"TableName": TABLE})) else { return };
        call(
            world,
            "CreateTable",
            json!({
                "TableName": TABLE,
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            }),
        );
        pass(Duration::from_mins(1)).await;
        call(world, "CreateBackup", json!({"TableName": TABLE, "BackupName": "kept"}));
        pass(Duration::from_mins(1)).await;
        call(world, "DeleteTable", name);
        pass(Duration::from_mins(1)).await;
    }

    async fn act(self, world: &World) {
        let spec = match self {
            Self::Import => imported(),
            Self::Restore => {
                let arn = world.aws.dynamodb(|dynamo, _| dynamo.backups().next().unwrap().arn.clone());
                let mut spec = minimal();
                spec["restoreFrom"] = json!({"backupARN": arn});
                spec
            }
        };
        world.create("orders", spec).await;
    }

    async fn done(self, world: &World) {
        world.until_ready("orders").await;
    }

    fn check(self, world: &World, point: &str) {
        assert_eq!(world.aws.tables().len(), 1, "{point}");
        let table = table(world).unwrap();
        assert!(tag(&table, "cairn.run/owner").is_some(), "{point}");
        let imports = world.aws.dynamodb(|dynamo, _| dynamo.imports().count());
        assert_eq!(
            (imports == 1, table.restore.is_some()),
            (matches!(self, Self::Import), matches!(self, Self::Restore))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_import_survives_a_crash_before_and_after_every_call() {
    every_crash(Story::Import).await;
}

#[tokio::test(start_paused = true)]
async fn an_import_survives_every_error_at_every_call() {
    every_error(Story::Import).await;
}

#[tokio::test(start_paused = true)]
async fn a_restore_survives_a_crash_before_and_after_every_call() {
    every_crash(Story::Restore).await;
}

#[tokio::test(start_paused = true)]
async fn a_restore_survives_every_error_at_every_call() {
    every_error(Story::Restore).await;
}
