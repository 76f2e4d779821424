//! Sources, queue and workers of exports, over given clients.

use std::{fmt, sync::Arc, time::Duration};

use cairn_crds::{
    Groups, Kind,
    shared::{FIELD_EXPORT, FieldExportSpec, REFERENCE_GRANT},
};
use cairn_runtime::{
    claim::Claim,
    clock::Clock,
    engine::resource,
    events::Events,
    grants::Grants,
    key::ObjectKey,
    metrics::Metrics,
    queue::{Backoff, Priority, Queue},
    source::{Ready, Scope, Source},
    store::{Change, Store, Stored},
    worker::{Controller, Limits},
    writer::Writer,
};
use futures::future::join_all;
use kube::Client;
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use crate::{
    exporter::{Exporter, Memory, Served},
    index::{Index, Links},
    targets::Targets,
};

/// What is the same for all exports.
#[derive(Clone, Debug)]
pub struct ExportSettings {
    /// The groups, from which finalizers and annotations derive.
    pub groups: Groups,
    /// Where exports, and grants, are looked for. Targets are written nowhere else.
    pub scope: Scope,
    /// A target in another namespace needs no grant, as with ACK.
    pub enable_cross_namespace: bool,
    /// How long one request may take. The claim has to cover it where it writes.
    pub timeout: Duration,
    /// How many exports are worked on at once, and for how long.
    pub limits: Limits,
}

/// What exports are carried out with.
#[derive(Clone)]
pub struct ExportParts {
    /// Client of the API server.
    pub client: Client,
    /// Whether this process may act.
    pub claim: Claim,
    /// Where Events go.
    pub events: Events,
    /// What is counted.
    pub metrics: Metrics,
    /// What time it is.
    pub clock: Clock,
}

impl fmt::Debug for ExportParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExportParts").field("claim", &self.claim).finish_non_exhaustive()
    }
}

/// The controller of exports, before it runs.
#[derive(Debug)]
pub struct Exports {
    settings: ExportSettings,
    parts: ExportParts,
    store: Store,
    queue: Queue,
    index: Index,
    grants: Grants,
    source: Source,
    grant_source: Source,
    served: Vec<Served>,
}

impl Exports {
    /// A controller that can export from no kind yet.
    #[must_use]
    pub fn new(settings: ExportSettings, parts: ExportParts) -> Self {
        let (store, queue, index, grants) =
            (Store::new(), Queue::new(Backoff::default()), Index::default(), Grants::new());
        let (client, metrics) = (parts.client.clone(), parts.metrics.clone());
        let exports = resource(&FIELD_EXPORT, &settings.groups);
        let source = Source::new(client.clone(), exports, settings.scope.clone(), store.clone(), metrics.clone());
        let source = source.listen(keep(&index, &store)).feed(&queue);
        let grant_source = grants.source(client, &settings.groups, settings.scope.clone(), metrics);
        let grant_source = grant_source.listen(wake_by_grant(&index, &queue));
        Self { settings, parts, store, queue, index, grants, source, grant_source, served: Vec::new() }
    }

    /// Lets the objects of `kind`, which `source` keeps in `store`, be exported from, and taps the source: a change of an
    /// object concerns the exports that name it.
    #[must_use]
    pub fn serve(&mut self, kind: &'static Kind, source: Source, store: &Store) -> Source {
        let group = kind.group(&self.settings.groups);
        let id: Arc<str> = format!("{group}/{}", kind.kind).into();
        let (store, ready) = (store.clone(), source.ready());
        self.served.push(Served { id: Arc::clone(&id), group, kind: kind.kind, store, ready });
        source.listen(wake_by_source(id, &self.index, &self.queue))
    }

