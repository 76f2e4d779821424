//! Writing the status of an instance, where it is not that already.

use cairn_graph::run::{Condition, Entry, merge};
use cairn_runtime::events::{Notice, Severity};
use serde_json::{Map, Value as Json, json};

use super::report::{Progress, Report};
use super::subject::Subject;
use super::{Conductor, Interrupted};
use crate::marks::HANDLED;

/// What is to be in the status.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    pub(crate) report: Report,
    /// The conditions that the definition makes.
    pub(crate) entries: Vec<Entry>,
    /// The fields that the definition makes; those that are there stay where nothing was evaluated.
    pub(crate) fields: Option<Map<String, Json>>,
}

impl Words {
    /// A report without anything of the definition's.
    pub(crate) fn new(report: Report) -> Self {
        Self { report, entries: Vec::new(), fields: None }
    }
}

impl Conductor {
    /// Whether there is anything to write.
    pub(super) fn has_news(&self, subject: &Subject, words: &Words) -> bool {
        self.next(subject, words) != *subject.status()
    }

    /// Writes the status, if there is anything to write.
    pub(super) async fn say(&self, subject: &mut Subject, words: &Words) -> Result<(), Interrupted> {
        let next = self.next(subject, words);
        if next == *subject.status() {
            return Ok(());
        }
        let before = standing(subject.status());
        self.hands.permit()?;
        self.writer.status(&mut subject.object, &next).await?;
        if before != standing(&next) {
            self.tell(subject, &words.report);
        }
        Ok(())
    }

    fn next(&self, subject: &Subject, words: &Words) -> Json {
        let generation = subject.object.metadata.generation;
        let mut status = match &words.fields {
            Some(fields) => fields.clone(),
            None => subject.status().as_object().cloned().unwrap_or_default(),
        };
        let before = subject.conditions();
        let built_in = Entry::Made(self.built_in(&words.report));
        let mut entries = words.entries.clone();
        // Where an author declares conditions, kro writes those alone; of two of one type the author's counts.
        let kro = self.marks.groups.is_kro();
        if words.entries.is_empty() || !kro {
            entries.push(built_in);
        }
        let (mut conditions, _) = merge(&before, &entries, generation, &self.clock.now().to_string());
        say_since(&mut conditions, &words.report);
        status.insert("state".into(), words.report.state.into());
        status.insert("conditions".into(), json!(conditions));
        if !kro {
            status.insert("observedGeneration".into(), json!(generation));
            put(&mut status, HANDLED, self.handled(subject, &words.report));
        }
        Json::Object(status)
    }

    /// The newest request, as soon as it was followed; while nothing is done, the one before.
    fn handled(&self, subject: &Subject, report: &Report) -> Option<Json> {
        match report.progress {
            Progress::Held => subject.status().get(HANDLED).cloned(),
            _ => subject.requested(&self.marks).map(Json::from),
        }
    }

    /// kro's conditions, and under another group than its own those that kstatus reads.
    fn built_in(&self, report: &Report) -> Vec<Condition> {
        let mut conditions = report.conditions.clone();
        if self.marks.groups.is_kro() {
            return conditions;
        }
        let decides = conditions.last().cloned().unwrap_or_default();
        for (kind, holds) in
            [("Reconciling", report.progress == Progress::Working), ("Stalled", report.progress == Progress::Stuck)]
        {
            let status = if holds { "True" } else { "False" };
            let message = decides.message.clone().filter(|_| holds);
            conditions.push(Condition { kind: kind.into(), status: status.into(), message, ..decides.clone() });
        }
        conditions
    }

    fn tell(&self, subject: &Subject, report: &Report) {
        let Some(ready) = report.conditions.last() else { return };
        let severity = if report.is_error() { Severity::Warning } else { Severity::Normal };
        self.events.publish(Notice {
            regarding: subject.reference(),
            severity,
            reason: ready.reason.clone().unwrap_or_default(),
            action: "Reconcile".into(),
            note: ready.message.clone().unwrap_or_else(|| "all resources are created and ready".into()),
        });
    }
}

fn put(status: &mut Map<String, Json>, name: &str, value: Option<Json>) {
    match value {
        Some(value) => status.insert(name.to_owned(), value),
        None => status.remove(name),
    };
}

/// Says for how long it is not ready, unless the author speaks.
fn say_since(conditions: &mut [Condition], report: &Report) {
    let Some(ours) = report.conditions.last() else { return };
    let is_ours = |condition: &&mut Condition| condition.kind == ours.kind && condition.message == ours.message;
    let Some(ready) = conditions.iter_mut().find(is_ours).filter(|ready| ready.status != "True") else { return };
    if let (Some(message), Some(since)) = (&mut ready.message, &ready.last_transition_time) {
        message.extend([" (since ", since, ")"]);
    }
}

/// What an Event tells when it changes: the state, and status and reason of `Ready`.
fn standing(status: &Json) -> (Json, Json, Json) {
    let conditions = status.get("conditions").and_then(Json::as_array);
    let ready = conditions.into_iter().flatten().find(|condition| condition["type"] == "Ready");
    let of = |field: &str| ready.and_then(|ready| ready.get(field)).cloned().unwrap_or_default();
    (status.get("state").cloned().unwrap_or_default(), of("status"), of("reason"))
}
