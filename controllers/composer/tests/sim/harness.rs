//! A cluster, and composition controllers that can be started and killed.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use std::time::Duration;

use cairn_composer::{Composer, ComposerParts, ComposerSettings};
use cairn_crds::{Groups, KINDS};
use cairn_runtime::{
    claim::Claim,
    clock::Clock,
    events::{Events, Reporter},
    metrics::Metrics,
    worker::Limits,
};
use cairn_testkit::{
    Process,
    api::{Access, ApiCall, ApiServer},
};
use kube::{
    Api,
    api::{DeleteParams, DynamicObject, Patch, PatchParams, PostParams},
    core::ApiResource,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// The kind of definitions.
pub(crate) const RGD: &str = "ResourceGraphDefinition";
/// The namespace of everything that does not say otherwise.
pub(crate) const HERE: &str = "team";
/// Longer than any backoff.
const PATIENCE: Duration = Duration::from_mins(30);

/// A cluster.
pub(crate) struct World {
    pub(crate) api: ApiServer,
    pub(crate) groups: Groups,
    pub(crate) may_delete_kinds: bool,
    pub(crate) instance_group: String,
}

/// Whether what was forbidden is granted.
#[derive(Clone, Default)]
pub(crate) struct Grant(Arc<AtomicBool>);

impl Grant {
    pub(crate) fn set(&self, granted: bool) {
        self.0.store(granted, Ordering::SeqCst);
    }
}

/// A controller that runs.
pub(crate) struct Running {
    pub(crate) process: Process,
    /// What it counts.
    pub(crate) metrics: Metrics,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::under(Groups::default())
    }

    pub(crate) fn under(groups: Groups) -> Self {
        let api = ApiServer::new();
        for kind in KINDS {
            api.install(&kind.definition(&groups).unwrap()).unwrap();
        }
        for namespace in [HERE, "other"] {
            api.namespace(namespace);
        }
        let instance_group = groups.graph().to_owned();
        Self { api, groups, may_delete_kinds: false, instance_group }
    }

    /// Starts a controller.
    pub(crate) fn start(&self) -> Running {
        let (process, stop, metrics) = (Process::new(), CancellationToken::new(), Metrics::new());
        let (client, clock) = (self.api.client_for(&process), Clock::simulated(self.api.clock().now()));
        let reporter = Reporter { controller: "cairn.run/operator".into(), instance: "one".into() };
        let (events, writer) = Events::new(client.clone(), &reporter, clock.clone(), metrics.clone());
        let settings = ComposerSettings {
            groups: self.groups.clone(),
            timeout: Duration::from_secs(7),
            limits: Limits::default(),
            instance_group: self.instance_group.clone(),
            max_revisions: 5,
            may_delete_kinds: self.may_delete_kinds,
        };
        let counted = metrics.clone();
        let parts = ComposerParts { client, claim: Claim::unfenced(None), events, metrics, clock };
        let composer = Composer::new(&settings, parts);
        let first = stop.clone();
        let task = tokio::spawn(async move {
            let last = CancellationToken::new();
            let work = async {
                composer.run(first).await;
                last.cancel();
            };
            tokio::join!(work, writer.run(last.clone()));
        });
        Running { process, metrics: counted, stop, task }
    }

    fn group(&self, plural: &str) -> &str {
        if plural == "apps" { &self.instance_group } else { self.groups.graph() }
    }

    fn resource(&self, kind: &str) -> ApiResource {
        let (graph, internal) = (self.groups.graph(), self.groups.internal());
        let (group, version, plural) = match kind {
            "ConfigMap" => ("", "v1", "configmaps".to_owned()),
            "Event" => ("", "v1", "events".to_owned()),
            "Namespace" => ("", "v1", "namespaces".to_owned()),
            RGD => (graph, "v1alpha1", "resourcegraphdefinitions".to_owned()),
            "GraphRevision" => (internal.as_str(), "v1alpha1", "graphrevisions".to_owned()),
            "CustomResourceDefinition" => ("apiextensions.k8s.io", "v1", "customresourcedefinitions".to_owned()),
            "App" => (self.instance_group.as_str(), "v1alpha1", "apps".to_owned()),
            "Widget" => ("example.com", "v1", "widgets".to_owned()),
            other => (graph, "v1alpha1", format!("{}s", other.to_ascii_lowercase())),
        };
        let api_version = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
        ApiResource { group: group.into(), version: version.into(), api_version, kind: kind.into(), plural }
    }

    fn api_of(&self, kind: &str, namespace: Option<&str>) -> Api<DynamicObject> {
        let resource = self.resource(kind);
        match namespace {
            Some(namespace) => Api::namespaced_with(self.api.client(), namespace, &resource),
            None => Api::all_with(self.api.client(), &resource),
        }
    }

    fn scope(kind: &str) -> Option<&'static str> {
        let cluster = [RGD, "GraphRevision", "CustomResourceDefinition", "Namespace", "Fleet"];
        (!cluster.contains(&kind)).then_some(HERE)
    }

    pub(crate) fn get(&self, kind: &str, name: &str) -> Option<Value> {
        let resource = self.resource(kind);
        self.api.object(&resource.group, &resource.plural, Self::scope(kind), name)
    }

    /// Creates an object, or says why it could not be.
    pub(crate) async fn create(&self, kind: &str, name: &str, parts: Value) {
        let mut object = json!({
            "apiVersion": self.resource(kind).api_version, "kind": kind,
            "metadata": {"name": name, "namespace": Self::scope(kind)},
        });
        let (mine, theirs) = (object.as_object_mut().unwrap(), parts.as_object().unwrap());
        for (field, value) in theirs {
            if field == "metadata" {
                mine["metadata"].as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
            } else {
                mine.insert(field.clone(), value.clone());
            }
        }
        let object = serde_json::from_value(object).unwrap();
        self.api_of(kind, Self::scope(kind)).create(&PostParams::default(), &object).await.unwrap();
    }

    /// Creates a definition of `App`; its spec has the field `value`.
    pub(crate) async fn define(&self, resources: Value) {
        self.define_as("app", Self::schema("App"), resources).await;
    }

    /// The same, and waits until there may be instances of it.
    pub(crate) async fn defined(&self, resources: Value) {
        self.define(resources).await;
        self.until_ready(RGD, "app").await;
    }

    pub(crate) fn schema(kind: &str) -> Value {
        json!({
            "apiVersion": "v1alpha1", "kind": kind, "spec": {"value": "string | default=\"one\"", "on": "boolean | default=true"},
        })
    }

    pub(crate) async fn define_as(&self, name: &str, schema: Value, resources: Value) {
        let spec = json!({"schema": schema, "resources": resources});
        self.create(RGD, name, json!({"spec": spec})).await;
    }

    /// Creates an instance of `App`.
    pub(crate) async fn app(&self, name: &str) {
        self.create("App", name, json!({"spec": {}})).await;
    }

    /// The same, and waits until it has what it is to have.
    pub(crate) async fn ready_app(&self, name: &str) {
        self.app(name).await;
        self.until_ready("App", name).await;
    }

    pub(crate) async fn patch(&self, kind: &str, name: &str, patch: Value) {
        self.patch_at(self.api_of(kind, Self::scope(kind)), name, patch).await;
    }

    pub(crate) async fn patch_in(&self, namespace: &str, kind: &str, name: &str, patch: Value) {
        self.patch_at(self.api_of(kind, Some(namespace)), name, patch).await;
    }

    async fn patch_at(&self, api: Api<DynamicObject>, name: &str, patch: Value) {
        api.patch(name, &by_somebody(), &Patch::Merge(patch)).await.unwrap();
    }

    /// Patches an object, or deletes it where there is no patch, unless the controllers have deleted it meanwhile.
    pub(crate) async fn meddle(&self, kind: &str, name: &str, patch: Option<Value>) {
        let api = self.api_of(kind, Self::scope(kind));
        let done = match patch {
            Some(patch) => api.patch(name, &by_somebody(), &Patch::Merge(patch)).await.map(drop),
            None => api.delete(name, &DeleteParams::default()).await.map(drop),
        };
        let gone = |error: &kube::Error| matches!(error, kube::Error::Api(status) if status.is_not_found());
        assert!(done.as_ref().err().is_none_or(gone), "{done:?}");
    }

    /// Merges a patch into the status of an object, as its own controller does.
    pub(crate) async fn patch_status(&self, kind: &str, name: &str, patch: Value) {
        let api = self.api_of(kind, Self::scope(kind));
        api.patch_status(name, &PatchParams::default(), &Patch::Merge(patch)).await.unwrap();
    }

    /// Applies an object server-side as `manager`, taking what it needs.
    pub(crate) async fn applies(&self, kind: &str, name: &str, manager: &str, body: &Value) {
        let params = PatchParams::apply(manager).force();
        self.api_of(kind, Self::scope(kind)).patch(name, &params, &Patch::Apply(body)).await.unwrap();
    }

    /// Applies a `ConfigMap` server-side as `manager`, taking what it needs.
    pub(crate) async fn user_applies(&self, name: &str, manager: &str, data: Value) {
        let body = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data});
        let params = PatchParams::apply(manager).force();
        self.api_of("ConfigMap", Some(HERE)).patch(name, &params, &Patch::Apply(body)).await.unwrap();
    }

    /// Forbids the controllers what matches, until that is granted.
    pub(crate) fn forbid(&self, matches: impl Fn(&Access) -> bool + Send + Sync + 'static) -> Grant {
        let granted = Grant::default();
        let switch = granted.clone();
        self.api.permit(move |access| switch.0.load(Ordering::SeqCst) || !matches(access));
        granted
    }

    pub(crate) async fn delete(&self, kind: &str, name: &str) {
        self.api_of(kind, Self::scope(kind)).delete(name, &DeleteParams::default()).await.unwrap();
    }

    pub(crate) async fn delete_in(&self, namespace: &str, kind: &str, name: &str) {
        self.api_of(kind, Some(namespace)).delete(name, &DeleteParams::default()).await.unwrap();
    }

    /// The data of a `ConfigMap`, as `key=value`.
    pub(crate) fn data(&self, name: &str) -> Vec<String> {
        let map = self.get("ConfigMap", name).unwrap_or_default();
        let data = map["data"].as_object().cloned().unwrap_or_default();
        data.iter().map(|(key, value)| format!("{key}={}", value.as_str().unwrap())).collect()
    }

    /// The names of the `ConfigMap`s that there are, in the order of their names.
    pub(crate) fn maps(&self) -> Vec<String> {
        let maps = self.api.objects("", "configmaps");
        maps.iter().map(|map| map["metadata"]["name"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) fn condition(&self, kind: &str, name: &str, condition: &str) -> Option<Value> {
        let conditions = self.get(kind, name)?["status"]["conditions"].as_array()?.clone();
        conditions.into_iter().find(|found| found["type"] == condition)
    }

    /// The message of a condition.
    pub(crate) fn message(&self, kind: &str, name: &str, condition: &str) -> String {
        let found = self.condition(kind, name, condition).unwrap_or_default();
        found["message"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn is_ready(&self, kind: &str, name: &str) -> bool {
        let Some(object) = self.get(kind, name) else { return false };
        let ready = self.condition(kind, name, "Ready").unwrap_or_default();
        ready["status"] == "True" && ready["observedGeneration"] == object["metadata"]["generation"]
    }

    /// Waits on virtual time.
    pub(crate) async fn until(&self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let wait = async {
            while !holds(self) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        if tokio::time::timeout(PATIENCE, wait).await.is_err() {
            let mut statuses = Vec::new();
            for plural in ["resourcegraphdefinitions", "apps", "outers", "fleets"] {
                let all = self.api.objects(self.group(plural), plural);
                statuses
                    .extend(all.iter().map(|object| format!("{}: {}", object["metadata"]["name"], object["status"])));
            }
            let calls: Vec<_> = self.calls().into_iter().rev().take(15).collect();
            panic!("never: {what}; statuses: {statuses:#?}; last calls: {calls:#?}");
        }
    }

    pub(crate) async fn until_ready(&self, kind: &str, name: &str) {
        self.until(&format!("{kind} {name} is Ready"), |world| world.is_ready(kind, name)).await;
    }

    pub(crate) async fn until_gone(&self, kind: &str, name: &str) {
        self.until(&format!("{kind} {name} is gone"), |world| world.get(kind, name).is_none()).await;
    }

    /// Waits until the message of a condition holds a text.
    pub(crate) async fn until_says(&self, kind: &str, name: &str, condition: &str, text: &str) {
        let what = format!("{condition} of {kind} {name} says {text:?}");
        self.until(&what, |world| world.message(kind, name, condition).contains(text)).await;
    }

    /// Requests but watches, their lists, and Events: `verb plural/subresource`.
    pub(crate) fn calls(&self) -> Vec<String> {
        let counted = |call: &ApiCall| !["watch", "list"].contains(&call.verb.as_str()) && call.resource != "events";
        let named = |call: ApiCall| match call.subresource {
            Some(subresource) => format!("{} {}/{subresource}", call.verb, call.resource),
            None => format!("{} {}", call.verb, call.resource),
        };
        self.api.calls().into_iter().filter(counted).map(named).collect()
    }
}

/// A cluster with a controller, and with the definition of `App` in force.
pub(crate) async fn running(resources: Value) -> (World, Running) {
    let world = World::new();
    let controller = world.start();
    world.defined(resources).await;
    (world, controller)
}

impl Running {
    /// Ends the process as SIGKILL does.
    pub(crate) fn kill(self) {
        self.process.kill();
        self.task.abort();
    }

    /// Ends the process as SIGTERM does.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

/// Lets virtual time pass.
pub(crate) async fn pass(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// Lets pass what watch events and the slowest status need.
pub(crate) async fn a_while() {
    pass(Duration::from_secs(20)).await;
}

/// A resource that is a `ConfigMap` with one key.
pub(crate) fn map(id: &str, value: &str) -> Value {
    json!({
        "id": id,
        "template": {
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": format!("${{schema.metadata.name}}-{id}")},
            "data": {"value": value},
        },
    })
}

/// `ConfigMap`s of which each takes its value from the one before.
pub(crate) fn chain(length: usize) -> Value {
    let value = |at: usize| match at {
        0 => "${schema.spec.value}".to_owned(),
        at => format!("${{n{}.data.value}}", at - 1),
    };
    (0..length).map(|at| map(&format!("n{at}"), &value(at))).collect()
}

fn by_somebody() -> PatchParams {
    PatchParams { field_manager: Some("somebody".into()), ..PatchParams::default() }
}
