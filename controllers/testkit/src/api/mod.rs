//! An in-process Kubernetes API server.

mod apply;
mod call;
mod create;
mod delete;
mod discovery;
mod failure;
mod fields;
mod kind;
mod managed;
mod object;
mod patch;
mod present;
mod read;
mod request;
mod selector;
mod service;
mod store;
mod target;
mod update;
mod watch;

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use futures::{FutureExt, future::BoxFuture};
use http::HeaderMap;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use serde::Serialize;
use serde_json::{Value, json};

pub use self::{
    call::ApiCall,
    service::{ApiBody, ApiService},
};
use self::{
    failure::{Failure, Outcome},
    request::{Answer, AnswerBody, RawRequest, Request},
    store::Store,
    target::{Path, Query},
};
use crate::{
    clock::Clock,
    fault::{Fault, FaultGuard, Matcher},
    process::Process,
    sync::lock,
    traffic::{Backend, Traffic},
};

/// An in-process Kubernetes API server; clones are the same server.
///
/// It serves namespaces (`default` and the `kube-` ones exist), secrets, configmaps, events, leases, custom resource
/// definitions, and what these define.
#[derive(Clone)]
pub struct ApiServer {
    store: Arc<Mutex<Store>>,
    traffic: Traffic<ApiCall>,
    clock: Clock,
}

impl fmt::Debug for ApiServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiServer").finish_non_exhaustive()
    }
}

impl Default for ApiServer {
    fn default() -> Self {
        Self::new()
    }
}

impl ApiServer {
    /// A server with a clock of its own.
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(Clock::default())
    }

    /// A server that takes the time from `clock`.
    #[must_use]
    pub fn with_clock(clock: Clock) -> Self {
        let store = Arc::new(Mutex::new(Store::new(clock.clone())));
        let server = Self { store, traffic: Traffic::new(), clock };
        for namespace in ["default", "kube-node-lease", "kube-public", "kube-system"] {
            server.namespace(namespace);
        }
        server
    }

    /// The server's wall clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// A client, in a process of its own. It must be called within a tokio runtime.
    #[must_use]
    pub fn client(&self) -> kube::Client {
        self.client_for(&Process::new())
    }

    /// A client of `process`.
    #[must_use]
    pub fn client_for(&self, process: &Process) -> kube::Client {
        kube::Client::new(self.service_for(process), "default")
    }

    /// The bare service below a client, in a process of its own.
    #[must_use]
    pub fn service(&self) -> ApiService {
        self.service_for(&Process::new())
    }

    /// The bare service below a client of `process`.
    #[must_use]
    pub fn service_for(&self, process: &Process) -> ApiService {
        ApiService::new(self.clone(), process.clone())
    }

    /// Stores a definition and serves what it defines; one that is there already is replaced.
    ///
    /// # Errors
    /// The `Status` that the server would have answered with.
    pub fn install(&self, crd: &CustomResourceDefinition) -> Result<(), Value> {
        let mut crd = json!(crd);
        crd["apiVersion"] = json!("apiextensions.k8s.io/v1");
        crd["kind"] = json!("CustomResourceDefinition");
        let name = object::name(&crd).to_owned();
        if let Some(live) = self.object("apiextensions.k8s.io", "customresourcedefinitions", None, &name) {
            object::copy_meta(&mut crd, &live, "resourceVersion");
            let path = format!("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}");
            return self.quietly("update", &path, &crd).map(drop);
        }
        self.quietly("create", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", &crd).map(drop)
    }

    /// Creates a namespace, unless it exists.
    pub fn namespace(&self, name: &str) {
        let body = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name,
            "labels": { "kubernetes.io/metadata.name": name } } });
        // It can only fail because the namespace exists, which is as good.
        drop(self.quietly("create", "/api/v1/namespaces", &body));
    }

    /// Creates an object with its status, without a call in the log; for what is there before a test starts.
    ///
    /// # Errors
    /// The `Status` that the server would have answered with.
    pub fn seed(&self, object: &impl Serialize) -> Result<Value, Value> {
        let object = json!(object);
        let path = self.collection_of(&object).ok_or_else(|| Failure::unknown_path().body())?;
        let created = self.quietly("create", &path, &object)?;
        if object.get("status").is_none() || created.get("status").is_some() {
            return Ok(created);
        }
        let mut whole = created.clone();
        object::copy_field(&mut whole, &object, "status");
        self.quietly("update", &format!("{path}/{}/status", object::name(&created)), &whole)
    }

    fn collection_of(&self, object: &Value) -> Option<String> {
        let api_version = object["apiVersion"].as_str()?;
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let store = lock(&self.store);
        let kind = store.kinds.iter().find(|kind| kind.group == group && object["kind"] == kind.name.as_str())?;
        let root = if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{group}/{version}") };
        if !kind.namespaced {
            return Some(format!("{root}/{}", kind.plural));
        }
        let namespace = object::meta_str(object, "namespace").unwrap_or("default");
        Some(format!("{root}/namespaces/{namespace}/{}", kind.plural))
    }

    /// A stored object, without a call in the log.
    #[must_use]
    pub fn object(&self, group: &str, plural: &str, namespace: Option<&str>, name: &str) -> Option<Value> {
        let store = lock(&self.store);
        let kind = store.kinds.get(group, plural)?;
        store.get(kind, namespace.unwrap_or_default(), name).map(|object| Value::clone(object))
    }

    /// All stored objects of a kind by namespace and name, without a call in the log.
    #[must_use]
    pub fn objects(&self, group: &str, plural: &str) -> Vec<Value> {
        let store = lock(&self.store);
        let table = store.current().1.get(&(group.to_owned(), plural.to_owned()));
        table.into_iter().flat_map(|table| table.values()).map(|object| Value::clone(object)).collect()
    }

    /// The resource version of the last write.
    #[must_use]
    pub fn revision(&self) -> u64 {
        lock(&self.store).revision()
    }

    /// Does a request that leaves no trace in the log and meets no fault.
    fn quietly(&self, verb: &'static str, path: &str, body: &Value) -> Result<Value, Value> {
        let raw = RawRequest {
            verb,
            uri_path: path.to_owned(),
            path: Path::parse(path),
            query: Query::parse("fieldManager=testkit"),
            headers: HeaderMap::new(),
            body: body.to_string().into(),
        };
        let answer = self.handle(raw).unwrap_or_else(Answer::from);
        match answer.body {
            AnswerBody::Json(body) if answer.status < 400 => Ok(body),
            AnswerBody::Json(body) => Err(body),
            AnswerBody::Watch(_) => Err(Failure::unknown_path().body()),
        }
    }

    fn handle(&self, raw: RawRequest) -> Outcome<Answer> {
        let store = &mut *lock(&self.store);
        let Some(path) = &raw.path else {
            return discovery::discover(&store.kinds, &raw.uri_path);
        };
        let target = path.resolve(&store.kinds)?;
        let verb = raw.verb;
        let request = &Request::new(target, raw);
        match verb {
            "get" => read::get(store, request),
            "list" => read::list(store, request),
            "watch" => watch::watch(store, request),
            "create" => create::create(store, request),
            "update" => update::update(store, request),
            "patch" => patch::patch(store, request),
            "delete" => delete::delete(store, request),
            "deletecollection" => delete::delete_collection(store, request),
            _ => Err(Failure::method(&request.target)),
        }
    }
}

