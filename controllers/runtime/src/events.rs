//! Kubernetes Events, written aside: who reports one never waits for it and never fails because of it.

mod memory;

use std::{
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

use k8s_openapi::{
    api::{
        core::v1::ObjectReference,
        events::v1::{Event, EventSeries},
    },
    apimachinery::pkg::apis::meta::v1::{MicroTime, ObjectMeta},
};
use kube::{
    Api, Client,
    api::{Patch, PatchParams, PostParams},
};
use serde_json::json;
use tokio::{sync::mpsc, time::Instant};
use tokio_util::sync::CancellationToken;
use tracing::debug;

use self::memory::{Memory, Step};
use crate::{clock::Clock, metrics::Metrics};

/// How many Events may wait to be written.
const WAITING: usize = 1_024;

/// How long one write may take, and how long the last ones may take together at shutdown.
const WRITE_WITHIN: Duration = Duration::from_secs(5);

/// The API server refuses a longer note, in bytes.
const LONGEST_NOTE: usize = 1_024;

/// The API server refuses a longer reason, action or reporter, in bytes.
const LONGEST_WORD: usize = 128;

/// What is left of the name of the object in the name of the Event, in bytes.
const LONGEST_STEM: usize = 200;

/// Whether something is as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// Somebody may want to know.
    Normal,
    /// Somebody may have to act.
    Warning,
}

/// Something worth telling about an object.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The object it is about. Its Event is written into its namespace, or `default` if it has none.
    pub regarding: ObjectReference,
    /// Whether something is as it should be.
    pub severity: Severity,
    /// Why, in one word of `CamelCase`.
    pub reason: String,
    /// What was being done, in one word of `CamelCase`.
    pub action: String,
    /// The sentence to read; cut after 1024 bytes.
    pub note: String,
}

/// Who reports.
#[derive(Clone, Debug)]
pub struct Reporter {
    /// The controller, as a qualified name such as `cairn.run/operator`.
    pub controller: String,
    /// The process, such as the name of its pod.
    pub instance: String,
}

/// Takes notices. Clones share one queue.
#[derive(Clone, Debug)]
pub struct Events {
    sender: mpsc::Sender<Notice>,
    metrics: Metrics,
}

/// Writes what [`Events`] took.
pub struct EventWriter {
    client: Client,
    reporter: Reporter,
    clock: Clock,
    metrics: Metrics,
    notices: mpsc::Receiver<Notice>,
    memory: Memory,
}

impl Events {
    /// The two ends: one to report to, one to run.
    #[must_use]
    pub fn new(client: Client, reporter: &Reporter, clock: Clock, metrics: Metrics) -> (Self, EventWriter) {
        let (sender, notices) = mpsc::channel(WAITING);
        let events = Self { sender, metrics: metrics.clone() };
        let reporter = Reporter {
            controller: cut(&reporter.controller, LONGEST_WORD).to_owned(),
            instance: cut(&reporter.instance, LONGEST_WORD).to_owned(),
        };
        (events, EventWriter { client, reporter, clock, metrics, notices, memory: Memory::default() })
    }

    /// Reports. When too many wait already, this one is dropped and counted.
    pub fn publish(&self, notice: Notice) {
        if self.sender.try_send(notice).is_err() {
            self.metrics.event_dropped("full");
        }
    }
}

impl EventWriter {
    /// Writes until `shutdown`, and then for a moment what is left.
    pub async fn run(mut self, shutdown: CancellationToken) {
        while let Some(Some(notice)) = shutdown.run_until_cancelled(self.notices.recv()).await {
            self.write_in_time(&notice).await;
        }
        self.notices.close();
        if tokio::time::timeout(WRITE_WITHIN, self.write_rest()).await.is_err() {
            debug!("events left unwritten at shutdown");
        }
    }

    async fn write_rest(&mut self) {
        while let Some(notice) = self.notices.recv().await {
            self.write_in_time(&notice).await;
        }
    }

    async fn write_in_time(&mut self, notice: &Notice) {
        let written = tokio::time::timeout(WRITE_WITHIN, self.write(notice)).await;
        if !matches!(written, Ok(Ok(()))) {
            self.metrics.event_dropped("failed");
            debug!(object = ?notice.regarding.name, reason = notice.reason, error = ?written, "event not written");
        }
    }

    async fn write(&mut self, notice: &Notice) -> kube::Result<()> {
        let same = identity(notice);
        match self.memory.occurred(same, Instant::now()) {
            Step::Skip => Ok(()),
            Step::Create => self.create(same, notice).await,
            Step::Count { name, count } => match self.count(notice, &name, count).await {
                // The API server forgets Events after an hour.
                Err(kube::Error::Api(status)) if status.is_not_found() => self.create(same, notice).await,
                counted => counted,
            },
        }
    }

    async fn create(&mut self, same: u64, notice: &Notice) -> kube::Result<()> {
        let event = event(notice, &self.reporter, MicroTime(self.clock.now()));
        let name = event.metadata.name.clone().unwrap_or_default();
        self.api(notice).create(&PostParams::default(), &event).await?;
        self.memory.created(same, &name, Instant::now());
        Ok(())
    }

    async fn count(&self, notice: &Notice, name: &str, count: i32) -> kube::Result<()> {
        let series = EventSeries { count, last_observed_time: MicroTime(self.clock.now()) };
        let patch = Patch::Merge(json!({"series": series}));
        self.api(notice).patch(name, &PatchParams::default(), &patch).await.map(drop)
    }

    fn api(&self, notice: &Notice) -> Api<Event> {
        Api::namespaced(self.client.clone(), namespace(notice))
    }
}

impl fmt::Debug for EventWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventWriter").field("reporter", &self.reporter).finish_non_exhaustive()
    }
}

fn event(notice: &Notice, reporter: &Reporter, now: MicroTime) -> Event {
    let severity = match notice.severity {
        Severity::Normal => "Normal",
        Severity::Warning => "Warning",
    };
    Event {
        metadata: ObjectMeta {
            namespace: Some(namespace(notice).to_owned()),
            name: Some(name(notice, &now)),
            ..ObjectMeta::default()
        },
        action: Some(cut(&notice.action, LONGEST_WORD).to_owned()),
        event_time: Some(now),
        note: Some(cut(&notice.note, LONGEST_NOTE).to_owned()),
        reason: Some(cut(&notice.reason, LONGEST_WORD).to_owned()),
        regarding: Some(notice.regarding.clone()),
        reporting_controller: Some(reporter.controller.clone()),
        reporting_instance: Some(reporter.instance.clone()),
        type_: Some(severity.to_owned()),
        ..Event::default()
    }
}

fn namespace(notice: &Notice) -> &str {
    notice.regarding.namespace.as_deref().filter(|namespace| !namespace.is_empty()).unwrap_or("default")
}

fn name(notice: &Notice, now: &MicroTime) -> String {
    let mut hasher = DefaultHasher::new();
    (identity(notice), now.0.as_nanosecond()).hash(&mut hasher);
    let stem = cut(notice.regarding.name.as_deref().unwrap_or("unnamed"), LONGEST_STEM);
    format!("{}.{:016x}", stem.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()), hasher.finish())
}

/// Equal for notices that say the same about the same object.
fn identity(notice: &Notice) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&notice.regarding.uid, &notice.regarding.name, notice.severity, &notice.reason, &notice.note).hash(&mut hasher);
    hasher.finish()
}

/// The longest prefix of whole characters that is no longer than `bytes`.
fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

#[cfg(test)]
mod tests;
