//! What the operator counts, in the text format of `OpenMetrics`.
//!
//! Every name starts with `cairn_`. Label values that come from outside (kinds, AWS error codes) pass a vocabulary of
//! bounded size, so that no user can make the process grow by inventing names.

mod pace;

use std::{
    collections::HashSet,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use crate::{claim::Claim, queue::Queue};

pub use pace::AwsLimiter;

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

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct KubernetesRequest {
    verb: &'static str,
    resource: Word,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct KubernetesLatency {
    verb: &'static str,
    resource: Word,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AwsRequest {
    service: Word,
    operation: Word,
    outcome: Word,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AwsLatency {
    service: Word,
    operation: Word,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AwsIdentity {
    account: Word,
    arn: Word,
    region: Word,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: Word,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reconcile {
    kind: Word,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Restart {
    kind: Word,
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Lane {
    kind: Word,
    priority: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Dropped {
    reason: &'static str,
}

/// The counters of one process. Clones share them.
#[derive(Clone)]
pub struct Metrics {
    inner: Arc<Inner>,
}

struct Inner {
    families: Families,
    registry: Registry,
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
    claim_held: Gauge,
    pace: pace::Families,
}

impl Metrics {
    /// A fresh set of counters, all zero.
    #[must_use]
    pub fn new() -> Self {
        let families = Families::new();
        let mut registry = Registry::with_prefix("cairn");
        families.register_calls(&mut registry);
        families.register_work(&mut registry);
        families.register_queues(&mut registry);
        families.pace.register(&mut registry);
        let (words, probes) = (Mutex::default(), Mutex::default());
        Self { inner: Arc::new(Inner { families, registry, words, probes }) }
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
            claim_held: Gauge::default(),
            pace: pace::Families::new(),
        }
    }

    fn register_calls(&self, to: &mut Registry) {
        to.register("kubernetes_requests", "HTTP attempts at the API server", self.kubernetes_requests.clone());
        to.register_with_unit(
            "kubernetes_request_duration",
            "Time until the API server answered",
            Unit::Seconds,
            self.kubernetes_latency.clone(),
        );
        to.register("aws_requests", "HTTP attempts at AWS", self.aws_requests.clone());
        to.register_with_unit(
            "aws_request_duration",
            "Time until AWS answered",
            Unit::Seconds,
            self.aws_latency.clone(),
        );
        to.register("aws_identity_info", "Who the operator itself is in AWS", self.aws_identity.clone());
        to.register("events_dropped", "Events that were not written", self.events_dropped.clone());
    }

    fn register_work(&self, to: &mut Registry) {
        to.register("reconciles", "Reconciles by how they ended", self.reconciles.clone());
        to.register_with_unit(
            "reconcile_duration",
            "Time that one reconcile took",
            Unit::Seconds,
            self.reconcile_latency.clone(),
        );
        to.register("panics", "Reconciles that panicked", self.panics.clone());
        to.register("drift", "Declared settings that were changed outside and put back", self.drift.clone());
        to.register("watch_restarts", "Interruptions of a watch", self.watch_restarts.clone());
        to.register("claim_held", "Whether this process holds the claim and may act", self.claim_held.clone());
    }

    fn register_queues(&self, to: &mut Registry) {
        to.register("queue_depth", "Objects that could be worked on now", self.queue_depth.clone());
        to.register_with_unit(
            "queue_oldest",
            "How long the first object has been waiting",
            Unit::Seconds,
            self.queue_oldest.clone(),
        );
        to.register("queue_delayed", "Objects whose time has not come", self.queue_delayed.clone());
        to.register("queue_in_flight", "Objects that are being worked on", self.queue_in_flight.clone());
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
