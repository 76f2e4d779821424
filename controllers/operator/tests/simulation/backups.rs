//! Backups of tables: AWS gives each an id, takes neither tags nor a token for it, and another would be of another moment.

mod table_exports;

use std::{collections::BTreeSet, time::Duration};

use cairn_crds::dynamodb::{BACKUP, TABLE};
use cairn_testkit::{
    Fault, Matcher,
    aws::dynamodb::model::{Caller, Request},
};
use serde_json::{Value, json};

use crate::{
    ack,
    harness::{REGION, World, pass},
    points::{self, every_crash, every_error},
};

const ACCOUNT: &str = "111122223333";
const ORDERS: &str = "orders-of-a";
const NAME: &str = "before-the-move";

fn world() -> World {
    timed(World::about(&BACKUP))
}

/// A world in which AWS makes a backup in no time to speak of.
fn timed(world: World) -> World {
    world.aws.dynamodb(|dynamo, _| dynamo.settings_mut().timing.backup = Duration::from_millis(100));
    world
}

fn spec() -> Value {
    json!({"tableName": ORDERS, "backupName": NAME})
}

/// Asks DynamoDB behind everybody's back.
fn ask(world: &World, operation: &str, body: Value) -> Value {
    let request = Request::parse(operation, body).unwrap();
    world.aws.dynamodb(|dynamo, now| dynamo.handle(&Caller::new(ACCOUNT, REGION), &request, now)).unwrap()
}

/// Begins a table that nobody here has an object for.
fn begin_table(world: &World) {
    let key = json!([{"AttributeName": "id", "KeyType": "HASH"}]);
    let attributes = json!([{"AttributeName": "id", "AttributeType": "S"}]);
    let table = json!({
        "TableName": ORDERS, "AttributeDefinitions": attributes, "KeySchema": key, "BillingMode": "PAY_PER_REQUEST",
    });
    ask(world, "CreateTable", table);
}

async fn table(world: &World) {
    begin_table(world);
    pass(Duration::from_secs(5)).await;
}

fn arns(world: &World) -> BTreeSet<String> {
    world.aws.dynamodb(|dynamo, _| dynamo.backups().map(|backup| backup.arn.clone()).collect())
}

