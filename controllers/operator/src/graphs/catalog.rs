//! The definitions of a set of files, compiled against every kind that is known.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use cairn_crds::VERSION;
use cairn_graph::crd::InstanceKind;
use cairn_graph::definition::{Node, ReadError, Settings};
use cairn_graph::program::Bounds;
use cairn_graph::schemas::{Gvk, SchemaSet, from_crd, kubernetes, own};
use cairn_graph::{Compiled, Definition, MissingKind, Problem, Program, compile};
use serde_json::Value as Json;

use super::args::SchemaArgs;
use super::diagnostic::{Diagnostic, Severity};
use super::edit::{self, Served};
use super::files::{Document, FileError, read};
use super::live::{self, LiveError};
use crate::cli::InvalidInstanceGroup;

/// The kind of definitions.
const DEFINITION: &str = "ResourceGraphDefinition";

/// Why nothing could be looked at.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// Files.
    #[error(transparent)]
    File(#[from] FileError),
    /// The cluster.
    #[error(transparent)]
    Live(#[from] LiveError),
    /// The names of groups.
    #[error(transparent)]
    Group(#[from] cairn_crds::InvalidGroup),
    /// The group of instances.
    #[error(transparent)]
    InstanceGroup(#[from] InvalidInstanceGroup),
}

/// A definition that compiled.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    pub(crate) program: Arc<Program>,
    pub(crate) kind: InstanceKind,
}

/// What became of a definition.
#[derive(Debug)]
pub(crate) enum Fate {
    /// It compiled.
    Ready(Box<Ready>),
    /// It names kinds that are not known.
    Waiting(Vec<MissingKind>),
    /// Something is wrong with it.
    Refused,
}

/// A definition, and what became of it.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) document: Document,
    pub(crate) kind: String,
    pub(crate) fate: Fate,
    /// Whether it breaks what is served, and nothing permits that.
    pub(crate) breaks: bool,
}

impl Entry {
    fn new(document: Document, kind: String, fate: Fate) -> Self {
        Self { document, kind, fate, breaks: false }
    }
}

/// Everything that files hold, looked at.
#[derive(Debug)]
pub(crate) struct Catalog {
    pub(crate) entries: Vec<Entry>,
    /// Documents that are no definitions.
    pub(crate) others: Vec<Document>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Catalog {
    /// Reads files and compiles the definitions in them.
    pub(crate) fn open(files: &[PathBuf], args: &SchemaArgs) -> Result<Self, CatalogError> {
        let groups = args.groups.groups()?;
        let instance_group = Some(args.instance_group.instance_group(&groups)?);
        let settings = Settings { groups, instance_group, ..Settings::default() };
        let documents = read(files)?;
        let mut catalog = Self { entries: Vec::new(), others: Vec::new(), diagnostics: Vec::new() };
        let mut definitions = Vec::new();
        for document in documents {
            match catalog.definition(&document, &settings) {
                Some(Ok(definition)) => definitions.push((document, definition)),
                Some(Err(())) => {
                    let kind =
                        document.json.pointer("/spec/schema/kind").and_then(Json::as_str).unwrap_or("?").to_owned();
                    catalog.entries.push(Entry::new(document, kind, Fate::Refused));
                }
                None => catalog.others.push(document),
            }
        }
        let mut known = if args.live {
            let wanted = definitions.iter().flat_map(|(_, definition)| definition.nodes.iter().map(Node::gvk));
            live::kinds(&wanted.collect())?
        } else {
            kubernetes()
        };
        for kind in own(&settings.groups).iter().filter(|_| !args.live) {
            known.insert(Arc::clone(kind));
        }
        let mut more = read(&args.crds)?;
        more.extend(catalog.others.iter().cloned());
        catalog.custom(&more, &mut known);
        catalog.compile(definitions, known, &settings);
        let served = if args.live { live::served(&catalog.kinds())? } else { given(&more) };
        edit::check(&mut catalog, &served, &settings.groups);
        Ok(catalog)
    }

    /// The definition that a document is, if it is one.
    fn definition(&mut self, document: &Document, settings: &Settings) -> Option<Result<Definition, ()>> {
        let gvk = document.gvk().filter(|gvk| gvk.kind == DEFINITION)?;
        let wanted =
            Gvk { group: settings.groups.graph().to_owned(), version: VERSION.to_owned(), kind: gvk.kind.clone() };
        if gvk != wanted {
            let problem =
                Problem::new("apiVersion", format!("definitions are of {}, and this one is not", wanted.api_version()));
            let problem = problem.expected(format!("{}, or --graph-group {}", wanted.api_version(), gvk.group));
            self.say(Severity::Error, document, "", problem);
            return Some(Err(()));
        }
        let spec = document.json.get("spec").cloned().unwrap_or_default();
        Some(Definition::from_json(spec, settings).map_err(|error| match error {
            ReadError::Rules(problems) => self.all(Severity::Error, document, problems.0),
            ReadError::Shape(problem) => self.say(Severity::Error, document, "spec", *problem),
            ReadError::Syntax(message) => self.say(Severity::Error, document, "spec", Problem::new("", message)),
        }))
    }

    /// Adds the kinds of custom resource definitions.
    fn custom(&mut self, documents: &[Document], known: &mut SchemaSet) {
        for document in documents.iter().filter(|document| is_crd(document)) {
            match from_crd(&document.json) {
                Ok(kinds) => known.extend(kinds),
                Err(error) => self.say(Severity::Error, document, "", Problem::new("spec", error.to_string())),
            }
        }
    }

    /// Compiles definitions until no more do: the kind of one may be among the resources of another.
    fn compile(&mut self, mut open: Vec<(Document, Definition)>, mut known: SchemaSet, settings: &Settings) {
        loop {
            let before = open.len();
            let mut waiting = Vec::new();
            let mut missing = Vec::new();
            for (document, definition) in open {
                let kind = definition.instance.kind.clone();
                match compile(definition.clone(), &known, settings, Bounds::default()) {
                    Ok(Compiled::Program(output)) => {
                        self.all(Severity::Warning, &document, output.warnings);
                        known.extend([output.kind.kind()]);
                        let ready = Ready { program: Arc::new(output.program), kind: output.kind };
                        self.entries.push(Entry::new(document, kind, Fate::Ready(Box::new(ready))));
                    }
                    Ok(Compiled::Waiting { missing: kinds, .. }) => {
                        waiting.push((document, definition));
                        missing.push(kinds);
                    }
                    Err(problems) => {
                        self.all(Severity::Error, &document, problems.0);
                        self.entries.push(Entry::new(document, kind, Fate::Refused));
                    }
                }
            }
            if waiting.is_empty() || waiting.len() == before {
                for ((document, definition), kinds) in waiting.into_iter().zip(missing) {
                    for kind in &kinds {
                        self.say(Severity::Missing, &document, "spec", absent(kind));
                    }
                    self.entries.push(Entry::new(document, definition.instance.kind, Fate::Waiting(kinds)));
                }
                return;
            }
            open = waiting;
        }
    }

    /// The kinds that definitions make.
    fn kinds(&self) -> Vec<InstanceKind> {
        let kind = |entry: &Entry| match &entry.fate {
            Fate::Ready(ready) => Some(ready.kind.clone()),
            Fate::Waiting(_) | Fate::Refused => None,
        };
        self.entries.iter().filter_map(kind).collect()
    }

    /// Says something about a document.
    pub(crate) fn say(&mut self, severity: Severity, document: &Document, root: &str, problem: Problem) {
        self.diagnostics.push(Diagnostic::new(severity, document, root, problem));
    }

    fn all(&mut self, severity: Severity, document: &Document, problems: Vec<Problem>) {
        for problem in problems {
            self.say(severity, document, "spec", problem);
        }
    }

    /// The definition of the kind of a document, if it is an instance of one.
    pub(crate) fn entry_of(&self, document: &Document) -> Option<&Entry> {
        let gvk = document.gvk()?;
        self.entries.iter().find(|entry| matches!(&entry.fate, Fate::Ready(ready) if ready.kind.gvk == gvk))
    }

    /// The exit code that goes with what was found.
    pub(crate) fn code(&self) -> u8 {
        let has = |severity| self.diagnostics.iter().any(|found| found.severity == severity);
        if has(Severity::Error) {
            1
        } else if has(Severity::Missing) {
            3
        } else {
            0
        }
    }
}

fn is_crd(document: &Document) -> bool {
    document.gvk().is_some_and(|gvk| gvk == Gvk::new("apiextensions.k8s.io/v1", "CustomResourceDefinition"))
}

/// The custom resource definitions of files, as they are served.
fn given(documents: &[Document]) -> BTreeMap<String, Served> {
    let served = |document: &Document| Served { definition: document.json.clone(), instances: Vec::new() };
    let crds = documents.iter().filter(|document| is_crd(document));
    crds.map(|document| (document.name().to_owned(), served(document))).collect()
}

fn absent(missing: &MissingKind) -> Problem {
    let elsewhere: Vec<String> = missing.elsewhere.iter().map(ToString::to_string).collect();
    let problem = Problem::new(missing.path.clone(), format!("the kind {} is not known", missing.kind));
    if elsewhere.is_empty() { problem } else { problem.expected(elsewhere.join(" or ")) }
}
