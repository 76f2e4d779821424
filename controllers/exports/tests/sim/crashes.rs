//! The process is cut off after every single request, and the next one goes on with no help.

use std::time::Duration;

use cairn_testkit::{Matcher, api::ApiCall};
use serde_json::json;

use crate::harness::{World, app_key, pass};

/// What a user does, and what has to be true in the end.
#[derive(Clone, Copy, Debug)]
enum Story {
    Create,
    IntoExisting,
    Change,
    Move,
    Delete,
}

impl Story {
    async fn prepare(self, world: &World) {
        world.bucket("photos", "photos-of-a").await;
        if matches!(self, Self::IntoExisting) {
            world.user_applies("app", "kubectl", json!({"mine": "1"})).await;
        }
        if matches!(self, Self::Create | Self::IntoExisting) {
            return;
        }
        let controller = world.start();
        world.export("name", ".spec.name", app_key("NAME")).await;
        world.until_exported("name").await;
        controller.stop().await;
    }

    async fn act(self, world: &World) {
        match self {
            Self::Create | Self::IntoExisting => world.export("name", ".spec.name", app_key("NAME")).await,
            Self::Change => {
                world.patch("FieldExport", "name", json!({"spec": {"from": {"path": ".metadata.name"}}})).await;
            }
            Self::Move => world.patch("FieldExport", "name", json!({"spec": {"to": {"name": "other"}}})).await,
            Self::Delete => world.delete("FieldExport", "name").await,
        }
    }

    async fn done(self, world: &World) {
        match self {
            Self::Delete => world.until_gone("name").await,
            _ => world.until_exported("name").await,
        }
    }

    fn check(self, world: &World, point: &str) {
        let (app, other): (&[&str], &[&str]) = match self {
            Self::Create => (&["NAME=photos-of-a"], &[]),
            Self::IntoExisting => (&["NAME=photos-of-a", "mine=1"], &[]),
            Self::Change => (&["NAME=photos"], &[]),
            Self::Move => (&[], &["NAME=photos-of-a"]),
            Self::Delete => (&[], &[]),
        };
        assert_eq!(world.app(), app, "{point}");
        assert_eq!(world.data("configmaps", "team", "other"), other, "{point}");
    }
}

/// Runs the story, killing the controller right after its `n`th request took effect; tells whether there was such one.
async fn crash_at(story: Story, n: u64) -> bool {
    let world = World::new();
    story.prepare(&world).await;
    story.act(&world).await;
    let controller = world.start();
    let process = controller.process.clone();
    let counted = |call: &ApiCall| ["get", "patch"].contains(&call.verb.as_str());
    let crash = async {
        world.api.crash_after(Matcher::when(counted).nth(n)).await;
        process.kill();
    };
    let crashed = tokio::time::timeout(Duration::from_mins(3), crash).await.is_ok();
    controller.kill();
    if !crashed {
        return false;
    }
    let point = format!("{story:?}, call {n}");
    if matches!(story, Story::Create | Story::IntoExisting) {
        an_edit_after_the_crash_leaves_nothing_behind(&world, &point).await;
    }
    let _controller = world.start();
    story.done(&world).await;
    story.check(&world, &point);
    world.api.clear_calls();
    pass(Duration::from_mins(30)).await;
    assert_eq!(world.calls(), [""; 0], "{point}: not quiet");
    true
}

/// Nobody but the record knows of the target that was being written.
async fn an_edit_after_the_crash_leaves_nothing_behind(world: &World, point: &str) {
    world.patch("FieldExport", "name", json!({"spec": {"to": {"name": "elsewhere"}}})).await;
    let controller = world.start();
    world.until_exported("name").await;
    let left: Vec<_> = world.app().into_iter().filter(|entry| entry != "mine=1").collect();
    assert_eq!(left, [""; 0], "{point}: keys are left behind");
    world.patch("FieldExport", "name", json!({"spec": {"to": {"name": "app"}}})).await;
    world.until_exported("name").await;
    controller.stop().await;
}

async fn every_point(story: Story, at_least: usize) {
    let mut points = 0;
    while crash_at(story, points + 1).await {
        points += 1;
    }
    assert_eq!(usize::try_from(points).unwrap(), at_least, "{story:?}");
}

#[tokio::test(start_paused = true)]
async fn a_first_export_survives_a_crash_after_every_request() {
    every_point(Story::Create, 5).await;
    every_point(Story::IntoExisting, 5).await;
}

#[tokio::test(start_paused = true)]
async fn a_change_survives_a_crash_after_every_request() {
    every_point(Story::Change, 3).await;
}

#[tokio::test(start_paused = true)]
async fn a_move_survives_a_crash_after_every_request() {
    every_point(Story::Move, 6).await;
}

#[tokio::test(start_paused = true)]
async fn a_deletion_survives_a_crash_after_every_request() {
    every_point(Story::Delete, 3).await;
}
