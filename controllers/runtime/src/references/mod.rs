//! What the objects of our kinds refer to: other objects, keys of Secrets.
//!
//! ```text
//! source of each of our kinds ──► index: who refers to what ──► wanted: what has to be watched for that
//!                                   ▲                              │
//!    queues of the referrers ◄── a change of a target ◄────── foreign kinds, Secrets, grants
//! ```
//!
//! Objects of our own kinds are looked up in the stores that their controllers keep. Anything else is watched only while
//! something refers to it: kinds of other controllers (reduced to what is taken from them), grants, and the metadata of
//! Secrets. One watch serves all Secrets, because one for each would need a stream of the shared connection each, of
//! which an API server gives a few hundred. A Secret's content is read when a call to AWS needs it, and never kept.

mod index;
mod lookup;
mod secret;
mod wanted;
mod watch;

use std::sync::{Arc, PoisonError, RwLock};

use cairn_core::{
    api::{Groups, Kind},
    grant::CrossNamespace,
    reference::{self, Refusal, Resolved, Target, Use},
    rules::KindRules,
};
use kube::Client;
use serde_json::Value;

use crate::{
    grants::Grants,
    key::ObjectKey,
    metrics::Metrics,
    queue::{Priority, Queue},
    source::{Ready, Scope, Source},
    store::{Change, Store, Stored},
};
use index::{Index, KindName, Referrer};
use wanted::Wanted;
pub use watch::ReferencesWatch;

/// How references are followed.
#[derive(Clone, Debug)]
pub struct ReferenceSettings {
    /// Group names.
    pub groups: Groups,
    /// Where objects are looked for.
    pub scope: Scope,
    /// What it takes to refer into another namespace.
    pub cross_namespace: CrossNamespace,
    /// Whether Secrets may be read.
    pub secrets: bool,
}

/// What the objects of our kinds refer to. Clones share it.
#[derive(Clone)]
pub struct References {
    shared: Arc<Shared>,
}

struct Shared {
    settings: ReferenceSettings,
    client: Client,
    metrics: Metrics,
    kinds: RwLock<Vec<Served>>,
    index: Index,
    wanted: Wanted,
    grants: Grants,
}

/// One of our own kinds.
#[derive(Clone)]
struct Served {
    name: KindName,
    rules: &'static KindRules,
    store: Store,
    queue: Queue,
    ready: Ready,
}

impl References {
    /// Knows of no object yet. The watch has to run for anything but objects of our own kinds to become known.
    #[must_use]
    pub fn new(settings: ReferenceSettings, client: Client, metrics: Metrics) -> (Self, ReferencesWatch) {
        let shared = Arc::new(Shared {
            settings,
            client,
            metrics,
            kinds: RwLock::default(),
            index: Index::default(),
            wanted: Wanted::default(),
            grants: Grants::new(),
        });
        (Self { shared: Arc::clone(&shared) }, ReferencesWatch::new(shared))
    }

    /// Lets the objects of `kind`, which `source` keeps in `store`, refer and be referred to, and taps the source: a change
    /// of an object concerns those that refer to it. They wait in `queue`.
    #[must_use]
    pub fn serve(
        &self,
        kind: &'static Kind,
        rules: &'static KindRules,
        source: Source,
        store: &Store,
        queue: &Queue,
    ) -> Source {
        let name = (kind.home.service(), kind.kind);
        let served = Served { name, rules, store: store.clone(), queue: queue.clone(), ready: source.ready() };
        self.shared.kinds.write().unwrap_or_else(PoisonError::into_inner).push(served);
        let (shared, store) = (Arc::clone(&self.shared), store.clone());
        source.listen(move |key, change, priority| {
            shared.keep(name, rules, key, change, &store);
            shared.wake(shared.index.of_object(target(name, key)), priority);
        })
    }

    /// Follows the references of an object's spec.
    pub(crate) fn resolve(
        &self,
        kind: &'static Kind,
        rules: &KindRules,
        key: &ObjectKey,
        spec: &Value,
    ) -> Result<Resolved, Refusal> {
        if rules.references.is_empty() && rules.secrets.is_empty() {
            return Ok(Resolved { spec: spec.clone(), ..Resolved::default() });
        }
        reference::resolve(rules, &key.namespace, spec, &lookup::From { shared: &self.shared, kind, key })
    }

    /// The way along references from an object back to itself, where there is one.
    pub(crate) fn cycle(&self, kind: &'static Kind, key: &ObjectKey) -> Option<Vec<Target>> {
        reference::cycle(&target((kind.home.service(), kind.kind), key), |from| {
            let key = ObjectKey::new(&from.namespace, &from.name);
            let uses = self.shared.index.uses(&Referrer { kind: (from.service, from.kind), key });
            let object = |used| if let Use::Object(target) = used { Some(target) } else { None };
            uses.into_iter().filter_map(object).collect()
        })
    }
}

impl std::fmt::Debug for References {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("References").field("settings", &self.shared.settings).finish_non_exhaustive()
    }
}

impl Shared {
    fn served(&self) -> Vec<Served> {
        self.kinds.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is taken from objects of a kind, by the rules of all of ours.
    fn taken_from(&self, kind: KindName) -> Vec<&'static str> {
        let served = self.served();
        let rules = served.iter().flat_map(|served| served.rules.references);
        rules.filter(|rule| (rule.service, rule.kind) == kind).map(|rule| rule.takes).collect()
    }

    /// Keeps the index in step with an object of ours.
    fn keep(&self, name: KindName, rules: &KindRules, key: &ObjectKey, change: Change, store: &Store) {
        if rules.references.is_empty() && rules.secrets.is_empty() {
            return;
        }
        let referrer = Referrer { kind: name, key: key.clone() };
        let changed = match (change, store.get(key)) {
            (Change::Trigger, Some(stored)) => self.index.put(&referrer, uses(rules, key, &stored)),
            (Change::Gone, _) => self.index.put(&referrer, Vec::new()),
            _ => false,
        };
        if changed {
            self.wanted.look_again();
        }
    }

    fn wake(&self, referrers: impl IntoIterator<Item = Referrer>, priority: Priority) {
        let kinds = self.served();
        for Referrer { kind, key } in referrers {
            if let Some(served) = kinds.iter().find(|served| served.name == kind) {
                served.queue.add(key, priority.min(Priority::Dependency));
            }
        }
    }
}

fn target((service, kind): KindName, key: &ObjectKey) -> Target {
    Target { service, kind, namespace: key.namespace.to_string(), name: key.name.to_string() }
}

/// What an object refers to; nothing when it cannot be read, which its reconcile tells.
fn uses(rules: &KindRules, key: &ObjectKey, stored: &Stored) -> Vec<Use> {
    let spec = stored.object().map(|mut object| object.data["spec"].take());
    spec.map(|spec| reference::uses(rules, &key.namespace, &spec)).unwrap_or_default()
}
