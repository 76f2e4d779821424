//! The id of the cluster.

use k8s_openapi::api::core::v1::Namespace;
use kube::{Api, Client};

/// Why there is no id.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoClusterId {
    /// The namespace cannot be read.
    #[error(
        "the id of the cluster is the UID of the namespace kube-system, which cannot be read ({0}); give one by --cluster-id"
    )]
    Unreadable(#[source] kube::Error),
    /// The namespace has no UID.
    #[error("the namespace kube-system has no UID; give the id of the cluster by --cluster-id")]
    NoUid,
}

/// The configured id, or the UID of the namespace `kube-system`, which lives as long as the cluster.
pub(crate) async fn id(configured: Option<&str>, client: Client) -> Result<String, NoClusterId> {
    if let Some(id) = configured {
        return Ok(id.into());
    }
    let namespace = Api::<Namespace>::all(client).get("kube-system").await.map_err(NoClusterId::Unreadable)?;
    namespace.metadata.uid.ok_or(NoClusterId::NoUid)
}
