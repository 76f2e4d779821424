//! Playing the script: to the testkit while it is made, and then to the real control plane.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Duration,
};

use cairn_e2e::{Error, Result, cluster::Cluster};
use cairn_testkit::api::ApiServer;
use futures::future::join_all;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use crate::{
    answer::Answer,
    canon::ROOT_CA,
    generate::{Generator, NAMESPACES},
    script::{Action, Request, Step, request},
    server::Server,
    things::{THINGS, Thing},
};

const KINDS: &str = include_str!("kinds.yaml");

/// How long the garbage collector may take for what it has to do.
const SETTLED: Duration = Duration::from_secs(20);

/// How long the real one may take to learn of new kinds: it looks every half minute.
const LEARNED: Duration = Duration::from_mins(2);

/// The same once it was too long for it: what follows from one disagreement is not waited for.
const UNSETTLED: Duration = Duration::from_secs(1);

/// So many requests are sent at once: more watches might end before all that is past was told.
const AT_ONCE: usize = 20;

/// How often is looked.
const LOOK: Duration = Duration::from_millis(50);

/// How long a live watch is listened to when everything that must come has come.
const SILENCE: Duration = Duration::from_millis(500);

/// Makes the script, and plays it to the testkit.
pub(crate) fn play_sim(seed: u64) -> Vec<Step> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let api = ApiServer::new();
        for document in serde_yaml::Deserializer::from_str(KINDS) {
            api.install(&CustomResourceDefinition::deserialize(document).unwrap()).unwrap();
        }
        for namespace in NAMESPACES {
            api.namespace(namespace);
            let map = Thing::ConfigMap.object(&json!({ "name": ROOT_CA, "namespace": namespace }), json!({}));
            api.seed(&map).unwrap();
        }
        // The real one remembers nothing from before it began to serve a kind, either.
        api.compact();
        let mut server = Server::new(api.client());
        let (mut generator, mut script) = (Generator::new(seed), Vec::new());
        while let Some((class, action)) = generator.next(&api) {
            let answer = act(&mut server, &action).await;
            generator.learn(class, &action, &answer);
            server.record(answer.clone());
            script.push(Step { class, action, answer });
        }
        script
    })
}

async fn act(server: &mut Server, action: &Action) -> Answer {
    match action {
        Action::Send(request) | Action::SendTogether(request) => server.send(request).await.unwrap(),
        Action::Open(request) => server.open(request).await.unwrap(),
        Action::Close(step) => server.close(*step, 0, SILENCE).await,
        Action::Settle => {
            sleep(Duration::from_mins(1)).await;
            Answer { body: essence(server).await.unwrap(), ..Answer::default() }
        }
        Action::AwaitCollector => Answer::default(),
    }
}

/// What the real control plane answered, and what that took.
#[derive(Debug, Default)]
pub(crate) struct Played {
    /// To each step, in order; to fewer when the time was up.
    pub(crate) answers: Vec<Answer>,
    /// The time that went into each sort of step.
    pub(crate) times: BTreeMap<&'static str, Duration>,
}

/// Plays the script to the real control plane, as far as it comes within `limit`.
pub(crate) fn play_real(cluster: &Cluster, script: &[Step], limit: Duration) -> Result<Played> {
    prepare(cluster)?;
    let wrong = |error: &dyn std::fmt::Display| Error::Wrong(error.to_string());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| wrong(&e))?;
    runtime.block_on(async {
        let mut server = Server::new(client(cluster.kubeconfig()).await?);
        let mut times = BTreeMap::new();
        // What was answered in time is compared, so that it can be seen what it was that took so long.
        timeout(limit, play(&mut server, script, &mut times)).await.unwrap_or(Ok(()))?;
        Ok(Played { answers: server.into_answers(), times })
    })
}

fn prepare(cluster: &Cluster) -> Result<()> {
    let kubectl = cluster.kubectl()?;
    kubectl.apply(KINDS)?;
    for namespace in NAMESPACES {
        kubectl.create_namespace(namespace)?;
    }
    let established = ["wait", "--for=condition=Established", "--timeout=60s"];
    let names = ["crd/gadgets.conformance.example.org", "crd/planets.conformance.example.org"];
    kubectl.run(&[established.as_slice(), &names].concat())?;
    NAMESPACES.iter().try_for_each(|namespace| {
        kubectl.in_namespace(namespace).until(&format!("configmap/{ROOT_CA}"), "the root CA", LEARNED, |_| Some(()))
    })
}

