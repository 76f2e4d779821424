use std::{
    collections::BTreeMap,
    convert::Infallible,
    sync::{Arc, Mutex},
};

use futures::channel::mpsc::{UnboundedSender, unbounded};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::{Bytes, Frame};
use kube::{client::Body, core::GroupVersionKind};
use serde_json::{Value, json};

use super::*;

type Answer = Response<UnsyncBoxBody<Bytes, Infallible>>;

/// An API server with one kind.
#[derive(Default)]
struct Server {
    objects: BTreeMap<String, Value>,
    version: u64,
    watches: Vec<(Option<String>, UnboundedSender<Bytes>)>,
    /// Requests whose path contains this fail.
    broken: Option<String>,
    requests: Vec<String>,
    accepts: Vec<String>,
}

impl Server {
    fn answer(&mut self, request: &Request<Body>) -> Answer {
        let uri = request.uri().to_string();
        self.requests.push(uri.clone());
        self.accepts.extend(request.headers().get("accept").map(|accept| accept.to_str().unwrap().to_owned()));
        if self.broken.as_ref().is_some_and(|broken| uri.contains(broken)) {
            let status =
                json!({"kind": "Status", "status": "Failure", "code": 404, "reason": "NotFound", "message": ""});
            return respond(StatusCode::NOT_FOUND, &status);
        }
        let namespace = uri.split_once("/namespaces/").and_then(|(_, rest)| rest.split('/').next()).map(str::to_owned);
        if uri.contains("watch=true") {
            return self.watch(namespace);
        }
        let items: Vec<&Value> = self.objects.values().filter(|object| within(namespace.as_deref(), object)).collect();
        let version = self.version.to_string();
        respond(StatusCode::OK, &json!({"metadata": {"resourceVersion": version}, "items": items}))
    }

    fn watch(&mut self, namespace: Option<String>) -> Answer {
        let (sender, lines) = unbounded();
        self.watches.push((namespace, sender));
        Response::new(StreamBody::new(lines.map(|line| Ok(Frame::data(line)))).boxed_unsync())
    }

    fn put(&mut self, namespace: &str, name: &str, generation: i64) {
        self.version += 1;
        let uid = format!("{namespace}-{name}");
        let meta = json!({
            "namespace": namespace, "name": name, "uid": uid, "generation": generation,
            "resourceVersion": self.version.to_string(),
        });
        let object = json!({"apiVersion": "x.org/v1", "kind": "Thing", "metadata": meta, "spec": {"a": 1}});
        self.objects.insert(uid, object.clone());
        self.send("MODIFIED", &object);
    }

    fn delete(&mut self, namespace: &str, name: &str) {
        self.version += 1;
        let mut object = self.objects.remove(&format!("{namespace}-{name}")).unwrap();
        object["metadata"]["resourceVersion"] = json!(self.version.to_string());
        self.send("DELETED", &object);
    }

    fn send(&mut self, event: &str, object: &Value) {
        let line = Bytes::from(format!("{}\n", json!({"type": event, "object": object})));
        self.watches.retain(|(namespace, watch)| {
            !within(namespace.as_deref(), object) || watch.unbounded_send(line.clone()).is_ok()
        });
    }

    /// Ends all watches, and makes the next ones start from a new list.
    fn expire(&mut self) {
        let status = json!({"kind": "Status", "status": "Failure", "code": 410, "reason": "Expired", "message": ""});
        let line = Bytes::from(format!("{}\n", json!({"type": "ERROR", "object": status})));
        for (_, watch) in self.watches.drain(..) {
            drop(watch.unbounded_send(line.clone()));
        }
    }
}

fn within(namespace: Option<&str>, object: &Value) -> bool {
    namespace.is_none_or(|namespace| object["metadata"]["namespace"] == namespace)
}

fn respond(status: StatusCode, body: &Value) -> Answer {
    let body = Full::from(body.to_string());
    Response::builder().status(status).body(body.boxed_unsync()).unwrap()
}

type Told = Arc<Mutex<Vec<(String, Change, Priority)>>>;

struct Rig {
    server: Arc<Mutex<Server>>,
    store: Store,
    told: Told,
    metrics: Metrics,
    shutdown: CancellationToken,
}

impl Rig {
    fn new() -> Self {
        Self {
            server: Arc::default(),
            store: Store::new(),
            told: Told::default(),
            metrics: Metrics::new(),
            shutdown: CancellationToken::new(),
        }
    }

    fn source(&self, scope: Scope) -> Source {
        let server = Arc::clone(&self.server);
        let service = tower::service_fn(move |request: Request<Body>| {
            let answer = server.lock().unwrap().answer(&request);
            async { Ok::<_, Infallible>(answer) }
        });
        let client = Client::new(service, "default");
        let resource = ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk("x.org", "v1", "Thing"), "things");
        let told = Arc::clone(&self.told);
        Source::new(client, resource, scope, self.store.clone(), self.metrics.clone())
            .seeded(1)
            .listen(move |key, change, priority| told.lock().unwrap().push((key.to_string(), change, priority)))
    }

    fn start(&self, source: Source) -> Ready {
        let ready = source.ready();
        tokio::spawn(source.run(self.shutdown.clone()));
        ready
    }

    fn server(&self) -> std::sync::MutexGuard<'_, Server> {
        self.server.lock().unwrap()
    }

    /// What was told since the last call, after some time.
    async fn told(&self) -> Vec<(String, Change, Priority)> {
        tokio::time::sleep(Duration::from_secs(5)).await;
        std::mem::take(&mut self.told.lock().unwrap())
    }
}

