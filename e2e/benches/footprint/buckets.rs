//! Many Buckets, written and watched faster than kubectl would.

use std::time::Duration;

use cairn_crds::KINDS;
use cairn_e2e::{
    Error, Result,
    stage::Stage,
    wait::{Look, until_at},
};
use futures::{StreamExt, TryStreamExt, stream};
use kube::{
    Api, Client, Config,
    api::{ApiResource, DynamicObject, GroupVersionKind, ListParams, PostParams},
    config::{KubeConfigOptions, Kubeconfig},
};
use serde_json::json;
use tokio::runtime::Runtime;

const NAMESPACE: &str = "footprint";
const AT_ONCE: usize = 32;
const PAGE: u32 = 500;
const PAUSE: Duration = Duration::from_secs(5);

/// Buckets of one namespace.
pub(crate) struct Buckets {
    runtime: Runtime,
    api: Api<DynamicObject>,
    resource: ApiResource,
    count: u32,
}

impl Buckets {
    /// None yet, but what it takes to write them.
    pub(crate) fn connect(stage: &Stage, count: u32) -> Result<Self> {
        stage.kubectl()?.create_namespace(NAMESPACE)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|source| Error::Io { what: "a runtime".into(), source })?;
        let kubeconfig = Kubeconfig::read_from(stage.cluster.kubeconfig()).map_err(wrong)?;
        let client = runtime.block_on(async {
            let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await;
            Client::try_from(config.map_err(wrong)?).map_err(wrong)
        })?;
        let kind = KINDS.iter().find(|kind| kind.kind == "Bucket");
        let kind = kind.ok_or_else(|| Error::Wrong("there is no kind Bucket".into()))?;
        let group = kind.group(&cairn_crds::Groups::default());
        let resource =
            ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk(&group, "v1alpha1", kind.kind), kind.plural);
        Ok(Self { runtime, api: Api::namespaced_with(client, NAMESPACE, &resource), resource, count })
    }

    /// Writes them all.
    pub(crate) fn create(&self) -> Result<()> {
        let create = |number: u32| async move {
            let name = format!("bucket-{number:05}");
            let mut bucket = DynamicObject::new(&name, &self.resource);
            bucket.data = json!({"spec": {
                "name": format!("cairn-footprint-{number:05}"),
                "tagging": {"tagSet": [{"key": "team", "value": "a"}]},
            }});
            self.api.create(&PostParams::default(), &bucket).await.map(drop)
        };
        let all = stream::iter(0..self.count).map(create).buffer_unordered(AT_ONCE).try_collect::<()>();
        self.runtime.block_on(all).map_err(wrong)
    }

    /// Waits until each of them is Ready.
    pub(crate) fn until_ready(&self, limit: Duration) -> Result<()> {
        until_at("Ready Buckets", limit, PAUSE, || {
            let ready = self.runtime.block_on(self.ready()).map_err(wrong)?;
            let all = usize::try_from(self.count).is_ok_and(|count| ready >= count);
            Ok(if all { Look::Done(()) } else { Look::NotYet(format!("{ready} are Ready")) })
        })
    }

    async fn ready(&self) -> kube::Result<usize> {
        let mut page = ListParams::default().limit(PAGE);
        let mut ready = 0;
        loop {
            let list = self.api.list(&page).await?;
            ready += list.items.iter().filter(|bucket| is_ready(bucket)).count();
            match list.metadata.continue_.filter(|token| !token.is_empty()) {
                Some(token) => page = page.continue_token(&token),
                None => return Ok(ready),
            }
        }
    }
}

fn is_ready(bucket: &DynamicObject) -> bool {
    let conditions = bucket.data["status"]["conditions"].as_array().into_iter().flatten();
    conditions.into_iter().any(|condition| condition["type"] == "Ready" && condition["status"] == "True")
}

fn wrong(error: impl std::error::Error) -> Error {
    Error::Wrong(error.to_string())
}
