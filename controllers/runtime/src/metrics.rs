//! What the operator counts, in the text format of `OpenMetrics`.
//!
//! Every name starts with `cairn_`. Label values that come from outside (kinds, AWS error codes) pass a vocabulary of
//! bounded size, so that no user can make the process grow by inventing names.

mod pace;
mod sheet;

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use cairn_core::condition::{Progress, Reason};
use prometheus_client::{
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use crate::{claim::Claim, queue::Queue, store::Store};
use sheet::{Sheet, labels};

pub use pace::AwsLimiter;
pub use sheet::{Description, Form};

/// The content type of what [`Metrics::encode`] returns.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// How many different label values are told apart; all further ones are counted as `other`.
const VOCABULARY: usize = 2_000;

/// Upper bounds in seconds: from an answer out of a cache to a reconcile that hits its deadline.
const BUCKETS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0];

type Word = Arc<str>;
type Counters<L> = Family<L, Counter>;
type Gauges<L> = Family<L, Gauge>;
type Latencies<L> = Family<L, Histogram, fn() -> Histogram>;
type Probe = Box<dyn Fn(&Metrics) + Send + Sync>;

labels!(KubernetesRequest {
    verb: &'static str,
    resource: Word,
    outcome: &'static str,
});

labels!(KubernetesLatency {
    verb: &'static str,
    resource: Word,
});

labels!(AwsRequest { service: Word, operation: Word, outcome: Word });

labels!(AwsLatency { service: Word, operation: Word });

labels!(AwsIdentity { account: Word, arn: Word, region: Word });

labels!(Kind { kind: Word });

labels!(Reconcile {
    kind: Word,
    outcome: &'static str,
});

labels!(Restart {
    kind: Word,
    reason: &'static str,
});

labels!(Lane {
    kind: Word,
    priority: &'static str,
});

labels!(Dropped {
    reason: &'static str,
});

labels!(Standing {
    kind: Word,
    ready: &'static str,
    reason: &'static str,
});

/// The counters of one process. Clones share them.
#[derive(Clone)]
pub struct Metrics {
    inner: Arc<Inner>,
}

struct Inner {
    families: Families,
    registry: Registry,
    descriptions: Vec<Description>,
    words: Mutex<HashSet<Word>>,
    probes: Mutex<Vec<Probe>>,
}

#[derive(Clone)]
struct Families {
    kubernetes_requests: Counters<KubernetesRequest>,
    kubernetes_latency: Latencies<KubernetesLatency>,
    aws_requests: Counters<AwsRequest>,
    aws_latency: Latencies<AwsLatency>,
    aws_identity: Gauges<AwsIdentity>,
    reconciles: Counters<Reconcile>,
    reconcile_latency: Latencies<Kind>,
    panics: Counters<Kind>,
    drift: Counters<Kind>,
    watch_restarts: Counters<Restart>,
    events_dropped: Counters<Dropped>,
    queue_depth: Gauges<Lane>,
    queue_oldest: Gauges<Lane>,
    queue_delayed: Gauges<Kind>,
    queue_in_flight: Gauges<Kind>,
    objects: Gauges<Standing>,
    edit_to_first_call: Latencies<Kind>,
    answer_to_ready: Latencies<Kind>,
    claim_held: Gauge,
    pace: pace::Families,
}

impl Metrics {
    /// A fresh set of counters, all zero.
    #[must_use]
    pub fn new() -> Self {
        let families = Families::new();
        let mut sheet = Sheet::new();
        families.register_calls(&mut sheet);
        families.register_work(&mut sheet);
        families.register_queues(&mut sheet);
        families.pace.register(&mut sheet);
        let Sheet { registry, mut descriptions } = sheet;
        descriptions.sort_by(|one, other| one.name.cmp(&other.name));
        let (words, probes) = (Mutex::default(), Mutex::default());
        Self { inner: Arc::new(Inner { families, registry, descriptions, words, probes }) }
    }

    /// Counts one HTTP attempt at the API server. `resource` is `plural.group/subresource`, `outcome` a class of status
    /// such as `2xx`, or `error` when no answer came; `latency` is the time until the headers of the answer.
    pub fn kubernetes_request(&self, verb: &'static str, resource: &str, outcome: &'static str, latency: Duration) {
        let resource = self.word(resource);
        let families = &self.inner.families;
        families
            .kubernetes_latency
            .get_or_create(&KubernetesLatency { verb, resource: resource.clone() })
            .observe(latency.as_secs_f64());
        families.kubernetes_requests.get_or_create(&KubernetesRequest { verb, resource, outcome }).inc();
    }