fn told(key: &str, change: Change, priority: Priority) -> (String, Change, Priority) {
    (key.to_owned(), change, priority)
}

#[tokio::test(start_paused = true)]
async fn what_was_there_is_a_resync_and_what_happens_then_is_an_edit() {
    let rig = Rig::new();
    rig.server().put("ns", "a", 1);
    let queue = Queue::new(Backoff::seeded(1));
    let ready = rig.start(rig.source(Scope::All).feed(&queue));
    assert!(!ready.is_ready());
    ready.wait().await;
    assert!(ready.is_ready());
    assert_eq!(rig.told().await, [told("ns/a", Change::Trigger, Priority::Resync)]);
    assert_eq!(queue.next().await.cause(), Priority::Resync);

    rig.server().put("ns", "b", 1);
    rig.server().put("ns", "a", 1);
    rig.server().delete("ns", "a");
    let expected = [
        told("ns/b", Change::Trigger, Priority::Edit),
        told("ns/a", Change::Content, Priority::Edit),
        told("ns/a", Change::Gone, Priority::Edit),
    ];
    assert_eq!(rig.told().await, expected);
    assert_eq!(queue.next().await.key(), &ObjectKey::new("ns", "b"));
    assert_eq!(rig.store.len(), 1);
    assert_eq!(rig.server().requests.len(), 2, "one list and one watch");
}

#[tokio::test(start_paused = true)]
async fn what_happened_while_away_is_found_by_the_next_list() {
    let rig = Rig::new();
    for name in ["same", "changed", "gone"] {
        rig.server().put("ns", name, 1);
    }
    rig.start(rig.source(Scope::All)).wait().await;
    rig.told().await;
    rig.server().expire();
    rig.server().put("ns", "changed", 2);
    rig.server().delete("ns", "gone");
    let expected = [told("ns/changed", Change::Trigger, Priority::Edit), told("ns/gone", Change::Gone, Priority::Edit)];
    assert_eq!(rig.told().await, expected);
    let text = rig.metrics.encode();
    assert!(text.contains(r#"cairn_watch_restarts_total{kind="Thing",reason="relist"} 1"#), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_broken_watch_is_tried_ever_more_seldom_and_recovers() {
    let rig = Rig::new();
    rig.server().broken = Some("things".to_owned());
    let ready = rig.start(rig.source(Scope::All));
    tokio::time::sleep(Duration::from_mins(10)).await;
    let tried = rig.server().requests.len();
    assert!((20..50).contains(&tried), "{tried} requests in ten minutes");
    rig.server().broken = None;
    rig.server().put("ns", "a", 1);
    ready.wait().await;
    assert_eq!(rig.told().await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn namespaces_are_watched_apart() {
    let rig = Rig::new();
    rig.server().put("good", "a", 1);
    rig.server().put("hidden", "a", 1);
    rig.server().put("bad", "a", 1);
    rig.server().broken = Some("namespaces/bad".to_owned());
    let ready = rig.start(rig.source(Scope::Namespaces(vec!["bad".into(), "good".into()])));
    assert_eq!(rig.told().await, [told("good/a", Change::Trigger, Priority::Resync)]);
    assert!(!ready.is_ready());
    rig.server().put("good", "b", 1);
    assert_eq!(rig.told().await, [told("good/b", Change::Trigger, Priority::Edit)]);
    rig.server().broken = None;
    ready.wait().await;
    assert_eq!(rig.told().await, [told("bad/a", Change::Trigger, Priority::Resync)]);
}

#[tokio::test(start_paused = true)]
async fn where_only_metadata_is_read_only_metadata_is_asked_for() {
    let rig = Rig::new();
    rig.server().put("ns", "a", 1);
    rig.start(rig.source(Scope::All).metadata_only()).wait().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(rig.server().accepts.iter().all(|accept| accept.contains("PartialObjectMetadata")));
    let object: Value = rig.store.get(&ObjectKey::new("ns", "a")).unwrap().parse().unwrap();
    assert_eq!((&object["metadata"]["uid"], &object["spec"]), (&json!("ns-a"), &Value::Null));
}

#[tokio::test(start_paused = true)]
async fn what_nobody_reads_is_not_kept() {
    let rig = Rig::new();
    rig.server().put("ns", "a", 1);
    let source = rig.source(Scope::All).reduce(|object| object.data = json!({"spec": "less"}));
    rig.start(source).wait().await;
    let object: Value = rig.store.get(&ObjectKey::new("ns", "a")).unwrap().parse().unwrap();
    assert_eq!((&object["metadata"]["uid"], &object["spec"]), (&json!("ns-a"), &json!("less")));
}

#[tokio::test(start_paused = true)]
async fn a_single_name_is_asked_for_in_list_and_watch() {
    let rig = Rig::new();
    rig.start(rig.source(Scope::Namespaces(vec!["ns".into()])).named("only")).wait().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let requests = rig.server().requests.clone();
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().all(|request| request.contains("fieldSelector=metadata.name%3Donly")), "{requests:?}");
}

#[tokio::test(start_paused = true)]
async fn a_source_that_ends_early_is_never_ready() {
    let rig = Rig::new();
    rig.server().broken = Some("things".to_owned());
    let source = rig.source(Scope::All);
    let ready = source.ready();
    rig.shutdown.cancel();
    source.run(rig.shutdown.clone()).await;
    assert!(tokio::time::timeout(Duration::from_mins(1), ready.wait()).await.is_err());
}
