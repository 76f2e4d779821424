use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use futures::future::BoxFuture;
use kube::core::DynamicObject;
use serde_json::json;

use super::*;
use crate::queue::Backoff;

type Calls = Arc<Mutex<Vec<(String, Duration)>>>;
type Script = Box<dyn Fn(Request) -> BoxFuture<'static, Verdict> + Send + Sync>;

/// A reconciler that follows a script and writes down what is reported.
struct Scripted {
    script: Script,
    reports: Arc<Mutex<Vec<String>>>,
}

impl Reconciler for Scripted {
    async fn reconcile(&self, request: Request) -> Verdict {
        (self.script)(request).await
    }

    fn panicked(&self, key: &ObjectKey, message: &str) {
        self.reports.lock().unwrap().push(format!("{key} panicked: {message}"));
    }

    fn timed_out(&self, key: &ObjectKey) {
        self.reports.lock().unwrap().push(format!("{key} timed out"));
    }
}

struct Rig {
    store: Store,
    queue: Queue,
    reports: Arc<Mutex<Vec<String>>>,
    metrics: Metrics,
    shutdown: CancellationToken,
    limits: Limits,
}

const SETTLED: Verdict = Verdict::Settled { next: None };

impl Rig {
    fn new() -> Self {
        Self {
            store: Store::new(),
            queue: Queue::new(Backoff::seeded(1)),
            reports: Arc::default(),
            metrics: Metrics::new(),
            shutdown: CancellationToken::new(),
            limits: Limits::default(),
        }
    }

    fn controller(
        &self,
        script: impl Fn(Request) -> BoxFuture<'static, Verdict> + Send + Sync + 'static,
    ) -> Controller<Scripted> {
        let reconciler = Scripted { script: Box::new(script), reports: Arc::clone(&self.reports) };
        let clock = Clock::simulated(Timestamp::UNIX_EPOCH);
        let (store, queue, metrics) = (self.store.clone(), self.queue.clone(), self.metrics.clone());
        Controller::new("Thing", store, queue, reconciler, self.limits, clock, metrics)
    }

    fn add(&self, name: &str) {
        self.queue.add(key(name), Priority::Edit);
    }

