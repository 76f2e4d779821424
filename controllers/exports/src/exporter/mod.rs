//! Carrying out exports, one object at a time. What is decided is decided elsewhere, by values.

mod carry_out;
mod memory;
mod remove;
mod say;

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use cairn_crds::{Groups, shared::FIELD_EXPORT};
use cairn_runtime::{
    claim::Claim,
    clock::Clock,
    events::Events,
    grants::Grants,
    key::ObjectKey,
    source::Ready,
    store::{Store, StoreError, Stored},
    worker::{Reconciler, Request, Verdict},
    writer::Writer,
};
use futures::FutureExt;
use jiff::Timestamp;
use tracing::{error, warn};

use crate::{
    export::Export,
    report::{Reason, Report},
    targets::{Failure, Targets},
    written,
};
pub(crate) use memory::Memory;

const DONE: Verdict = Verdict::Settled { next: None };

/// A kind whose objects can be exported from.
#[derive(Clone, Debug)]
pub(crate) struct Served {
    /// Group and kind, joined by a slash.
    pub(crate) id: Arc<str>,
    pub(crate) group: String,
    pub(crate) kind: &'static str,
    pub(crate) store: Store,
    pub(crate) ready: Ready,
}

/// Reconciles exports.
#[derive(Debug)]
pub(crate) struct Exporter {
    pub(crate) groups: Groups,
    /// The namespaces that the operator works in; all when empty.
    pub(crate) namespaces: Vec<String>,
    /// No permission is needed for a target in another namespace.
    pub(crate) open: bool,
    /// How long one reconcile may take.
    pub(crate) deadline: Duration,
    pub(crate) served: Vec<Served>,
    pub(crate) grants: Grants,
    pub(crate) store: Store,
    pub(crate) writer: Writer,
    pub(crate) targets: Targets,
    pub(crate) claim: Claim,
    pub(crate) events: Events,
    pub(crate) clock: Clock,
    pub(crate) started: Timestamp,
    pub(crate) memory: Memory,
}

/// Why a reconcile ended before its time.
#[derive(Debug)]
enum Interrupted {
    /// What is to be said on the export.
    Report(Report),
    /// What is to be said on the export until it is looked at again after so long.
    Wait(Report, Duration),
    /// Kubernetes did not take a write to the export. Nothing is said on it, because it could not be said either.
    Kubernetes(kube::Error),
    /// Another process acts now.
    NotHeld,
}

impl From<Report> for Interrupted {
    fn from(report: Report) -> Self {
        Self::Report(report)
    }
}

impl From<kube::Error> for Interrupted {
    fn from(error: kube::Error) -> Self {
        Self::Kubernetes(error)
    }
}

impl From<Failure> for Interrupted {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotHeld => Self::NotHeld,
            Failure::Refused(refusal) => refusal.into_report().into(),
        }
    }
}

impl Exporter {
    fn group(&self) -> String {
        FIELD_EXPORT.group(&self.groups)
    }

    fn finalizer(&self) -> String {
        FIELD_EXPORT.finalizer(&self.groups)
    }

    fn manager(&self, export: &Export) -> String {
        written::manager(&self.group(), &export.key)
    }

    /// Whether the export is any of our business: under ACK's suffix, what is about other groups is another controller's.
    fn is_ours(&self, export: &Export) -> bool {
        let group = export.object.data.pointer("/spec/from/resource/group").and_then(serde_json::Value::as_str);
        !self.groups.is_ack() || self.served.iter().any(|served| Some(served.group.as_str()) == group)
    }

    async fn drive(&self, export: &mut Export) -> Verdict {
        let result = if export.is_deleting() { self.remove(export).await } else { self.carry_out(export).await };
        match result {
            Ok(()) => DONE,
            Err(Interrupted::Report(report)) => self.conclude(export, report).await,
            Err(Interrupted::Wait(report, after)) => match self.say(export, &report).await {
                Ok(()) => Verdict::Retry { after: Some(after) },
                Err(error) => self.refused(export, &error),
            },
            Err(Interrupted::Kubernetes(error)) => self.refused(export, &error),
            Err(Interrupted::NotHeld) => Verdict::Retry { after: Some(self.targets.timeout()) },
        }
    }

    /// Runs a reconcile so that a defect in it hurts this export alone, and is told on it.
    async fn guarded(&self, key: &ObjectKey, stored: &Stored) -> Result<Verdict, StoreError> {
        let mut export = Export::parse(key.clone(), stored)?;
        if !self.is_ours(&export) {
            return Ok(DONE);
        }
        let drive = AssertUnwindSafe(self.drive(&mut export)).catch_unwind();
        let defect = match tokio::time::timeout(self.deadline, drive).await {
            Ok(Ok(verdict)) => return Ok(verdict),
            Ok(Err(_)) => "the reconcile panicked; this is a defect of Cairn, please report it with the operator's log",
            Err(_) => "the reconcile took too long and was given up",
        };
        error!(export = %key, defect, "export did not end well");
        self.memory.forget(key);
        // What the broken reconcile left in memory is not to be trusted: the report goes on what is known for certain.
        let known = self.store.get(key);
        let mut export = Export::parse(key.clone(), known.as_deref().unwrap_or(stored))?;
        Ok(self.conclude(&mut export, Report::new(Reason::InternalError, defect)).await)
    }
}

impl Reconciler for Exporter {
    async fn reconcile(&self, request: Request) -> Verdict {
        let Some(stored) = request.object else {
            self.memory.forget(&request.key);
            return DONE;
        };
        self.guarded(&request.key, &stored).await.unwrap_or_else(|error| {
            warn!(export = %request.key, %error, "export cannot be read");
            DONE
        })
    }
}