    /// Counts one HTTP attempt at AWS. `outcome` is `ok` or the error code.
    pub fn aws_request(&self, service: &str, operation: &str, outcome: &str, latency: Duration) {
        let (service, operation, outcome) = (self.word(service), self.word(operation), self.word(outcome));
        let families = &self.inner.families;
        families
            .aws_latency
            .get_or_create(&AwsLatency { service: service.clone(), operation: operation.clone() })
            .observe(latency.as_secs_f64());
        families.aws_requests.get_or_create(&AwsRequest { service, operation, outcome }).inc();
    }

    /// Shows who the operator itself is in AWS, and in which region that was asked.
    pub fn aws_identity(&self, account: &str, arn: &str, region: &str) {
        let labels = AwsIdentity { account: self.word(account), arn: self.word(arn), region: self.word(region) };
        self.inner.families.aws_identity.get_or_create(&labels).set(1);
    }

    /// Counts one reconcile. `outcome` is `settled`, `retry`, `panic` or `timeout`.
    pub fn reconcile(&self, kind: &str, outcome: &'static str, latency: Duration) {
        let kind = self.word(kind);
        let families = &self.inner.families;
        families.reconcile_latency.get_or_create(&Kind { kind: kind.clone() }).observe(latency.as_secs_f64());
        families.reconciles.get_or_create(&Reconcile { kind, outcome }).inc();
    }

    /// Counts one panic that was caught in a reconcile.
    pub fn panicked(&self, kind: &str) {
        self.inner.families.panics.get_or_create(&Kind { kind: self.word(kind) }).inc();
    }

    /// Counts one declared setting that was found changed outside and was put back.
    pub fn drift(&self, kind: &str) {
        self.inner.families.drift.get_or_create(&Kind { kind: self.word(kind) }).inc();
    }

    /// Counts one interruption of a watch. `reason` is `error`, or `relist` when the list had to be read anew.
    pub fn watch_restarted(&self, kind: &str, reason: &'static str) {
        self.inner.families.watch_restarts.get_or_create(&Restart { kind: self.word(kind), reason }).inc();
    }

    /// Counts one Event that was not written. `reason` is `full` (too many at once) or `failed` (refused or no answer).
    pub fn event_dropped(&self, reason: &'static str) {
        self.inner.families.events_dropped.get_or_create(&Dropped { reason }).inc();
    }

    /// Counts how long after an edit was seen AWS was first called for it.
    pub fn edit_to_first_call(&self, kind: &str, time: Duration) {
        let labels = Kind { kind: self.word(kind) };
        self.inner.families.edit_to_first_call.get_or_create(&labels).observe(time.as_secs_f64());
    }

    /// Counts how long after AWS's last answer an object was Ready.
    pub fn answer_to_ready(&self, kind: &str, time: Duration) {
        let labels = Kind { kind: self.word(kind) };
        self.inner.families.answer_to_ready.get_or_create(&labels).observe(time.as_secs_f64());
    }

    /// Shows from now on how many objects there are, by what their condition `Ready` says.
    pub fn watch_objects(&self, kind: &str, store: &Store) {
        let (kind, store, shown) = (self.word(kind), store.clone(), Mutex::new(HashSet::new()));
        self.probe(Box::new(move |metrics| {
            let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
            metrics.show_objects(&kind, &store, &mut shown);
        }));
    }

    /// Every metric that there is, by name.
    #[must_use]
    pub fn descriptions(&self) -> &[Description] {
        &self.inner.descriptions
    }

    /// Shows depth and age of a queue from now on.
    pub fn watch_queue(&self, kind: &str, queue: &Queue) {
        let (kind, queue) = (self.word(kind), queue.clone());
        self.probe(Box::new(move |metrics| metrics.show_queue(&kind, &queue)));
    }

    /// Shows from now on whether the claim is held.
    pub fn watch_claim(&self, claim: &Claim) {
        let claim = claim.clone();
        self.probe(Box::new(move |metrics| {
            metrics.inner.families.claim_held.set(i64::from(claim.held()));
        }));
    }

