//! `cairn render`.

use std::sync::Arc;

use cairn_graph::run::{Condition, Entry, Evaluation, Reference, Run, Seen, State, merge};
use serde_json::Value as Json;

use super::args::{Output, RenderArgs};
use super::catalog::{Catalog, CatalogError, Fate, Ready};
use super::diagnostic::Severity;
use super::files::{Document, read};
use super::validate::excerpts;
use super::{Printed, diagram, instances, print};

/// The time in conditions: what is rendered depends on the files alone.
const TIME: &str = "1970-01-01T00:00:00Z";

/// An instance, evaluated.
#[derive(Debug)]
pub(super) struct Rendering {
    pub(super) ready: Ready,
    pub(super) instance: Json,
    pub(super) evaluation: Evaluation,
    pub(super) conditions: Vec<Condition>,
    /// Conditions that could not be made, in words.
    pub(super) unmade: Vec<String>,
}

/// Renders every instance.
pub(super) fn run(args: &RenderArgs, color: bool) -> Result<Printed, CatalogError> {
    let mut catalog = Catalog::open(&args.files, &args.schemas)?;
    instances::check(&mut catalog);
    let observed = objects(&read(&args.observed)?);
    let renderings: Vec<Rendering> =
        instances::of(&catalog).iter().map(|(document, ready)| one(document, ready, &observed)).collect();
    let code = match catalog.code() {
        0 if renderings.iter().any(Rendering::has_failed) => 1,
        code => code,
    };
    let mut complaints = excerpts(&catalog.diagnostics, color);
    if renderings.is_empty() && args.output != Output::Mermaid {
        complaints.push_str("there is no instance of a definition that compiles\n");
    }
    let output = match args.output {
        _ if catalog.diagnostics.iter().any(|found| found.severity == Severity::Error) => String::new(),
        Output::Yaml => print::yaml(&renderings),
        Output::Json => print::json(&renderings),
        Output::Mermaid if renderings.is_empty() => definitions(&catalog),
        Output::Mermaid => renderings.iter().map(diagram::of_instance).collect(),
    };
    Ok(Printed { output, complaints, code })
}

fn definitions(catalog: &Catalog) -> String {
    let program = |fate: &Fate| match fate {
        Fate::Ready(ready) => Some(Arc::clone(&ready.program)),
        _ => None,
    };
    catalog
        .entries
        .iter()
        .filter_map(|entry| program(&entry.fate))
        .map(|program| diagram::of_program(&program))
        .collect()
}

/// Every object of documents; those of lists too.
fn objects(documents: &[Document]) -> Vec<Arc<Json>> {
    let items = |json: &Json| match json.get("items").and_then(Json::as_array) {
        Some(items) if json.get("kind").and_then(Json::as_str).is_some_and(|kind| kind.ends_with("List")) => {
            items.clone()
        }
        _ => vec![json.clone()],
    };
    documents.iter().flat_map(|document| items(&document.json)).map(Arc::new).collect()
}

fn one(document: &Document, ready: &Ready, observed: &[Arc<Json>]) -> Rendering {
    let instance = instances::complete(document, ready);
    let mut run = Run::new(Arc::clone(&ready.program), &instance);
    let mut evaluation = run.evaluate();
    // What is known of one resource gives names to those that need it: as often as there are resources.
    for _ in &ready.program.nodes {
        for (at, seen) in seen(&evaluation, observed).into_iter().enumerate() {
            run.observe(at, seen);
        }
        let next = run.evaluate();
        if next == evaluation {
            break;
        }
        evaluation = next;
    }
    let entries = run.conditions(&built_in(&evaluation));
    let (conditions, _) = merge(&[], &entries, None, TIME);
    let unmade = entries.iter().filter_map(|entry| match entry {
        Entry::Made(_) => None,
        Entry::Pending { fault, .. } | Entry::Failed { fault, .. } => Some(fault.to_string()),
    });
    Rendering { ready: ready.clone(), instance, evaluation, conditions, unmade: unmade.collect() }
}

/// What is observed of each resource, as far as it is known what to look for.
fn seen(evaluation: &Evaluation, observed: &[Arc<Json>]) -> Vec<Seen> {
    let found = |wanted: &dyn Fn(&Json) -> bool| observed.iter().filter(|object| wanted(object)).cloned().collect();
    let of = |state: &State, identities: Option<&Vec<cairn_graph::run::ObjectName>>| match state {
        State::Reading { reference, .. } if !observed.is_empty() => {
            let wanted = |object: &Json| match reference {
                Reference::Named(name) => name.names(object),
                selected @ Reference::Selected { .. } => selected.selects(object),
            };
            Seen::Objects(found(&wanted))
        }
        State::Reading { .. } => Seen::Unknown,
        _ => match identities {
            Some(names) => Seen::Objects(found(&|object: &Json| names.iter().any(|name| name.names(object)))),
            None => Seen::Unknown,
        },
    };
    evaluation.nodes.iter().map(|standing| of(&standing.state, standing.identities.as_ref())).collect()
}

/// The conditions that the operator makes, as far as the evaluation decides them.
fn built_in(evaluation: &Evaluation) -> Vec<Condition> {
    let ready = if evaluation.is_ready() { "True" } else { "False" };
    [("InstanceManaged", "True"), ("GraphResolved", "True"), ("ResourcesReady", ready), ("Ready", ready)]
        .map(|(kind, status)| Condition { kind: kind.to_owned(), status: status.to_owned(), ..Condition::default() })
        .to_vec()
}

impl Rendering {
    fn has_failed(&self) -> bool {
        let failed = |standing: &cairn_graph::run::Standing| matches!(standing.state, State::Failed(_));
        self.evaluation.nodes.iter().any(failed) || !self.evaluation.faults.is_empty()
    }

    /// What stands for the instance in headings.
    pub(super) fn title(&self) -> String {
        let text = |name: &str| self.instance.pointer(name).and_then(Json::as_str);
        let namespace = text("/metadata/namespace").map(|namespace| format!("{namespace}/")).unwrap_or_default();
        format!("{} {namespace}{}", self.ready.kind.gvk.kind, text("/metadata/name").unwrap_or("(without a name)"))
    }
}
