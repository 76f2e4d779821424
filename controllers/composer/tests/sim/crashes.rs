//! The process is cut off after every single request, and the next one goes on with no help.

use std::time::Duration;

use cairn_testkit::{Matcher, api::ApiCall};
use serde_json::json;

use crate::harness::{RGD, World, chain, pass};

/// What a user does, and what has to be true in the end.
#[derive(Clone, Copy, Debug)]
enum Story {
    Define,
    Create,
    Change,
    Shrink,
    Delete,
    DeleteAll,
    Retain,
}

impl Story {
    async fn prepare(self, world: &World) {
        if matches!(self, Self::Define) {
            return;
        }
        let controller = world.start();
        world.defined(chain(3)).await;
        if !matches!(self, Self::Create) {
            world.ready_app("a").await;
        }
        controller.stop().await;
    }

    async fn act(self, world: &World) {
        match self {
            Self::Define => world.define(chain(3)).await,
            Self::Create => world.app("a").await,
            Self::Change => world.patch("App", "a", json!({"spec": {"value": "two"}})).await,
            Self::Shrink => world.patch(RGD, "app", json!({"spec": {"resources": chain(1)}})).await,
            Self::Delete => world.delete("App", "a").await,
            Self::Retain => {
                let retain = json!({"metadata": {"annotations": {"cairn.run/deletion-policy": "retain"}}});
                world.patch(RGD, "app", retain).await;
                world.delete(RGD, "app").await;
            }
            Self::DeleteAll => {
                world.delete(RGD, "app").await;
                world.delete("App", "a").await;
            }
        }
    }

    async fn done(self, world: &World) {
        match self {
            Self::Define => world.until_ready(RGD, "app").await,
            Self::Create | Self::Change => world.until_ready("App", "a").await,
            Self::Shrink => world.until("the rest is gone", |world| world.maps() == ["a-n0"]).await,
            Self::Delete => world.until_gone("App", "a").await,
            Self::DeleteAll | Self::Retain => world.until_gone(RGD, "app").await,
        }
    }

    fn check(self, world: &World, point: &str) {
        let (maps, value): (&[&str], &[&str]) = match self {
            Self::Define | Self::Delete | Self::DeleteAll => (&[], &[]),
            Self::Create | Self::Retain => (&["a-n0", "a-n1", "a-n2"], &["value=one"]),
            Self::Change => (&["a-n0", "a-n1", "a-n2"], &["value=two"]),
            Self::Shrink => (&["a-n0"], &[]),
        };
        assert_eq!(
            (world.maps().as_slice(), world.data("a-n2").as_slice()),
            (to(maps).as_slice(), to(value).as_slice()),
            "{self:?}, {point}"
        );
        let revisions = world.api.objects("internal.cairn.run", "graphrevisions").len();
        let expected = match self {
            Self::Shrink => 2,
            Self::DeleteAll | Self::Retain => 0,
            _ => 1,
        };
        assert_eq!(revisions, expected, "{self:?}, {point}");
    }
}

fn to(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Crashes after the n-th request that is no list or watch; tells which it was, if there were so many.
async fn crash_at(story: Story, n: usize) -> Option<String> {
    let world = World::new();
    story.prepare(&world).await;
    let controller = world.start();
    pass(Duration::from_secs(2)).await;
    let aside = ["events", "selfsubjectaccessreviews"];
    let own = move |call: &ApiCall| {
        !["watch", "list"].contains(&call.verb.as_str()) && !aside.contains(&call.resource.as_str())
    };
    story.act(&world).await;
    let crash = world.api.crash_after(Matcher::when(own).nth(u64::try_from(n).unwrap()));
    let idle = async {
        story.done(&world).await;
        pass(Duration::from_mins(1)).await;
    };
    let crashed = tokio::select! {
        call = crash => Some(named(&call)),
        () = idle => None,
    };
    let point = crashed.clone().unwrap_or_default();
    controller.kill();
    let _next = world.start();
    story.done(&world).await;
    pass(Duration::from_mins(10)).await;
    story.check(&world, &format!("crash {n} after {point}"));
    world.api.clear_calls();
    pass(Duration::from_hours(1)).await;
    assert_eq!(world.calls(), [""; 0], "{story:?} is quiet after crash {n} after {point}");
    crashed
}

fn named(call: &ApiCall) -> String {
    let part = call.subresource.as_ref().map(|part| format!("/{part}")).unwrap_or_default();
    format!("{} {}{part}", call.verb, call.resource)
}

async fn every_point(story: Story, expected: &[&str]) {
    let mut points = Vec::new();
    while let Some(point) = crash_at(story, points.len() + 1).await {
        points.push(point);
    }
    assert_eq!(points, expected, "{story:?}");
}

const MAP: &str = "patch configmaps";
const UNMAP: &str = "delete configmaps";
const STATUS: &str = "patch apps/status";
const KIND: &str = "get customresourcedefinitions";
const RGD_STATUS: &str = "patch resourcegraphdefinitions/status";

#[tokio::test(start_paused = true)]
async fn a_definition_survives_a_crash_after_every_request() {
    let revision = ["patch graphrevisions", "patch graphrevisions/status"];
    let kind = [KIND, "create customresourcedefinitions"];
    let points = [&["patch resourcegraphdefinitions"][..], &kind, &revision, &[RGD_STATUS, KIND]].concat();
    every_point(Story::Define, &points).await;
}

#[tokio::test(start_paused = true)]
async fn a_new_instance_survives_a_crash_after_every_request() {
    every_point(Story::Create, &["patch apps", MAP, MAP, MAP, STATUS]).await;
}

#[tokio::test(start_paused = true)]
async fn an_edit_survives_a_crash_after_every_request() {
    every_point(Story::Change, &[MAP, MAP, MAP, STATUS]).await;
}

#[tokio::test(start_paused = true)]
async fn a_smaller_definition_survives_a_crash_after_every_request() {
    let revision = [KIND, "patch graphrevisions", "patch graphrevisions/status"];
    let counted = RGD_STATUS;
    every_point(Story::Shrink, &[&revision[..], &[RGD_STATUS, UNMAP, UNMAP, counted]].concat()).await;
}

#[tokio::test(start_paused = true)]
async fn a_deletion_survives_a_crash_after_every_request() {
    every_point(Story::Delete, &[STATUS, UNMAP, UNMAP, UNMAP, "patch apps"]).await;
    let last = "patch resourcegraphdefinitions";
    let points = ["patch resourcegraphdefinitions/status", "patch apps", last];
    every_point(Story::Retain, &points).await;
    every_point(Story::DeleteAll, &[STATUS, UNMAP, UNMAP, UNMAP, "patch apps", last]).await;
}
