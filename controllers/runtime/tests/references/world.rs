//! A cluster, a service, and operators that can be started and killed.

use std::{collections::BTreeSet, time::Duration};

use cairn_core::{
    adoption::Allowed,
    api::{Groups, IAM_ROLE_SELECTOR, Kind, REFERENCE_GRANT},
    default_tags::DefaultTags,
    deletion::Policy,
    grant::CrossNamespace,
    schedule::Period,
};
use cairn_runtime::{
    claim::Claim,
    clock::Clock,
    engine::{Engine, EngineParts, EngineSettings, resource},
    events::{Events, Reporter},
    kind::ManagedKind as _,
    metrics::Metrics,
    queue::{Backoff, Queue},
    references::{ReferenceSettings, References},
    source::{Scope, Source},
    store::Store,
    surroundings::{Surroundings, SurroundingsSettings},
    worker::{Controller, Limits},
};
use cairn_testkit::{
    Process,
    api::{ApiCall, ApiServer},
};
use k8s_openapi::api::core::v1::Secret;
use kube::{
    Api,
    api::{DeleteParams, DynamicObject, Patch, PatchParams, PostParams},
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::{
    cloud::Cloud,
    fixture::{ALL, Fixture},
};

pub(crate) const HERE: &str = "team";

/// Longer than any backoff of the controllers.
const PATIENCE: Duration = Duration::from_mins(40);

pub(crate) struct World {
    pub(crate) api: ApiServer,
    pub(crate) cloud: Cloud,
    pub(crate) cross_namespace: CrossNamespace,
    pub(crate) secrets: bool,
    /// The kind of the objects that are named below.
    pub(crate) kind: &'static Kind,
}

/// An operator that runs.
pub(crate) struct Running {
    pub(crate) process: Process,
    stop: CancellationToken,
}

impl Running {
    /// Ends the process as SIGKILL does.
    pub(crate) fn kill(self) {
        self.process.kill();
        self.stop.cancel();
    }
}

impl World {
    /// A world in which `kind` is meant where none is named.
    pub(crate) fn of(kind: &'static Kind) -> Self {
        let api = ApiServer::new();
        for kind in ALL.into_iter().chain([&IAM_ROLE_SELECTOR, &REFERENCE_GRANT]) {
            api.install(&kind.definition(&Groups::default()).unwrap()).unwrap();
        }
        for namespace in [HERE, "shared"] {
            api.namespace(namespace);
        }
        let cross_namespace = CrossNamespace::ByGrant;
        Self { api, cloud: Cloud::default(), cross_namespace, secrets: true, kind }
    }

    /// Starts an operator.
    pub(crate) fn start(&self) -> Running {
        let (process, stop, metrics, groups) =
            (Process::new(), CancellationToken::new(), Metrics::new(), Groups::default());
        let (client, clock) = (self.api.client_for(&process), Clock::simulated(self.api.clock().now()));
        let reporter = Reporter { controller: "cairn.run/test".into(), instance: "test".into() };
        let (events, writer) = Events::new(client.clone(), &reporter, clock.clone(), metrics.clone());
        tokio::spawn(writer.run(stop.clone()));
        let around = SurroundingsSettings {
            groups: groups.clone(),
            namespaces: Vec::new(),
            own_namespace: "default".into(),
            labels: BTreeSet::new(),
        };
        let (surroundings, watch) = Surroundings::new(&around, client.clone(), &metrics);
        tokio::spawn(watch.run(stop.clone()));
        let followed = ReferenceSettings {
            groups,
            scope: Scope::All,
            cross_namespace: self.cross_namespace,
            secrets: self.secrets,
        };
        let (references, watch) = References::new(followed, client.clone(), metrics.clone());
        for kind in ALL {
            let parts = EngineParts {
                client: client.clone(),
                store: Store::new(),
                surroundings: surroundings.clone(),
                references: references.clone(),
                claim: Claim::unfenced(None),
                events: events.clone(),
                metrics: metrics.clone(),
                clock: clock.clone(),
            };
            serve(Fixture { cloud: self.cloud.clone(), process: process.clone(), kind }, parts, &stop);
        }
        tokio::spawn(watch.run(stop.clone()));
        Running { process, stop }
    }

    fn named(&self, kind: &Kind, namespace: &str) -> Api<DynamicObject> {
        Api::namespaced_with(self.api.client(), namespace, &resource(kind, &Groups::default()))
    }

    pub(crate) async fn create(&self, name: &str, spec: Value) {
        self.create_in(self.kind, HERE, name, spec).await;
    }

    pub(crate) async fn create_in(&self, kind: &Kind, namespace: &str, name: &str, spec: Value) {
        self.create_with(kind, &json!({"name": name, "namespace": namespace}), spec).await;
    }

    pub(crate) async fn create_with(&self, kind: &Kind, metadata: &Value, spec: Value) {
        let group = kind.group(&Groups::default());
        let object = json!({
            "apiVersion": format!("{group}/v1alpha1"), "kind": kind.kind, "metadata": metadata, "spec": spec,
        });
        let api = self.named(kind, metadata["namespace"].as_str().unwrap());
        api.create(&PostParams::default(), &serde_json::from_value(object).unwrap()).await.unwrap();
    }

    pub(crate) async fn patch(&self, name: &str, patch: Value) {
        let api = self.named(self.kind, HERE);
        api.patch(name, &PatchParams::default(), &Patch::Merge(patch)).await.unwrap();
    }

    /// Merges something into the status, as somebody else does.
    pub(crate) async fn patch_status(&self, name: &str, status: Value) {
        let (api, patch) = (self.named(self.kind, HERE), Patch::Merge(json!({"status": status})));
        api.patch_status(name, &PatchParams::default(), &patch).await.unwrap();
    }

    pub(crate) async fn delete(&self, name: &str) {
        self.delete_in(self.kind, HERE, name).await;
    }

    pub(crate) async fn delete_in(&self, kind: &Kind, namespace: &str, name: &str) {
        self.named(kind, namespace).delete(name, &DeleteParams::default()).await.unwrap();
    }

    /// Sets a Secret to one key with this content.
    pub(crate) async fn put_secret(&self, namespace: &str, name: &str, content: &str) {
        let api: Api<Secret> = Api::namespaced(self.api.client(), namespace);
        let secret = json!({
            "apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": {"k": content},
        });
        api.patch(name, &PatchParams::apply("test").force(), &Patch::Apply(secret)).await.unwrap();
    }

    pub(crate) async fn delete_secret(&self, name: &str) {
        let api: Api<Secret> = Api::namespaced(self.api.client(), HERE);
        api.delete(name, &DeleteParams::default()).await.unwrap();
    }

    pub(crate) fn object(&self, name: &str) -> Option<Value> {
        self.object_of(self.kind, HERE, name)
    }

    pub(crate) fn object_of(&self, kind: &Kind, namespace: &str, name: &str) -> Option<Value> {
        self.api.object(&kind.group(&Groups::default()), kind.plural, Some(namespace), name)
    }

    /// Reason and message of `Ready`, once they speak of the newest generation.
    pub(crate) fn said(&self, name: &str) -> Option<(String, String)> {
        self.said_by(self.kind, HERE, name)
    }

    fn said_by(&self, kind: &Kind, namespace: &str, name: &str) -> Option<(String, String)> {
        let object = self.object_of(kind, namespace, name)?;
        if object["status"]["observedGeneration"] != object["metadata"]["generation"] {
            return None;
        }
        let ready = object["status"]["conditions"].as_array()?.iter().find(|condition| condition["type"] == "Ready")?;
        let text = |field: &str| ready[field].as_str().unwrap().to_owned();
        Some((text("reason"), text("message")))
    }

    pub(crate) async fn until(&self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let wait = async {
            while !holds(self) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        if tokio::time::timeout(PATIENCE, wait).await.is_err() {
            let objects: Vec<_> = ALL
                .iter()
                .flat_map(|kind| self.api.objects(&kind.group(&Groups::default()), kind.plural))
                .map(|object| format!("{} {}", object["metadata"]["name"], object["status"]))
                .collect();
            panic!("never: {what}; objects: {objects:#?}; calls: {:#?}", self.cloud.calls());
        }
    }

    /// Waits until an object says so, and gives the message.
    pub(crate) async fn until_says(&self, name: &str, reason: &str) -> String {
        let says = |world: &Self| world.said(name).is_some_and(|said| said.0 == reason);
        self.until(&format!("{name} says {reason}"), says).await;
        self.said(name).unwrap().1
    }

    /// Waits until an object says something that has all of these words.
    pub(crate) async fn until_tells(&self, name: &str, words: &[&str]) {
        let tells = |world: &Self| world.said(name).is_some_and(|said| words.iter().all(|word| said.1.contains(word)));
        self.until(&format!("{name} tells {words:?}"), tells).await;
    }

    pub(crate) async fn until_ready(&self, name: &str) {
        self.until_says(name, "Available").await;
    }

    pub(crate) async fn until_ready_in(&self, kind: &Kind, namespace: &str, name: &str) {
        let ready = |world: &Self| world.said_by(kind, namespace, name).is_some_and(|said| said.0 == "Available");
        self.until(&format!("{namespace}/{name} is ready"), ready).await;
    }

    pub(crate) async fn until_gone(&self, name: &str) {
        self.until(&format!("{name} is gone"), |world| world.object(name).is_none()).await;
    }

    /// Requests of operators to the API server that write something, but Events.
    pub(crate) fn writes(&self) -> Vec<ApiCall> {
        let writes = |call: &ApiCall| call.verb == "patch" && call.resource != "events";
        self.api.calls().into_iter().filter(writes).collect()
    }

    pub(crate) fn forget_calls(&self) {
        self.cloud.forget_calls();
        self.api.clear_calls();
    }

    /// Asserts that nothing changes any more while time passes.
    pub(crate) async fn assert_quiet(&self, what: &str) {
        self.forget_calls();
        pass(Duration::from_mins(30)).await;
        let (mutations, writes) = (self.cloud.mutations(), self.writes());
        assert!(mutations.is_empty() && writes.is_empty(), "{what}: {mutations:?} {writes:?}");
    }
}

fn serve(fixture: Fixture, parts: EngineParts, stop: &CancellationToken) {
    let (kind, rules, queue) = (fixture.kind, fixture.rules(), Queue::new(Backoff::seeded(1)));
    let (client, store, metrics) = (parts.client.clone(), parts.store.clone(), parts.metrics.clone());
    let settings = EngineSettings {
        groups: Groups::default(),
        cluster: "cluster-1".into(),
        region: Some("eu-west-1".into()),
        deletion: Policy::Delete,
        adoption: Allowed::Everywhere,
        tags: DefaultTags::default(),
        version: "test".into(),
        paused: false,
        period: Period::Growing,
        mutation_timeout: Duration::from_secs(7),
        deadline: Duration::from_mins(1),
    };
    let source = Source::new(client, resource(kind, &Groups::default()), Scope::All, store.clone(), metrics.clone());
    let source = parts.references.serve(kind, rules, source, &store, &queue).feed(&queue);
    parts.surroundings.feed(&store, &queue);
    let (clock, ready) = (parts.clock.clone(), parts.surroundings.ready());
    let engine = Engine::new(fixture, settings, parts);
    let controller = Controller::new(kind.kind, store, queue, engine, Limits::default(), clock, metrics);
    let ready = ready.into_iter().map(|(_, ready)| ready).chain([source.ready()]);
    let controller = ready.fold(controller, Controller::after);
    tokio::spawn(source.run(stop.clone()));
    tokio::spawn(controller.run(stop.clone()));
}

/// A reference to an object.
pub(crate) fn from(name: &str) -> Value {
    json!({"from": {"name": name}})
}

/// A reference to the key of a Secret.
pub(crate) fn secret(name: &str) -> Value {
    json!({"name": name, "key": "k"})
}

/// Lets virtual time pass.
pub(crate) async fn pass(duration: Duration) {
    tokio::time::sleep(duration).await;
}
