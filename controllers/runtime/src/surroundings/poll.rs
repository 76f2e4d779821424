//! Namespaces that may be read and not watched: a Role covers the namespace that it is in, by get alone.

use std::{sync::Arc, time::Duration};

use cairn_core::api::Groups;
use k8s_openapi::api::core::v1::Namespace as KubeNamespace;
use kube::{Api, Client};
use tokio::{sync::watch, time::sleep};
use tracing::warn;

use super::{Shared, watch::namespace};
use crate::source::Ready;

/// How often namespaces are read.
const EVERY: Duration = Duration::from_mins(1);
/// How often, while not all could be read.
const AT_FIRST: Duration = Duration::from_secs(5);

/// Reads namespaces again and again.
pub(super) struct Poll {
    api: Api<KubeNamespace>,
    groups: Groups,
    unread: Vec<Arc<str>>,
    read: Vec<Arc<str>>,
    shared: Arc<Shared>,
    awaited: watch::Sender<usize>,
}

impl Poll {
    pub(super) fn new(client: Client, groups: Groups, namespaces: Vec<Arc<str>>, shared: Arc<Shared>) -> Self {
        let (awaited, _) = watch::channel(namespaces.len());
        Self { api: Api::all(client), groups, unread: namespaces, read: Vec::new(), shared, awaited }
    }

    /// Ready when each namespace was read once.
    pub(super) fn ready(&self) -> Ready {
        Ready::new(self.awaited.subscribe())
    }

    pub(super) async fn run(mut self) {
        loop {
            for name in std::mem::take(&mut self.unread) {
                let seen = self.look(&name).await;
                if seen { &mut self.read } else { &mut self.unread }.push(name);
            }
            self.awaited.send_replace(self.unread.len());
            sleep(if self.unread.is_empty() { EVERY } else { AT_FIRST }).await;
            for name in &self.read {
                self.look(name).await;
            }
        }
    }

    /// Reads a namespace, and says whether that is known now. What was known stays when there is no answer.
    async fn look(&self, name: &Arc<str>) -> bool {
        match self.api.get_metadata_opt(name).await {
            Ok(found) => {
                let found = found.map(|found| namespace(found.metadata, &self.groups));
                self.shared.change(|state| state.set_namespace(name, found));
                true
            }
            Err(error) => {
                warn!(namespace = %name, %error, "namespace cannot be read");
                false
            }
        }
    }
}
