//! The log, faults, hooks and crashes of the API server.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use cairn_testkit::{Fault, Matcher, Process, api::ApiCall};
use kube::{
    Api,
    api::{DynamicObject, Patch, PatchParams, PostParams},
};
use serde_json::json;

use crate::support::{api, failure, resource, server, widget};

fn count(server: &cairn_testkit::api::ApiServer) -> usize {
    server.objects("example.org", "widgets").len()
}

#[tokio::test(start_paused = true)]
async fn every_call_is_logged() {
    let server = server();
    let widgets = api(&server);
    widgets.create(&PostParams::default(), &widget("a", 1)).await.unwrap();
    let patch = Patch::Merge(json!({ "status": { "x": 1 } }));
    widgets.patch_status("a", &PatchParams::default(), &patch).await.unwrap();
    widgets.get("b").await.unwrap_err();
    let calls = server.calls();
    assert_eq!(calls.len(), 3);
    assert_eq!((calls[0].verb.as_str(), calls[0].code), ("create", 201));
    assert_eq!(calls[1].subresource.as_deref(), Some("status"));
    assert_eq!((calls[1].group.as_str(), calls[1].resource.as_str()), ("example.org", "widgets"));
    assert_eq!((calls[2].name.as_deref(), calls[2].code), (Some("b"), 404));
    assert_eq!(calls[2].reason.as_deref(), Some("NotFound"));
    assert_eq!(calls.iter().filter(|call| call.is_write()).count(), 2);
    server.clear_calls();
    assert!(server.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn failures_before_and_after_the_write() {
    let server = server();
    let widgets = api(&server);
    let create = |n| Matcher::api("create", "widgets").nth(n);
    for (n, fault, written) in [
        (1, Fault::Status(500), 0),
        (2, Fault::StatusAfterCommit(500), 1),
        (3, Fault::DropBefore, 1),
        (4, Fault::DropAfter, 2),
        (5, Fault::Error(403, "Forbidden"), 2),
        (6, Fault::ErrorAfterCommit(504, "Timeout"), 3),
    ] {
        server.clear_faults();
        server.fail(create(1), fault);
        let name = format!("w{n}");
        widgets.create(&PostParams::default(), &widget(&name, 1)).await.unwrap_err();
        assert_eq!(count(&server), written, "{fault:?}");
    }
    widgets.create(&PostParams::default(), &widget("w7", 1)).await.unwrap();
    let codes: Vec<u16> = server.calls().iter().map(|call| call.code).collect();
    assert_eq!(codes, [500, 500, 0, 0, 403, 504, 201]);
}

#[tokio::test(start_paused = true)]
async fn faults_end_by_count_or_guard() {
    let server = server();
    let widgets = api(&server);
    server.fail(Matcher::api("get", "widgets").nth(2), Fault::Status(429));
    let codes = async || -> Vec<u16> {
        let mut codes = Vec::new();
        for _ in 0..3 {
            codes.push(failure(widgets.get("a").await).0);
        }
        codes
    };
    assert_eq!(codes().await, [404, 429, 404]);
    let guard = server.fail_while(|call: &ApiCall| call.name.as_deref() == Some("a"), Fault::Status(503));
    assert_eq!(codes().await, [503, 503, 503]);
    drop(guard);
    assert_eq!(codes().await, [404, 404, 404]);
}

#[tokio::test(start_paused = true)]
async fn slow_late_and_no_answers() {
    let server = server();
    let widgets = api(&server);
    let started = tokio::time::Instant::now();
    server.fail(Matcher::api("get", "widgets").first(1), Fault::Delay(Duration::from_secs(7)));
    widgets.get("a").await.unwrap_err();
    assert_eq!(started.elapsed(), Duration::from_secs(7));

    server.fail(Matcher::api("create", "widgets").first(1), Fault::Late(Duration::from_secs(5)));
    widgets.create(&PostParams::default(), &widget("late", 1)).await.unwrap_err();
    assert_eq!(count(&server), 0);
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(count(&server), 1);

    server.fail(Matcher::api("create", "widgets").nth(1), Fault::Never);
    let never = async { widgets.create(&PostParams::default(), &widget("never", 1)).await };
    tokio::time::timeout(Duration::from_hours(1), never).await.unwrap_err();
    assert_eq!(count(&server), 1);
}

#[tokio::test(start_paused = true)]
async fn hooks_see_the_effect() {
    let server = server();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (log, inner) = (Arc::clone(&seen), server.clone());
    server.on_call(move |call| log.lock().unwrap().push((call.code, inner.objects("example.org", "widgets").len())));
    api(&server).create(&PostParams::default(), &widget("a", 1)).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [(201, 1)]);
}

#[tokio::test(start_paused = true)]
async fn a_crash_takes_the_process_and_nothing_else() {
    let server = server();
    let process = Process::new();
    let mine: Api<DynamicObject> = Api::namespaced_with(server.client_for(&process), "default", &resource());
    let crash = server.crash_after(Matcher::api("create", "widgets").nth(2));
    let controller = tokio::spawn(async move {
        for name in ["a", "b", "c"] {
            mine.create(&PostParams::default(), &widget(name, 1)).await.unwrap();
        }
    });
    let call = crash.await;
    assert_eq!(call.code, 201);
    assert!(process.is_dead());
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert!(!controller.is_finished(), "it never hears of its second create");
    controller.abort();
    assert_eq!(count(&server), 2);
    api(&server).get("b").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_crash_that_nobody_waits_for_is_called_off() {
    let server = server();
    drop(server.crash_after(Matcher::api("create", "widgets")));
    api(&server).create(&PostParams::default(), &widget("a", 1)).await.unwrap();
}
