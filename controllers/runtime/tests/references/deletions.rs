//! Deleting what AWS gave an id, and what may or may not have been made.

use std::time::Duration;

use cairn_core::api::Kind;
use serde_json::json;

use crate::{
    cloud::Fault,
    fixture::{ALL, JOB, NET},
    world::{World, from, secret},
};

#[tokio::test(start_paused = true)]
async fn a_resource_goes_with_its_object() {
    for kind in ALL {
        let world = World::of(kind);
        let _operator = world.start();
        world.create("a", json!({"size": 1})).await;
        world.until_ready("a").await;
        world.delete("a").await;
        world.until_gone("a").await;
        assert!(world.cloud.resources(kind.kind).is_empty());
    }
}

/// A world in which the create of `a` came to `fault`, and nobody runs.
async fn interrupted(kind: &'static Kind, fault: Fault) -> World {
    let world = World::of(kind);
    world.cloud.fail("Create", 1, fault);
    world.create("a", json!({"size": 1})).await;
    let operator = world.start();
    world.until("a create was tried", |world| world.cloud.calls().contains(&"Create".to_owned())).await;
    operator.kill();
    world
}

#[tokio::test(start_paused = true)]
async fn what_a_lost_create_made_goes_with_its_object() {
    let faults = [
        Fault::CrashBefore,
        Fault::CrashAfter,
        Fault::Lost,
        Fault::Late(Duration::from_secs(5)),
        Fault::Late(Duration::from_secs(50)),
    ];
    for kind in ALL {
        for fault in faults {
            let world = interrupted(kind, fault).await;
            world.delete("a").await;
            let _operator = world.start();
            world.until_gone("a").await;
            tokio::time::sleep(Duration::from_mins(2)).await;
            let left = world.cloud.resources(kind.kind);
            assert!(left.is_empty(), "{} {fault:?}: {left:?} {:?}", kind.kind, world.cloud.calls());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_after_a_lost_create_does_not_make_it_forgotten() {
    for kind in ALL {
        let world = World::of(kind);
        world.cloud.fail("Create", 1, Fault::Late(Duration::from_secs(50)));
        world.cloud.fail("Create", 2, Fault::Refused("UnauthorizedOperation"));
        let _operator = world.start();
        world.create("a", json!({"size": 1})).await;
        world.until("a create was tried", |world| world.cloud.calls().contains(&"Create".to_owned())).await;
        world.delete("a").await;
        world.until_gone("a").await;
        tokio::time::sleep(Duration::from_mins(2)).await;
        assert!(world.cloud.resources(kind.kind).is_empty(), "{}: {:?}", kind.kind, world.cloud.calls());
    }
}

#[tokio::test(start_paused = true)]
async fn references_do_not_matter_to_the_deletion_of_what_is_recorded() {
    for kind in ALL {
        let world = World::of(kind);
        let operator = world.start();
        world.put_secret("team", "login", "hunter2").await;
        world.create_in(&NET, "team", "base", json!({})).await;
        world.create("a", json!({"netRef": from("base"), "password": secret("login")})).await;
        world.until_ready("a").await;
        world.delete_in(&NET, "team", "base").await;
        world.until("base is gone", |world| world.object_of(&NET, "team", "base").is_none()).await;
        world.delete_secret("login").await;
        world.until_says("a", "DependencyNotReady").await;
        operator.kill();
        let _operator = world.start();
        world.delete("a").await;
        world.until_gone("a").await;
        assert!(world.cloud.resources(kind.kind).is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_create_that_cannot_be_sent_again_keeps_its_object() {
    let world = World::of(&JOB);
    world.put_secret("team", "login", "hunter2").await;
    world.cloud.fail("Create", 1, Fault::CrashAfter);
    world.create("a", json!({"password": secret("login")})).await;
    let operator = world.start();
    world.until("the operator died", |_| operator.process.is_dead()).await;
    world.delete_secret("login").await;
    world.delete("a").await;
    let _operator = world.start();
    world.until_tells("a", &["nothing was deleted", "Secret team/login does not exist"]).await;
    tokio::time::sleep(Duration::from_hours(3)).await;
    assert!(world.object("a").is_some(), "an unresolvable reference never drops the finalizer");
    assert_eq!(world.cloud.resources("Job").len(), 1);
    world.put_secret("team", "login", "hunter2").await;
    world.until_gone("a").await;
    assert!(world.cloud.resources("Job").is_empty());
}