/// The ARN that an object says that it has.
fn arn(world: &World, name: &str) -> String {
    let status = &world.object(name).unwrap()["status"];
    assert_eq!(status["ackResourceMetadata"]["arn"], status["record"]["identity"]);
    status["record"]["identity"].as_str().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn a_backup_is_made_checked_and_deleted_with_few_calls() {
    let world = world().flag("--reconcile-default-resync-seconds=600");
    table(&world).await;
    let _operator = world.start("one");
    world.create("nightly", spec()).await;
    world.until_ready("nightly").await;
    assert_eq!(world.operations(), ["ListBackups", "CreateBackup", "DescribeBackup"]);
    let writes: Vec<_> = world.kubernetes_calls().iter().map(|call| call.verb.clone()).collect();
    assert!(writes.iter().filter(|verb| *verb == "patch").count() <= 4, "{writes:?}");
    assert_eq!(BTreeSet::from([arn(&world, "nightly")]), arns(&world));
    let status = &world.object("nightly").unwrap()["status"];
    assert_eq!((&status["backupStatus"], &status["backupType"]), (&json!("AVAILABLE"), &json!("USER")));
    assert!(status["backupCreationDateTime"].is_string() && status["record"]["intent"].is_null(), "{status}");
    world.forget_calls();
    world.until("a check", |world| !world.operations().is_empty()).await;
    pass(Duration::from_secs(5)).await;
    assert_eq!(world.operations(), ["DescribeBackup"]);
    assert!(world.kubernetes_calls().is_empty(), "{:?}", world.kubernetes_calls());
    world.forget_calls();
    world.delete("nightly").await;
    world.until_gone("nightly").await;
    assert_eq!(world.operations(), ["DescribeBackup", "DeleteBackup", "DescribeBackup"]);
    assert!(arns(&world).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_backup_waits_for_its_table_and_says_so() {
    let world = world();
    world.aws.dynamodb(|dynamo, _| dynamo.settings_mut().timing.create = Duration::from_secs(30));
    begin_table(&world);
    let _operator = world.start("one");
    world.create("nightly", spec()).await;
    world.until_reason("nightly", "Retrying").await;
    let (_, _, message, stalled) = world.ready("nightly").unwrap();
    assert!(!stalled && message.contains("is being created"), "{message}");
    let begun = tokio::time::Instant::now();
    world.until_ready("nightly").await;
    assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", begun.elapsed());
    assert_eq!(arns(&world).len(), 1);
    world.create("other", json!({"tableName": "nowhere", "backupName": NAME})).await;
    world.until_reason("other", "Refused").await;
    assert!(world.ready("other").unwrap().2.contains("TableNotFoundException"));
    world.delete("other").await;
    world.until_gone("other").await;
}

#[tokio::test(start_paused = true)]
async fn a_backup_outlives_the_table_that_its_object_names() {
    let mut world = World { unfenced: true, ..world() };
    let operator = world.start("one");
    world.create("nightly", json!({"tableRef": {"from": {"name": "orders"}}, "backupName": NAME})).await;
    world.until_reason("nightly", "DependencyNotReady").await;
    world.kind = &TABLE;
    let table = json!({
        "tableName": ORDERS,
        "attributeDefinitions": [{"attributeName": "id", "attributeType": "S"}],
        "keySchema": [{"attributeName": "id", "keyType": "HASH"}],
        "deletion": {"backupFirst": false},
    });
    world.create("orders", table.clone()).await;
    world.kind = &BACKUP;
    world.until_ready("nightly").await;
    let made = arns(&world);
    assert_eq!(made, BTreeSet::from([arn(&world, "nightly")]));
    world.kind = &TABLE;
    world.delete("orders").await;
    world.until_gone("orders").await;
    world.kind = &BACKUP;
    pass(Duration::from_hours(30)).await;
    world.until_ready("nightly").await;
    assert_eq!((arns(&world), world.events("NoLongerManaged")), (made.clone(), 0));
    operator.stop().await;
    world.forget_calls();
    let _operator = world.start("two");
    pass(Duration::from_mins(2)).await;
    assert!(world.operations().is_empty(), "a restart is free: {:?}", world.operations());
    // Another table of that name is nothing to the backup.
    world.kind = &TABLE;
    world.create("orders", table).await;
    world.until_ready("orders").await;
    world.kind = &BACKUP;
    world.until_ready("nightly").await;
    assert_eq!(arns(&world), made);
    world.delete("nightly").await;
    world.until_gone("nightly").await;
    assert!(arns(&world).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_backup_that_is_gone_is_not_made_of_other_data() {
    let world = World { unfenced: true, ..world().flag("--reconcile-default-resync-seconds=600") };
    table(&world).await;
    let _operator = world.start("one");
    world.create("nightly", spec()).await;
    world.until_ready("nightly").await;
    ask(&world, "DeleteBackup", json!({"BackupArn": arn(&world, "nightly")}));
    world.forget_calls();
    world.until_reason("nightly", "NotFound").await;
    let (_, _, message, stalled) = world.ready("nightly").unwrap();
    assert!(stalled && message.contains("no more") && message.contains("create another"), "{message}");
    pass(Duration::from_hours(3)).await;
    assert!(world.mutations().is_empty() && arns(&world).is_empty());
    world.delete("nightly").await;
    world.until_gone("nightly").await;
    assert!(world.mutations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_backup_that_somebody_made_is_adopted_by_its_arn_and_kept() {
    let world = world().flag("--adoption-namespaces=default");
    table(&world).await;
    let made = ask(&world, "CreateBackup", json!({"TableName": ORDERS, "BackupName": NAME}));
    let theirs = made["BackupDetails"]["BackupArn"].as_str().unwrap().to_owned();
    pass(Duration::from_secs(1)).await;
    let _operator = world.start("one");
    world.create("own", spec()).await;
    world.until_ready("own").await;
    assert_ne!(arn(&world, "own"), theirs, "what was there is not taken without a word");
    let fields = json!({"arn": theirs}).to_string();
    for policy in ["adopt", "adopt-or-create"] {
        world.forget_calls();
        let annotations = [("adoption-policy", policy), ("adoption-fields", &*fields)];
        world.create_annotated("theirs", spec(), &annotations).await;
        world.until_ready("theirs").await;
        assert_eq!((arn(&world, "theirs"), world.mutations().len()), (theirs.clone(), 0), "{policy}");
        world.delete("theirs").await;
        world.until_gone("theirs").await;
        assert_eq!(arns(&world).len(), 2, "{policy}: it was there before");
    }
    let wrong = json!({"tableName": "another", "backupName": NAME});
    let annotations = [("adoption-policy", "adopt-or-create"), ("adoption-fields", &*fields)];
    world.create_annotated("wrong", wrong, &annotations).await;
    world.until_reason("wrong", "Immutable").await;
}

#[tokio::test(start_paused = true)]
async fn what_ack_managed_goes_on_and_no_second_backup_is_made() {
    let world = World { kind: &BACKUP, ..timed(World::ack()) };
    table(&world).await;
    let made = ask(&world, "CreateBackup", json!({"TableName": ORDERS, "BackupName": NAME}));
    let left = made["BackupDetails"]["BackupArn"].as_str().unwrap().to_owned();
    world.create("nightly", spec()).await;
    let finalizer = "finalizers.dynamodb.services.k8s.aws/Backup";
    ack::finish(&world, "nightly", finalizer, &left, &json!({"backupStatus": "AVAILABLE"})).await;
    pass(Duration::from_mins(1)).await;
    world.forget_calls();
    let _operator = world.start("one");
    world.until_reason("nightly", "Available").await;
    assert_eq!((arn(&world, "nightly"), world.mutations().len()), (left, 0));
    world.delete("nightly").await;
    world.until_gone("nightly").await;
    assert!(arns(&world).is_empty());
}

#[tokio::test(start_paused = true)]
async fn objects_that_are_alike_have_a_backup_each_whatever_is_answered() {
    let faults = [
        Fault::StatusAfterCommit(500),
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::Late(Duration::from_secs(40)),
        Fault::Never,
    ];
    for (n, first) in faults.into_iter().enumerate() {
        let world = World { unfenced: true, ..world() };
        table(&world).await;
        world.aws.fail(Matcher::operation("CreateBackup").nth(1), first);
        world.aws.fail(Matcher::operation("CreateBackup").nth(2), faults[(n + 2) % faults.len()]);
        let _operator = world.start("one");
        world.create("a", spec()).await;
        let by_arn =
            json!({"tableName": format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{ORDERS}"), "backupName": NAME});
        world.create("b", by_arn).await;
        world.until_ready("a").await;
        world.until_ready("b").await;
        pass(Duration::from_mins(2)).await;
        assert_eq!(BTreeSet::from([arn(&world, "a"), arn(&world, "b")]), arns(&world), "{first:?}");
        assert_eq!(arns(&world).len(), 2, "{first:?}");
        world.delete("a").await;
        world.until_gone("a").await;
        assert_eq!(BTreeSet::from([arn(&world, "b")]), arns(&world), "{first:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_backup_that_is_being_made_is_deleted_after_that() {
    let world = world();
    world.aws.dynamodb(|dynamo, _| dynamo.settings_mut().timing.backup = Duration::from_secs(90));
    table(&world).await;
    let _operator = world.start("one");
    world.create("nightly", spec()).await;
    world.until("it is begun", |world| arns(world).len() == 1).await;
    world.until_reason("nightly", "Creating").await;
    world.delete("nightly").await;
    world.until_reason("nightly", "Deleting").await;
    assert!(world.ready("nightly").unwrap().2.contains("still creating"));
    world.until_gone("nightly").await;
    assert!(arns(&world).is_empty());
    let deletes = world.mutations().iter().filter(|operation| *operation == "DeleteBackup").count();
    assert_eq!(deletes, 1, "AWS refuses to delete what it is making");
}

/// A backup comes, or goes, while things fail.
#[derive(Clone, Copy, Debug)]
enum Story {
    Create,
    Delete,
}

impl points::Story for Story {
    fn world(self) -> World {
        World { unfenced: true, ..world() }
    }

    async fn prepare(self, world: &World) {
        table(world).await;
        if matches!(self, Self::Delete) {
            let operator = world.start("before");
            world.create("nightly", spec()).await;
            world.until_ready("nightly").await;
            operator.stop().await;
        }
    }

    async fn act(self, world: &World) {
        match self {
            Self::Create => world.create("nightly", spec()).await,
            Self::Delete => world.delete("nightly").await,
        }
    }

    async fn done(self, world: &World) {
        match self {
            Self::Create => world.until_ready("nightly").await,
            Self::Delete => world.until_gone("nightly").await,
        }
    }

    fn check(self, world: &World, point: &str) {
        match self {
            Self::Create => assert_eq!(BTreeSet::from([arn(world, "nightly")]), arns(world), "{point}"),
            Self::Delete => assert!(arns(world).is_empty(), "{point}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_survives_a_crash_before_and_after_every_call() {
    every_crash(Story::Create).await;
}

#[tokio::test(start_paused = true)]
async fn a_delete_survives_a_crash_before_and_after_every_call() {
    every_crash(Story::Delete).await;
}

#[tokio::test(start_paused = true)]
async fn a_create_survives_every_error_at_every_call() {
    every_error(Story::Create).await;
}

#[tokio::test(start_paused = true)]
async fn a_delete_survives_every_error_at_every_call() {
    every_error(Story::Delete).await;
}
