//! Instances: each is brought in line with its definition, one at a time. What is decided is decided by values.

pub(crate) mod body;
mod carry_out;
mod children;
mod claim;
mod converge;
mod covers;
mod decide;
mod hear;
mod let_go;
mod notes;
mod own_words;
mod remove;
mod report;
mod say;
mod subject;

use std::sync::Arc;
use std::time::Duration;

use cairn_runtime::{
    clock::Clock,
    events::Events,
    metrics::Metrics,
    worker::{Reconciler, Request, Verdict},
    writer::Writer,
};
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use tracing::warn;

use crate::{
    catalog::Catalog,
    graph::Graph,
    hands::{Hands, Refusal},
    marks::Marks,
    watches::{Hub, Waker},
};
use hear::at_the_latest;
pub(crate) use notes::Notebook;
use notes::{LOOK_AGAIN, Notes};
use report::{Progress, Report, Trouble};
use say::Words;
use subject::Subject;

const DONE: Verdict = Verdict::Settled { next: None };
/// How long the status of an instance may be behind while its resources come one after the other.
const BEHIND: Duration = Duration::from_secs(5);
/// After so long a write is tried again that met a change that is not known yet.
const CHANGED: Duration = Duration::from_millis(250);

/// Reconciles the instances of one graph.
#[derive(Debug)]
pub(crate) struct Conductor {
    pub(crate) marks: Marks,
    pub(crate) graph: Arc<Graph>,
    pub(crate) hub: Hub,
    pub(crate) hands: Hands,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) writer: Writer,
    pub(crate) events: Events,
    pub(crate) metrics: Metrics,
    pub(crate) clock: Clock,
    pub(crate) notebook: Notebook,
}

/// Why a reconcile ended before its time.
#[derive(Debug)]
pub(crate) enum Interrupted {
    /// Another process acts now.
    NotHeld,
    /// Something changed that is not known here yet.
    Changed,
    /// Kubernetes did not take a write to the instance.
    Kubernetes(String),
}

impl From<Refusal> for Interrupted {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotHeld => Self::NotHeld,
            Refusal::Conflict(_) | Refusal::NotFound(_) => Self::Changed,
            other => Self::Kubernetes(other.to_string()),
        }
    }
}

impl From<kube::Error> for Interrupted {
    fn from(error: kube::Error) -> Self {
        crate::hands::refusal(&error).into()
    }
}

impl Conductor {
    /// Brings an instance in line.
    async fn drive(&self, subject: &mut Subject, notes: &mut Notes) -> Result<Verdict, Interrupted> {
        if subject.is_deleting() {
            self.graph.rollout.hold(&subject.key());
            return self.remove(subject, notes).await;
        }
        if self.graph.is_released() {
            return self.let_go(subject).await;
        }
        if subject.is_suspended(&self.marks) {
            let key = self.marks.key("reconcile");
            self.graph.rollout.hold(&subject.key());
            self.say(subject, &Words::new(Report::suspended(&key))).await?;
            return Ok(DONE);
        }
        let Some(serving) = self.graph.follow(&subject.key()) else {
            self.say(subject, &Words::new(Report::unserved(&self.graph.name))).await?;
            return Ok(DONE);
        };
        let unwatched = self.unwatched(subject, &serving).await;
        if !unwatched.is_empty() {
            return self.say_late(subject, notes, &Words::new(Report::unwatched(&unwatched))).await;
        }
        let mut outcome = self.converge(subject, &serving, notes).await?;
        let again = self.hear(&mut outcome, notes).await;
        let report =
            Report::of(&serving.program, &outcome.evaluation, &outcome.troubles, &outcome.leaving, &outcome.said);
        let verdict = self.verdict(&outcome.troubles);
        let words = Words { report, entries: outcome.entries, fields: Some(outcome.evaluation.status) };
        if words.report.progress == Progress::Working {
            return Ok(at_the_latest(self.say_late(subject, notes, &words).await?, again));
        }
        notes.behind = None;
        self.say(subject, &words).await?;
        Ok(verdict)
    }

    /// When to look again: what blocks is not watched, and what failed is tried again.
    fn verdict(&self, troubles: &[Trouble]) -> Verdict {
        if troubles.iter().any(|trouble| !trouble.is_block) {
            return Verdict::Retry { after: None };
        }
        let next = (!troubles.is_empty()).then(|| self.after(LOOK_AGAIN));
        Verdict::Settled { next }
    }

    /// Says at once what is new about the instance, and after a while what is only progress.
    async fn say_late(&self, subject: &mut Subject, notes: &mut Notes, words: &Words) -> Result<Verdict, Interrupted> {
        if !self.has_news(subject, words) {
            notes.behind = None;
            return Ok(DONE);
        }
        let since = *notes.behind.get_or_insert_with(Instant::now);
        if subject.is_current() && since.elapsed() < BEHIND {
            return Ok(Verdict::Settled { next: Some(self.after(BEHIND)) });
        }
        notes.behind = None;
        self.say(subject, words).await?;
        Ok(DONE)
    }

    fn after(&self, duration: Duration) -> Timestamp {
        let now = self.clock.now();
        SignedDuration::try_from(duration).ok().and_then(|ahead| now.checked_add(ahead).ok()).unwrap_or(now)
    }
}

impl Reconciler for Conductor {
    async fn reconcile(&self, request: Request) -> Verdict {
        let key = &request.key;
        let mut notes = self.notebook.take(key);
        let Some(stored) = request.object else {
            self.hub.disown(&subject::owner(&self.graph, key, "").set());
            return DONE;
        };
        let mut subject = match Subject::read(&self.graph, key, &stored) {
            Ok(subject) => subject,
            Err(error) => {
                warn!(instance = %key, %error, "instance cannot be read");
                return DONE;
            }
        };
        self.hub.own(&subject.owner.set(), Waker { queue: self.graph.queue.clone(), key: key.clone() });
        notes.begin(subject.requested(&self.marks));
        let result = self.drive(&mut subject, &mut notes).await;
        self.notebook.put(key, notes);
        match result {
            Ok(verdict) => verdict,
            Err(Interrupted::NotHeld) => Verdict::Retry { after: Some(self.hands.timeout()) },
            Err(Interrupted::Changed) => Verdict::Retry { after: Some(CHANGED) },
            Err(Interrupted::Kubernetes(why)) => {
                warn!(instance = %key, kind = %self.graph.kind, why, "instance could not be written");
                Verdict::Retry { after: None }
            }
        }
    }
}
