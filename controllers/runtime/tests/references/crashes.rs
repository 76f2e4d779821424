//! The process is cut off before and after every single external call, and the next one goes on with no help.

use std::time::Duration;

use cairn_core::api::Kind;
use cairn_testkit::{Matcher, api::ApiCall};
use serde_json::{Value, json};

use crate::{
    cloud::Fault,
    fixture::{ALL, NET, SHOT},
    world::{HERE, Running, World, from, pass, secret},
};

/// What a user does.
#[derive(Clone, Copy, Debug)]
enum Story {
    Create,
    Update,
    ChangeSecret,
    Recreate,
    Delete,
}

#[derive(Clone, Copy, Debug)]
enum Side {
    Aws(Fault),
    Kubernetes,
}

fn spec(size: u32) -> Value {
    json!({"size": size, "netRef": from("base"), "password": secret("login")})
}

impl Story {
    /// A world in which `base` is ready, and `a` too unless it is to be created.
    async fn world(self, kind: &'static Kind) -> World {
        let world = World::of(kind);
        let operator = world.start();
        world.put_secret(HERE, "login", "hunter2").await;
        world.create_in(&NET, HERE, "base", json!({})).await;
        world.until_ready_in(&NET, HERE, "base").await;
        if !matches!(self, Self::Create) {
            world.create("a", spec(1)).await;
            world.until_ready("a").await;
        }
        if matches!(self, Self::Recreate) {
            tokio::time::sleep(Duration::from_mins(2)).await;
            world.cloud.lose(&mine(&world).remove(0).0);
        }
        operator.kill();
        world
    }

    async fn act(self, world: &World) {
        match self {
            Self::Create => world.create("a", spec(1)).await,
            Self::Update | Self::Recreate => world.patch("a", json!({"spec": {"size": 2}})).await,
            Self::ChangeSecret => world.put_secret(HERE, "login", "hunter3").await,
            Self::Delete => world.delete("a").await,
        }
    }

    async fn check(self, world: &World, point: &str) {
        if matches!(self, Self::Delete) {
            world.until_gone("a").await;
            tokio::time::sleep(Duration::from_mins(2)).await;
            return assert!(mine(world).is_empty(), "{point}");
        }
        let (size, content) = match self {
            Self::Create => (1, "hunter2"),
            Self::ChangeSecret => (1, "hunter3"),
            _ => (2, "hunter2"),
        };
        let done = |world: &World| {
            let mine = mine(world);
            let fields = mine.first().map(|(_, found)| found.fields.clone()).unwrap_or_default();
            fields.get("size") == Some(&json!(size)) && fields.get("password") == Some(&json!(content))
        };
        world.until(point, done).await;
        // What is ready may be so from before.
        pass(Duration::from_mins(1)).await;
        world.until_ready("a").await;
        assert_eq!(mine(world).len(), 1, "{point}");
        world.assert_quiet(point).await;
    }
}

/// The resources of `a`; of a kind without tags there are no others.
fn mine(world: &World) -> Vec<(String, crate::cloud::Resource)> {
    let of_a = |(_, found): &(String, crate::cloud::Resource)| {
        world.kind.kind == SHOT.kind || found.tags["cairn.run/name"] == "a"
    };
    world.cloud.resources(world.kind.kind).into_iter().filter(of_a).collect()
}

impl Side {
    /// Has the operator die at its `n`th call; tells whether there was one.
    async fn crash(self, world: &World, n: usize) -> bool {
        let crashed = match self {
            Self::Aws(fault) => {
                world.cloud.fail("", n, fault);
                None
            }
            Self::Kubernetes => {
                let patches = Matcher::when(|call: &ApiCall| call.verb == "patch" && call.resource != "events");
                Some(world.api.crash_after(patches.nth(n as u64)))
            }
        };
        let operator: Running = world.start();
        let died = async {
            match crashed {
                Some(crashed) => drop(crashed.await),
                None => {
                    while !operator.process.is_dead() {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                }
            }
        };
        let died = tokio::time::timeout(Duration::from_mins(3), died).await.is_ok();
        operator.kill();
        died
    }
}

async fn every_point(story: Story) {
    for kind in ALL {
        for side in [Side::Aws(Fault::CrashBefore), Side::Aws(Fault::CrashAfter), Side::Kubernetes] {
            for n in 1.. {
                let world = story.world(kind).await;
                story.act(&world).await;
                world.forget_calls();
                if !side.crash(&world, n).await {
                    assert!(n > 1, "{story:?} {side:?} of {} has no call to crash at", kind.kind);
                    break;
                }
                let _operator = world.start();
                story.check(&world, &format!("{story:?} of {}, {side:?} {n}", kind.kind)).await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_survives_a_crash_at_every_call() {
    every_point(Story::Create).await;
}

#[tokio::test(start_paused = true)]
async fn an_update_survives_a_crash_at_every_call() {
    every_point(Story::Update).await;
}

#[tokio::test(start_paused = true)]
async fn a_changed_secret_survives_a_crash_at_every_call() {
    every_point(Story::ChangeSecret).await;
}

#[tokio::test(start_paused = true)]
async fn a_second_creation_survives_a_crash_at_every_call() {
    every_point(Story::Recreate).await;
}

#[tokio::test(start_paused = true)]
async fn a_deletion_survives_a_crash_at_every_call() {
    every_point(Story::Delete).await;
}
