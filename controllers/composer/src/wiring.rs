//! Sources, queues and workers of definitions, over given clients.

use std::{fmt, sync::Arc, time::Duration};

use cairn_crds::{
    Groups,
    graph::{DEFINITION, REVISION},
};
use cairn_graph::definition::Settings;
use cairn_runtime::{
    claim::Claim,
    clock::Clock,
    engine::resource,
    events::Events,
    key::ObjectKey,
    metrics::Metrics,
    queue::{Backoff, Priority, Queue},
    source::{Ready, Scope, Source},
    store::{Change, Store},
    worker::{Controller, Limits},
    writer::Writer,
};
use kube::Client;
use tokio_util::sync::CancellationToken;

use crate::{
    catalog::{Catalog, group_of},
    definition::{Definer, Wants},
    graphs::{GraphParts, Graphs},
    hands::Hands,
    marks::Marks,
    rights::Rights,
    spawner::{Tasks, tasks},
    watches::Hub,
};

/// What is the same for all definitions.
#[derive(Clone, Debug)]
pub struct ComposerSettings {
    /// The groups, from which labels, annotations and finalizers derive.
    pub groups: Groups,
    /// How long one request may take. The claim has to cover it where it changes something.
    pub timeout: Duration,
    /// How many instances of one kind are worked on at once, and for how long.
    pub limits: Limits,
    /// The group of the kinds of definitions that name none.
    pub instance_group: String,
    /// How many revisions of a definition are kept; at least one.
    pub max_revisions: usize,
    /// Whether the kind goes with its definition, and with it every instance that anybody makes meanwhile.
    pub may_delete_kinds: bool,
}

/// What definitions are carried out with.
#[derive(Clone)]
pub struct ComposerParts {
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

impl fmt::Debug for ComposerParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ComposerParts").field("claim", &self.claim).finish_non_exhaustive()
    }
}

/// The composition controller, before it runs.
#[derive(Debug)]
pub struct Composer {
    definer: Definer,
    store: Store,
    queue: Queue,
    source: Source,
    crd_source: Source,
    revision_source: Source,
    tasks: Tasks,
    limits: Limits,
    parts: ComposerParts,
}

impl Composer {
    /// A controller of all definitions.
    #[must_use]
    pub fn new(settings: &ComposerSettings, parts: ComposerParts) -> Self {
        let marks = Marks { groups: settings.groups.clone() };
        let (store, queue, wants) = (Store::new(), Queue::new(Backoff::default()), Wants::default());
        let (spawner, tasks) = tasks();
        let ComposerParts { client, claim, events, metrics, clock } = parts.clone();
        let (catalog, crd_source) = Catalog::new(client.clone(), metrics.clone());
        let catalog = Arc::new(catalog);
        let hands = Hands::new(client.clone(), claim.clone(), settings.timeout);
        let hub = Hub::new(client.clone(), metrics.clone(), marks.clone(), spawner.clone());
        let (definitions, revisions) = (resource(&DEFINITION, &marks.groups), resource(&REVISION, &marks.groups));
        let revision_store = Store::new();
        let source =
            |resource, store: &Store| Source::new(client.clone(), resource, Scope::All, store.clone(), metrics.clone());
        let graphs = Graphs::new(GraphParts {
            marks: marks.clone(),
            client: client.clone(),
            claim,
            hands: hands.clone(),
            hub: hub.clone(),
            catalog: Arc::clone(&catalog),
            events: events.clone(),
            metrics: metrics.clone(),
            clock: clock.clone(),
            limits: settings.limits,
            spawner,
            definitions: (queue.clone(), store.clone()),
        });
        let definer = Definer {
            settings: Settings { groups: settings.groups.clone(), ..Settings::default() },
            writer: Writer::new(client.clone(), definitions.clone(), store.clone()),
            revision_writer: Writer::new(client.clone(), revisions.clone(), revision_store.clone()),
            instance_group: settings.instance_group.clone(),
            max_revisions: settings.max_revisions.max(1),
            may_delete_kinds: settings.may_delete_kinds,
            wants: wants.clone(),
            revision_store: revision_store.clone(),
            graphs: Arc::new(graphs),
            rights: Rights::new(client.clone(), hands.clone()),
            marks,
            catalog,
            hub,
            hands,
            events,
            clock,
        };
        Self {
            source: source(definitions, &store).feed(&queue),
            crd_source: crd_source.listen(wake(&wants, &queue)),
            revision_source: source(revisions, &revision_store).listen(wake_for_revision(&revision_store, &queue)),
            limits: settings.limits,
            definer,
            store,
            queue,
            tasks,
            parts,
        }
    }

    /// The definitions that wait for a worker.
    #[must_use]
    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    /// For definitions and what they need, whether the objects are known.
    #[must_use]
    pub fn ready(&self) -> [(&'static str, Ready); 3] {
        [
            (DEFINITION.kind, self.source.ready()),
            (REVISION.kind, self.revision_source.ready()),
            ("CustomResourceDefinition", self.crd_source.ready()),
        ]
    }

    /// Works until `shutdown`, then lets what has begun come to its end.
    pub async fn run(self, shutdown: CancellationToken) {
        let ready = self.ready();
        let ComposerParts { claim, clock, metrics, .. } = self.parts;
        let controller =
            Controller::new(DEFINITION.kind, self.store, self.queue, self.definer, self.limits, clock, metrics);
        let controller =
            ready.into_iter().fold(controller.under(claim), |controller, (_, ready)| controller.after(ready));
        futures::join!(
            self.source.run(shutdown.clone()),
            self.crd_source.run(shutdown.clone()),
            self.revision_source.run(shutdown.clone()),
            controller.run(shutdown.clone()),
            self.tasks.run(shutdown),
        );
    }
}

/// Wakes the definition of a revision that is being deleted, and of one that it left behind.
fn wake_for_revision(store: &Store, queue: &Queue) -> impl Fn(&ObjectKey, Change, Priority) + Send + Sync + use<> {
    let (store, queue) = (store.clone(), queue.clone());
    move |key, _, priority| {
        let Some(object) = store.get(key).and_then(|stored| stored.object().ok()) else { return };
        let held = object.metadata.finalizers.is_some_and(|held| !held.is_empty());
        let definition = object.data.pointer("/spec/snapshot/name").and_then(serde_json::Value::as_str);
        if let Some(definition) = definition.filter(|_| held && object.metadata.deletion_timestamp.is_some()) {
            queue.add(ObjectKey::new("", definition), priority.min(Priority::Dependency));
        }
    }
}

/// Wakes the definitions that a change of a custom resource definition concerns.
fn wake(wants: &Wants, queue: &Queue) -> impl Fn(&ObjectKey, Change, Priority) + Send + Sync + use<> {
    let (wants, queue) = (wants.clone(), queue.clone());
    move |key, change, priority| {
        let is_input = matches!(change, Change::Trigger | Change::Gone);
        for definition in wants.concerned(&key.name, group_of(&key.name), is_input) {
            queue.add(ObjectKey::new("", &definition), priority.min(Priority::Dependency));
        }
    }
}
