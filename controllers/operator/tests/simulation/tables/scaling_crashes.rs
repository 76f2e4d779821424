//! Auto scaling that is cut off, late or unanswered.

use std::time::Duration;

use cairn_testkit::{Fault, Matcher};
use serde_json::json;

use super::{
    scaling::{bounds, indexed, scaled, targets, with},
    world,
};
use crate::{
    harness::World,
    points::{self, Story as _, every_crash},
};

/// What a user does with a table that is scaled.
#[derive(Clone, Copy, Debug)]
enum Story {
    Create,
    Update,
    Delete,
}

impl points::Story for Story {
    fn world(self) -> World {
        World { unfenced: true, ..world(Duration::from_millis(50)) }
    }

    async fn prepare(self, world: &World) {
        let spec = match self {
            Self::Create => return,
            Self::Update => indexed(),
            Self::Delete => with(scaled(), json!({"deletion": {"backupFirst": false}})),
        };
        let operator = world.start("before");
        world.create("orders", spec).await;
        world.until_ready("orders").await;
        operator.stop().await;
    }

    async fn act(self, world: &World) {
        match self {
            Self::Create => world.create("orders", scaled()).await,
            Self::Update => {
                let scaling = json!({"read": bounds(6, 60), "write": null});
                let edit = json!({"spec": {"autoScaling": scaling, "globalSecondaryIndexes": []}});
                world.patch("orders", edit).await;
            }
            Self::Delete => world.delete("orders").await,
        }
    }

    /// Its calls to Application Auto Scaling are alike.
    fn stride(self) -> u64 {
        if matches!(self, Self::Update) { 6 } else { 2 }
    }

    async fn done(self, world: &World) {
        match self {
            Self::Create | Self::Update => world.until_ready("orders").await,
            Self::Delete => world.until_gone("orders").await,
        }
    }

    fn check(self, world: &World, point: &str) {
        let (read, write) =
            (|min, max| ("read".to_owned(), (min, max, Some(70))), ("write".to_owned(), (5, 40, Some(70))));
        let expected = match self {
            Self::Create => [read(5, 50), write].into(),
            Self::Update => [read(6, 60)].into(),
            Self::Delete => [].into(),
        };
        assert_eq!(targets(world), expected, "{point}");
        assert_eq!(world.aws.tables().is_empty(), matches!(self, Self::Delete), "{point}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_survives_a_crash_before_and_after_every_call() {
    every_crash(Story::Create).await;
}

#[tokio::test(start_paused = true)]
async fn an_update_survives_a_crash_before_and_after_every_call() {
    every_crash(Story::Update).await;
}

#[tokio::test(start_paused = true)]
async fn a_delete_survives_a_crash_before_and_after_every_call() {
    every_crash(Story::Delete).await;
}

#[tokio::test(start_paused = true)]
async fn an_update_survives_errors_of_each_of_its_calls() {
    let faults = [
        Fault::Error(503, "SlowDown"),
        Fault::Error(403, "AccessDenied"),
        Fault::Error(400, "ConcurrentUpdateException"),
        Fault::StatusAfterCommit(500),
        Fault::Never,
    ];
    let calls = [
        ("DescribeScalableTargets", 1),
        ("DescribeScalingPolicies", 1),
        ("RegisterScalableTarget", 1),
        ("DeregisterScalableTarget", 1),
        ("DeregisterScalableTarget", 3),
    ];
    for (fault, (operation, nth)) in faults.into_iter().flat_map(|fault| calls.map(|call| (fault, call))) {
        let story = Story::Update;
        let world = story.world();
        story.prepare(&world).await;
        story.act(&world).await;
        world.aws.fail(Matcher::operation(operation).nth(nth), fault);
        let _operator = world.start("one");
        story.done(&world).await;
        story.check(&world, &format!("{fault:?} at {operation} {nth}"));
    }
}
