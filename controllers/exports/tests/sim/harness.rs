//! A cluster, and controllers of exports that can be started and killed.

use std::time::Duration;

use cairn_crds::{Groups, KINDS, s3::BUCKET};
use cairn_exports::{ExportParts, ExportSettings, Exports};
use cairn_runtime::{
    claim::Claim,
    clock::Clock,
    engine::resource,
    events::{Events, Reporter},
    metrics::Metrics,
    source::{Scope, Source},
    store::Store,
    worker::Limits,
};
use cairn_testkit::{
    Process,
    api::{ApiCall, ApiServer},
};
use kube::{
    Api,
    api::{DeleteParams, DynamicObject, Patch, PatchParams, PostParams},
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// The namespace of everything that does not say otherwise.
pub(crate) const HERE: &str = "team";
/// Longer than any backoff.
const PATIENCE: Duration = Duration::from_mins(30);

/// A cluster.
pub(crate) struct World {
    pub(crate) api: ApiServer,
    pub(crate) groups: Groups,
    pub(crate) scope: Scope,
    pub(crate) open: bool,
}

/// A controller that runs.
pub(crate) struct Running {
    pub(crate) process: Process,
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
        for namespace in [HERE, "shared"] {
            api.namespace(namespace);
        }
        Self { api, groups, scope: Scope::All, open: false }
    }

    /// Starts a controller that can export from Buckets.
    pub(crate) fn start(&self) -> Running {
        let (process, stop, metrics) = (Process::new(), CancellationToken::new(), Metrics::new());
        let (client, clock) = (self.api.client_for(&process), Clock::simulated(self.api.clock().now()));
        let reporter = Reporter { controller: "cairn.run/operator".into(), instance: "one".into() };
        let (events, writer) = Events::new(client.clone(), &reporter, clock.clone(), metrics.clone());
        let settings = ExportSettings {
            groups: self.groups.clone(),
            scope: self.scope.clone(),
            enable_cross_namespace: self.open,
            timeout: Duration::from_secs(7),
            limits: Limits::default(),
        };
        let parts = ExportParts {
            client: client.clone(),
            claim: Claim::unfenced(None),
            events,
            metrics: metrics.clone(),
            clock,
        };
        let mut exports = Exports::new(settings, parts);
        let store = Store::new();
        let buckets = Source::new(client, resource(&BUCKET, &self.groups), self.scope.clone(), store.clone(), metrics);
        let buckets = exports.serve(&BUCKET, buckets, &store);
        let first = stop.clone();
        let task = tokio::spawn(async move {
            let last = CancellationToken::new();
            let work = async {
                tokio::join!(buckets.run(first.clone()), exports.run(first));
                last.cancel();
            };
            tokio::join!(work, writer.run(last.clone()));
        });
        Running { process, stop, task }
    }

    fn kind(&self, kind: &str) -> &'static cairn_crds::Kind {
        KINDS.iter().find(|known| known.kind == kind).unwrap_or_else(|| panic!("no kind {kind}")).to_owned()
    }

    fn objects_of(&self, kind: &str, namespace: &str) -> Api<DynamicObject> {
        let resource = resource(self.kind(kind), &self.groups);
        Api::namespaced_with(self.api.client(), namespace, &resource)
    }

    /// Creates an object of one of our kinds.
    pub(crate) async fn create(&self, kind: &str, namespace: &str, name: &str, spec: Value) {
        let group = self.kind(kind).group(&self.groups);
        let object = json!({
            "apiVersion": format!("{group}/v1alpha1"), "kind": kind,
            "metadata": {"name": name, "namespace": namespace}, "spec": spec,
        });
        let object = serde_json::from_value(object).unwrap();
        self.objects_of(kind, namespace).create(&PostParams::default(), &object).await.unwrap();
    }

    pub(crate) async fn patch(&self, kind: &str, name: &str, patch: Value) {
        self.objects_of(kind, HERE).patch(name, &PatchParams::default(), &Patch::Merge(patch)).await.unwrap();
    }

    pub(crate) async fn delete(&self, kind: &str, name: &str) {
        self.objects_of(kind, HERE).delete(name, &DeleteParams::default()).await.unwrap();
    }

    /// Creates a Bucket that is Ready, with this name in AWS.
    pub(crate) async fn bucket(&self, name: &str, in_aws: &str) {
        self.create("Bucket", HERE, name, json!({"name": in_aws})).await;
        self.say_ready(name, true).await;
    }

    /// Writes the status of a Bucket as its engine would.
    pub(crate) async fn say_ready(&self, name: &str, ready: bool) {
        let group = self.kind("Bucket").group(&self.groups);
        let bucket = self.api.object(&group, "buckets", Some(HERE), name).unwrap();
        let arn = format!("arn:aws:s3:::{}", bucket["spec"]["name"].as_str().unwrap());
        let (status, reason) = if ready { ("True", "Available") } else { ("False", "Retrying") };
        let status = json!({
            "ackResourceMetadata": {"arn": arn, "ownerAccountID": "111122223333", "region": "eu-west-1"},
            "conditions": [{"type": "Ready", "status": status, "reason": reason}],
            "observedGeneration": bucket["metadata"]["generation"],
        });
        let patch = Patch::Merge(json!({"status": status}));
        self.objects_of("Bucket", HERE).patch_status(name, &PatchParams::default(), &patch).await.unwrap();
    }

    /// Exports one value of the Bucket `photos`.
    pub(crate) async fn export(&self, name: &str, path: &str, to: Value) {
        self.create("FieldExport", HERE, name, self.one(path, &to)).await;
    }

    /// The spec of an export of one value of the Bucket `photos`.
    pub(crate) fn one(&self, path: &str, to: &Value) -> Value {
        let group = self.kind("Bucket").group(&self.groups);
        json!({"from": {"path": path, "resource": {"group": group, "kind": "Bucket", "name": "photos"}}, "to": to})
    }

    /// The spec of an export of several values of the Bucket `photos`.
    pub(crate) fn several(&self, values: &[(&str, &str)], to: &Value) -> Value {
        let mut spec = self.one("", to);
        spec["from"].as_object_mut().unwrap().remove("path");
        spec["values"] = values.iter().map(|(key, path)| json!({"key": key, "path": path})).collect();
        spec
    }

    pub(crate) fn field_export(&self, name: &str) -> Option<Value> {
        self.api.object(self.groups.aws_suffix(), "fieldexports", Some(HERE), name)
    }

    /// A ConfigMap or Secret.
    pub(crate) fn target(&self, plural: &str, namespace: &str, name: &str) -> Option<Value> {
        self.api.object("", plural, Some(namespace), name)
    }

    /// The data of the ConfigMap `app`, as `key=value` in the order of keys.
    pub(crate) fn app(&self) -> Vec<String> {
        self.data("configmaps", HERE, "app")
    }

    pub(crate) fn data(&self, plural: &str, namespace: &str, name: &str) -> Vec<String> {
        let target = self.target(plural, namespace, name).unwrap_or_default();
        let data = target["data"].as_object().cloned().unwrap_or_default();
        data.iter().map(|(key, value)| format!("{key}={}", value.as_str().unwrap())).collect()
    }

    /// Writes a ConfigMap as a user does with `kubectl apply`.
    pub(crate) async fn user_applies(&self, name: &str, manager: &str, data: Value) {
        let body = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data});
        let maps: Api<k8s_openapi::api::core::v1::ConfigMap> = Api::namespaced(self.api.client(), HERE);
        maps.patch(name, &PatchParams::apply(manager).force(), &Patch::Apply(body)).await.unwrap();
    }

    /// Writes a ConfigMap by a merge patch.
    pub(crate) async fn user_patches(&self, name: &str, manager: &str, patch: Value) {
        let maps: Api<k8s_openapi::api::core::v1::ConfigMap> = Api::namespaced(self.api.client(), HERE);
        let params = PatchParams { field_manager: Some(manager.into()), ..PatchParams::default() };
        maps.patch(name, &params, &Patch::Merge(patch)).await.unwrap();
    }

    /// Creates a ConfigMap by a plain create.
    pub(crate) async fn user_creates(&self, name: &str, manager: &str, data: Value) {
        let body = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data});
        let maps: Api<k8s_openapi::api::core::v1::ConfigMap> = Api::namespaced(self.api.client(), HERE);
        let params = PostParams { field_manager: Some(manager.into()), ..PostParams::default() };
        maps.create(&params, &serde_json::from_value(body).unwrap()).await.unwrap();
    }

    pub(crate) async fn user_deletes(&self, name: &str) {
        let maps: Api<k8s_openapi::api::core::v1::ConfigMap> = Api::namespaced(self.api.client(), HERE);
        maps.delete(name, &DeleteParams::default()).await.unwrap();
    }

    /// `Ready`'s status, reason and message.
    pub(crate) fn ready(&self, name: &str) -> Option<(bool, String, String)> {
        let ready = self.condition(name, "Ready")?;
        let text = |field: &str| ready[field].as_str().unwrap_or_default().to_owned();
        Some((ready["status"] == "True", text("reason"), text("message")))
    }

    pub(crate) fn condition(&self, name: &str, kind: &str) -> Option<Value> {
        let conditions = self.field_export(name)?["status"]["conditions"].as_array()?.clone();
        conditions.into_iter().find(|condition| condition["type"] == kind)
    }

    fn is_current(&self, name: &str) -> bool {
        let Some(object) = self.field_export(name) else { return false };
        object["status"]["observedGeneration"] == object["metadata"]["generation"]
    }

    /// Waits on virtual time.
    pub(crate) async fn until(&self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let wait = async {
            while !holds(self) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        if tokio::time::timeout(PATIENCE, wait).await.is_err() {
            let exports = self.api.objects(self.groups.aws_suffix(), "fieldexports");
            let statuses: Vec<_> = exports.iter().map(|export| export["status"].to_string()).collect();
            let calls: Vec<_> = self.calls().into_iter().rev().take(10).collect();
            panic!("never: {what}; statuses: {statuses:#?}; last calls: {calls:#?}");
        }
    }

    pub(crate) async fn until_reason(&self, name: &str, reason: &str) {
        let holds = |world: &Self| world.is_current(name) && world.ready(name).is_some_and(|ready| ready.1 == reason);
        self.until(&format!("{name} says {reason}"), holds).await;
    }

    pub(crate) async fn until_exported(&self, name: &str) {
        self.until_reason(name, "Exported").await;
    }

    pub(crate) async fn until_gone(&self, name: &str) {
        self.until(&format!("{name} is gone"), |world| world.field_export(name).is_none()).await;
    }

    /// Requests but watches, their lists and Events: `verb plural/subresource`.
    pub(crate) fn calls(&self) -> Vec<String> {
        let counted =
            |call: &ApiCall| !["watch", "list", "discovery"].contains(&call.verb.as_str()) && call.resource != "events";
        let named = |call: ApiCall| match call.subresource {
            Some(subresource) => format!("{} {}/{subresource}", call.verb, call.resource),
            None => format!("{} {}", call.verb, call.resource),
        };
        self.api.calls().into_iter().filter(counted).map(named).collect()
    }

    pub(crate) fn events(&self, reason: &str) -> Vec<Value> {
        let events = self.api.objects("events.k8s.io", "events");
        events.into_iter().filter(|event| event["reason"] == reason).collect()
    }
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

/// Lets pass what a watch event needs.
pub(crate) async fn a_moment() {
    pass(Duration::from_secs(1)).await;
}

/// The target that most tests write.
pub(crate) fn app() -> Value {
    json!({"kind": "configmap", "name": "app"})
}

/// The same, under a key.
pub(crate) fn app_key(key: &str) -> Value {
    json!({"kind": "configmap", "name": "app", "key": key})
}
