//! The lifecycle of every managed kind, written once: finalizer, ownership, intent, plan, record, deletion.
//!
//! The engine only carries out what `cairn_core` decides. It is handed one object at a time by the workers.

mod adopt;
mod apply;
mod aside;
mod births;
mod converge;
mod damage;
mod depart;
mod elders;
mod execute;
mod hold;
mod inherit;
mod listed;
mod memory;
mod object;
mod observe;
mod remove;
mod resolve;
mod trace;
mod work;
mod writer;

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use cairn_core::{
    adoption::Allowed,
    api::Groups,
    condition::{Progress, Reason, Report},
    controls::{Controls, Paused},
    default_tags::DefaultTags,
    deletion,
    failure::Failure,
    iam,
    owner::Owner,
    record,
    schedule::{self, Period},
};
use futures::FutureExt;
use jiff::Timestamp;
use kube::{Client, core::ApiResource};
use tracing::{debug, error, warn};

use crate::{
    claim::Claim,
    clock::Clock,
    events::Events,
    key::ObjectKey,
    kind::{ManagedKind, ScopedClient},
    metrics::Metrics,
    references::References,
    store::{Store, StoreError, Stored},
    surroundings::{Known, Surroundings},
    worker::{Reconciler, Request, Verdict},
};
use births::Births;
use memory::Memory;
use object::Managed;

/// What is the same for all objects of a kind.
#[derive(Clone, Debug)]
pub struct EngineSettings {
    /// The groups, from which finalizers and annotations derive.
    pub groups: Groups,
    /// Id of the cluster in ownership tags.
    pub cluster: String,
    /// Region of objects that name none.
    pub region: Option<String>,
    /// What becomes of the resource of a deleted object that does not say.
    pub deletion: deletion::Policy,
    /// The namespaces whose objects may take over resources.
    pub adoption: Allowed,
    /// Tags that every resource is given.
    pub tags: DefaultTags,
    /// Version of Cairn, for those.
    pub version: String,
    /// Nothing is done in AWS but what deleting objects asks for.
    pub paused: bool,
    /// How often objects are checked against AWS.
    pub period: Period,
    /// How long one mutation may take. The claim has to cover it.
    pub mutation_timeout: Duration,
    /// How long one reconcile may take.
    pub deadline: Duration,
}

/// What an engine works with.
#[derive(Clone)]
pub struct EngineParts {
    /// Client of the API server.
    pub client: Client,
    /// The objects of the kind.
    pub store: Store,
    /// What stands around them: namespaces and the rules from which roles come.
    pub surroundings: Surroundings,
    /// What they refer to.
    pub references: References,
    /// Whether this process may act.
    pub claim: Claim,
    /// Where Events go.
    pub events: Events,
    /// What is counted.
    pub metrics: Metrics,
    /// What time it is.
    pub clock: Clock,
}

impl std::fmt::Debug for EngineParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EngineParts").field("claim", &self.claim).finish_non_exhaustive()
    }
}

/// Reconciles the objects of one kind.
pub struct Engine<K> {
    kind: K,
    resource: ApiResource,
    settings: EngineSettings,
    parts: EngineParts,
    memory: Memory,
    births: Births,
    started: Timestamp,
}

/// Why a reconcile ended before its time.
#[derive(Debug)]
enum Interrupted {
    /// What is to be said on the object.
    Report(Report),
    /// The same, and AWS is at work: it is asked again soon.
    Waiting(Report),
    /// The same, and nothing changes before that time.
    Until(Report, Timestamp),
    /// Nothing can be told before that time, and nothing is said.
    NotBefore(Timestamp),
    /// Kubernetes did not take a write. Nothing is said on the object, because it could not be said either.
    Kubernetes(kube::Error),
    /// Another process acts now.
    NotHeld,
    /// The namespace is not known yet. Its objects are queued when it is.
    NotKnown,
}

impl From<kube::Error> for Interrupted {
    fn from(error: kube::Error) -> Self {
        Self::Kubernetes(error)
    }
}

impl From<Report> for Interrupted {
    fn from(report: Report) -> Self {
        Self::Report(report)
    }
}

impl<K: ManagedKind> Engine<K> {
    /// An engine for the objects of `kind` under the configured groups.
    #[must_use]
    pub fn new(kind: K, settings: EngineSettings, parts: EngineParts) -> Arc<Self> {
        let resource = resource(kind.kind(), &settings.groups);
        let started = parts.clock.now();
        Arc::new(Self {
            kind,
            resource,
            settings,
            parts,
            memory: Memory::default(),
            births: Births::default(),
            started,
        })
    }

