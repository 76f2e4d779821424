//! The same requests without an operator: what an instance of a chain costs at the least.

use std::time::{Duration, Instant};

use cairn_e2e::{Error, Result};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use kube::{
    Api,
    api::{ApiResource, DeleteParams, DynamicObject, Patch, PatchParams, PostParams},
};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::chain::LENGTH;
use crate::cluster::{AT_ONCE, Cluster, crds, kind, maps, name, wrong};

const GROUP: &str = "example.com";
const FINALIZER: &str = "example.com/finalizer";
const MANAGER: &str = "bare";

fn chains() -> ApiResource {
    kind(GROUP, "v1alpha1", "BareChain", "barechains")
}

/// Makes a kind that is as that of the operator's chains, and that nobody looks after.
pub(crate) async fn define(cluster: &Cluster) -> Result<()> {
    let api = cluster.global(&crds());
    let made = api.get("benchchains.cairn.run").await.map_err(wrong)?;
    let mut crd = DynamicObject::new("barechains.example.com", &crds());
    let versions = made.data["spec"]["versions"].clone();
    let names = json!({"kind": "BareChain", "plural": "barechains"});
    crd.data = json!({"spec": {"group": GROUP, "scope": "Namespaced", "names": names, "versions": versions}});
    api.create(&PostParams::default(), &crd).await.map_err(wrong)?;
    loop {
        let crd = api.get("barechains.example.com").await.map_err(wrong)?;
        let conditions = crd.data["status"]["conditions"].as_array().into_iter().flatten();
        if conditions.into_iter().any(|one| one["type"] == "Established" && one["status"] == "True") {
            return Ok(());
        }
        sleep(Duration::from_millis(20)).await;
    }
}

/// What an instance is made by.
struct Loop {
    chains: Api<DynamicObject>,
    maps: Api<DynamicObject>,
}

/// Creates so many instances; gives how long it took.
pub(crate) async fn create(cluster: &Cluster, namespace: &str, pattern: &Value, count: u32) -> Result<Duration> {
    let work = &Loop { chains: cluster.api(&chains(), namespace), maps: cluster.api(&maps(), namespace) };
    let start = Instant::now();
    let all = stream::iter(0..count).map(|number| work.create(name(number), pattern)).buffer_unordered(AT_ONCE);
    all.try_collect::<()>().await.map_err(wrong)?;
    Ok(start.elapsed())
}

/// Deletes them; gives how long it took.
pub(crate) async fn delete(cluster: &Cluster, namespace: &str, count: u32) -> Result<Duration> {
    let work = &Loop { chains: cluster.api(&chains(), namespace), maps: cluster.api(&maps(), namespace) };
    let uids = work.uids(count).await?;
    let start = Instant::now();
    let all = stream::iter(uids).map(|(name, uids)| work.delete(name, uids)).buffer_unordered(AT_ONCE);
    all.try_collect::<()>().await.map_err(wrong)?;
    Ok(start.elapsed())
}

impl Loop {
    /// The user's request, and then the operator's seven.
    async fn create(&self, name: String, pattern: &Value) -> kube::Result<()> {
        let mut chain = DynamicObject::new(&name, &chains());
        chain.data = json!({"spec": {}});
        self.chains.create(&PostParams::default(), &chain).await?;
        let apply = PatchParams::apply(MANAGER).force();
        let (labels, annotations) = (&pattern["metadata"]["labels"], &pattern["metadata"]["annotations"]);
        let claim = json!({
            "apiVersion": chains().api_version, "kind": "BareChain",
            "metadata": {"name": name, "labels": labels, "annotations": annotations, "finalizers": [FINALIZER]},
        });
        self.chains.patch(&name, &apply, &Patch::Apply(claim)).await?;
        for at in 0..LENGTH {
            let (mut map, name) = (pattern.clone(), format!("{name}-n{at}"));
            map["metadata"]["name"] = name.clone().into();
            map["metadata"]["resourceVersion"] = "1".into();
            self.maps.patch(&name, &apply, &Patch::Apply(map)).await?;
        }
        let said = |kind: &str| json!({"type": kind, "status": "True", "reason": "Ready", "observedGeneration": 1});
        let kinds = ["InstanceManaged", "GraphResolved", "ResourcesReady", "Reconciling", "Stalled", "Ready"];
        let status = json!({"status": {"state": "ACTIVE", "conditions": kinds.map(said)}});
        self.chains.patch_status(&name, &PatchParams::default(), &Patch::Merge(status)).await.map(drop)
    }

    /// The user's request, and then the operator's seven.
    async fn delete(&self, name: String, uids: Vec<String>) -> kube::Result<()> {
        self.chains.delete(&name, &DeleteParams::default()).await?;
        let params = PatchParams::default();
        let status = json!({"status": {"state": "DELETING"}});
        self.chains.patch_status(&name, &params, &Patch::Merge(status)).await?;
        for (at, uid) in uids.into_iter().enumerate().rev() {
            let only = kube::api::Preconditions { uid: Some(uid), resource_version: None };
            let params = DeleteParams { preconditions: Some(only), ..DeleteParams::default() };
            self.maps.delete(&format!("{name}-n{at}"), &params).await?;
        }
        let free = json!({"metadata": {"finalizers": []}});
        self.chains.patch(&name, &params, &Patch::Merge(free)).await.map(drop)
    }

    /// The names of the instances, and the UIDs of what each has. They are known before, as the operator knows them.
    async fn uids(&self, count: u32) -> Result<Vec<(String, Vec<String>)>> {
        let all = self.maps.list(&kube::api::ListParams::default()).await.map_err(wrong)?.items;
        let uid = |name: &str| all.iter().find(|map| map.metadata.name.as_deref() == Some(name))?.metadata.uid.clone();
        let of = |number: u32| {
            let name = name(number);
            let uids: Option<Vec<String>> = (0..LENGTH).map(|at| uid(&format!("{name}-n{at}"))).collect();
            uids.map(|uids| (name, uids)).ok_or_else(|| Error::Wrong("an object of a chain is missing".into()))
        };
        (0..count).map(of).collect()
    }
}
