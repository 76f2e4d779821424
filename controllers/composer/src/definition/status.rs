//! What is said of a definition. Types, reasons and words are kro's, where it has any.

use cairn_graph::Program;
use cairn_graph::run::{Condition, Entry, merge};
use serde_json::{Map, Value as Json, json};

use super::draft::Draft;
use crate::marks::{HANDLED, Marks};

/// The longest message, in bytes.
const LONGEST: usize = 16 * 1024;

/// One thing that is found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) status: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) message: String,
}

impl Point {
    pub(crate) fn yes(reason: &'static str, message: impl Into<String>) -> Self {
        Self { status: "True", reason, message: message.into() }
    }

    pub(crate) fn no(reason: &'static str, message: impl Into<String>) -> Self {
        Self { status: "False", reason, message: message.into() }
    }

    pub(crate) fn unknown(reason: &'static str, message: impl Into<String>) -> Self {
        Self { status: "Unknown", reason, message: message.into() }
    }

    fn awaiting() -> Self {
        Self::unknown("AwaitingReconciliation", "")
    }

    fn is_true(&self) -> bool {
        self.status == "True"
    }
}

/// Everything that is found out about a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Findings {
    pub(crate) revisions: Point,
    pub(crate) accepted: Point,
    pub(crate) kind: Point,
    pub(crate) controller: Point,
    /// Whether it can only wait for somebody to change something.
    pub(crate) stalled: bool,
    pub(crate) issued: i64,
    /// The ids of the resources in order, and for each what it needs.
    pub(crate) order: Vec<String>,
    pub(crate) links: Vec<(String, Vec<String>)>,
}

impl Findings {
    /// Nothing is known yet.
    pub(crate) fn new(draft: &Draft) -> Self {
        let revisions = Point::unknown("WaitingForGraphRevisionCompilation", "");
        Self {
            revisions,
            accepted: Point::awaiting(),
            kind: Point::awaiting(),
            controller: Point::awaiting(),
            stalled: false,
            issued: draft.last_issued(),
            order: Vec::new(),
            links: Vec::new(),
        }
    }

    /// The order of a program.
    pub(crate) fn order(&mut self, program: &Program) {
        let id = |at: &usize| program.nodes.get(*at).map(|node| node.id.to_string());
        self.order = program.order.sequence.iter().filter_map(id).collect();
        let needing = program.nodes.iter().filter(|node| !node.dependencies.is_empty());
        let links = needing.map(|node| (node.id.to_string(), node.dependencies.iter().filter_map(id).collect()));
        self.links = links.collect();
    }

    fn is_active(&self) -> bool {
        [&self.accepted, &self.kind, &self.controller].iter().all(|point| point.is_true())
    }

    /// The status that says so.
    pub(crate) fn status(&self, marks: &Marks, draft: &Draft, now: &str) -> Json {
        let mut status = draft.status().as_object().cloned().unwrap_or_default();
        let before = status.get("conditions").cloned().unwrap_or_default();
        let before: Vec<Condition> = serde_json::from_value(before).unwrap_or_default();
        let entries = [Entry::Made(self.conditions(marks))];
        let (conditions, _) = merge(&before, &entries, draft.generation(), now);
        status.insert("state".into(), if self.is_active() { "Active" } else { "Inactive" }.into());
        status.insert("conditions".into(), json!(conditions));
        status.insert("observedGeneration".into(), json!(draft.generation()));
        if self.issued > 0 {
            status.insert("lastIssuedRevision".into(), self.issued.into());
        }
        put(&mut status, HANDLED, json!(draft.requested(marks)));
        if !self.order.is_empty() {
            put(&mut status, "topologicalOrder", json!(self.order));
            let need = |ids: &[String]| -> Vec<Json> { ids.iter().map(|id| json!({"id": id})).collect() };
            let links = self.links.iter().map(|(id, needs)| json!({"id": id, "dependencies": need(needs)}));
            put(&mut status, "resources", links.collect());
        }
        Json::Object(status)
    }

    fn conditions(&self, marks: &Marks) -> Vec<Condition> {
        let named = [
            ("GraphRevisionsResolved", &self.revisions),
            ("GraphAccepted", &self.accepted),
            ("KindReady", &self.kind),
            ("ControllerReady", &self.controller),
        ];
        let mut conditions: Vec<Condition> = named.iter().map(|(kind, point)| condition(kind, point)).collect();
        let all = named.iter().map(|(_, point)| *point);
        let open = || all.clone().filter(|point| !point.is_true());
        // One that says something goes before one that only waits for it.
        let telling = || open().find(|point| !point.message.is_empty());
        let worst = open().find(|point| point.status == "False").or_else(telling).or_else(|| open().next());
        let ready = worst.map_or_else(|| Point::yes("Ready", ""), Clone::clone);
        if !marks.groups.is_kro() {
            let (working, stuck) = (worst.is_some() && !self.stalled, worst.is_some() && self.stalled);
            for (kind, holds) in [("Reconciling", working), ("Stalled", stuck)] {
                let status = if holds { "True" } else { "False" };
                let message = if holds { ready.message.clone() } else { String::new() };
                conditions.push(condition(kind, &Point { status, reason: ready.reason, message }));
            }
        }
        conditions.push(condition("Ready", &ready));
        conditions
    }
}

fn put(status: &mut Map<String, Json>, name: &str, value: Json) {
    if value.is_null() || value.as_array().is_some_and(Vec::is_empty) {
        status.remove(name);
    } else {
        status.insert(name.to_owned(), value);
    }
}

fn condition(kind: &str, point: &Point) -> Condition {
    let end = point.message.floor_char_boundary(LONGEST);
    let message = point.message.get(..end).map(str::to_owned).filter(|message| !message.is_empty());
    Condition {
        kind: kind.to_owned(),
        status: point.status.to_owned(),
        reason: Some(point.reason.to_owned()),
        message,
        ..Condition::default()
    }
}
