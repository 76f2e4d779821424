//! A cluster, an AWS account and operators that can be started and killed.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_async::time::SharedTimeSource;
use cairn::{
    Settings,
    cli::{Cli, Command},
    leases::Leases,
    meter::Metered,
    operator::{Operator, Parts},
};
use cairn_aws::{AwsCall as Observed, CallObserver, Meter, Sessions};
use cairn_crds::{Groups, KINDS, Kind, dynamodb::TABLE, s3::BUCKET};
use cairn_runtime::{
    claim::Claim,
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

pub(crate) const REGION: &str = "eu-west-1";
/// The secret key of the operator.
pub(crate) const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG";
/// The group of Buckets.
pub(crate) const GROUP: &str = "s3.aws.cairn.run";

/// Longer than any backoff of the controllers.
const PATIENCE: Duration = Duration::from_mins(30);

/// How often is looked whether what is waited for is there.
const CLOSE: Duration = Duration::from_millis(20);
const RARE: Duration = Duration::from_millis(500);

/// A cluster and an AWS account.
pub(crate) struct World {
    pub(crate) api: ApiServer,
    pub(crate) aws: Aws,
    pub(crate) flags: Vec<String>,
    pub(crate) access_key: &'static str,
    pub(crate) groups: Groups,
    /// Operators are alone by other means than a lease, whose renewals are most of what happens in quiet hours.
    pub(crate) unfenced: bool,
    /// How many calls anybody made.
    pub(crate) stirs: Arc<AtomicU64>,
    /// The kind of the objects that are named below.
    pub(crate) kind: &'static Kind,
}

/// An operator that runs.
pub(crate) struct Running {
    pub(crate) process: Process,
    pub(crate) metrics: Metrics,
    mutations: Arc<Mutations>,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

/// Counts the mutations of one operator, beside what the operator itself counts.
#[derive(Debug)]
struct Mutations {
    count: AtomicUsize,
    metered: Metered,
}

impl CallObserver for Mutations {
    fn called(&self, call: Observed<'_>) {
        if is_mutation(call.operation) {
            self.count.fetch_add(1, Ordering::SeqCst);
        }
        self.metered.called(call);
    }
}

fn is_mutation(operation: &str) -> bool {
    ["Get", "Describe", "List"].iter().all(|read| !operation.starts_with(read))
}

impl World {
    /// A world of Buckets.
    pub(crate) fn new() -> Self {
        Self::of(Groups::default())
    }

    fn of(groups: Groups) -> Self {
        let api = ApiServer::new();
        for kind in KINDS {
            api.install(&kind.definition(&groups).unwrap()).unwrap();
        }
        let suffix = format!("--aws-group-suffix={}", groups.aws_suffix());
        let flags = vec![format!("--aws-region={REGION}"), suffix];
        let (aws, stirs) = (Aws::new(), Arc::new(AtomicU64::default()));
        let (stir, stir_too) = (Arc::clone(&stirs), Arc::clone(&stirs));
        api.on_call(move |_| _ = stir.fetch_add(1, Ordering::SeqCst));
        aws.on_call(move |_| _ = stir_too.fetch_add(1, Ordering::SeqCst));
        Self { api, aws, flags, access_key: "KEY", groups, unfenced: false, stirs, kind: &BUCKET }
    }

    /// A world of objects of a kind.
    pub(crate) fn about(kind: &'static Kind) -> Self {
        Self { kind, ..Self::new() }
    }

    /// A world of Tables.
    pub(crate) fn of_tables() -> Self {
        Self::about(&TABLE)
    }

    /// A world in ACK's names.
    pub(crate) fn ack() -> Self {
        Self { unfenced: true, ..Self::of(Groups::new(Groups::ACK_SUFFIX, "kro.run").unwrap()) }
    }

    /// A world in kro's names.
    pub(crate) fn kro() -> Self {
        let groups = Groups::new(Groups::DEFAULT_AWS_SUFFIX, Groups::KRO_GRAPH).unwrap();
        Self::of(groups).flag("--graph-group=kro.run")
    }

    /// A world of Tables in ACK's names.
    pub(crate) fn ack_tables() -> Self {
        Self { kind: &TABLE, ..Self::ack() }
    }

    /// A world for tests in which operators follow each other often and much time passes: leases are renewed a tenth as
    /// often as by default, and are good for ten times as long.
    pub(crate) fn unhurried(self) -> Self {
        self.flag("--leader-election-lease-seconds=150")
    }

    fn group(&self) -> String {
        self.kind.group(&self.groups)
    }

    /// A world for tests in which days pass.
    pub(crate) fn quiet() -> Self {
        Self { unfenced: true, ..Self::new() }
    }

    pub(crate) fn flag(mut self, flag: &str) -> Self {
        self.flags.push(flag.into());
        self
    }

    fn settings(&self) -> Settings {
        let line = ["cairn", "run"].map(String::from).into_iter().chain(self.flags.clone());
        let Command::Run(args) = Cli::try_parse_from(line).unwrap().command else { panic!("not run") };
        Settings::new(*args).unwrap()
    }

    fn sessions(&self, settings: &Settings, process: &Process, mutations: &Arc<Mutations>) -> Sessions {
        let credentials = Credentials::new(self.access_key, SECRET_KEY, None, None, "test");
        Sessions::new(cairn_aws::Settings {
            endpoint: settings.endpoint.clone(),
            identity_endpoint: None,
            read_timeout: settings.read_timeout,
            mutation_timeout: settings.mutation_timeout(),
            use_fips: settings.use_fips,
            use_dual_stack: settings.use_dual_stack,
            time_source: Some(SharedTimeSource::new(self.aws.clock().clone())),
            http_client: Some(self.aws.http_client_for(process)),
            credentials: Some(SharedCredentialsProvider::new(credentials)),
            meter: Meter::new(Arc::clone(mutations) as Arc<dyn CallObserver>),
        })
    }

    /// Starts an operator under a name of its own.
    pub(crate) fn start(&self, name: &str) -> Running {
        let (process, stop, metrics) = (Process::new(), CancellationToken::new(), Metrics::new());
        let (settings, client) = (self.settings(), self.api.client_for(&process));
        let mutations = Arc::new(Mutations { count: AtomicUsize::new(0), metered: Metered(metrics.clone()) });
        let clock = Clock::simulated(self.api.clock().now());
        let leases = Leases::new(&settings, &client, "default", name, &clock);
        let reporter = Reporter { controller: "cairn.run/operator".into(), instance: name.into() };
        let (events, writer) = Events::new(client.clone(), &reporter, clock.clone(), metrics.clone());
        let parts = Parts {
            client,
            sessions: self.sessions(&settings, &process, &mutations),
            claim: if self.unfenced { Claim::unfenced(None) } else { leases.claim().clone() },
            events,
            metrics: metrics.clone(),
            clock,
            cluster: "cluster-1".into(),
        };
        let operator = Operator::new(&settings, &parts);
        let (first, last, fenced) = (stop.clone(), CancellationToken::new(), !self.unfenced);
        let task = tokio::spawn(async move {
            let work = async {
                operator.run(first).await;
                last.cancel();
            };
            let keep = async {
                if fenced {
                    leases.run(last.clone()).await;
                }
            };
            tokio::join!(work, writer.run(last.clone()), keep);
        });
        Running { process, metrics, mutations, stop, task }
    }

    /// What names the kind in an object.
    fn types(&self) -> (String, &'static str) {
        (format!("{}/{}", self.group(), cairn_crds::VERSION), self.kind.kind)
    }

    fn named(&self) -> Api<DynamicObject> {
        let resource = cairn_runtime::engine::resource(self.kind, &self.groups);
        Api::namespaced_with(self.api.client(), "default", &resource)
    }

    /// Creates an object `name` with the given spec.
    pub(crate) async fn create(&self, name: &str, spec: Value) {
        self.create_annotated(name, spec, &[]).await;
    }

    /// The same, with annotations whose keys are given without their prefix.
    pub(crate) async fn create_annotated(&self, name: &str, spec: Value, annotations: &[(&str, &str)]) {
        let key = |key: &str| self.groups.annotation(key);
        let annotations: BTreeMap<_, _> = annotations.iter().map(|(k, value)| (key(k), *value)).collect();
        let (version, kind) = self.types();
        let object = json!({
            "apiVersion": version, "kind": kind,
            "metadata": {"name": name, "namespace": "default", "annotations": annotations}, "spec": spec,
        });
        self.named().create(&PostParams::default(), &serde_json::from_value(object).unwrap()).await.unwrap();
    }

    /// Applies a spec as `kubectl apply --server-side --force-conflicts` does.
    pub(crate) async fn apply(&self, name: &str, spec: Value) {
        let (version, kind) = self.types();
        let object = json!({
            "apiVersion": version, "kind": kind, "metadata": {"name": name}, "spec": spec,
        });
        self.named().patch(name, &PatchParams::apply("kubectl").force(), &Patch::Apply(object)).await.unwrap();
    }

    /// Changes the versioning of a bucket behind everybody's back.
    pub(crate) fn set_versioning(&self, bucket: &str, status: &str) {
        let document = format!("<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>");
        assert!(self.aws.set_config(bucket, "versioning", &document));
    }

    /// Merges a patch into the object.
    pub(crate) async fn patch(&self, name: &str, patch: Value) {
        self.named().patch(name, &PatchParams::default(), &Patch::Merge(patch)).await.unwrap();
    }

    /// Merges a patch into the object's status, as another controller does.
    pub(crate) async fn patch_status(&self, name: &str, patch: Value) {
        self.named().patch_status(name, &PatchParams::default(), &Patch::Merge(patch)).await.unwrap();
    }

    /// The same, of the object itself or of its status, under the name of a manager.
    pub(crate) async fn patch_as(&self, manager: &str, name: &str, patch: Value) {
        let params = PatchParams { field_manager: Some(manager.into()), ..PatchParams::default() };
        self.named().patch(name, &params, &Patch::Merge(&patch)).await.unwrap();
        if patch.get("status").is_some() {
            self.named().patch_status(name, &params, &Patch::Merge(&patch)).await.unwrap();
        }
    }

    pub(crate) async fn delete(&self, name: &str) {
        self.named().delete(name, &DeleteParams::default()).await.unwrap();
    }

    pub(crate) fn object(&self, name: &str) -> Option<Value> {
        self.api.object(&self.group(), self.kind.plural, Some("default"), name)
    }

    /// `Ready`'s status, reason and message, and whether the object stalls.
    pub(crate) fn ready(&self, name: &str) -> Option<(bool, String, String, bool)> {
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

    /// Waits on virtual time; looks closely while anybody makes calls, and ever more rarely while nobody does.
    pub(crate) async fn until(&self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let wait = async {
            let (mut stirs, mut step) = (0, CLOSE);
            while !holds(self) {
                tokio::time::sleep(step).await;
                let now = self.stirs.load(Ordering::SeqCst);
                step = if now == stirs { (step * 2).min(RARE) } else { CLOSE };
                stirs = now;
            }
        };
        if tokio::time::timeout(PATIENCE, wait).await.is_err() {
            let calls: Vec<_> = self.aws.calls().iter().map(AwsCall::to_line).rev().take(20).collect();
            let statuses: Vec<_> = self.objects().iter().map(|object| object["status"].to_string()).collect();
            panic!("never: {what}; statuses: {statuses:#?}; last AWS calls: {calls:#?}");
        }
    }

    pub(crate) fn objects(&self) -> Vec<Value> {
        self.api.objects(&self.group(), self.kind.plural)
    }

    pub(crate) async fn until_ready(&self, name: &str) {
        let ready = |world: &Self| world.is_current(name) && world.ready(name).is_some_and(|ready| ready.0);
        self.until(&format!("{name} is ready"), ready).await;
    }

    pub(crate) async fn until_reason(&self, name: &str, reason: &str) {
        let holds = |world: &Self| world.is_current(name) && world.ready(name).is_some_and(|ready| ready.1 == reason);
        self.until(&format!("{name} says {reason}"), holds).await;
    }

    pub(crate) async fn until_gone(&self, name: &str) {
        self.until(&format!("{name} is gone"), |world| world.object(name).is_none()).await;
    }

    /// AWS calls but those for identity.
    pub(crate) fn aws_calls(&self) -> Vec<AwsCall> {
        self.aws.calls().into_iter().filter(|call| call.service != "sts").collect()
    }

    pub(crate) fn operations(&self) -> Vec<String> {
        self.aws_calls().iter().map(|call| call.operation.clone()).collect()
    }

    pub(crate) fn mutations(&self) -> Vec<String> {
        self.operations().into_iter().filter(|operation| is_mutation(operation)).collect()
    }

    /// Requests of operators to the API server, but watches and their lists, leases and Events.
    pub(crate) fn kubernetes_calls(&self) -> Vec<ApiCall> {
        let counted = |call: &ApiCall| {
            !["watch", "list", "discovery"].contains(&call.verb.as_str())
                && !["leases", "events"].contains(&call.resource.as_str())
        };
        self.api.calls().into_iter().filter(counted).collect()
    }

    pub(crate) fn events(&self, reason: &str) -> usize {
        let events = self.api.objects("events.k8s.io", "events");
        events.iter().filter(|event| event["reason"] == reason).count()
    }

    pub(crate) fn forget_calls(&self) {
        self.aws.clear_calls();
        self.api.clear_calls();
    }
}

/// One line for a person.
pub(crate) trait ToLine {
    fn to_line(&self) -> String;
}

impl ToLine for AwsCall {
    fn to_line(&self) -> String {
        let about = self.bucket.as_ref().or(self.table.as_ref());
        format!("{} {about:?} → {} {:?}", self.operation, self.status, self.code)
    }
}

impl Running {
    /// How many mutations this operator sent to AWS.
    pub(crate) fn aws_mutations(&self) -> usize {
        self.mutations.count.load(Ordering::SeqCst)
    }

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

/// Lets virtual time pass in which nothing is to happen.
pub(crate) async fn pass_calmly(world: &World, duration: Duration) {
    world.api.calm_watches(true);
    tokio::time::sleep(duration).await;
    world.api.calm_watches(false);
}

/// Lets virtual time pass.
pub(crate) async fn pass(duration: Duration) {
    tokio::time::sleep(duration).await;
}
