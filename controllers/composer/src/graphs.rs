//! The definitions that are served, each with watch, queue and workers of its own: none waits for another.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cairn_crds::graph::DEFINITION;
use cairn_graph::schemas::Gvk;
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
    catalog::Catalog,
    census::Census,
    graph::Graph,
    hands::Hands,
    instance::{Conductor, Notebook},
    marks::Marks,
    spawner::Spawner,
    watches::Hub,
};

/// What every graph works with.
pub(crate) struct GraphParts {
    pub(crate) marks: Marks,
    pub(crate) client: Client,
    pub(crate) claim: Claim,
    pub(crate) hands: Hands,
    pub(crate) hub: Hub,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) events: Events,
    pub(crate) metrics: Metrics,
    pub(crate) clock: Clock,
    pub(crate) limits: Limits,
    pub(crate) spawner: Spawner,
    /// The queue of definitions, and what they are: one that is deleted is told when an instance is gone.
    pub(crate) definitions: (Queue, Store),
}

#[derive(Debug)]
struct Running {
    graph: Arc<Graph>,
    ready: Ready,
    stop: CancellationToken,
}

/// The graphs that are served.
pub(crate) struct Graphs {
    parts: GraphParts,
    running: Mutex<BTreeMap<String, Running>>,
}

impl fmt::Debug for Graphs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Graphs").field("running", &self.running).finish_non_exhaustive()
    }
}

impl Graphs {
    /// None yet.
    pub(crate) fn new(parts: GraphParts) -> Self {
        Self { parts, running: Mutex::default() }
    }

    /// The graph of a definition, if it is served.
    pub(crate) fn get(&self, definition: &str) -> Option<Arc<Graph>> {
        self.lock().get(definition).map(|running| Arc::clone(&running.graph))
    }

    /// Whether all instances of a definition are known.
    pub(crate) fn is_listed(&self, definition: &str) -> bool {
        self.lock().get(definition).is_some_and(|running| running.ready.is_ready())
    }

    /// The graph of a definition, started where it is not.
    pub(crate) fn start(&self, definition: &str, kind: &Gvk, plural: &str) -> Arc<Graph> {
        let mut lock = self.lock();
        if let Some(running) = lock.get(definition).filter(|running| running.graph.kind == *kind) {
            return Arc::clone(&running.graph);
        }
        let running = self.run(definition, kind, plural);
        let graph = Arc::clone(&running.graph);
        if let Some(former) = lock.insert(definition.to_owned(), running) {
            former.stop.cancel();
        }
        graph
    }

    /// Ends the graph of a definition. Its instances stay as they are.
    pub(crate) fn stop(&self, definition: &str) {
        if let Some(running) = self.lock().remove(definition) {
            running.stop.cancel();
            self.parts.hub.leave(definition);
        }
    }

    fn run(&self, definition: &str, kind: &Gvk, plural: &str) -> Running {
        let parts = &self.parts;
        let queue = Queue::new(Backoff::default());
        let graph = Arc::new(Graph::new(definition, kind, plural, queue.clone()));
        let stop = parts.spawner.shutdown.child_token();
        parts.hub.join(definition, graph.crowd());
        let (client, metrics, store) = (parts.client.clone(), parts.metrics.clone(), graph.store.clone());
        let source = Source::new(client.clone(), graph.resource.clone(), Scope::All, store.clone(), metrics.clone());
        let ((waiting, definitions), name) = (parts.definitions.clone(), ObjectKey::new("", definition));
        let crowd = Arc::clone(&graph);
        let source = source.feed(&queue).listen(move |key, change, _| {
            if change == Change::Gone {
                crowd.rollout.forget(key);
            }
            if (change == Change::Gone || crowd.is_released()) && is_deleted(&definitions, &name) {
                waiting.add(name.clone(), Priority::Dependency);
            }
        });
        let ready = source.ready();
        let definition = resource(&DEFINITION, &parts.marks.groups);
        let census = Census {
            graph: Arc::clone(&graph),
            definitions: parts.definitions.1.clone(),
            writer: Writer::new(client.clone(), definition, parts.definitions.1.clone()),
            hands: parts.hands.clone(),
        };
        let conductor = Conductor {
            marks: parts.marks.clone(),
            graph: Arc::clone(&graph),
            hub: parts.hub.clone(),
            hands: parts.hands.clone(),
            catalog: Arc::clone(&parts.catalog),
            writer: Writer::new(client, graph.resource.clone(), store.clone()),
            events: parts.events.clone(),
            metrics: metrics.clone(),
            clock: parts.clock.clone(),
            notebook: Notebook::default(),
        };
        let kind = &graph.resource.kind;
        let controller = Controller::new(kind, store, queue, conductor, parts.limits, parts.clock.clone(), metrics);
        let controller = controller.after(ready.clone()).under(parts.claim.clone());
        let token = stop.clone();
        parts.spawner.spawn(async move {
            futures::join!(source.run(token.clone()), controller.run(token.clone()), census.run(token));
        });
        Running { graph, ready, stop }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_deleted(definitions: &Store, name: &ObjectKey) -> bool {
    let object = definitions.get(name).and_then(|stored| stored.object().ok());
    object.is_some_and(|object| object.metadata.deletion_timestamp.is_some())
}