    /// Everything as `OpenMetrics` text, of the type [`CONTENT_TYPE`].
    #[must_use]
    pub fn encode(&self) -> String {
        for probe in self.inner.probes.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            probe(self);
        }
        let mut text = String::new();
        match prometheus_client::encoding::text::encode(&mut text, &self.inner.registry) {
            Ok(()) => text,
            Err(fmt::Error) => String::new(),
        }
    }

    fn show_queue(&self, kind: &Word, queue: &Queue) {
        let families = &self.inner.families;
        let snapshot = queue.snapshot();
        for lane in snapshot.lanes {
            let labels = Lane { kind: kind.clone(), priority: lane.priority.as_str() };
            families.queue_depth.get_or_create(&labels).set(whole(lane.depth));
            families.queue_oldest.get_or_create(&labels).set(whole(lane.oldest.as_secs()));
        }
        let labels = Kind { kind: kind.clone() };
        families.queue_delayed.get_or_create(&labels).set(whole(snapshot.delayed));
        families.queue_in_flight.get_or_create(&labels).set(whole(snapshot.in_flight));
    }

    /// What nobody says any more is no longer shown.
    fn show_objects(&self, kind: &Word, store: &Store, shown: &mut HashSet<Standing>) {
        let objects = &self.inner.families.objects;
        let now: HashMap<_, _> = store
            .standings()
            .into_iter()
            .map(|(reason, count)| {
                let ready =
                    if reason.is_some_and(|reason| reason.progress() == Progress::Done) { "True" } else { "False" };
                (Standing { kind: kind.clone(), ready, reason: reason.map_or("None", Reason::as_str) }, count)
            })
            .collect();
        shown.retain(|labels| now.contains_key(labels) || !objects.remove(labels));
        for (labels, count) in now {
            objects.get_or_create(&labels).set(whole(count));
            shown.insert(labels);
        }
    }

    fn probe(&self, probe: Probe) {
        self.inner.probes.lock().unwrap_or_else(PoisonError::into_inner).push(probe);
    }

    fn word(&self, value: &str) -> Word {
        let mut words = self.inner.words.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(word) = words.get(value) {
            return word.clone();
        }
        let word: Word = if words.len() < VOCABULARY { value.into() } else { "other".into() };
        words.insert(word.clone());
        word
    }
}

impl Families {
    fn new() -> Self {
        Self {
            kubernetes_requests: Family::default(),
            kubernetes_latency: Family::new_with_constructor(latency),
            aws_requests: Family::default(),
            aws_latency: Family::new_with_constructor(latency),
            aws_identity: Family::default(),
            reconciles: Family::default(),
            reconcile_latency: Family::new_with_constructor(latency),
            panics: Family::default(),
            drift: Family::default(),
            watch_restarts: Family::default(),
            events_dropped: Family::default(),
            queue_depth: Family::default(),
            queue_oldest: Family::default(),
            queue_delayed: Family::default(),
            queue_in_flight: Family::default(),
            objects: Family::default(),
            edit_to_first_call: Family::new_with_constructor(latency),
            answer_to_ready: Family::new_with_constructor(latency),
            claim_held: Gauge::default(),
            pace: pace::Families::new(),
        }
    }

    fn register_calls(&self, to: &mut Sheet) {
        let (counter, histogram) = (Form::Counter, Form::Histogram);
        to.family("kubernetes_requests", counter, "HTTP attempts at the API server", &self.kubernetes_requests);
        let meaning = "Time until the API server answered";
        to.family("kubernetes_request_duration", histogram, meaning, &self.kubernetes_latency);
        to.family("aws_requests", counter, "HTTP attempts at AWS", &self.aws_requests);
        to.family("aws_request_duration", histogram, "Time until AWS answered", &self.aws_latency);
        to.family("aws_identity_info", Form::Gauge, "Who the operator itself is in AWS", &self.aws_identity);
        to.family("events_dropped", counter, "Events that were not written", &self.events_dropped);
    }

