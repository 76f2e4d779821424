//! The kinds that the cluster serves, with their schemas.
//!
//! Kubernetes' own kinds are built in and cost no request. Those of custom resource definitions are read one by one,
//! when a graph names them, and again when they change: one `get` each, and in memory only those that are named. What
//! is neither (aggregated APIs, versions newer than this program) is asked of discovery and `OpenAPI`: two requests for
//! each group and version.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use cairn_graph::schemas::{Gvk, Kind, SchemaSet, Schemas as _, from_crd, from_served, kubernetes};
use cairn_runtime::{
    metrics::Metrics,
    source::{Scope, Source},
    store::Store,
};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::{Client, api::Api, api::DynamicObject, core::ApiResource};
use serde_json::{Value as Json, json};

/// Why the cluster could not tell what it serves.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CatalogError {
    /// It does not answer, or not to us.
    #[error("the cluster cannot be asked for {what}: {source}")]
    Request {
        /// What was asked for.
        what: String,
        /// Why not.
        source: Box<kube::Error>,
    },
    /// The answer makes no sense.
    #[error("what the cluster says of {what} cannot be read: {why}")]
    Answer {
        /// What was asked for.
        what: String,
        /// Why not.
        why: String,
    },
}

/// What is known of a custom resource definition.
#[derive(Debug, Clone)]
struct Known {
    /// UID and generation: what it says follows from them.
    version: (String, i64),
    kind: String,
    /// Its kinds, one for each version, if a graph has named them.
    kinds: Vec<Arc<Kind>>,
}

/// Looks kinds up.
pub(crate) struct Catalog {
    client: Client,
    built_in: OnceLock<SchemaSet>,
    /// The metadata of every custom resource definition.
    names: Store,
    known: Mutex<BTreeMap<String, Known>>,
}

impl std::fmt::Debug for Catalog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalog").finish_non_exhaustive()
    }
}

/// Custom resource definitions.
pub(crate) fn crds() -> ApiResource {
    ApiResource::erase::<CustomResourceDefinition>(&())
}

/// The group of a custom resource definition, from its name.
pub(crate) fn group_of(name: &str) -> &str {
    name.split_once('.').map_or("", |(_, group)| group)
}

impl Catalog {
    /// A catalog, and the source that tells it what there is: metadata alone.
    pub(crate) fn new(client: Client, metrics: Metrics) -> (Self, Source) {
        let names = Store::new();
        let source = Source::new(client.clone(), crds(), Scope::All, names.clone(), metrics).metadata_only();
        (Self { client, built_in: OnceLock::new(), names, known: Mutex::default() }, source)
    }

    /// The kinds of a list, those that are served.
    ///
    /// # Errors
    /// The cluster cannot be asked.
    pub(crate) async fn kinds(&self, wanted: &BTreeSet<Gvk>) -> Result<SchemaSet, CatalogError> {
        let mut found = SchemaSet::new();
        for gvk in wanted {
            if let Some(kind) = self.kind(gvk).await? {
                found.insert(kind);
            }
        }
        Ok(found)
    }

    /// A kind in any version.
    ///
    /// # Errors
    /// The cluster cannot be asked.
    pub(crate) async fn find(&self, group: &str, kind: &str) -> Result<Option<Arc<Kind>>, CatalogError> {
        let same = |known: &&Arc<Kind>| known.gvk.group == group && known.gvk.kind == kind;
        if let Some(kind) = self.built_in().iter().find(same) {
            return Ok(Some(Arc::clone(kind)));
        }
        Ok(self.custom(group, kind).await?.into_iter().next())
    }

    async fn kind(&self, gvk: &Gvk) -> Result<Option<Arc<Kind>>, CatalogError> {
        if let Some(kind) = self.built_in().kind(gvk) {
            return Ok(Some(kind));
        }
        let custom = self.custom(&gvk.group, &gvk.kind).await?;
        if !custom.is_empty() {
            return Ok(custom.into_iter().find(|kind| kind.gvk == *gvk));
        }
        if self.names_in(&gvk.group).is_empty() { self.served(gvk).await } else { Ok(None) }
    }