    fn owner(&self, key: &ObjectKey) -> Owner {
        let kind = self.kind.kind();
        Owner {
            cluster: self.settings.cluster.clone(),
            service: kind.home.service().into(),
            kind: kind.kind.into(),
            namespace: key.namespace.to_string(),
            name: key.name.to_string(),
        }
    }

    /// All objects of the kind, but those that cannot be read: they act on nothing, as their own reconciles tell.
    fn stored(&self) -> impl Iterator<Item = Managed> {
        self.parts.store.all().into_iter().filter_map(|(key, stored)| Managed::parse(key, &stored).ok())
    }

    fn finalizer(&self) -> String {
        self.kind.kind().finalizer(&self.settings.groups)
    }

    /// The time to the second, as everything that is recorded has it.
    fn now(&self) -> Timestamp {
        let now = self.parts.clock.now();
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }

    fn permits(&self) -> Result<(), Interrupted> {
        self.parts.claim.permits(self.settings.mutation_timeout).map_err(|_| Interrupted::NotHeld)
    }

    /// Since when checks of the object may have fallen due unseen: since its last reconcile here, or since the process
    /// that acted before this one was last alive, whichever is later.
    fn unseen_since(&self, key: &ObjectKey) -> Timestamp {
        self.memory.seen(key).max(self.parts.claim.since()).unwrap_or(self.started)
    }

    /// Looks up the namespace. While nothing is known of it, nothing is done: it may hold a brake.
    fn look_around(&self, object: &mut Managed) -> Result<(), Interrupted> {
        let Known::Present(namespace) = self.parts.surroundings.namespace(&object.key.namespace) else {
            return Err(Interrupted::NotKnown);
        };
        object.surroundings = namespace;
        Ok(())
    }

    /// Reads what the annotations ask for. A word that is none neither manages nor deletes anything.
    fn read_controls(&self, object: &mut Managed) -> Result<(), Report> {
        let service = self.kind.kind().home.service();
        let namespace = &object.surroundings.annotations;
        match Controls::parse(&object.annotations, namespace, service, &self.settings.groups) {
            Ok(controls) => {
                let paused = if self.settings.paused { Paused::Yes } else { Paused::No };
                object.controls = Controls { paused: controls.paused.or(paused), ..controls };
                Ok(())
            }
            Err(why) if object.deleting => Err(Report::new(Reason::InvalidSpec, format!("{why}; nothing was deleted"))),
            Err(why) => Err(Report::new(Reason::InvalidSpec, why.to_string())),
        }
    }

    /// Does nothing about an object whose record cannot be read, but to let it go where AWS keeps the resource anyway.
    fn check_status(&self, object: &Managed) -> Result<(), Report> {
        match &object.damage {
            Some(damage) if !object.deleting || self.policy(object) != deletion::Policy::Retain => Err(damage.clone()),
            _ => Ok(()),
        }
    }

    /// Forgets what was last carried out where AWS may have been changed since without a word in the record: an edit that
    /// was taken back before anybody could record it left its traces, though nothing differs from the record.
    fn distrust(&self, object: &mut Managed) {
        let unseen = object.common.observed_generation != object.generation;
        if unseen || self.memory.acted(&object.key) {
            object.record = record::distrust(std::mem::take(&mut object.record));
        }
    }

    async fn attempt(&self, object: &mut Managed) -> Result<Verdict, Interrupted> {
        self.look_around(object)?;
        self.read_controls(object)?;
        self.check_status(object)?;
        self.stand_aside(object)?;
        self.tell_the_namespace(object);
        self.inherit(object).await?;
        self.distrust(object);
        if object.deleting { self.remove(object).await } else { self.apply(object).await }
    }

    async fn drive(&self, object: &mut Managed) -> Verdict {
        match self.attempt(object).await {
            Ok(verdict) => {
                self.memory.settled(&object.key, self.parts.clock.now());
                verdict
            }
            Err(Interrupted::Report(report)) => self.conclude(object, report).await,
            Err(Interrupted::Waiting(report)) => self.say_and_return(object, report, Self::poll).await,
            Err(Interrupted::Until(report, at)) => self.say_and_return(object, report, |_, _| at).await,
            Err(Interrupted::NotBefore(at)) => Verdict::Settled { next: Some(at) },
            Err(Interrupted::NotHeld | Interrupted::NotKnown) => {
                Verdict::Retry { after: Some(self.settings.mutation_timeout) }
            }
            Err(Interrupted::Kubernetes(error)) => self.refused(object, &error),
        }
    }

