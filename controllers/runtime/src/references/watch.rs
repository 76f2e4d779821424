//! The watches of what is referred to.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use cairn_core::{
    api::{REFERENCE_GRANT, VERSION},
    leaf,
};
use k8s_openapi::api::core::v1::Secret;
use kube::{
    Api,
    api::ListParams,
    core::{ApiResource, DynamicObject, ObjectMeta},
};
use serde_json::{Map, Value, json};
use tokio::{task::JoinSet, time::sleep};
use tokio_util::sync::CancellationToken;

use super::{
    Shared,
    index::Referrer,
    target,
    wanted::{Progress, Watched},
};
use crate::{
    engine::resource,
    queue::Priority,
    source::{Scope, Source},
    store::Store,
};

/// How often it is looked whether a kind has come to be served, or may be read.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// Keeps what is referred to up to date.
pub struct ReferencesWatch {
    shared: Arc<Shared>,
}

impl ReferencesWatch {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Watches until `shutdown`.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut running = BTreeMap::new();
        let mut tasks = JoinSet::new();
        loop {
            self.shared.adjust(&mut running, &mut tasks, &shutdown);
            tokio::select! {
                () = shutdown.cancelled() => break,
                () = self.shared.wanted.changed() => {}
            }
        }
        while tasks.join_next().await.is_some() {}
    }
}

impl std::fmt::Debug for ReferencesWatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReferencesWatch").finish_non_exhaustive()
    }
}

impl Shared {
    /// Starts the watches that are wanted, and ends those of what nothing refers to any more.
    fn adjust(
        self: &Arc<Self>,
        running: &mut BTreeMap<Watched, CancellationToken>,
        tasks: &mut JoinSet<()>,
        shutdown: &CancellationToken,
    ) {
        while tasks.try_join_next().is_some() {}
        for (watched, store) in self.wanted.all() {
            match (self.concerned(&watched).is_empty(), running.contains_key(&watched)) {
                (true, _) => {
                    self.wanted.drop(&watched);
                    if let Some(end) = running.remove(&watched) {
                        end.cancel();
                    }
                }
                (false, true) => {}
                (false, false) => {
                    let end = shutdown.child_token();
                    running.insert(watched.clone(), end.clone());
                    tasks.spawn(Arc::clone(self).follow(watched, store, end));
                }
            }
        }
    }

    /// Those whose reconcile depends on the watch.
    fn concerned(&self, watched: &Watched) -> Vec<Referrer> {
        let referrers = match watched {
            Watched::Kind { kind, .. } => self.index.of_kind(*kind),
            Watched::Secrets => self.index.of_secrets(None),
            Watched::Grants => self.index.reaching(None),
        };
        referrers.into_iter().collect()
    }

    async fn follow(self: Arc<Self>, watched: Watched, store: Store, end: CancellationToken) {
        let Some(resource) = end.run_until_cancelled(self.until_served(&watched)).await else { return };
        let source = self.source(&watched, resource, store);
        let ready = source.ready();
        self.wanted.set(&watched, Progress::Running(ready.clone()));
        let listed = async {
            ready.wait().await;
            self.wake(self.concerned(&watched), Priority::Dependency);
        };
        futures::join!(source.run(end.clone()), end.run_until_cancelled(listed));
    }

