//! A cluster, an AWS account and operators that can be started and killed.

use std::{sync::Arc, time::Duration};

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use cairn::{
    Settings,
    cli::{Cli, Command},
    operator::{Operator, Parts},
};
use cairn_aws::{AwsCall as Observed, CallObserver, Meter, Sessions};
use cairn_crds::{Groups, KINDS};
use cairn_runtime::{
    claim::{ClaimKeeper, LeaseName, Timing},
    clock::Clock,
    events::{Events, Reporter},
    metrics::Metrics,
};
use cairn_testkit::{
    Process,
    api::{ApiCall, ApiServer},
    aws::{Aws, AwsCall},
};
use clap::Parser;
use kube::{
    Api,
    api::{DeleteParams, DynamicObject, Patch, PatchParams, PostParams},
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

pub const REGION: &str = "eu-west-1";
pub const GROUP: &str = "s3.aws.cairn.run";

/// Longer than any backoff of the controllers.
const PATIENCE: Duration = Duration::from_mins(30);

/// A cluster and an AWS account.
pub struct World {
    pub api: ApiServer,
    pub aws: Aws,
    pub flags: Vec<String>,
    pub access_key: &'static str,
}

/// An operator that runs.
pub struct Running {
    pub process: Process,
    pub metrics: Metrics,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Debug)]
struct Unobserved;

impl CallObserver for Unobserved {
    fn called(&self, _: Observed<'_>) {}
}

impl World {
    pub fn new() -> Self {
        let api = ApiServer::new();
        for kind in KINDS {
            api.install(&kind.definition(&Groups::default()).unwrap()).unwrap();
        }
        Self { api, aws: Aws::new(), flags: vec![format!("--aws-region={REGION}")], access_key: "KEY" }
    }

    pub fn flag(mut self, flag: &str) -> Self {
        self.flags.push(flag.into());
        self
    }

    fn settings(&self) -> Settings {
        let line = ["cairn", "run"].map(String::from).into_iter().chain(self.flags.clone());
        let Command::Run(args) = Cli::try_parse_from(line).unwrap().command else { panic!("not run") };
        Settings::new(*args).unwrap()
    }

    fn sessions(&self, settings: &Settings, process: &Process) -> Sessions {
        let credentials = Credentials::new(self.access_key, "secret", None, None, "test");
        Sessions::new(cairn_aws::Settings {
            endpoint: settings.endpoint.clone(),
            identity_endpoint: None,
            read_timeout: settings.read_timeout,
            mutation_timeout: settings.mutation_timeout(),
            http_client: Some(self.aws.http_client_for(process)),
            credentials: Some(SharedCredentialsProvider::new(credentials)),
            meter: Meter::new(Arc::new(Unobserved)),
        })
    }

    /// Starts an operator under a name of its own.
    pub fn start(&self, name: &str) -> Running {
        let (process, stop, metrics) = (Process::new(), CancellationToken::new(), Metrics::new());
        let (settings, client) = (self.settings(), self.api.client_for(&process));
        let clock = Clock::simulated(self.api.clock().now());
        let lease = LeaseName { namespace: "default".into(), name: "cairn".into() };
        let (claim, keeper) = ClaimKeeper::new(client.clone(), lease, name, Timing::default(), clock.clone());
        let reporter = Reporter { controller: "cairn.run/operator".into(), instance: name.into() };
        let (events, writer) = Events::new(client.clone(), &reporter, clock.clone(), metrics.clone());
        let parts = Parts {
            client,
            sessions: self.sessions(&settings, &process),
            claim,
            events,
            metrics: metrics.clone(),
            clock,
            cluster: "cluster-1".into(),
        };
        let operator = Operator::new(&settings, &parts);
        let (first, last) = (stop.clone(), CancellationToken::new());
        let task = tokio::spawn(async move {
            let work = async {
                operator.run(first).await;
                last.cancel();
            };
            tokio::join!(work, writer.run(last.clone()), keeper.run(last.clone()));
        });
        Running { process, metrics, stop, task }
    }

    pub fn buckets(&self) -> Api<DynamicObject> {
        let resource = cairn_runtime::engine::resource(KINDS[0], &Groups::default());
        Api::namespaced_with(self.api.client(), "default", &resource)
    }