    /// The exports that wait for a worker.
    #[must_use]
    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    /// For exports and for grants, whether the objects are known.
    #[must_use]
    pub fn ready(&self) -> [(&'static str, Ready); 2] {
        [(FIELD_EXPORT.kind, self.source.ready()), (REFERENCE_GRANT.kind, self.grant_source.ready())]
    }

    /// Works until `shutdown`, then lets what has begun come to its end.
    pub async fn run(self, shutdown: CancellationToken) {
        let (exporter, ready) = (self.exporter(), self.ready());
        let ExportParts { claim, clock, metrics, .. } = self.parts;
        let (kind, limits) = (FIELD_EXPORT.kind, self.settings.limits);
        let controller = Controller::new(kind, self.store, self.queue.clone(), exporter, limits, clock, metrics);
        let controller =
            ready.into_iter().fold(controller.under(claim), |controller, (_, ready)| controller.after(ready));
        let listed = wake_when_listed(self.served, &self.index, &self.queue);
        futures::join!(
            self.source.run(shutdown.clone()),
            self.grant_source.run(shutdown.clone()),
            controller.run(shutdown.clone()),
            shutdown.run_until_cancelled(listed),
        );
    }

    fn exporter(&self) -> Exporter {
        let ExportParts { client, claim, events, clock, .. } = self.parts.clone();
        let Self { settings, .. } = self;
        let exports = resource(&FIELD_EXPORT, &settings.groups);
        Exporter {
            groups: settings.groups.clone(),
            namespaces: match &settings.scope {
                Scope::All => Vec::new(),
                Scope::Namespaces(namespaces) => namespaces.clone(),
            },
            open: settings.enable_cross_namespace,
            // Before that of the worker, so that the export is told.
            deadline: settings.limits.deadline.mul_f32(0.8),
            served: self.served.clone(),
            grants: self.grants.clone(),
            store: self.store.clone(),
            writer: Writer::new(client.clone(), exports, self.store.clone()),
            targets: Targets::new(client, claim.clone(), settings.timeout),
            claim,
            events,
            started: clock.now(),
            clock,
            memory: Memory::default(),
        }
    }
}

/// Keeps the index in step with the exports.
fn keep(index: &Index, store: &Store) -> impl Fn(&ObjectKey, Change, Priority) + Send + Sync + use<> {
    let (index, store) = (index.clone(), store.clone());
    move |key, change, _| match (change, store.get(key)) {
        (Change::Trigger, Some(stored)) => index.put(key, links(key, &stored)),
        (Change::Gone, _) => index.remove(key),
        _ => {}
    }
}

/// What an export depends on; on nothing when it makes no sense.
fn links(key: &ObjectKey, stored: &Stored) -> Links {
    #[derive(Deserialize)]
    struct Export {
        spec: FieldExportSpec,
    }
    let Ok(Export { spec }) = stored.parse() else { return Links::default() };
    let resource = spec.from.resource;
    let id = format!("{}/{}", resource.group, resource.kind);
    let namespace = spec.to.namespace.filter(|namespace| !namespace.is_empty() && **namespace != *key.namespace);
    Links {
        source: Some((id.into(), ObjectKey::new(&key.namespace, &resource.name))),
        namespace: namespace.map(Into::into),
    }
}

fn wake_by_source(
    id: Arc<str>,
    index: &Index,
    queue: &Queue,
) -> impl Fn(&ObjectKey, Change, Priority) + Send + Sync + use<> {
    let (index, queue) = (index.clone(), queue.clone());
    move |key, _, priority| {
        for export in index.of_source(&id, key) {
            queue.add(export, priority.min(Priority::Dependency));
        }
    }
}

fn wake_by_grant(index: &Index, queue: &Queue) -> impl Fn(&ObjectKey, Change, Priority) + Send + Sync + use<> {
    let (index, queue) = (index.clone(), queue.clone());
    move |key, _, priority| {
        for export in index.to_namespace(&key.namespace) {
            queue.add(export, priority.min(Priority::Dependency));
        }
    }
}

/// An export that was looked at before the list of its source's kind was in is looked at again then: that the source is
/// missing is no event of its own.
async fn wake_when_listed(served: Vec<Served>, index: &Index, queue: &Queue) {
    let each = served.iter().map(async |served| {
        served.ready.wait().await;
        for export in index.of_kind(&served.id) {
            queue.add(export, Priority::Resync);
        }
    });
    join_all(each).await;
}
