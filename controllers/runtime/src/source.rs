//! Watches one kind into a store, and tells what changed.
//!
//! Every watch has its own backoff: one that fails neither stalls nor slows another. Lists are consistent reads, not
//! reads from any API server's cache: a list that is behind would remove objects that exist, and so let a reconcile
//! act on something older than its own last write. They are paged, because a page is a tree of objects in memory
//! before it becomes bytes.

mod bodiless;
mod ready;

use std::{
    fmt,
    pin::{Pin, pin},
    time::Duration,
};

use futures::{Stream, StreamExt, TryStreamExt, future::join_all};
use kube::{
    Api, Client,
    core::{ApiResource, DynamicObject, PartialObjectMeta},
};
use kube_runtime::watcher::{self, Event, watcher};
use tokio::{sync::watch, time::Instant};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

pub use ready::Ready;

use crate::{
    key::ObjectKey,
    metrics::Metrics,
    queue::{Backoff, Priority, Queue},
    store::{Change, Listing, Store, StoreError},
};

/// Objects to a page: some 36 KB each while they are trees.
const PAGE: u32 = 200;

/// The longest wait after a failed watch. A kind whose definition is missing is asked for this often.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// A watch that worked for this long starts again with the shortest wait.
const FORGIVEN_AFTER: Duration = Duration::from_mins(1);

type Listener = Box<dyn Fn(&ObjectKey, Change, Priority) + Send + Sync>;
type Reduce = Box<dyn Fn(&mut DynamicObject) + Send + Sync>;
type Events = Pin<Box<dyn Stream<Item = watcher::Result<Event<DynamicObject>>> + Send>>;

/// Where objects are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In the whole cluster, by one watch.
    All,
    /// In these namespaces, by one watch each.
    Namespaces(Vec<String>),
}

/// The watches of one kind.
pub struct Source {
    client: Client,
    resource: ApiResource,
    scope: Scope,
    metadata_only: bool,
    name: Option<String>,
    labels: Option<String>,
    reduce: Option<Reduce>,
    store: Store,
    listeners: Vec<Listener>,
    metrics: Metrics,
    backoff: Backoff,
    /// How many watches have not delivered their first list.
    unlisted: watch::Sender<usize>,
}

impl Source {
    /// The watches of `resource` in `scope`, kept in `store`.
    #[must_use]
    pub fn new(client: Client, resource: ApiResource, scope: Scope, store: Store, metrics: Metrics) -> Self {
        let backoff = Backoff { cap: LONGEST_WAIT, ..Backoff::default() };
        let (unlisted, _) = watch::channel(scope.namespaces().len());
        Self {
            client,
            resource,
            scope,
            metadata_only: false,
            name: None,
            labels: None,
            reduce: None,
            store,
            listeners: Vec::new(),
            metrics,
            backoff,
            unlisted,
        }
    }

    /// Asks for metadata alone, for a kind whose body nobody reads.
    #[must_use]
    pub fn metadata_only(self) -> Self {
        Self { metadata_only: true, ..self }
    }

    /// Asks for the object of this name alone. A role that permits no more by `resourceNames` permits that.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..self }
    }

    /// Asks for the objects that a label selector matches. One that stops matching is told as gone.
    #[must_use]
    pub fn labelled(self, selector: &str) -> Self {
        Self { labels: Some(selector.to_owned()), ..self }
    }

    /// Takes from each object what nobody reads before it is stored. Name, UID and resource version have to stay.
    #[must_use]
    pub fn reduce(self, reduce: impl Fn(&mut DynamicObject) + Send + Sync + 'static) -> Self {
        Self { reduce: Some(Box::new(reduce)), ..self }
    }

    /// Lets the waits after failures replay by a seed.
    #[must_use]
    pub fn seeded(self, seed: u64) -> Self {
        Self { backoff: Backoff { seed, ..self.backoff }, ..self }
    }

    /// Queues each object whose inputs changed or that is gone.
    #[must_use]
    pub fn feed(self, queue: &Queue) -> Self {
        let queue = queue.clone();
        self.listen(move |key, change, priority| {
            if matches!(change, Change::Trigger | Change::Gone) {
                queue.add(key.clone(), priority);
            }
        })
    }

    /// Queues all other objects whenever one changes in whatever way, for kinds whose objects stand in each other's way.
    #[must_use]
    pub fn feed_others(self, queue: &Queue) -> Self {
        let (queue, store) = (queue.clone(), self.store.clone());
        self.listen(move |key, change, priority| {
            if change != Change::None {
                for other in store.keys(|other| other != key) {
                    queue.add(other, priority.min(Priority::Dependency));
                }
            }
        })
    }

    /// Calls `listener` with every change, the store being up to date with it. The priority is [`Priority::Resync`]
    /// for what was there when the process started, and [`Priority::Edit`] for what happened since.
    #[must_use]
    pub fn listen(mut self, listener: impl Fn(&ObjectKey, Change, Priority) + Send + Sync + 'static) -> Self {
        self.listeners.push(Box::new(listener));
        self
    }

    /// Tells when the first list is in.
    #[must_use]
    pub fn ready(&self) -> Ready {
        Ready::new(self.unlisted.subscribe())
    }

    /// Watches until `shutdown`.
    pub async fn run(self, shutdown: CancellationToken) {
        let watches = self.scope.namespaces().into_iter().map(|namespace| Watch::new(&self, namespace));
        let watching = join_all(watches.map(Watch::run));
        tokio::select! {
            () = shutdown.cancelled() => {}
            _ = watching => {}
        }
    }

    fn kind(&self) -> &str {
        &self.resource.kind
    }
}

