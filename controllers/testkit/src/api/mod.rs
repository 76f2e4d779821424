//! An in-process Kubernetes API server.

mod access;
mod body;
mod call;
mod cause;
mod collector;
mod control;
mod discovery;
mod failure;
mod fields;
mod kind;
mod listing;
mod managed;
mod object;
mod options;
mod present;
mod read;
mod request;
mod schema;
mod seed;
mod selector;
mod service;
mod store;
mod target;
mod typed;
mod watch;
mod write;

use std::{
    fmt,
    sync::{Arc, Mutex},
};

pub use self::{
    access::Access,
    call::ApiCall,
    service::{ApiBody, ApiService},
};
use self::{
    failure::{Failure, Outcome},
    request::{Answer, RawRequest, Request},
    store::Store,
};
use crate::{
    clock::Clock,
    process::Process,
    sync::lock,
    traffic::{Backend, Traffic},
};

/// An in-process Kubernetes API server; clones are the same server.
///
/// It serves namespaces (`default` and the `kube-` ones exist), secrets, configmaps, events, leases, custom resource
/// definitions, and what these define; and it answers `SelfSubjectAccessReview`.
#[derive(Clone)]
pub struct ApiServer {
    store: Arc<Mutex<Store>>,
    traffic: Traffic<ApiCall>,
    clock: Clock,
    rules: access::Rules,
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
        let server = Self { store, traffic: Traffic::new(), clock, rules: access::Rules::default() };
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

    fn handle(&self, raw: RawRequest) -> Answer {
        let answer = self.answer(raw);
        collector::start(&self.store);
        answer
    }

    fn answer(&self, raw: RawRequest) -> Answer {
        if let Some(answer) = access::answer(&self.rules, &raw) {
            return answer;
        }
        let store = &mut *lock(&self.store);
        let Some(path) = &raw.path else {
            return discovery::discover(&store.kinds, &raw.uri_path).unwrap_or_else(Answer::nowhere);
        };
        let target = match path.resolve(&store.kinds) {
            Some(Ok(target)) => target,
            Some(Err(failure)) => return failure.into(),
            None if store.kinds.has_builtin(&path.group) => return Failure::unknown_path().into(),
            None => return Answer::nowhere(),
        };
        let verb = raw.verb;
        let request = &Request::new(target, raw);
        let answer = Self::perform(store, verb, request).unwrap_or_else(Answer::from);
        answer.warning(request.warnings())
    }

    fn perform(store: &mut Store, verb: &str, request: &Request) -> Outcome<Answer> {
        match verb {
            "get" => read::get(store, request),
            "list" => read::list(store, request),
            "watch" => watch::watch(store, request),
            "create" => write::create::create(store, request),
            "update" => write::update::update(store, request),
            "patch" => write::patch::patch(store, request),
            "delete" => write::delete::delete(store, request),
            "deletecollection" => write::delete::delete_collection(store, request),
            _ => Err(Failure::method(&request.target)),
        }
    }
}

impl Backend for ApiServer {
    type Call = ApiCall;
    type Request = RawRequest;
    type Answer = Answer;

    fn execute(&self, _: &ApiCall, request: RawRequest) -> Answer {
        self.handle(request)
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
