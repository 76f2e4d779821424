//! The controllers, wired: sources, queues, engines and workers over given clients.
//!
//! Tests run the same wiring over an API server and an AWS of their own.

use cairn_aws::Sessions;
use cairn_dynamodb::{DynamoDb, TableKind};
use cairn_runtime::{
    claim::Claim,
    clock::Clock,
    engine::{Engine, EngineParts, EngineSettings, resource},
    events::Events,
    kind::ManagedKind,
    metrics::Metrics,
    queue::{Backoff, Queue},
    source::{Ready, Scope, Source},
    store::Store,
    worker::{Controller, Limits},
};
use cairn_s3::{BucketKind, S3};
use futures::future::{BoxFuture, join_all};
use kube::Client;
use tokio_util::sync::CancellationToken;

use crate::{Settings, paced::Paced};

/// What the controllers work with.
#[derive(Clone)]
pub struct Parts {
    /// Client of the API server.
    pub client: Client,
    /// Sessions with AWS.
    pub sessions: Sessions,
    /// Whether this process may act.
    pub claim: Claim,
    /// Where Events go.
    pub events: Events,
    /// What is counted.
    pub metrics: Metrics,
    /// What time it is.
    pub clock: Clock,
    /// Id of the cluster.
    pub cluster: String,
}

/// The controllers of all kinds.
pub struct Operator {
    controllers: Vec<Wired>,
}

struct Wired {
    kind: &'static str,
    queue: Queue,
    ready: Ready,
    run: Box<dyn FnOnce(CancellationToken) -> BoxFuture<'static, ()> + Send>,
}

impl Operator {
    /// Wires the controllers of all kinds.
    #[must_use]
    pub fn new(settings: &Settings, parts: &Parts) -> Self {
        let s3 = S3::new(parts.sessions.clone(), settings.path_style);
        let dynamodb = DynamoDb::new(parts.sessions.clone());
        let controllers =
            vec![wire(BucketKind::new(s3), settings, parts), wire(TableKind::new(dynamodb), settings, parts)];
        Self { controllers }
    }

    /// The queue of each kind.
    pub fn queues(&self) -> impl Iterator<Item = (&'static str, &Queue)> {
        self.controllers.iter().map(|wired| (wired.kind, &wired.queue))
    }

    /// For each kind, whether its objects are known.
    pub fn ready(&self) -> impl Iterator<Item = (&'static str, Ready)> {
        self.controllers.iter().map(|wired| (wired.kind, wired.ready.clone()))
    }

    /// Works until `shutdown`, then lets what has begun come to its end.
    pub async fn run(self, shutdown: CancellationToken) {
        join_all(self.controllers.into_iter().map(|wired| (wired.run)(shutdown.clone()))).await;
    }
}

fn wire<K: ManagedKind>(kind: K, settings: &Settings, parts: &Parts) -> Wired {
    let named = kind.kind();
    let scope = match settings.namespaces.as_slice() {
        [] => Scope::All,
        namespaces => Scope::Namespaces(namespaces.to_vec()),
    };
    let (store, queue) = (Store::new(), Queue::new(Backoff::default()));
    let resource = resource(named, &settings.groups);
    let source = Source::new(parts.client.clone(), resource, scope, store.clone(), parts.metrics.clone()).feed(&queue);
    let limits = Limits { max_concurrent: settings.concurrency(named.kind), ..Limits::default() };
    let engine = Engine::new(kind, engine_settings(named.kind, settings, parts, limits), engine_parts(parts, &store));
    let ready = source.ready();
    let controller = Controller::new(
        named.kind,
        store,
        queue.clone(),
        Paced(engine),
        limits,
        parts.clock.clone(),
        parts.metrics.clone(),
    )
    .after(ready.clone())
    .under(parts.claim.clone());
    let run = Box::new(move |shutdown: CancellationToken| -> BoxFuture<'static, ()> {
        Box::pin(async move {
            futures::join!(source.run(shutdown.clone()), controller.run(shutdown));
        })
    });
    Wired { kind: named.kind, queue, ready, run }
}

fn engine_settings(kind: &str, settings: &Settings, parts: &Parts, limits: Limits) -> EngineSettings {
    EngineSettings {
        groups: settings.groups.clone(),
        cluster: parts.cluster.clone(),
        region: settings.region.clone(),
        deletion: settings.deletion,
        adoption: settings.adoption.clone(),
        paused: settings.paused,
        tags: settings.tags.clone(),
        version: env!("CARGO_PKG_VERSION").into(),
        period: settings.period(kind),
        mutation_timeout: settings.mutation_timeout(),
        // The engine's own deadline comes first, so that the object is told.
        deadline: limits.deadline.mul_f32(0.8),
    }
}

fn engine_parts(parts: &Parts, store: &Store) -> EngineParts {
    EngineParts {
        client: parts.client.clone(),
        store: store.clone(),
        claim: parts.claim.clone(),
        events: parts.events.clone(),
        metrics: parts.metrics.clone(),
        clock: parts.clock.clone(),
    }
}
