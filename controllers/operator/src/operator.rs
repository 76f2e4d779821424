//! The controllers, wired: sources, queues, engines and workers over given clients.
//!
//! Tests run the same wiring over an API server and an AWS of their own.

use cairn_aws::Sessions;
use cairn_composer::{Composer, ComposerParts, ComposerSettings};
use cairn_crds::{graph::DEFINITION, shared::FIELD_EXPORT};
use cairn_dynamodb::{BackupKind, DynamoDb, TableExportKind, TableKind};
use cairn_exports::{ExportParts, ExportSettings, Exports};
use cairn_runtime::{
    claim::Claim,
    clock::Clock,
    engine::{Engine, EngineParts, EngineSettings, resource},
    events::Events,
    kind::ManagedKind,
    metrics::Metrics,
    queue::{Backoff, Queue},
    references::{ReferenceSettings, References, ReferencesWatch},
    source::{Ready, Scope, Source},
    store::Store,
    surroundings::{Surroundings, SurroundingsSettings, SurroundingsWatch},
    worker::{Controller, Limits},
};
use cairn_s3::{BucketKind, S3};
use cairn_s3control::{AccessPointKind, AccountPublicAccessBlockKind, S3Control};
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
    surroundings: Surroundings,
    watch: SurroundingsWatch,
    references: ReferencesWatch,
}

/// What the controllers of all kinds share.
struct Shared {
    surroundings: Surroundings,
    references: References,
}

struct Wired {
    kind: &'static str,
    queue: Queue,
    ready: Vec<(&'static str, Ready)>,
    run: Box<dyn FnOnce(CancellationToken) -> BoxFuture<'static, ()> + Send>,
}

impl Operator {
    /// Wires the controllers of all kinds.
    #[must_use]
    pub fn new(settings: &Settings, parts: &Parts) -> Self {
        let (surroundings, watch) =
            Surroundings::new(&surroundings_settings(settings), parts.client.clone(), &parts.metrics);
        let (references, followed) =
            References::new(reference_settings(settings), parts.client.clone(), parts.metrics.clone());
        let shared = Shared { surroundings: surroundings.clone(), references };
        let mut exports = settings.field_exports.then(|| exports(settings, parts));
        let s3 = S3::new(parts.sessions.clone(), settings.path_style);
        let dynamodb = DynamoDb::new(parts.sessions.clone());
        let control = S3Control::new(parts.sessions.clone(), settings.path_style);
        let mut controllers = vec![
            wire(BucketKind::new(s3), settings, parts, &shared, exports.as_mut()),
            wire(TableKind::new(dynamodb.clone()), settings, parts, &shared, exports.as_mut()),
            wire(BackupKind::new(dynamodb.clone()), settings, parts, &shared, exports.as_mut()),
            wire(TableExportKind::new(dynamodb), settings, parts, &shared, exports.as_mut()),
            wire(AccessPointKind::new(control.clone()), settings, parts, &shared, exports.as_mut()),
            wire(AccountPublicAccessBlockKind::new(control), settings, parts, &shared, exports.as_mut()),
        ];
        controllers.extend(exports.map(Wired::exports));
        controllers.extend(settings.composition.then(|| Wired::composer(composer(settings, parts))));
        Self { controllers, surroundings, watch, references: followed }
    }

    /// The queue of each kind.
    pub fn queues(&self) -> impl Iterator<Item = (&'static str, &Queue)> {
        self.controllers.iter().map(|wired| (wired.kind, &wired.queue))
    }

    /// For each kind, and for each list that all depend on, whether it is known.
    pub fn ready(&self) -> impl Iterator<Item = (&'static str, Ready)> {
        let kinds = self.controllers.iter().flat_map(|wired| wired.ready.iter().cloned());
        kinds.chain(self.surroundings.ready())
    }

    /// Works until `shutdown`, then lets what has begun come to its end.
    pub async fn run(self, shutdown: CancellationToken) {
        let controllers = self.controllers.into_iter().map(|wired| (wired.run)(shutdown.clone()));
        futures::join!(join_all(controllers), self.watch.run(shutdown.clone()), self.references.run(shutdown.clone()));
    }
}

impl Wired {
    fn composer(composer: Composer) -> Self {
        let (queue, ready) = (composer.queue().clone(), composer.ready().to_vec());
        Self { kind: DEFINITION.kind, queue, ready, run: Box::new(|shutdown| Box::pin(composer.run(shutdown))) }
    }

