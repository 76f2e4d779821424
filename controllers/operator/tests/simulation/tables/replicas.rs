//! Replicas of a table in other regions.

use std::time::Duration;

use serde_json::{Value, json};

use super::{TABLE, count, minimal, table, world};
use crate::harness::{World, pass};

const ELSEWHERE: [&str; 2] = ["eu-central-1", "us-west-2"];

fn with_replicas(regions: &[&str]) -> Value {
    let mut spec = minimal();
    spec["tableReplicas"] = regions.iter().map(|region| json!({"regionName": region})).collect();
    spec
}

/// The regions in which the table has a replica.
fn regions(world: &World) -> Vec<&'static str> {
    ELSEWHERE.into_iter().filter(|region| world.aws.table(region, TABLE).is_some()).collect()
}

#[tokio::test(start_paused = true)]
async fn replicas_are_made_one_at_a_time_behind_the_stream_that_they_need() {
    let world = world(Duration::from_millis(300));
    let _operator = world.start("one");
    world.create("orders", with_replicas(&ELSEWHERE)).await;
    world
        .until("it says what AWS is at", |world| {
            world.ready("orders").is_some_and(|ready| ready.2.contains("replica in eu-central-1"))
        })
        .await;
    world.until_ready("orders").await;
    assert_eq!(regions(&world), ELSEWHERE);
    assert_eq!(count(&world, "UpdateTable"), 3, "the stream and two replicas: {:?}", world.mutations());
    let object = world.object("orders").unwrap();
    assert_eq!(object["status"]["replicas"][1], json!({"regionName": "us-west-2", "replicaStatus": "ACTIVE"}));
    assert_eq!(object["status"]["globalTableVersion"], "2019.11.21");
}

#[tokio::test(start_paused = true)]
async fn a_replica_goes_only_by_an_edit_of_the_list() {
    let world = world(Duration::from_millis(100));
    let _operator = world.start("one");
    world.create("orders", with_replicas(&ELSEWHERE)).await;
    world.until_ready("orders").await;
    world.patch("orders", json!({"spec": {"tableReplicas": [{"regionName": "us-west-2"}]}})).await;
    world.until_ready("orders").await;
    assert_eq!(regions(&world), ["us-west-2"]);
    world.patch("orders", json!({"spec": {"tableReplicas": null}})).await;
    world.until("it is told", |world| world.events("NoLongerManaged") == 1).await;
    assert_eq!(regions(&world), ["us-west-2"]);
    assert!(table(&world).unwrap().replication.is_global());
}

#[tokio::test(start_paused = true)]
async fn replicas_that_agree_at_once_are_made_by_one_call_and_deleted_by_one() {
    let world = world(Duration::from_millis(100));
    let _operator = world.start("one");
    let mut spec = with_replicas(&["eu-central-1"]);
    spec["multiRegionConsistency"] = json!("STRONG");
    spec["globalTableWitnesses"] = json!([{"regionName": "eu-west-2"}]);
    world.create("orders", spec).await;
    world.until_ready("orders").await;
    let made = table(&world).unwrap().configuration();
    assert_eq!(
        (&made["replicas"]["consistency"], &made["replicas"]["witness"]),
        (&json!("STRONG"), &json!("eu-west-2"))
    );
    assert_eq!(count(&world, "UpdateTable"), 1);
    world.forget_calls();
    world.delete("orders").await;
    world.until_gone("orders").await;
    assert!(world.aws.tables().is_empty());
    assert_eq!(count(&world, "UpdateTable"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_replica_has_settings_of_its_own_and_is_not_asked_for_others() {
    let world = world(Duration::from_millis(100)).flag("--reconcile-default-resync-seconds=600");
    let _operator = world.start("one");
    let mut spec = with_replicas(&["eu-central-1"]);
    spec["tableReplicas"][0]["deletionProtectionEnabled"] = json!(true);
    spec["tableReplicas"][0]["tags"] = json!([{"key": "team", "value": "there"}]);
    spec["tableReplicas"][0]["continuousBackups"] =
        json!({"pointInTimeRecoveryEnabled": true, "recoveryPeriodInDays": 9});
    world.create("orders", spec).await;
    world.until_ready("orders").await;
    let there = || world.aws.table("eu-central-1", TABLE).unwrap().configuration();
    assert_eq!((there()["protection"].clone(), there()["recovery"].clone()), (json!(true), json!(9)));
    assert_eq!(there()["tags"], json!([{"Key": "team", "Value": "there"}]));
    let home = table(&world).unwrap().configuration();
    assert_eq!((&home["protection"], &home["recovery"]), (&json!(false), &Value::Null));
    world.forget_calls();
    world.until("a check", |world| !world.aws_calls().is_empty()).await;
    pass(Duration::from_secs(30)).await;
    let mut asked = world.operations();
    asked.sort_unstable();
    // The table and, in its own region, the replica for its protection.
    assert_eq!(asked, ["DescribeContinuousBackups", "DescribeTable", "DescribeTable", "ListTagsOfResource"]);
    assert!(world.aws.edit_table("eu-central-1", TABLE, |table| table.deletion_protection = false));
    world.until("drift is mended", |_| there()["protection"] == true).await;
    world.delete("orders").await;
    world.until_reason("orders", "Refused").await;
    assert!(world.aws.edit_table("eu-central-1", TABLE, |table| table.deletion_protection = false));
    world.until_gone("orders").await;
    assert!(world.aws.tables().is_empty());
}