    /// Creates a Bucket object `name` with the given spec.
    pub async fn create(&self, name: &str, spec: Value) {
        let object = json!({
            "apiVersion": format!("{GROUP}/v1alpha1"), "kind": "Bucket",
            "metadata": {"name": name, "namespace": "default"}, "spec": spec,
        });
        self.buckets().create(&PostParams::default(), &serde_json::from_value(object).unwrap()).await.unwrap();
    }

    /// Merges a patch into the object.
    pub async fn patch(&self, name: &str, patch: Value) {
        self.buckets().patch(name, &PatchParams::default(), &Patch::Merge(patch)).await.unwrap();
    }

    pub async fn delete(&self, name: &str) {
        self.buckets().delete(name, &DeleteParams::default()).await.unwrap();
    }

    pub fn object(&self, name: &str) -> Option<Value> {
        self.api.object(GROUP, "buckets", Some("default"), name)
    }

    /// `Ready`'s status, reason and message, and whether the object stalls.
    pub fn ready(&self, name: &str) -> Option<(bool, String, String, bool)> {
        let object = self.object(name)?;
        let conditions = object["status"]["conditions"].as_array()?.clone();
        let ready = conditions.iter().find(|condition| condition["type"] == "Ready")?;
        let text = |field: &str| ready[field].as_str().unwrap_or_default().to_owned();
        let stalled = conditions.iter().any(|c| c["type"] == "Stalled" && c["status"] == "True");
        Some((ready["status"] == "True", text("reason"), text("message"), stalled))
    }

    fn is_current(&self, name: &str) -> bool {
        let Some(object) = self.object(name) else { return false };
        object["status"]["observedGeneration"] == object["metadata"]["generation"]
    }

    /// Waits on virtual time.
    pub async fn until(&self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let wait = async {
            while !holds(self) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        if tokio::time::timeout(PATIENCE, wait).await.is_err() {
            let calls: Vec<_> = self.aws.calls().iter().map(AwsCall::to_line).rev().take(20).collect();
            panic!("never: {what}; objects: {:#?}; last AWS calls: {calls:#?}", self.objects());
        }
    }

    pub fn objects(&self) -> Vec<Value> {
        self.api.objects(GROUP, "buckets", None)
    }

    pub async fn until_ready(&self, name: &str) {
        let ready = |world: &Self| world.is_current(name) && world.ready(name).is_some_and(|ready| ready.0);
        self.until(&format!("{name} is ready"), ready).await;
    }

    pub async fn until_reason(&self, name: &str, reason: &str) {
        let holds = |world: &Self| world.is_current(name) && world.ready(name).is_some_and(|ready| ready.1 == reason);
        self.until(&format!("{name} says {reason}"), holds).await;
    }

    pub async fn until_gone(&self, name: &str) {
        self.until(&format!("{name} is gone"), |world| world.object(name).is_none()).await;
    }

    /// AWS calls but those for identity.
    pub fn aws_calls(&self) -> Vec<AwsCall> {
        self.aws.calls().into_iter().filter(|call| call.service != "sts").collect()
    }

    pub fn operations(&self) -> Vec<String> {
        self.aws_calls().iter().map(|call| call.operation.clone()).collect()
    }

    pub fn mutations(&self) -> Vec<String> {
        self.operations().into_iter().filter(|operation| !operation.starts_with("Get")).collect()
    }

    /// Requests of operators to the API server, but watches and their lists, leases and Events.
    pub fn kubernetes_calls(&self) -> Vec<ApiCall> {
        let counted = |call: &ApiCall| {
            !["watch", "list", "discovery"].contains(&call.verb.as_str())
                && !["leases", "events"].contains(&call.resource.as_str())
        };
        self.api.calls().into_iter().filter(counted).collect()
    }

    pub fn events(&self, reason: &str) -> usize {
        let events = self.api.objects("events.k8s.io", "events", None);
        events.iter().filter(|event| event["reason"] == reason).count()
    }

    pub fn forget_calls(&self) {
        self.aws.clear_calls();
        self.api.clear_calls();
    }
}

/// One line for a person.
pub trait ToLine {
    fn to_line(&self) -> String;
}

impl ToLine for AwsCall {
    fn to_line(&self) -> String {
        format!("{} {:?} → {} {}", self.operation, self.bucket, self.status, self.code)
    }
}

impl Running {
    /// Ends the process as SIGKILL does.
    pub fn kill(self) {
        self.process.kill();
        self.task.abort();
    }

    /// Ends the process as SIGTERM does.
    pub async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

/// Lets virtual time pass.
pub async fn pass(duration: Duration) {
    tokio::time::sleep(duration).await;
}
