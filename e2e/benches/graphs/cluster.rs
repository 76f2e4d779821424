//! The API server, by the client that the operator uses.

use std::time::Duration;

use cairn_e2e::{Error, Result, stage::Stage};
use cairn_runtime::{client, metrics::Metrics};
use kube::{
    Api, Client, Config,
    api::{ApiResource, DynamicObject, GroupVersionKind},
    config::{KubeConfigOptions, Kubeconfig},
};

/// How many instances of a kind the operator works on at once, and so the bare loop.
pub(crate) const AT_ONCE: usize = 16;
/// How long a request, or a wait for instances, may take.
pub(crate) const LONG: Duration = Duration::from_mins(10);

/// The API server.
pub(crate) struct Cluster {
    client: Client,
}

impl Cluster {
    /// Connects as the administrator.
    pub(crate) async fn connect(stage: &Stage) -> Result<Self> {
        let kubeconfig = Kubeconfig::read_from(stage.cluster.kubeconfig()).map_err(wrong)?;
        let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await.map_err(wrong)?;
        Ok(Self { client: client::build(config, &Metrics::new()).map_err(wrong)? })
    }

    /// The objects of a kind in a namespace.
    pub(crate) fn api(&self, kind: &ApiResource, namespace: &str) -> Api<DynamicObject> {
        Api::namespaced_with(self.client.clone(), namespace, kind)
    }

    /// The objects of a kind of the cluster.
    pub(crate) fn global(&self, kind: &ApiResource) -> Api<DynamicObject> {
        Api::all_with(self.client.clone(), kind)
    }
}

/// A kind.
pub(crate) fn kind(group: &str, version: &str, kind: &str, plural: &str) -> ApiResource {
    ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk(group, version, kind), plural)
}

/// `ConfigMap`s, of which the chains are.
pub(crate) fn maps() -> ApiResource {
    kind("", "v1", "ConfigMap", "configmaps")
}

/// Definitions of kinds.
pub(crate) fn crds() -> ApiResource {
    kind("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions")
}

/// The name of an instance.
pub(crate) fn name(number: u32) -> String {
    format!("chain-{number:04}")
}

pub(crate) fn wrong(error: impl std::error::Error) -> Error {
    Error::Wrong(error.to_string())
}
