//! Watches.

use std::time::Duration;

use cairn_testkit::{Fault, Matcher, api::ApiServer};
use futures::{Stream, StreamExt, TryStreamExt};
use kube::{
    ResourceExt,
    api::{DeleteParams, DynamicObject, Patch, PatchParams, PostParams, WatchEvent, WatchParams},
};
use kube_runtime::{WatchStreamExt, watcher};
use serde_json::json;

use crate::support::{api, failure, object, server, widget};

fn show(event: &WatchEvent<DynamicObject>) -> String {
    match event {
        WatchEvent::Added(object) => format!("+{}", object.name_any()),
        WatchEvent::Modified(object) => format!("~{}", object.name_any()),
        WatchEvent::Deleted(object) => format!("-{}", object.name_any()),
        WatchEvent::Bookmark(_) => "bookmark".into(),
        WatchEvent::Error(status) => format!("!{}", status.code),
    }
}

async fn collect(server: &ApiServer, params: WatchParams, from: &str) -> Vec<String> {
    let stream = api(server).watch(&params, from).await.unwrap();
    stream.map_ok(|event| show(&event)).try_collect().await.unwrap()
}

/// Longer than any backoff of kube's, whose jitter no seed decides.
const QUIET: Duration = Duration::from_mins(2);

/// The next events of a stream, until it is quiet for this long.
async fn drain<T>(stream: &mut (impl Stream<Item = T> + Unpin), quiet: Duration) -> Vec<T> {
    let mut items = Vec::new();
    while let Ok(Some(item)) = tokio::time::timeout(quiet, stream.next()).await {
        items.push(item);
    }
    items
}

#[tokio::test(start_paused = true)]
async fn a_watch_tells_what_happened_since() {
    let server = server();
    let widgets = api(&server);
    let a = widgets.create(&PostParams::default(), &widget("a", 1)).await.unwrap();
    widgets.create(&PostParams::default(), &widget("b", 1)).await.unwrap();
    let patch = Patch::Merge(json!({ "spec": { "size": 2 } }));
    widgets.patch("a", &PatchParams::default(), &patch).await.unwrap();
    widgets.delete("a", &DeleteParams::default()).await.unwrap();
    let from = a.metadata.resource_version.unwrap();
    let started = tokio::time::Instant::now();
    let params = WatchParams::default().disable_bookmarks().timeout(10);
    assert_eq!(collect(&server, params, &from).await, ["+b", "~a", "-a"]);
    assert_eq!(started.elapsed(), Duration::from_secs(10), "the watch lasts as long as was asked for");
}

#[tokio::test(start_paused = true)]
async fn a_watch_from_nowhere_starts_with_what_there_is() {
    let server = server();
    api(&server).create(&PostParams::default(), &widget("a", 1)).await.unwrap();
    let params = WatchParams::default().timeout(90);
    // One says that this is all there is, one comes after a minute, and one shortly before the end.
    assert_eq!(collect(&server, params, "0").await, ["+a", "bookmark", "bookmark", "bookmark"]);
}