    /// What failed calls say, with what can be done about each.
    fn failed(&self, client: Option<&K::Client>, identity: Option<&str>, failures: &[(&str, Failure)]) -> Report {
        let arn = client.and_then(|client| client.metadata(identity).arn);
        Report::of_failures(failures, |failure| iam::remedy(self.kind.rules(), failure, arn.as_deref()))
    }

    /// Says on the object why it is not as declared, and comes back to it.
    async fn conclude(&self, object: &mut Managed, report: Report) -> Verdict {
        if report.reason.progress() == Progress::Stuck && !object.says(report.reason) {
            self.warn_of(object, report.reason.as_str(), &report.message);
        }
        let settled = matches!(report.reason, Reason::InvalidSpec | Reason::ScopeChanged | Reason::OtherController);
        // What ended badly does not end well later.
        let settled = settled || (report.reason == Reason::Unusable && self.kind.rules().is_done_with());
        let report = if settled { report } else { report.tried_again() };
        if let Err(error) = self.write_final_status(object, &report).await {
            return self.refused(object, &error);
        }
        if !settled {
            return Verdict::Retry { after: None };
        }
        self.memory.settled(&object.key, self.parts.clock.now());
        Verdict::Settled { next: None }
    }

    /// Says on the object what is waited for, and comes back to it at a known time.
    async fn say_and_return(
        &self,
        object: &mut Managed,
        report: Report,
        at: impl Fn(&Self, &ObjectKey) -> Timestamp,
    ) -> Verdict {
        match self.write_status(object, &report).await {
            Ok(()) => Verdict::Settled { next: Some(at(self, &object.key)) },
            Err(error) => self.refused(object, &error),
        }
    }

    fn poll(&self, key: &ObjectKey) -> Timestamp {
        let now = self.parts.clock.now();
        schedule::next_poll(self.memory.waiting(key, now), now)
    }

    /// What becomes of an object when Kubernetes did not take a write.
    fn refused(&self, object: &Managed, error: &kube::Error) -> Verdict {
        let kube::Error::Api(status) = error else {
            warn!(object = %object.key, error = %error, "kubernetes did not answer a write");
            return Verdict::Retry { after: None };
        };
        if status.is_not_found() {
            return Verdict::Settled { next: None };
        }
        if status.is_conflict() {
            // What we knew is out of date; the watch brings what is newer.
            debug!(object = %object.key, "object changed meanwhile");
            return Verdict::Retry { after: None };
        }
        warn!(object = %object.key, code = status.code, why = status.message, "kubernetes refused a write");
        self.warn_of(object, "WriteRefused", &status.message);
        Verdict::Retry { after: None }
    }

    /// Runs a reconcile so that a defect in it hurts this object alone, and is told on it.
    async fn guarded(&self, key: &ObjectKey, stored: &Stored) -> Result<Verdict, StoreError> {
        let mut object = Managed::parse(key.clone(), stored)?;
        // Boxed, because the futures of the SDK below it are deeper than the compiler's limit for one type.
        let drive = AssertUnwindSafe(self.drive(&mut object).boxed()).catch_unwind();
        let defect = match tokio::time::timeout(self.settings.deadline, drive).await {
            Ok(Ok(verdict)) => return Ok(verdict),
            Ok(Err(_)) => "the reconcile panicked; this is a defect of Cairn, please report it with the operator's log",
            Err(_) => "the reconcile took too long and was given up",
        };
        error!(object = %key, defect, "reconcile did not end well");
        // What the broken reconcile left in memory is not to be trusted: the report goes on what is known for certain.
        let known = self.parts.store.get(key);
        let mut object = Managed::parse(key.clone(), known.as_deref().unwrap_or(stored))?;
        Ok(self.conclude(&mut object, Report::new(Reason::InternalError, defect)).await)
    }
}

impl<K: ManagedKind> Reconciler for Arc<Engine<K>> {
    async fn reconcile(&self, request: Request) -> Verdict {
        let Some(stored) = request.object else {
            self.memory.forget(&request.key);
            return Verdict::Settled { next: None };
        };
        self.guarded(&request.key, &stored).await.unwrap_or_else(|error| {
            warn!(object = %request.key, error = %error, "object cannot be read");
            Verdict::Settled { next: None }
        })
    }
}

/// The API resource of a kind under the configured groups.
#[must_use]
pub fn resource(kind: &cairn_core::api::Kind, groups: &Groups) -> ApiResource {
    let (group, version) = (kind.group(groups), cairn_core::api::VERSION.to_owned());
    ApiResource {
        api_version: format!("{group}/{version}"),
        group,
        version,
        kind: kind.kind.into(),
        plural: kind.plural.into(),
    }
}
