//! Chains that the operator makes.

use std::time::{Duration, Instant};

use cairn_e2e::{Error, Result};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use kube::{
    Api,
    api::{ApiResource, DeleteParams, DynamicObject, ListParams, PostParams},
};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::cluster::{AT_ONCE, Cluster, LONG, kind, maps, name, wrong};

/// The resources of a chain.
pub(crate) const LENGTH: usize = 5;
/// How often it is looked how far the operator is.
const PAUSE: Duration = Duration::from_millis(20);

fn chains() -> ApiResource {
    kind("cairn.run", "v1alpha1", "BenchChain", "benchchains")
}

fn node(at: usize) -> Value {
    let value = match at {
        0 => "${schema.spec.value}".to_owned(),
        at => format!("${{n{}.data.value}}", at - 1),
    };
    json!({"id": format!("n{at}"), "template": {
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": format!("${{schema.metadata.name}}-n{at}")}, "data": {"value": value},
    }})
}

/// Makes the kind.
pub(crate) async fn define(cluster: &Cluster) -> Result<()> {
    let definitions = kind("cairn.run", "v1alpha1", "ResourceGraphDefinition", "resourcegraphdefinitions");
    let api = cluster.global(&definitions);
    let mut definition = DynamicObject::new("bench-chain", &definitions);
    let schema = json!({"apiVersion": "v1alpha1", "kind": "BenchChain", "spec": {"value": "string | default=one"}});
    let nodes: Vec<Value> = (0..LENGTH).map(node).collect();
    definition.data = json!({"spec": {"schema": schema, "resources": nodes}});
    api.create(&PostParams::default(), &definition).await.map_err(wrong)?;
    let served = async {
        while api.get("bench-chain").await.map_err(wrong)?.data["status"]["state"] != "Active" {
            sleep(PAUSE).await;
        }
        Ok(())
    };
    in_time("an active definition", served).await
}

/// Creates so many instances; gives how long it took until the last of them was Ready.
pub(crate) async fn create(cluster: &Cluster, namespace: &str, count: u32) -> Result<Duration> {
    let (api, chains) = (&cluster.api(&chains(), namespace), &chains());
    let start = Instant::now();
    let one = |number: u32| async move {
        let mut chain = DynamicObject::new(&name(number), chains);
        chain.data = json!({"spec": {}});
        api.create(&PostParams::default(), &chain).await.map(drop)
    };
    stream::iter(0..count).map(one).buffer_unordered(AT_ONCE).try_collect::<()>().await.map_err(wrong)?;
    let active = |chain: &DynamicObject| chain.data["status"]["state"] == "ACTIVE";
    until(api, "Ready instances", |all| all.iter().filter(|chain| active(chain)).count(), count).await?;
    Ok(start.elapsed())
}

/// An object of a chain, as it was applied.
pub(crate) async fn pattern(cluster: &Cluster, namespace: &str) -> Result<Value> {
    let made = cluster.api(&maps(), namespace).get(&format!("{}-n0", name(0))).await.map_err(wrong)?;
    let (labels, annotations) = (made.metadata.labels, made.metadata.annotations);
    Ok(json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": labels, "annotations": annotations},
        "data": made.data["data"],
    }))
}

/// Deletes them; gives how long it took until the last of them was gone.
pub(crate) async fn delete(cluster: &Cluster, namespace: &str, count: u32) -> Result<Duration> {
    let api = &cluster.api(&chains(), namespace);
    let start = Instant::now();
    let one = |number: u32| async move { api.delete(&name(number), &DeleteParams::default()).await.map(drop) };
    stream::iter(0..count).map(one).buffer_unordered(AT_ONCE).try_collect::<()>().await.map_err(wrong)?;
    let total = usize::try_from(count).unwrap_or(usize::MAX);
    until(api, "deleted instances", |all| total.saturating_sub(all.len()), count).await?;
    Ok(start.elapsed())
}

/// Waits until so many are as they should be. The lists come from the API server's memory.
async fn until(
    api: &Api<DynamicObject>,
    what: &str,
    done: impl Fn(&[DynamicObject]) -> usize,
    count: u32,
) -> Result<()> {
    let wait = async {
        let memory = ListParams::default().match_any();
        while done(&api.list(&memory).await.map_err(wrong)?.items) < usize::try_from(count).unwrap_or(usize::MAX) {
            sleep(PAUSE).await;
        }
        Ok(())
    };
    in_time(what, wait).await
}

async fn in_time(what: &str, wait: impl Future<Output = Result<()>>) -> Result<()> {
    timeout(LONG, wait).await.map_err(|_| Error::Wrong(format!("{what} did not come in time")))?
}
