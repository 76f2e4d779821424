//! The watches that make the surroundings known.

use std::{collections::BTreeMap, sync::Arc};

use cairn_core::{
    api::{Groups, IAM_ROLE_SELECTOR},
    scope::{AccountMap, Namespace, Selector},
};
use futures::future::join_all;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace as KubeNamespace};
use kube::{
    Client,
    core::{ApiResource, DynamicObject, ObjectMeta},
};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::{ACCOUNT_MAP, Shared, SurroundingsSettings, poll::Poll, state::NAMESPACES};
use crate::{
    engine::resource,
    key::ObjectKey,
    metrics::Metrics,
    source::{Ready, Scope, Source},
    store::Store,
};

/// Keeps what is known of the surroundings up to date.
pub struct SurroundingsWatch(Way);

enum Way {
    /// Watches, by name.
    Watches(Vec<(&'static str, Source)>),
    /// Reads of single namespaces.
    Reads(Box<Poll>),
}

impl SurroundingsWatch {
    pub(super) fn cluster(
        settings: &SurroundingsSettings,
        client: &Client,
        metrics: &Metrics,
        shared: &Arc<Shared>,
    ) -> Self {
        let source: NewSource<'_> =
            &|resource, scope, store| Source::new(client.clone(), resource, scope, store.clone(), metrics.clone());
        Self(Way::Watches(vec![
            (NAMESPACES, namespaces(&settings.groups, shared, source)),
            (IAM_ROLE_SELECTOR.kind, selectors(&settings.groups, shared, source)),
            (ACCOUNT_MAP, accounts(&settings.own_namespace, shared, source)),
        ]))
    }

    pub(super) fn namespaces(settings: &SurroundingsSettings, client: Client, shared: &Arc<Shared>) -> Self {
        let namespaces = settings.namespaces.iter().map(|name| Arc::from(name.as_str())).collect();
        Self(Way::Reads(Box::new(Poll::new(client, settings.groups.clone(), namespaces, Arc::clone(shared)))))
    }

    pub(super) fn ready(&self) -> Vec<(&'static str, Ready)> {
        match &self.0 {
            Way::Watches(sources) => sources.iter().map(|(name, source)| (*name, source.ready())).collect(),
            Way::Reads(poll) => vec![(NAMESPACES, poll.ready())],
        }
    }

    /// Watches until `shutdown`.
    pub async fn run(self, shutdown: CancellationToken) {
        match self.0 {
            Way::Watches(sources) => {
                join_all(sources.into_iter().map(|(_, source)| source.run(shutdown.clone()))).await;
            }
            Way::Reads(poll) => tokio::select! {
                () = shutdown.cancelled() => {}
                () = poll.run() => {}
            },
        }
    }
}

impl std::fmt::Debug for SurroundingsWatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.ready().iter().map(|(name, _)| name)).finish()
    }
}

type NewSource<'a> = &'a dyn Fn(ApiResource, Scope, &Store) -> Source;

fn namespaces(groups: &Groups, shared: &Arc<Shared>, source: NewSource<'_>) -> Source {
    let (store, shared) = (Store::new(), Arc::clone(shared));
    let (reading, reducing) = (groups.clone(), groups.clone());
    source(ApiResource::erase::<KubeNamespace>(&()), Scope::All, &store)
        .metadata_only()
        .reduce(move |object| object.metadata = reduced(std::mem::take(&mut object.metadata), &reducing))
        .listen(move |key, _, _| {
            let object = read(&store, key);
            let uid = object.as_ref().and_then(|object| leaving(&object.metadata));
            let namespace = object.map(|object| namespace(object.metadata, &reading));
            shared.change(|state| {
                let begins = state.leaving.set(&key.name, uid);
                let mut concerned = state.set_namespace(&key.name, namespace);
                concerned.extend(begins.then(|| Arc::clone(&key.name)));
                concerned
            });
        })
}

fn selectors(groups: &Groups, shared: &Arc<Shared>, source: NewSource<'_>) -> Source {
    let (store, shared) = (Store::new(), Arc::clone(shared));
    source(resource(&IAM_ROLE_SELECTOR, groups), Scope::All, &store).listen(move |key, _, _| {
        let selector = read(&store, key).map(|object| {
            Selector::parse(&key.name, &object.data["spec"]).at_version(object.metadata.resource_version)
        });
        shared.change(|state| state.set_selector(&key.name, selector));
    })
}

fn accounts(own_namespace: &str, shared: &Arc<Shared>, source: NewSource<'_>) -> Source {
    let (store, shared) = (Store::new(), Arc::clone(shared));
    let origin = format!("{own_namespace}/{ACCOUNT_MAP}");
    shared.change(|state| state.set_accounts(AccountMap::new(&origin, BTreeMap::new())));
    let scope = Scope::Namespaces(vec![own_namespace.to_owned()]);
    source(ApiResource::erase::<ConfigMap>(&()), scope, &store).named(ACCOUNT_MAP).listen(move |key, _, _| {
        let data = read(&store, key).map(|object| object.data["data"].clone()).unwrap_or_default();
        // A map without entries has no data at all.
        let roles = serde_json::from_value(data).unwrap_or_default();
        shared.change(|state| state.set_accounts(AccountMap::new(&origin, roles)));
    })
}

/// The object as it is stored; `None` when it is gone.
fn read(store: &Store, key: &ObjectKey) -> Option<DynamicObject> {
    let stored = store.get(key)?;
    stored.object().inspect_err(|error| warn!(object = %key, %error, "object cannot be read")).ok()
}

/// What a namespace says, of its metadata.
pub(super) fn namespace(metadata: ObjectMeta, groups: &Groups) -> Namespace {
    Namespace::new(metadata.labels.unwrap_or_default(), metadata.annotations.unwrap_or_default(), groups)
}

/// The UID of a namespace that is being deleted.
fn leaving(metadata: &ObjectMeta) -> Option<String> {
    metadata.deletion_timestamp.as_ref().and(metadata.uid.clone())
}

/// What of a namespace is stored.
fn reduced(metadata: ObjectMeta, groups: &Groups) -> ObjectMeta {
    let (name, uid, version) = (metadata.name.clone(), metadata.uid.clone(), metadata.resource_version.clone());
    let deletion_timestamp = metadata.deletion_timestamp.clone();
    let kept = namespace(metadata, groups);
    ObjectMeta {
        name,
        uid,
        resource_version: version,
        deletion_timestamp,
        labels: Some(kept.labels),
        annotations: Some(kept.annotations),
        ..ObjectMeta::default()
    }
}