    fn register_work(&self, to: &mut Sheet) {
        let (counter, gauge, histogram) = (Form::Counter, Form::Gauge, Form::Histogram);
        to.family("reconciles", counter, "Reconciles by how they ended", &self.reconciles);
        to.family("reconcile_duration", histogram, "Time that one reconcile took", &self.reconcile_latency);
        to.family("panics", counter, "Reconciles that panicked", &self.panics);
        to.family("drift", counter, "Declared settings that were changed outside and put back", &self.drift);
        to.family("watch_restarts", counter, "Interruptions of a watch", &self.watch_restarts);
        to.family("objects", gauge, "Objects by what their condition Ready says", &self.objects);
        let meaning = "Time from when an edit was seen to the first call to AWS for it";
        to.family("edit_to_first_aws_call", histogram, meaning, &self.edit_to_first_call);
        let meaning = "Time from the last answer of AWS to the status that says Ready";
        to.family("aws_answer_to_ready", histogram, meaning, &self.answer_to_ready);
        to.single("claim_held", gauge, "Whether this process holds the claim and may act", &self.claim_held);
    }

    fn register_queues(&self, to: &mut Sheet) {
        to.family("queue_depth", Form::Gauge, "Objects that could be worked on now", &self.queue_depth);
        let meaning = "How long the first object has been waiting, in seconds";
        to.family("queue_oldest_seconds", Form::Gauge, meaning, &self.queue_oldest);
        to.family("queue_delayed", Form::Gauge, "Objects whose time has not come", &self.queue_delayed);
        to.family("queue_in_flight", Form::Gauge, "Objects that are being worked on", &self.queue_in_flight);
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

fn latency() -> Histogram {
    Histogram::new(BUCKETS)
}

fn whole(value: impl TryInto<i64>) -> i64 {
    value.try_into().unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        key::ObjectKey,
        queue::{Backoff, Priority},
    };

    fn has(metrics: &Metrics, line: &str) -> bool {
        metrics.encode().lines().any(|found| found == line)
    }

    #[test]
    fn calls_are_counted_by_their_labels() {
        let metrics = Metrics::new();
        metrics.kubernetes_request("patch", "buckets.s3/status", "2xx", Duration::from_millis(7));
        metrics.kubernetes_request("patch", "buckets.s3/status", "2xx", Duration::from_millis(7));
        metrics.aws_request("s3", "CreateBucket", "ok", Duration::from_secs(1));
        let kubernetes =
            r#"cairn_kubernetes_requests_total{verb="patch",resource="buckets.s3/status",outcome="2xx"} 2"#;
        assert!(has(&metrics, kubernetes), "{}", metrics.encode());
        assert!(has(&metrics, r#"cairn_aws_requests_total{service="s3",operation="CreateBucket",outcome="ok"} 1"#));
        assert!(has(
            &metrics,
            r#"cairn_aws_request_duration_seconds_bucket{le="1.0",service="s3",operation="CreateBucket"} 1"#
        ));
    }

    #[test]
    fn who_the_operator_is_can_be_read() {
        let metrics = Metrics::new();
        metrics.aws_identity("111122223333", "arn:aws:sts::111122223333:assumed-role/cairn/pod", "eu-west-1");
        let line = r#"cairn_aws_identity_info{account="111122223333",arn="arn:aws:sts::111122223333:assumed-role/cairn/pod",region="eu-west-1"} 1"#;
        assert!(has(&metrics, line), "{}", metrics.encode());
    }

    #[tokio::test(start_paused = true)]
    async fn queues_are_read_when_asked() {
        let (metrics, queue) = (Metrics::new(), Queue::new(Backoff::seeded(0)));
        metrics.watch_queue("Bucket", &queue);
        queue.add(ObjectKey::new("ns", "a"), Priority::Edit);
        tokio::time::advance(Duration::from_secs(3)).await;
        assert!(has(&metrics, r#"cairn_queue_depth{kind="Bucket",priority="edit"} 1"#));
        assert!(has(&metrics, r#"cairn_queue_oldest_seconds{kind="Bucket",priority="edit"} 3"#));
        assert!(has(&metrics, r#"cairn_queue_depth{kind="Bucket",priority="resync"} 0"#));
    }

    #[test]
    fn invented_names_are_counted_together() {
        let metrics = Metrics::new();
        for number in 0..VOCABULARY + 50 {
            metrics.drift(&format!("kind-{number}"));
        }
        assert!(has(&metrics, r#"cairn_drift_total{kind="other"} 50"#));
    }
}