impl Scope {
    fn namespaces(&self) -> Vec<Option<&str>> {
        match self {
            Self::All => vec![None],
            Self::Namespaces(names) => names.iter().map(|name| Some(name.as_str())).collect(),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("kind", &self.kind()).field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// One of the watches of a source.
struct Watch<'a> {
    source: &'a Source,
    namespace: Option<&'a str>,
    listing: Option<Listing>,
    listed: bool,
    failures: u32,
    failed_at: Option<Instant>,
}

impl<'a> Watch<'a> {
    fn new(source: &'a Source, namespace: Option<&'a str>) -> Self {
        Self { source, namespace, listing: None, listed: false, failures: 0, failed_at: None }
    }

    async fn run(mut self) {
        let mut events = pin!(self.events());
        while let Some(event) = events.next().await {
            match event {
                Ok(event) => self.take(event),
                Err(error) => self.wait_after(&error).await,
            }
            tokio::task::consume_budget().await;
        }
    }

    fn events(&self) -> Events {
        let mut config = watcher::Config::default().page_size(PAGE);
        if let Some(name) = &self.source.name {
            config = config.fields(&format!("metadata.name={name}"));
        }
        if let Some(selector) = &self.source.labels {
            config = config.labels(selector);
        }
        if self.source.metadata_only {
            Box::pin(watcher(self.api::<PartialObjectMeta<DynamicObject>>(), config).map_ok(bodiless::event))
        } else {
            Box::pin(watcher(self.api::<DynamicObject>(), config))
        }
    }

    fn api<K: kube::Resource<DynamicType = ApiResource, Scope = kube::core::DynamicResourceScope>>(&self) -> Api<K> {
        let (client, resource) = (self.source.client.clone(), &self.source.resource);
        match self.namespace {
            Some(namespace) => Api::namespaced_with(client, namespace, resource),
            None => Api::all_with(client, resource),
        }
    }

    fn take(&mut self, event: Event<DynamicObject>) {
        match event {
            Event::Init => self.begin_list(),
            Event::InitDone => self.end_list(),
            Event::InitApply(object) | Event::Apply(object) => self.change(object, Store::apply),
            Event::Delete(object) => self.change(object, Store::remove),
        }
    }

    fn begin_list(&mut self) {
        if self.listed {
            self.source.metrics.watch_restarted(self.source.kind(), "relist");
        }
        self.listing = Some(self.source.store.begin_list(self.namespace));
    }

    fn end_list(&mut self) {
        let Some(listing) = self.listing.take() else { return };
        for key in self.source.store.end_list(&listing) {
            self.tell(&key, Change::Gone);
        }
        if !self.listed {
            self.listed = true;
            self.source.unlisted.send_modify(|unlisted| *unlisted -= 1);
        }
    }

    fn change(&self, mut object: DynamicObject, into: fn(&Store, DynamicObject) -> Result<Change, StoreError>) {
        let key = ObjectKey::of(&object);
        if let Some(reduce) = &self.source.reduce {
            reduce(&mut object);
        }
        match into(&self.source.store, object) {
            Ok(Change::None) => {}
            Ok(change) => self.tell(&self.source.store.key(key), change),
            Err(error) => warn!(kind = self.source.kind(), object = %key, %error, "object cannot be kept"),
        }
    }

    fn tell(&self, key: &ObjectKey, change: Change) {
        let priority = if self.listed { Priority::Edit } else { Priority::Resync };
        for listener in &self.source.listeners {
            listener(key, change, priority);
        }
    }

    async fn wait_after(&mut self, error: &watcher::Error) {
        let kind = self.source.kind();
        self.source.metrics.watch_restarted(kind, "error");
        if self.failed_at.is_some_and(|at| at.elapsed() > FORGIVEN_AFTER) {
            self.failures = 0;
        }
        self.failures = self.failures.saturating_add(1);
        if self.failures == 1 {
            debug!(kind, namespace = self.namespace, %error, "watch interrupted");
        } else {
            warn!(kind, namespace = self.namespace, %error, failures = self.failures, "watch fails");
        }
        let name = ObjectKey::new(self.namespace.unwrap_or_default(), &self.source.resource.plural);
        tokio::time::sleep(self.source.backoff.delay(&name, self.failures)).await;
        self.failed_at = Some(Instant::now());
    }
}

#[cfg(test)]
mod tests;
