//! Definitions: each is compiled, its kind is served, and its instances follow its program. What fails never replaces
//! what worked: the last good revision goes on.

mod compile;
mod draft;
mod kind;
mod permitted;
mod remove;
mod revisions;
mod serve;
mod status;
mod wants;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use cairn_crds::graph::DEFINITION;
use cairn_graph::definition::Settings;
use cairn_runtime::{
    clock::Clock,
    engine,
    events::{Events, Notice, Severity},
    store::Store,
    worker::{Reconciler, Request, Verdict},
    writer::Writer,
};
use jiff::{SignedDuration, Timestamp};
use tracing::warn;

use crate::{
    catalog::Catalog,
    graphs::Graphs,
    hands::{Hands, Refusal, refusal},
    marks::Marks,
    rights::Rights,
    watches::Hub,
};
use compile::{Failure, accepted};
use draft::Draft;
use status::{Findings, Point};
pub(crate) use wants::Wants;

const DONE: Verdict = Verdict::Settled { next: None };
/// Kinds that come without a custom resource definition are looked for so often.
const LOOK_AGAIN: Duration = Duration::from_mins(5);
/// After so long a write is tried again that met a change that is not known yet.
const CHANGED: Duration = Duration::from_millis(250);

/// Reconciles definitions.
#[derive(Debug)]
pub(crate) struct Definer {
    pub(crate) marks: Marks,
    pub(crate) settings: Settings,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) wants: Wants,
    pub(crate) hub: Hub,
    pub(crate) hands: Hands,
    pub(crate) rights: Rights,
    pub(crate) writer: Writer,
    pub(crate) revision_store: Store,
    pub(crate) revision_writer: Writer,
    /// The group of the kinds of definitions that name none.
    pub(crate) instance_group: String,
    /// How many revisions of a definition are kept.
    pub(crate) max_revisions: usize,
    /// Whether the kind goes with its definition.
    pub(crate) may_delete_kinds: bool,
    pub(crate) graphs: Arc<Graphs>,
    pub(crate) events: Events,
    pub(crate) clock: Clock,
}

impl Definer {
    async fn drive(&self, draft: &mut Draft) -> Result<Verdict, Refusal> {
        self.free_revisions(&draft.name, false).await?;
        if draft.is_deleting() {
            return self.remove(draft).await;
        }
        self.hands.permit()?;
        let held = self.writer.hold(&mut draft.object, &self.marks.finalizer()).await;
        held.map_err(|error| refusal(&error))?;
        let mut findings = Findings::new(draft);
        let verdict = self.look(draft, &mut findings).await?;
        self.say(draft, &findings).await?;
        Ok(verdict)
    }

    /// Brings about what the definition says, as far as it can be.
    async fn look(&self, draft: &Draft, findings: &mut Findings) -> Result<Verdict, Refusal> {
        self.wants.renew(&draft.name);
        let output = match self.compile(&draft.name, &draft.spec).await {
            Ok(output) => output,
            Err(failure) => {
                findings.accepted = failure.point();
                findings.stalled = matches!(failure, Failure::Invalid(_));
                self.fall_back(draft, findings).await;
                return Ok(self.after(&failure));
            }
        };
        findings.accepted = accepted(&output);
        findings.order(&output.program);
        self.wants.makes(&draft.name, &output.kind.name());
        let running = match self.permit(draft, &output, findings).await? {
            ControlFlow::Continue(words) => words,
            ControlFlow::Break(verdict) => return Ok(verdict),
        };
        findings.kind = match self.ensure_kind(draft, &output.kind).await {
            Ok(point) => point,
            Err(Refusal::NotHeld) => return Err(Refusal::NotHeld),
            Err(refusal) => {
                findings.kind = Point::no("Failed", format!("failed to create CRD: {refusal}"));
                self.fall_back(draft, findings).await;
                return Ok(Verdict::Retry { after: None });
            }
        };
        if findings.kind.status != "True" {
            findings.stalled = findings.kind.status == "False";
            self.fall_back(draft, findings).await;
            return Ok(DONE);
        }
        let number = self.revision(draft).await?;
        findings.issued = number;
        findings.revisions = Point::yes("Resolved", format!("revision {number} compiled and active"));
        self.serve(&draft.name, &draft.uid, *output, number);
        findings.controller = Point::yes("Running", running);
        Ok(DONE)
    }

    fn after(&self, failure: &Failure) -> Verdict {
        match failure {
            Failure::Invalid(_) => DONE,
            Failure::Missing(_) => Verdict::Settled { next: Some(later(self.clock.now(), LOOK_AGAIN)) },
            Failure::Unknown(_) => Verdict::Retry { after: None },
        }
    }

    async fn say(&self, draft: &mut Draft, findings: &Findings) -> Result<(), Refusal> {
        let next = findings.status(&self.marks, draft, &self.clock.now().to_string());
        if next == *draft.status() {
            return Ok(());
        }
        let before = ready(draft.status());
        self.hands.permit()?;
        self.writer.status(&mut draft.object, &next).await.map_err(|error| refusal(&error))?;
        let after = ready(&next);
        if before != after {
            let (status, message) = after.unwrap_or_default();
            self.tell(draft, status == "True", &message);
        }
        Ok(())
    }

    fn tell(&self, draft: &Draft, is_ready: bool, message: &str) {
        let api_version = engine::resource(&DEFINITION, &self.marks.groups).api_version;
        let (severity, reason, note) = if is_ready {
            (Severity::Normal, "Active", "instances are looked after as the definition says")
        } else {
            (Severity::Warning, "Inactive", message)
        };
        self.events.publish(Notice {
            regarding: draft.reference(api_version),
            severity,
            reason: reason.into(),
            action: "Reconcile".into(),
            note: note.into(),
        });
    }
}

/// Status and message of `Ready`.
fn ready(status: &serde_json::Value) -> Option<(String, String)> {
    let ready = status.get("conditions")?.as_array()?.iter().find(|condition| condition["type"] == "Ready")?;
    let text = |field: &str| ready.get(field).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    Some((text("status"), text("message")))
}

fn later(now: Timestamp, duration: Duration) -> Timestamp {
    SignedDuration::try_from(duration).ok().and_then(|ahead| now.checked_add(ahead).ok()).unwrap_or(now)
}

impl Reconciler for Definer {
    async fn reconcile(&self, request: Request) -> Verdict {
        let key = &request.key;
        let Some(stored) = request.object else {
            self.wants.forget(&key.name);
            self.graphs.stop(&key.name);
            return match self.free_revisions(&key.name, true).await {
                Ok(()) => DONE,
                Err(Refusal::NotHeld) => Verdict::Retry { after: Some(self.hands.timeout()) },
                Err(_) => Verdict::Retry { after: Some(CHANGED) },
            };
        };
        let mut draft = match Draft::read(key, &stored) {
            Ok(draft) => draft,
            Err(error) => {
                warn!(definition = %key, %error, "definition cannot be read");
                return DONE;
            }
        };
        self.name_group(&mut draft);
        match self.drive(&mut draft).await {
            Ok(verdict) => verdict,
            Err(Refusal::NotHeld) => Verdict::Retry { after: Some(self.hands.timeout()) },
            Err(Refusal::Conflict(_) | Refusal::NotFound(_)) => Verdict::Retry { after: Some(CHANGED) },
            Err(refusal) => {
                warn!(definition = %key, %refusal, "definition could not be reconciled");
                Verdict::Retry { after: None }
            }
        }
    }
}
