use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Bytes;
use jiff::Timestamp;
use kube::client::Body;
use serde_json::Value;

use super::*;

#[derive(Default)]
struct Server {
    requests: Vec<(String, String, Value)>,
    answer: Option<StatusCode>,
}

struct Rig {
    server: Arc<Mutex<Server>>,
    events: Events,
    metrics: Metrics,
    shutdown: CancellationToken,
    writer: Option<EventWriter>,
}

impl Rig {
    fn new() -> Self {
        let server: Arc<Mutex<Server>> = Arc::default();
        let metrics = Metrics::new();
        let reporter = Reporter { controller: "cairn.run/operator".into(), instance: "pod-1".into() };
        let clock = Clock::simulated("2026-03-01T12:00:00Z".parse::<Timestamp>().unwrap());
        let (events, writer) = Events::new(client(&server), &reporter, clock, metrics.clone());
        Self { server, events, metrics, shutdown: CancellationToken::new(), writer: Some(writer) }
    }

    fn start(mut self) -> Self {
        if let Some(writer) = self.writer.take() {
            tokio::spawn(writer.run(self.shutdown.clone()));
        }
        self
    }

    async fn requests(&self) -> Vec<(String, String, Value)> {
        tokio::time::sleep(Duration::from_secs(1)).await;
        std::mem::take(&mut self.server.lock().unwrap().requests)
    }
}

fn client(server: &Arc<Mutex<Server>>) -> Client {
    let server = Arc::clone(server);
    let service = tower::service_fn(move |request: Request<Body>| {
        let server = Arc::clone(&server);
        async move {
            let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
            let body = request.into_body().collect_bytes().await.unwrap();
            let sent: Value = serde_json::from_slice(&body).unwrap();
            let mut server = server.lock().unwrap();
            server.requests.push((method, path, sent.clone()));
            Ok::<_, Infallible>(answer(server.answer.take(), &sent))
        }
    });
    Client::new(service, "default")
}

fn answer(failure: Option<StatusCode>, sent: &Value) -> Response<Full<Bytes>> {
    let (status, body) = match failure {
        Some(status) => {
            let reason = if status == StatusCode::NOT_FOUND { "NotFound" } else { "Forbidden" };
            let code = status.as_u16();
            (status, json!({"kind": "Status", "status": "Failure", "code": code, "reason": reason, "message": ""}))
        }
        None if sent.get("metadata").is_some() => (StatusCode::CREATED, sent.clone()),
        None => (StatusCode::OK, json!({"metadata": {}, "eventTime": null})),
    };
    Response::builder().status(status).body(Full::from(body.to_string())).unwrap()
}

fn notice(note: &str) -> Notice {
    Notice {
        regarding: ObjectReference {
            kind: Some("Bucket".into()),
            namespace: Some("team".into()),
            name: Some("logs".into()),
            uid: Some("u1".into()),
            ..ObjectReference::default()
        },
        severity: Severity::Warning,
        reason: "Throttled".into(),
        action: "Create".into(),
        note: note.into(),
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_says_all_that_the_api_server_requires() {
    let rig = Rig::new().start();
    rig.events.publish(notice("slow down"));
    let [(method, path, sent)]: [_; 1] = rig.requests().await.try_into().unwrap();
    assert_eq!((method.as_str(), path.as_str()), ("POST", "/apis/events.k8s.io/v1/namespaces/team/events"));
    for (field, value) in [
        ("type", "Warning"),
        ("reason", "Throttled"),
        ("action", "Create"),
        ("note", "slow down"),
        ("reportingController", "cairn.run/operator"),
        ("reportingInstance", "pod-1"),
        ("eventTime", "2026-03-01T12:00:00.000000Z"),
    ] {
        assert_eq!(sent[field], value, "{field}");
    }
    assert_eq!(sent["regarding"]["uid"], "u1");
    assert!(sent["metadata"]["name"].as_str().unwrap().starts_with("logs."));
}

#[tokio::test(start_paused = true)]
async fn repetitions_become_a_count() {
    let rig = Rig::new().start();
    for _ in 0..10 {
        rig.events.publish(notice("slow down"));
        tokio::time::sleep(Duration::from_secs(59)).await;
    }
    rig.events.publish(notice("another matter"));
    let requests = rig.requests().await;
    let methods: Vec<&str> = requests.iter().map(|(method, ..)| method.as_str()).collect();
    assert_eq!(methods, ["POST", "PATCH", "POST"]);
    assert_eq!(requests[1].2["series"]["count"], 7);
    let name = requests[0].2["metadata"]["name"].as_str().unwrap();
    assert!(requests[1].1.ends_with(name));
}

#[tokio::test(start_paused = true)]
async fn an_event_that_was_forgotten_is_written_anew() {
    let rig = Rig::new().start();
    rig.events.publish(notice("slow down"));
    tokio::time::sleep(Duration::from_secs(301)).await;
    rig.server.lock().unwrap().answer = Some(StatusCode::NOT_FOUND);
    rig.events.publish(notice("slow down"));
    let methods: Vec<String> = rig.requests().await.into_iter().map(|(method, ..)| method).collect();
    assert_eq!(methods, ["POST", "PATCH", "POST"]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_event_is_counted_and_stops_nothing() {
    let rig = Rig::new().start();
    rig.server.lock().unwrap().answer = Some(StatusCode::FORBIDDEN);
    rig.events.publish(notice("refused"));
    rig.events.publish(notice("written"));
    assert_eq!(rig.requests().await.len(), 2);
    assert!(rig.metrics.encode().contains(r#"cairn_events_dropped_total{reason="failed"} 1"#));
}

#[tokio::test(start_paused = true)]
async fn too_many_at_once_are_dropped_and_counted_and_the_rest_is_written_at_shutdown() {
    let rig = Rig::new();
    for number in 0..WAITING + 5 {
        rig.events.publish(notice(&number.to_string()));
    }
    assert!(rig.metrics.encode().contains(r#"cairn_events_dropped_total{reason="full"} 5"#));
    rig.shutdown.cancel();
    let rig = rig.start();
    assert_eq!(rig.requests().await.len(), WAITING);
}

#[test]
fn notes_are_cut_between_characters() {
    assert_eq!(cut("short", 1_024), "short");
    assert_eq!(cut(&"é".repeat(600), 1_023).len(), 1_022);
}

#[test]
fn names_are_valid_and_cluster_scoped_objects_report_to_default() {
    let mut notice = notice("x");
    notice.regarding.namespace = None;
    notice.regarding.name = Some(format!("{}.{}", "a".repeat(LONGEST_STEM - 1), "b".repeat(50)));
    assert_eq!(namespace(&notice), "default");
    let (early, late) = (MicroTime(Timestamp::UNIX_EPOCH), MicroTime(Timestamp::MAX));
    let shown = name(&notice, &early);
    assert_eq!(shown.len(), LONGEST_STEM - 1 + 17);
    assert!(!shown.contains(".."));
    assert_ne!(shown, name(&notice, &late));
}