    fn exports(exports: Exports) -> Self {
        let (queue, ready) = (exports.queue().clone(), exports.ready().to_vec());
        Self { kind: FIELD_EXPORT.kind, queue, ready, run: Box::new(|shutdown| Box::pin(exports.run(shutdown))) }
    }
}

fn composer(settings: &Settings, parts: &Parts) -> Composer {
    let settings = ComposerSettings {
        groups: settings.groups.clone(),
        timeout: settings.mutation_timeout(),
        limits: Limits { max_concurrent: settings.concurrency(DEFINITION.kind), ..Limits::default() },
        instance_group: settings.instance_group.clone(),
        max_revisions: settings.max_revisions,
        may_delete_kinds: settings.allow_crd_deletion,
    };
    let Parts { client, claim, events, metrics, clock, .. } = parts.clone();
    Composer::new(&settings, ComposerParts { client, claim, events, metrics, clock })
}

fn surroundings_settings(settings: &Settings) -> SurroundingsSettings {
    SurroundingsSettings {
        groups: settings.groups.clone(),
        namespaces: settings.namespaces.clone(),
        own_namespace: settings.lease_namespace.clone().unwrap_or_else(|| "default".into()),
        labels: settings.tags.labels().map(Into::into).collect(),
    }
}

fn reference_settings(settings: &Settings) -> ReferenceSettings {
    ReferenceSettings {
        groups: settings.groups.clone(),
        scope: scope(settings),
        cross_namespace: settings.cross_namespace,
        secrets: settings.secrets,
    }
}

fn scope(settings: &Settings) -> Scope {
    match settings.namespaces.as_slice() {
        [] => Scope::All,
        namespaces => Scope::Namespaces(namespaces.to_vec()),
    }
}

fn exports(settings: &Settings, parts: &Parts) -> Exports {
    let limits = Limits { max_concurrent: settings.concurrency(FIELD_EXPORT.kind), ..Limits::default() };
    let settings = ExportSettings {
        groups: settings.groups.clone(),
        scope: scope(settings),
        cross_namespace: settings.cross_namespace,
        timeout: settings.mutation_timeout(),
        limits,
    };
    let Parts { client, claim, events, metrics, clock, .. } = parts.clone();
    Exports::new(settings, ExportParts { client, claim, events, metrics, clock })
}

fn wire<K: ManagedKind>(
    kind: K,
    settings: &Settings,
    parts: &Parts,
    shared: &Shared,
    exports: Option<&mut Exports>,
) -> Wired {
    let (named, scope) = (kind.kind(), scope(settings));
    let queue = Queue::new(Backoff::default());
    let store = match Store::new() {
        // There another controller may be at work on the same objects.
        store if settings.groups.is_ack() => store.beside_others(&named.finalizer(&settings.groups)),
        store => store,
    };
    parts.metrics.watch_objects(named.kind, &store);
    let resource = resource(named, &settings.groups);
    let source = Source::new(parts.client.clone(), resource, scope, store.clone(), parts.metrics.clone());
    // What an object refers to is known before it waits for a worker.
    let source = shared.references.serve(named, kind.rules(), source, &store, &queue).feed(&queue);
    let source = if kind.rules().is_setting() { source.feed_others(&queue) } else { source };
    let source = match exports {
        Some(exports) => exports.serve(named, source, &store),
        None => source,
    };
    let limits = Limits { max_concurrent: settings.concurrency(named.kind), ..Limits::default() };
    let engine =
        Engine::new(kind, engine_settings(named.kind, settings, parts, limits), engine_parts(parts, &store, shared));
    let ready = source.ready();
    shared.surroundings.feed(&store, &queue);
    let controller = Controller::new(
        named.kind,
        store,
        queue.clone(),
        Paced(engine),
        limits,
        parts.clock.clone(),
        parts.metrics.clone(),
    )
    .after(ready.clone());
    let controller =
        shared.surroundings.ready().into_iter().fold(controller, |controller, (_, ready)| controller.after(ready));
    let controller = controller.under(parts.claim.clone());
    let run = Box::new(move |shutdown: CancellationToken| -> BoxFuture<'static, ()> {
        Box::pin(async move {
            futures::join!(source.run(shutdown.clone()), controller.run(shutdown));
        })
    });
    Wired { kind: named.kind, queue, ready: vec![(named.kind, ready)], run }
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

fn engine_parts(parts: &Parts, store: &Store, shared: &Shared) -> EngineParts {
    EngineParts {
        client: parts.client.clone(),
        store: store.clone(),
        surroundings: shared.surroundings.clone(),
        references: shared.references.clone(),
        claim: parts.claim.clone(),
        events: parts.events.clone(),
        metrics: parts.metrics.clone(),
        clock: parts.clock.clone(),
    }
}