#[tokio::test(start_paused = true)]
async fn selectors_turn_changes_into_comings_and_goings() {
    let server = server();
    let widgets = api(&server);
    let from = server.revision().to_string();
    let made = object(json!({ "metadata": { "name": "a" } }));
    widgets.create(&PostParams::default(), &made).await.unwrap();
    for labels in [json!({ "l": "1" }), json!({ "l": "1", "m": "1" }), json!({ "l": null })] {
        let patch = Patch::Merge(json!({ "metadata": { "labels": labels } }));
        widgets.patch("a", &PatchParams::default(), &patch).await.unwrap();
    }
    let params = WatchParams::default().disable_bookmarks().timeout(1).labels("l=1");
    assert_eq!(collect(&server, params, &from).await, ["+a", "~a", "-a"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_compacted_is_gone() {
    let server = server();
    let from = server.revision().to_string();
    api(&server).create(&PostParams::default(), &widget("a", 1)).await.unwrap();
    server.compact();
    let params = || WatchParams::default().disable_bookmarks().timeout(1);
    assert_eq!(collect(&server, params(), &from).await, ["!410"]);
    let now = server.revision().to_string();
    assert_eq!(collect(&server, params(), &now).await, Vec::<String>::new());
    assert_eq!(collect(&server, params(), "99999").await, Vec::<String>::new(), "the future is waited for");
}

fn config(streaming: bool) -> watcher::Config {
    let config = watcher::Config::default();
    if streaming { config.streaming_lists() } else { config.page_size(1) }
}

async fn follow(streaming: bool) {
    let server = server();
    let widgets = api(&server);
    for name in ["a", "b"] {
        widgets.create(&PostParams::default(), &widget(name, 1)).await.unwrap();
    }
    let events = watcher(widgets.clone(), config(streaming)).default_backoff().applied_objects();
    let mut events = std::pin::pin!(events);
    let names = |seen: Vec<Result<DynamicObject, watcher::Error>>| -> Vec<String> {
        seen.into_iter().filter_map(Result::ok).map(|object| object.name_any()).collect()
    };
    assert_eq!(names(drain(&mut events, QUIET).await), ["a", "b"]);
    widgets.create(&PostParams::default(), &widget("c", 1)).await.unwrap();
    assert_eq!(names(drain(&mut events, QUIET).await), ["c"]);
    server.break_watches();
    widgets.create(&PostParams::default(), &widget("d", 1)).await.unwrap();
    assert_eq!(names(drain(&mut events, QUIET).await), ["d"], "it resumes where it was");
    widgets.create(&PostParams::default(), &widget("e", 1)).await.unwrap();
    server.compact();
    server.break_watches();
    let seen = names(drain(&mut events, QUIET).await);
    for name in ["a", "b", "c", "d", "e"] {
        assert!(seen.iter().any(|seen| seen == name), "relisted: {seen:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_watcher_of_kube_follows() {
    follow(false).await;
}

#[tokio::test(start_paused = true)]
async fn the_watcher_of_kube_follows_streaming_lists() {
    follow(true).await;
}

#[tokio::test(start_paused = true)]
async fn metadata_watches_carry_metadata() {
    let server = server();
    api(&server).create(&PostParams::default(), &widget("a", 1)).await.unwrap();
    let stream = api(&server).watch_metadata(&WatchParams::default().timeout(1), "0").await.unwrap();
    let events: Vec<_> = stream.try_collect().await.unwrap();
    let WatchEvent::Added(object) = &events[0] else { panic!("{events:?}") };
    assert_eq!(object.types.as_ref().unwrap().kind, "PartialObjectMetadata");
}

#[tokio::test(start_paused = true)]
async fn frozen_caches_are_stale_and_catch_up() {
    let server = server();
    let widgets = api(&server);
    widgets.create(&PostParams::default(), &widget("a", 1)).await.unwrap();
    let from = server.revision().to_string();
    let mut stream = widgets.watch(&WatchParams::default(), &from).await.unwrap().boxed();
    server.freeze_watches();
    widgets.create(&PostParams::default(), &widget("b", 1)).await.unwrap();
    assert!(drain(&mut stream, Duration::from_secs(1)).await.is_empty());
    let listed = widgets.list(&kube::api::ListParams::default().match_any()).await.unwrap();
    assert_eq!(listed.items.len(), 1, "a cached list is as stale");
    assert_eq!(widgets.list(&kube::api::ListParams::default()).await.unwrap().items.len(), 2);
    server.thaw_watches();
    let seen: Vec<String> =
        drain(&mut stream, Duration::from_secs(1)).await.iter().map(|event| show(event.as_ref().unwrap())).collect();
    assert_eq!(seen, ["+b"]);
}

#[tokio::test(start_paused = true)]
async fn a_watch_is_logged_as_one_and_may_fail_to_start() {
    let server = server();
    server.fail(Matcher::api("watch", "widgets").nth(1), Fault::Status(503));
    assert_eq!(failure(api(&server).watch(&WatchParams::default(), "0").await.map(drop)).0, 503);
    api(&server).watch(&WatchParams::default(), "0").await.map(drop).unwrap();
    let verbs: Vec<String> = server.calls().into_iter().map(|call| call.verb).collect();
    assert_eq!(verbs, ["watch", "watch"]);
}
