//! The schemas of a cluster.

use std::collections::BTreeSet;

use cairn_graph::schemas::{Gvk, SchemaSet, ServedError, from_served};
use kube::Client;
use serde_json::Value as Json;

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
pub(crate) fn kinds(wanted: BTreeSet<Gvk>) -> Result<SchemaSet, LiveError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let config = kube::Config::infer().await?;
        let client = Client::try_from(config).map_err(|error| request("its address", error))?;
        fetch(&client, &wanted).await
    })
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
    let wanted = http::Request::get(path).body(Vec::new()).map_err(|error| request(path, kube::Error::HttpError(error)))?;
    match client.request::<Json>(wanted).await {
        Ok(found) => Ok(Some(found)),
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
        Err(error) => Err(request(path, error)),
    }
}

fn request(path: &str, error: kube::Error) -> LiveError {
    LiveError::Request { path: path.to_owned(), source: Box::new(error) }
}