    /// Waits until the API server serves the kind and lets it be read.
    async fn until_served(&self, watched: &Watched) -> ApiResource {
        loop {
            let progress = match self.look(watched).await {
                Ok(Some(resource)) => return resource,
                Ok(None) => Progress::Absent,
                Err(kube::Error::Api(status)) => Progress::Refused(status.message.clone()),
                Err(error) => Progress::Refused(error.to_string()),
            };
            if self.wanted.set(watched, progress) {
                self.wake(self.concerned(watched), Priority::Dependency);
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    /// The resource, if there is one, and if it may be listed.
    async fn look(&self, watched: &Watched) -> Result<Option<ApiResource>, kube::Error> {
        let found = match watched {
            Watched::Kind { group, kind } => self.discover(group, kind.1).await?,
            Watched::Secrets => Some(ApiResource::erase::<Secret>(&())),
            Watched::Grants => Some(resource(&REFERENCE_GRANT, &self.settings.groups)),
        };
        let Some(found) = found else { return Ok(None) };
        let api: Api<DynamicObject> = match &self.settings.scope {
            Scope::Namespaces(names) if !names.is_empty() => {
                Api::namespaced_with(self.client.clone(), names.first().map_or("", String::as_str), &found)
            }
            _ => Api::all_with(self.client.clone(), &found),
        };
        match api.list_metadata(&ListParams::default().limit(1)).await {
            Ok(_) => Ok(Some(found)),
            Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn discover(&self, group: &str, kind: &str) -> Result<Option<ApiResource>, kube::Error> {
        let version = format!("{group}/{VERSION}");
        let served = match self.client.list_api_group_resources(&version).await {
            Ok(served) => served.resources,
            Err(kube::Error::Api(status)) if status.code == 404 => return Ok(None),
            Err(error) => return Err(error),
        };
        let found = served.into_iter().find(|resource| resource.kind == kind && !resource.name.contains('/'));
        Ok(found.map(|found| ApiResource {
            group: group.to_owned(),
            version: VERSION.into(),
            api_version: version,
            kind: kind.to_owned(),
            plural: found.name,
        }))
    }

    fn source(self: &Arc<Self>, watched: &Watched, resource: ApiResource, store: Store) -> Source {
        let (client, scope, metrics) = (self.client.clone(), self.settings.scope.clone(), self.metrics.clone());
        match watched {
            Watched::Grants => {
                let shared = Arc::clone(self);
                let source = self.grants.source(client, &self.settings.groups, scope, metrics);
                source.listen(move |key, _, priority| {
                    shared.wake(shared.index.reaching(Some(&key.namespace)), priority);
                })
            }
            Watched::Secrets => {
                let shared = Arc::clone(self);
                let source = Source::new(client, resource, scope, store, metrics).metadata_only().reduce(nameplate);
                source.listen(move |key, _, priority| shared.wake(shared.index.of_secrets(Some(key)), priority))
            }
            Watched::Kind { kind, .. } => {
                let (shared, kind, taken) = (Arc::clone(self), *kind, self.taken_from(*kind));
                Source::new(client, resource, scope, store, metrics)
                    .reduce(move |object| reduce(object, &taken))
                    .listen(move |key, _, priority| shared.wake(shared.index.of_object(target(kind, key)), priority))
            }
        }
    }
}

/// What is left of an object of which only the version counts.
fn nameplate(object: &mut DynamicObject) {
    let ObjectMeta { name, namespace, uid, resource_version, .. } = std::mem::take(&mut object.metadata);
    object.metadata = ObjectMeta { name, namespace, uid, resource_version, ..ObjectMeta::default() };
}

/// What is left of another controller's object: its conditions, without their words, and the values that are taken from
/// such objects.
fn reduce(object: &mut DynamicObject, taken: &[&'static str]) {
    let deleted = object.metadata.deletion_timestamp.take();
    nameplate(object);
    object.metadata.deletion_timestamp = deleted;
    let mut kept = Value::Object(Map::new());
    let conditions = object.data["status"]["conditions"].as_array();
    let brief = |condition: &Value| json!({"type": condition["type"], "status": condition["status"], "reason": condition["reason"]});
    let conditions: Vec<_> = conditions.into_iter().flatten().map(brief).collect();
    leaf::set(&mut kept, "status.conditions", Some(conditions.into()));
    for path in taken {
        if let Some(value) = leaf::get(&object.data, path) {
            leaf::set(&mut kept, path, Some(value.clone()));
        }
    }
    object.data = kept;
}
