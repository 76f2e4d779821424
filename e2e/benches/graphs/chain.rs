//! Chains that the operator makes.

use std::{
    collections::HashSet,
    pin::pin,
    time::{Duration, Instant},
};

use cairn_e2e::{Error, Result};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use kube::{
    Api,
    api::{ApiResource, DeleteParams, DynamicObject, ListParams, PostParams, WatchEvent, WatchParams},
};
use serde_json::{Value, json};
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout},
};

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
    let is_active = |event: &WatchEvent<DynamicObject>| match event {
        WatchEvent::Added(chain) | WatchEvent::Modified(chain) => chain.data["status"]["state"] == "ACTIVE",
        _ => false,
    };
    let seen = until(api, "Ready instances", is_active, count).await?;
    let start = Instant::now();
    let one = |number: u32| async move {
        let mut chain = DynamicObject::new(&name(number), chains);
        chain.data = json!({"spec": {}});
        api.create(&PostParams::default(), &chain).await.map(drop)
    };
    stream::iter(0..count).map(one).buffer_unordered(AT_ONCE).try_collect::<()>().await.map_err(wrong)?;
    seen.await.map_err(|error| Error::Wrong(error.to_string()))??;
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
    let is_gone = |event: &WatchEvent<DynamicObject>| matches!(event, WatchEvent::Deleted(_));
    let seen = until(api, "deleted instances", is_gone, count).await?;
    let start = Instant::now();
    let one = |number: u32| async move { api.delete(&name(number), &DeleteParams::default()).await.map(drop) };
    stream::iter(0..count).map(one).buffer_unordered(AT_ONCE).try_collect::<()>().await.map_err(wrong)?;
    seen.await.map_err(|error| Error::Wrong(error.to_string()))??;
    Ok(start.elapsed())
}

/// Starts to watch, and counts the objects of which an event tells what is waited for, until they are so many.
async fn until(
    api: &Api<DynamicObject>,
    what: &'static str,
    tells: impl Fn(&WatchEvent<DynamicObject>) -> bool + Send + 'static,
    count: u32,
) -> Result<JoinHandle<Result<()>>> {
    let now = api.list_metadata(&ListParams::default()).await.map_err(wrong)?.metadata.resource_version;
    let (api, mut since) = (api.clone(), now.unwrap_or_default());
    let mut done: HashSet<String> = HashSet::new();
    let wait = async move {
        while done.len() < usize::try_from(count).unwrap_or(usize::MAX) {
            // The API server ends a watch after a while.
            let events = api.watch(&WatchParams::default(), &since).await.map_err(wrong)?;
            let mut events = pin!(events);
            while let Some(event) = events.try_next().await.map_err(wrong)? {
                if let WatchEvent::Added(chain) | WatchEvent::Modified(chain) | WatchEvent::Deleted(chain) = &event {
                    since = chain.metadata.resource_version.clone().unwrap_or_default();
                    if tells(&event) {
                        done.extend(chain.metadata.name.clone());
                    }
                }
                if done.len() >= usize::try_from(count).unwrap_or(usize::MAX) {
                    break;
                }
            }
        }
        Ok(())
    };
    Ok(tokio::spawn(in_time(what, wait)))
}

async fn in_time(what: &str, wait: impl Future<Output = Result<()>> + Send) -> Result<()> {
    timeout(LONG, wait).await.map_err(|_| Error::Wrong(format!("{what} did not come in time")))?
}