async fn client(kubeconfig: &Path) -> Result<kube::Client> {
    let wrong = |error: &dyn std::fmt::Display| Error::Wrong(error.to_string());
    let kubeconfig = kube::config::Kubeconfig::read_from(kubeconfig).map_err(|e| wrong(&e))?;
    let options = kube::config::KubeConfigOptions::default();
    let mut config = kube::Config::from_custom_kubeconfig(kubeconfig, &options).await.map_err(|e| wrong(&e))?;
    // A refusal is an answer, too.
    config.default_retry = false;
    kube::Client::try_from(config).map_err(|e| wrong(&e))
}

async fn play(server: &mut Server, script: &[Step], times: &mut BTreeMap<&'static str, Duration>) -> Result<()> {
    let mut steps = script.iter().peekable();
    let mut patience = SETTLED;
    while let Some(step) = steps.next() {
        let started = Instant::now();
        let answer = match &step.action {
            Action::SendTogether(first) => {
                let mut together: Vec<&Request> = vec![first];
                while let Some(Step { action: Action::SendTogether(request), .. }) = steps.peek()
                    && together.len() < AT_ONCE
                {
                    together.push(request);
                    steps.next();
                }
                for answer in join_all(together.into_iter().map(|request| server.send(request))).await {
                    server.record(answer?);
                }
                *times.entry("requests at once").or_default() += started.elapsed();
                continue;
            }
            Action::Send(request) => server.send(request).await?,
            Action::Open(request) => server.open(request).await?,
            Action::Close(open) => {
                let expected = step.answer.body.as_array().map_or(0, Vec::len);
                server.close(*open, expected, SILENCE).await
            }
            Action::Settle => {
                let settled = settle(server, &step.answer.body, patience).await?;
                patience = if settled.body == step.answer.body { patience } else { UNSETTLED };
                settled
            }
            Action::AwaitCollector => await_collector(server).await?,
        };
        *times.entry(sort(&step.action)).or_default() += started.elapsed();
        server.record(answer);
    }
    Ok(())
}

fn sort(action: &Action) -> &'static str {
    match action {
        Action::Send(_) => "requests",
        Action::SendTogether(_) => "requests at once",
        Action::Open(_) | Action::Close(_) => "live watches",
        Action::Settle => "garbage collection",
        Action::AwaitCollector => "the collector's start",
    }
}

/// Waits until what is there is what the testkit has.
async fn settle(server: &Server, expected: &Value, patience: Duration) -> Result<Answer> {
    let started = Instant::now();
    loop {
        let body = essence(server).await?;
        if body == *expected || started.elapsed() > patience {
            // If it is not, whoever looks next will see it.
            return Ok(Answer { body, ..Answer::default() });
        }
        sleep(LOOK).await;
    }
}

/// What garbage collection changes: who is there, who is going, whom they are owned by and what they wait for.
async fn essence(server: &Server) -> Result<Value> {
    let mut all = BTreeSet::new();
    for thing in [Thing::ConfigMap, Thing::Gadget, Thing::Planet] {
        let paths: BTreeSet<String> = NAMESPACES.iter().map(|namespace| thing.collection(namespace)).collect();
        for path in paths {
            let listed = server.send(&request("GET", path)).await?;
            for item in listed.body["items"].as_array().into_iter().flatten() {
                let meta = &item["metadata"];
                let owners = meta["ownerReferences"].as_array().into_iter().flatten();
                let owners: Vec<_> = owners.map(|owner| (&owner["name"], &owner["blockOwnerDeletion"])).collect();
                let going = meta.get("deletionTimestamp").is_some();
                let generated = meta.get("generateName").is_some();
                if meta["name"] != ROOT_CA && !generated {
                    let row = json!([thing.kind(), meta["namespace"], meta["name"], going, owners, meta["finalizers"]]);
                    all.insert(row.to_string());
                }
            }
        }
    }
    Ok(json!(all))
}

/// Waits until an orphan of each kind is collected.
async fn await_collector(server: &Server) -> Result<Answer> {
    let started = Instant::now();
    let kinds: BTreeSet<Thing> = THINGS.into_iter().collect();
    for thing in kinds {
        let owner = json!({
            "apiVersion": thing.api_version(), "kind": thing.kind(), "name": "nobody",
            "uid": "ffffffff-0000-4000-8000-0000000000fe",
        });
        let metadata = json!({ "name": "probe-of-the-collector", "ownerReferences": [owner] });
        let content = if thing == Thing::Planet { json!({ "spec": { "mass": 1 } }) } else { json!({}) };
        let collection = thing.collection(NAMESPACES[0]);
        server.send(&request("POST", collection.as_str()).json(thing.object(&metadata, content))).await?;
        let look = request("GET", format!("{collection}/probe-of-the-collector"));
        while server.send(&look).await?.status != 404 {
            if started.elapsed() > LEARNED {
                return Err(Error::Wrong(format!("the garbage collector does not know {}", thing.kind())));
            }
            sleep(LOOK).await;
        }
    }
    Ok(Answer::default())
}