    /// Lets time pass until nothing is queued for now or in flight.
    async fn quiet(&self) {
        let idle = || {
            let snapshot = self.queue.snapshot();
            snapshot.in_flight == 0 && snapshot.lanes.iter().all(|lane| lane.depth == 0)
        };
        while !idle() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

fn key(name: &str) -> ObjectKey {
    ObjectKey::new("ns", name)
}

/// A script that writes down the time of every call and answers with `verdict`.
fn noting(
    verdict: impl Fn(&Request) -> Verdict + Send + Sync + 'static,
) -> (Calls, impl Fn(Request) -> BoxFuture<'static, Verdict> + Send + Sync) {
    let calls = Calls::default();
    let (noted, start) = (Arc::clone(&calls), Instant::now());
    let script = move |request: Request| {
        noted.lock().unwrap().push((request.key.name.to_string(), start.elapsed()));
        let verdict = verdict(&request);
        async move { verdict }.boxed()
    };
    (calls, script)
}

#[tokio::test(start_paused = true)]
async fn a_request_carries_the_object_as_known() {
    let rig = Rig::new();
    let meta = json!({"namespace": "ns", "name": "here", "uid": "u", "resourceVersion": "7"});
    let object: DynamicObject = serde_json::from_value(json!({"metadata": meta})).unwrap();
    rig.store.apply(object).unwrap();
    rig.add("here");
    rig.add("gone");
    let seen: Arc<Mutex<Vec<_>>> = Arc::default();
    let noted = Arc::clone(&seen);
    let controller = rig.controller(move |request| {
        let version = request.object.map(|object| object.resource_version());
        noted.lock().unwrap().push((request.key.name.to_string(), version, request.cause));
        async { SETTLED }.boxed()
    });
    tokio::spawn(controller.run(rig.shutdown.clone()));
    rig.quiet().await;
    let mut seen = seen.lock().unwrap().clone();
    seen.sort();
    let expected = [("gone".to_owned(), None, Priority::Edit), ("here".to_owned(), Some(7), Priority::Edit)];
    assert_eq!(seen, expected);
    let text = rig.metrics.encode();
    assert!(text.contains(r#"cairn_reconciles_total{kind="Thing",outcome="settled"} 2"#), "{text}");
}

#[tokio::test(start_paused = true)]
async fn an_object_is_looked_at_again_when_it_asked_for_it() {
    let rig = Rig::new();
    let next = Timestamp::UNIX_EPOCH + Duration::from_hours(1);
    let first = AtomicUsize::new(0);
    let (calls, script) = noting(move |_| {
        let again = first.fetch_add(1, Ordering::SeqCst) == 0;
        Verdict::Settled { next: again.then_some(next) }
    });
    tokio::spawn(rig.controller(script).run(rig.shutdown.clone()));
    rig.add("a");
    tokio::time::sleep(Duration::from_secs(10_000)).await;
    let at: Vec<u64> = calls.lock().unwrap().iter().map(|(_, at)| at.as_secs()).collect();
    assert_eq!(at, [0, 3600]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_handed_out_before_the_first_lists_are_in() {
    let rig = Rig::new();
    let (calls, script) = noting(|_| SETTLED);
    let ((one, ready_one), (two, ready_two)) = (Ready::manual(), Ready::manual());
    tokio::spawn(rig.controller(script).after(ready_one).after(ready_two).run(rig.shutdown.clone()));
    rig.add("a");
    one.send_replace(0);
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert!(calls.lock().unwrap().is_empty());
    two.send_replace(0);
    rig.quiet().await;
    assert_eq!(calls.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_handed_out_without_the_claim() {
    let rig = Rig::new();
    let (calls, script) = noting(|_| SETTLED);
    let (manual, claim) = Claim::manual();
    tokio::spawn(rig.controller(script).under(claim).run(rig.shutdown.clone()));
    rig.add("a");
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert!(calls.lock().unwrap().is_empty());
    manual.hold(Duration::from_secs(5));
    rig.quiet().await;
    assert_eq!(calls.lock().unwrap().len(), 1);
    tokio::time::sleep(Duration::from_secs(10)).await;
    rig.add("b");
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(calls.lock().unwrap().len(), 1);
    manual.hold(Duration::from_secs(5));
    rig.quiet().await;
    assert_eq!(calls.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_panic_hurts_only_its_own_object() {
    let rig = Rig::new();
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let controller = rig.controller(move |request| {
        assert!(
            *request.key.name != *"bad" || counted.fetch_add(1, Ordering::SeqCst) >= 3,
            "no luck with {}",
            request.key
        );
        async { SETTLED }.boxed()
    });
    tokio::spawn(controller.run(rig.shutdown.clone()));
    rig.add("bad");
    rig.add("good");
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(calls.load(Ordering::SeqCst), 4);
    assert_eq!(*rig.reports.lock().unwrap(), ["ns/bad panicked: no luck with ns/bad"; 3]);
    let text = rig.metrics.encode();
    assert!(text.contains(r#"cairn_panics_total{kind="Thing"} 3"#), "{text}");
    assert!(text.contains(r#"cairn_reconciles_total{kind="Thing",outcome="settled"} 2"#), "{text}");
    assert_eq!(rig.queue.snapshot().delayed, 0);
}

#[tokio::test(start_paused = true)]
async fn a_reconcile_that_hangs_is_given_up_at_the_deadline() {
    let rig = Rig { limits: Limits { max_concurrent: 1, ..Limits::default() }, ..Rig::new() };
    let started = Instant::now();
    let good_at: Arc<Mutex<Option<Duration>>> = Arc::default();
    let noted = Arc::clone(&good_at);
    let controller = rig.controller(move |request| {
        if *request.key.name == *"hangs" {
            return std::future::pending().boxed();
        }
        *noted.lock().unwrap() = Some(started.elapsed());
        async { SETTLED }.boxed()
    });
    tokio::spawn(controller.run(rig.shutdown.clone()));
    rig.add("hangs");
    rig.add("good");
    tokio::time::sleep(Duration::from_secs(121)).await;
    assert_eq!(*rig.reports.lock().unwrap(), ["ns/hangs timed out"]);
    assert!(good_at.lock().unwrap().is_some_and(|at| at >= Duration::from_mins(2)));
}

#[tokio::test(start_paused = true)]
async fn retries_follow_the_backoff_or_the_wish() {
    let rig = Rig::new();
    let (calls, script) = noting(|request| match &*request.key.name {
        "backoff" => Verdict::Retry { after: None },
        _ => Verdict::Retry { after: Some(Duration::from_secs(40)) },
    });
    tokio::spawn(rig.controller(script).run(rig.shutdown.clone()));
    rig.add("backoff");
    rig.add("wish");
    tokio::time::sleep(Duration::from_secs(100)).await;
    let calls = calls.lock().unwrap();
    let count = |name| calls.iter().filter(|(called, _)| called == name).count();
    assert_eq!(count("wish"), 3);
    assert!((8..=10).contains(&count("backoff")), "{calls:?}");
}

#[tokio::test(start_paused = true)]
async fn no_more_run_at_once_than_allowed() {
    let rig = Rig { limits: Limits { max_concurrent: 3, ..Limits::default() }, ..Rig::new() };
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (now, peak) = (Arc::clone(&running), Arc::clone(&most));
    let controller = rig.controller(move |_| {
        let (now, peak) = (Arc::clone(&now), Arc::clone(&peak));
        async move {
            peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_secs(1)).await;
            now.fetch_sub(1, Ordering::SeqCst);
            SETTLED
        }
        .boxed()
    });
    for number in 0..20 {
        rig.add(&number.to_string());
    }
    tokio::spawn(controller.run(rig.shutdown.clone()));
    rig.quiet().await;
    assert_eq!((running.load(Ordering::SeqCst), most.load(Ordering::SeqCst)), (0, 3));
}

#[tokio::test(start_paused = true)]
async fn at_shutdown_what_runs_may_finish_and_nothing_new_begins() {
    let rig = Rig { limits: Limits { max_concurrent: 2, ..Limits::default() }, ..Rig::new() };
    let finished: Arc<Mutex<Vec<String>>> = Arc::default();
    let noted = Arc::clone(&finished);
    let controller = rig.controller(move |request| {
        let noted = Arc::clone(&noted);
        async move {
            let seconds = request.key.name.parse().unwrap();
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            noted.lock().unwrap().push(request.key.name.to_string());
            SETTLED
        }
        .boxed()
    });
    for name in ["10", "100", "1"] {
        rig.add(name);
    }
    let run = tokio::spawn(controller.run(rig.shutdown.clone()));
    tokio::time::sleep(Duration::from_secs(2)).await;
    let asked = Instant::now();
    rig.shutdown.cancel();
    run.await.unwrap();
    assert_eq!(asked.elapsed().as_secs(), 20);
    assert_eq!(*finished.lock().unwrap(), ["10"]);
}