    fn built_in(&self) -> &SchemaSet {
        self.built_in.get_or_init(kubernetes)
    }

    fn names_in(&self, group: &str) -> Vec<String> {
        let keys = self.names.keys(|key| !group.is_empty() && group_of(&key.name) == group);
        keys.into_iter().map(|key| key.name.to_string()).collect()
    }

    /// The versions of a kind of a custom resource definition; none where there is none.
    async fn custom(&self, group: &str, kind: &str) -> Result<Vec<Arc<Kind>>, CatalogError> {
        let likely = format!("{}.{group}", cairn_graph::crd::plural(&kind.to_ascii_lowercase()));
        let mut names = self.names_in(group);
        names.sort_by_key(|name| *name != likely);
        for name in names {
            let known = self.read(&name, kind).await?;
            if let Some(known) = known.filter(|known| known.kind == kind) {
                return Ok(known.kinds);
            }
        }
        Ok(Vec::new())
    }

    /// A custom resource definition, from memory unless it has changed; with its kinds if it is of a name.
    async fn read(&self, name: &str, kind: &str) -> Result<Option<Known>, CatalogError> {
        let key = cairn_runtime::key::ObjectKey::new("", name);
        let Some(stored) = self.names.get(&key) else { return Ok(None) };
        let version = stored.object().ok().map(|object| version(&object)).unwrap_or_default();
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        let fresh = known.filter(|known| known.version == version);
        if let Some(known) = fresh.filter(|known| known.kind != kind || !known.kinds.is_empty()) {
            return Ok(Some(known));
        }
        let api: Api<DynamicObject> = Api::all_with(self.client.clone(), &crds());
        let Some(object) = api.get_opt(name).await.map_err(|error| request(name, error))? else { return Ok(None) };
        let version = self::version(&object);
        let crd = json!(object);
        let of = crd.pointer("/spec/names/kind").and_then(Json::as_str).unwrap_or_default().to_owned();
        let kinds = if of == kind {
            let kinds = from_crd(&crd);
            kinds.map_err(|error| CatalogError::Answer { what: name.to_owned(), why: error.to_string() })?
        } else {
            Vec::new()
        };
        let known = Known { version, kind: of, kinds: kinds.into_iter().map(Arc::new).collect() };
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), known.clone());
        Ok(Some(known))
    }

    /// A kind of an API that is no custom resource's.
    async fn served(&self, gvk: &Gvk) -> Result<Option<Arc<Kind>>, CatalogError> {
        let version = gvk.api_version();
        let path = if version.contains('/') { format!("apis/{version}") } else { format!("api/{version}") };
        let Some(resources) = self.get(&format!("/{path}")).await? else { return Ok(None) };
        let Some(document) = self.get(&format!("/openapi/v3/{path}")).await? else { return Ok(None) };
        let kinds = from_served(&resources, &document);
        let kinds = kinds.map_err(|error| CatalogError::Answer { what: path, why: error.to_string() })?;
        Ok(kinds.into_iter().find(|kind| kind.gvk == *gvk).map(Arc::new))
    }

    async fn get(&self, path: &str) -> Result<Option<Json>, CatalogError> {
        let wanted = http::Request::get(path).body(Vec::new());
        let wanted = wanted.map_err(|error| request(path, kube::Error::HttpError(error)))?;
        match self.client.request::<Json>(wanted).await {
            Ok(found) => Ok(Some(found)),
            Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
            Err(error) => Err(request(path, error)),
        }
    }
}

fn version(object: &DynamicObject) -> (String, i64) {
    let metadata = &object.metadata;
    (metadata.uid.clone().unwrap_or_default(), metadata.generation.unwrap_or_default())
}

fn request(what: &str, error: kube::Error) -> CatalogError {
    CatalogError::Request { what: what.to_owned(), source: Box::new(error) }
}