/// The log.
impl ApiServer {
    /// All calls since the start or the last [`clear_calls`](Self::clear_calls), in the order of their answers.
    #[must_use]
    pub fn calls(&self) -> Vec<ApiCall> {
        self.traffic.calls()
    }

    /// Empties the log.
    pub fn clear_calls(&self) {
        self.traffic.clear_calls();
    }

    /// Calls `hook` after every call, when it has taken effect and before its answer is seen.
    pub fn on_call(&self, hook: impl Fn(&ApiCall) + Send + Sync + 'static) {
        self.traffic.on_call(hook);
    }
}

/// Faults.
impl ApiServer {
    /// Lets matching calls fail, until the matcher's count or [`clear_faults`](Self::clear_faults) ends it.
    pub fn fail(&self, matcher: impl Into<Matcher<ApiCall>>, fault: Fault) {
        self.traffic.fail(matcher.into(), fault);
    }

    /// Lets matching calls fail while the guard lives.
    pub fn fail_while(&self, matcher: impl Into<Matcher<ApiCall>>, fault: Fault) -> FaultGuard {
        self.traffic.fail_while(matcher.into(), fault)
    }

    /// Lifts all faults.
    pub fn clear_faults(&self) {
        self.traffic.clear_faults();
    }

    /// Kills the process that makes the matching call, right after the call took effect.
    ///
    /// The future resolves then; the process neither sees the answer nor has any effect afterwards, so that whoever
    /// waits for the future may take its time to drop the controller. Dropping the future calls the crash off.
    pub fn crash_after(&self, matcher: impl Into<Matcher<ApiCall>>) -> BoxFuture<'static, ApiCall> {
        self.traffic.crash_after(matcher.into()).boxed()
    }

    /// Makes all resource versions before the present too old to watch from, and all open lists expire.
    ///
    /// Watches that run are not affected; break them as well if they shall notice.
    pub fn compact(&self) {
        lock(&self.store).compact();
    }

    /// Resets the connection of every running watch.
    pub fn break_watches(&self) {
        lock(&self.store).signal(|pulse| pulse.broken += 1);
    }

    /// Ends every running watch in good order.
    pub fn end_watches(&self) {
        lock(&self.store).signal(|pulse| pulse.ended += 1);
    }

    /// Stops the delivery of events; reads that accept the cache (`resourceVersion=0`) see this instant from now on.
    pub fn freeze_watches(&self) {
        lock(&self.store).freeze(true);
    }

    /// Delivers again, and what was held back first.
    pub fn thaw_watches(&self) {
        lock(&self.store).freeze(false);
    }
}

impl Backend for ApiServer {
    type Call = ApiCall;
    type Request = RawRequest;
    type Answer = Answer;

    fn execute(&self, _: &ApiCall, request: RawRequest) -> Answer {
        self.handle(request).unwrap_or_else(Answer::from)
    }

    fn refuse(&self, _: &ApiCall, status: u16, code: Option<&str>) -> Answer {
        let mut failure = Failure::new(status, failure::usual_reason(status), "a fault of the testkit");
        if let Some(code) = code {
            failure = failure.with_reason(code);
        }
        failure.into()
    }

    fn outcome(answer: &Answer) -> (u16, Option<String>) {
        (answer.status, answer.reason())
    }
}
