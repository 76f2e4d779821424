//! Whose a table is.

use std::time::Duration;

use cairn_testkit::aws::dynamodb::model::Caller;

use super::{ACCOUNT, TABLE, full, minimal, table, tag, timed, world};
use crate::harness::{REGION, World, pass};

#[tokio::test(start_paused = true)]
async fn of_two_objects_that_name_one_table_the_second_stalls_and_the_first_is_untouched() {
    let world = world(Duration::from_millis(100));
    let _operator = world.start("one");
    world.create("first", full()).await;
    world.until_ready("first").await;
    let before = (table(&world), world.object("first"));
    world.forget_calls();
    world.create("second", minimal()).await;
    world.until_reason("second", "NotOwned").await;
    let (_, _, message, stalled) = world.ready("second").unwrap();
    assert!(stalled && message.contains("default/first"), "{message}");
    world.delete("second").await;
    world.until_gone("second").await;
    assert!(world.mutations().is_empty(), "{:?}", world.mutations());
    assert_eq!((table(&world), world.object("first")), before);
}

#[tokio::test(start_paused = true)]
async fn of_two_objects_that_are_created_at_once_one_gets_the_table() {
    let world = world(Duration::from_secs(2));
    world.create("first", minimal()).await;
    world.create("second", minimal()).await;
    let _operator = world.start("one");
    world
        .until("one is ready and the other stalls", |world| {
            let state = |name| world.ready(name).map(|ready| (ready.0, ready.3));
            let both = [state("first"), state("second")];
            both.contains(&Some((true, false))) && both.contains(&Some((false, true)))
        })
        .await;
    let owner = tag(&table(&world).unwrap(), "cairn.run/name").unwrap();
    assert!(world.ready(&owner).unwrap().0, "{owner}");
    let other = if owner == "first" { "second" } else { "first" };
    world.delete(other).await;
    world.until_gone(other).await;
    assert!(table(&world).is_some(), "the other's object took nothing with it");
}

/// Another table of the same name, made by somebody else.
fn made_again_by_another(world: &World) {
    let mut other = table(world).unwrap();
    other.id = "00000000-0000-4000-8000-ffffffffffff".into();
    other.tags.clear();
    world.aws.dynamodb(|dynamo, _| dynamo.put(other));
}

#[tokio::test(start_paused = true)]
async fn a_table_that_somebody_deleted_and_made_again_is_not_ours() {
    let world = timed(World::of_tables().flag("--reconcile-default-resync-seconds=600"), Duration::from_millis(100));
    let _operator = world.start("one");
    world.create("orders", full()).await;
    world.until_ready("orders").await;
    pass(Duration::from_secs(5)).await;
    made_again_by_another(&world);
    let before = table(&world);
    world.forget_calls();
    world.until_reason("orders", "NotOwned").await;
    world.delete("orders").await;
    world.until_gone("orders").await;
    assert!(world.mutations().is_empty(), "{:?}", world.mutations());
    assert_eq!(table(&world), before);
}

#[tokio::test(start_paused = true)]
async fn a_table_that_somebody_deleted_is_made_again() {
    let world = timed(World::of_tables().flag("--reconcile-default-resync-seconds=600"), Duration::from_millis(100));
    let _operator = world.start("one");
    world.create("orders", full()).await;
    world.until_ready("orders").await;
    let first = table(&world).unwrap().id;
    world.aws.dynamodb(|dynamo, _| dynamo.remove(&Caller::new(ACCOUNT, REGION), TABLE));
    world.until("another table", |world| table(world).is_some_and(|table| table.id != first)).await;
    world
        .until("it is known", |world| {
            let object = world.object("orders").unwrap();
            world.ready("orders").unwrap().0 && object["status"]["record"]["incarnation"] == table(world).unwrap().id
        })
        .await;
}
