//! The schemas of a cluster.

use std::collections::{BTreeMap, BTreeSet};

use cairn_graph::crd::InstanceKind;
use cairn_graph::schemas::{Gvk, SchemaSet, ServedError, from_served};
use kube::Client;
use serde_json::Value as Json;

use super::edit::Served;

/// Why a cluster cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// There is no configuration of one.
    #[error("the cluster is not configured")]
    Config(#[from] kube::config::InferConfigError),
    /// It does not answer.
    #[error("the cluster cannot be asked for {path}")]
    Request {
        /// What was asked for.
        path: String,
        /// Why not.
        source: Box<kube::Error>,
    },
    /// The answer is none.
    #[error("what the cluster says of {path} cannot be read")]
    Answer {
        /// What was asked for.
        path: String,
        /// Why not.
        source: ServedError,
    },
    /// The work could not be started.
    #[error("no runtime")]
    Runtime(#[from] std::io::Error),
}

/// The kinds of the groups and versions that some are of, from the cluster of the current context.
pub(crate) fn kinds(wanted: &BTreeSet<Gvk>) -> Result<SchemaSet, LiveError> {
    ask(async |client| fetch(&client, wanted).await)
}

/// Those of some kinds that the cluster serves already, by the names of their custom resource definitions.
pub(crate) fn served(kinds: &[InstanceKind]) -> Result<BTreeMap<String, Served>, LiveError> {
    ask(async |client| fetch_served(&client, kinds).await)
}

fn ask<T>(work: impl AsyncFnOnce(Client) -> Result<T, LiveError>) -> Result<T, LiveError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let config = kube::Config::infer().await?;
        let client = Client::try_from(config).map_err(|error| request("its address", error))?;
        work(client).await
    })
}

/// The same, of a client's cluster: each kind with its instances.
async fn fetch_served(client: &Client, kinds: &[InstanceKind]) -> Result<BTreeMap<String, Served>, LiveError> {
    let mut found = BTreeMap::new();
    for kind in kinds {
        let name = kind.name();
        let path = format!("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}");
        let Some(definition) = get(client, &path).await? else { continue };
        let path = format!("/apis/{}/{}", kind.gvk.api_version(), kind.plural);
        let list = get(client, &path).await?;
        let items = list.as_ref().and_then(|list| list.get("items")).and_then(Json::as_array);
        found.insert(name, Served { definition, instances: items.cloned().unwrap_or_default() });
    }
    Ok(found)
}

/// The same, of a client's cluster.
pub(crate) async fn fetch(client: &Client, wanted: &BTreeSet<Gvk>) -> Result<SchemaSet, LiveError> {
    let versions: BTreeSet<String> = wanted.iter().map(Gvk::api_version).collect();
    let mut found = SchemaSet::new();
    for version in versions {
        let path = if version.contains('/') { format!("apis/{version}") } else { format!("api/{version}") };
        let Some(resources) = get(client, &format!("/{path}")).await? else { continue };
        let Some(document) = get(client, &format!("/openapi/v3/{path}")).await? else { continue };
        let kinds = from_served(&resources, &document).map_err(|source| LiveError::Answer { path, source })?;
        found.extend(kinds);
    }
    Ok(found)
}

/// What is at a path; nothing where there is nothing.
async fn get(client: &Client, path: &str) -> Result<Option<Json>, LiveError> {
    let wanted =
        http::Request::get(path).body(Vec::new()).map_err(|error| request(path, kube::Error::HttpError(error)))?;
    match client.request::<Json>(wanted).await {
        Ok(found) => Ok(Some(found)),
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
        Err(error) => Err(request(path, error)),
    }
}

fn request(path: &str, error: kube::Error) -> LiveError {
    LiveError::Request { path: path.to_owned(), source: Box::new(error) }
}

#[cfg(test)]
mod tests {
    use cairn_graph::schemas::Schemas as _;
    use http::{Request, Response};
    use kube::client::Body;
    use serde_json::json;

    use super::*;

    /// An API server with one group, as the real one writes it.
    fn answer(path: &str) -> (u16, Json) {
        let reference = json!({"$ref": "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"});
        match path {
            "/apis/apps/v1" => (
                200,
                json!({
                    "kind": "APIResourceList", "groupVersion": "apps/v1", "resources": [
                        {"name": "deployments", "kind": "Deployment", "namespaced": true, "verbs": ["create", "patch", "get"]},
                        {"name": "deployments/status", "kind": "Deployment", "namespaced": true, "verbs": ["get"]},
                        {"name": "deployments/scale", "kind": "Scale", "group": "autoscaling", "namespaced": true, "verbs": ["get"]},
                        {"name": "unknowns", "kind": "Unknown", "namespaced": true, "verbs": ["get"]}
                    ]
                }),
            ),
            "/openapi/v3/apis/apps/v1" => (
                200,
                json!({"openapi": "3.0.0", "components": {"schemas": {
                    "io.k8s.api.apps.v1.Deployment": {
                        "type": "object",
                        "x-kubernetes-group-version-kind": [{"group": "apps", "kind": "Deployment", "version": "v1"}],
                        "properties": {
                            "apiVersion": {"type": "string"}, "kind": {"type": "string"},
                            "metadata": {"default": {}, "allOf": [reference]},
                            "spec": {"allOf": [{"$ref": "#/components/schemas/io.k8s.api.apps.v1.DeploymentSpec"}]},
                            "status": {"type": "object"}
                        }
                    },
                    "io.k8s.api.apps.v1.DeploymentSpec": {"type": "object", "properties": {"replicas": {"type": "integer", "format": "int32"}}},
                    "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": {"type": "object", "properties": {
                        "name": {"type": "string"}, "labels": {"type": "object", "additionalProperties": {"type": "string"}}
                    }}
                }}}),
            ),
            "/api/v1" => (
                500,
                json!({"kind": "Status", "status": "Failure", "code": 500, "message": "no", "reason": "InternalError"}),
            ),
            _ => (
                404,
                json!({"kind": "Status", "status": "Failure", "code": 404, "message": "not found", "reason": "NotFound"}),
            ),
        }
    }

    fn client() -> Client {
        let service = tower::service_fn(|request: Request<Body>| async move {
            let (code, body) = answer(request.uri().path());
            Response::builder().status(code).body(Body::from(body.to_string().into_bytes()))
        });
        Client::new(service, "default")
    }

    #[tokio::test]
    async fn kinds_come_from_discovery_and_openapi() {
        let wanted = [Gvk::new("apps/v1", "Deployment"), Gvk::new("example.com/v1", "Widget")];
        let found = fetch(&client(), &wanted.iter().cloned().collect()).await.unwrap();
        assert_eq!(found.iter().count(), 1);
        let deployment = found.kind(&wanted[0]).unwrap();
        assert!(deployment.traits.has_status && deployment.traits.is_applicable);
        let replicas = deployment.schema().property("spec").and_then(|spec| spec.property("replicas"));
        assert_eq!(replicas.and_then(cairn_graph::openapi::Cursor::kind), Some("integer"));
        let labels = deployment.schema().property("metadata").and_then(|metadata| metadata.property("labels"));
        assert!(labels.is_some_and(|labels| labels.values().is_some()));
    }

    #[tokio::test]
    async fn a_cluster_that_fails_is_no_cluster_without_kinds() {
        let error = fetch(&client(), &[Gvk::new("v1", "Pod")].into()).await.unwrap_err();
        assert!(matches!(error, LiveError::Request { path, .. } if path == "/api/v1"));
    }
}
