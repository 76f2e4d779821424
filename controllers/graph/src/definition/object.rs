//! Objects with expressions in their texts.

use std::collections::BTreeMap;

use cairn_cel::template::{Part, split};
use cairn_crds::graph::{ExternalRef, Requirement};
use serde_json::{Map, Value as Json};

use super::Settings;
use crate::problem::{Problem, field, index};

/// Deeper objects are refused: YAML and JSON readers of the API server have such limits as well.
const MAX_DEPTH: usize = 100;

/// A text that holds expressions, and its path in the definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The path.
    pub path: String,
    /// The text, which [`cairn_cel::template::compile`] takes.
    pub text: String,
}

/// An object to be applied: it has an API version, a kind and metadata.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Group and version, without expressions.
    pub api_version: String,
    /// Kind, without expressions.
    pub kind: String,
    /// The whole object, with its expressions.
    pub body: Map<String, Json>,
    /// The texts of the object that hold expressions.
    pub texts: Vec<Text>,
}

impl Object {
    /// A field of its metadata.
    #[must_use]
    pub fn metadata(&self, name: &str) -> Option<&Json> {
        self.body.get("metadata")?.get(name)
    }

    /// Its name, as it is written.
    #[must_use]
    pub fn name(&self) -> Option<&Json> {
        self.metadata("name")
    }

    /// Its namespace, as it is written.
    #[must_use]
    pub fn namespace(&self) -> Option<&Json> {
        self.metadata("namespace")
    }
}

/// Which objects of others are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// One, by its name.
    Name(String),
    /// Any number, by their labels.
    Labels {
        /// Labels and their values.
        labels: BTreeMap<String, String>,
        /// Requirements.
        requirements: Vec<Requirement>,
    },
}

/// Reads a template.
pub(super) fn template(
    body: Map<String, Json>,
    path: &str,
    settings: &Settings,
    problems: &mut Vec<Problem>,
) -> Option<Object> {
    let before = problems.len();
    let api_version = fixed(&body, "apiVersion", path, problems);
    let kind = fixed(&body, "kind", path, problems);
    match body.get("metadata") {
        Some(Json::Object(metadata)) => marks(metadata, &field(path, "metadata"), settings, problems),
        Some(_) => problems.push(Problem::new(field(path, "metadata"), "metadata must be an object")),
        None => problems.push(Problem::new(field(path, "metadata"), "metadata is missing").expected("an object")),
    }
    let mut texts = Vec::new();
    for (name, part) in &body {
        collect(part, field(path, name), MAX_DEPTH, &mut texts, problems);
    }
    (problems.len() == before).then_some(Object { api_version: api_version?, kind: kind?, body, texts })
}

/// The texts with expressions of a part of an object.
pub(super) fn collect(part: &Json, path: String, left: usize, texts: &mut Vec<Text>, problems: &mut Vec<Problem>) {
    let Some(left) = left.checked_sub(1) else {
        return problems.push(Problem::new(path, format!("this is nested too deep (at most {MAX_DEPTH} levels)")));
    };
    match part {
        Json::Object(fields) => {
            fields.iter().for_each(|(name, part)| collect(part, field(&path, name), left, texts, problems));
        }
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(at, part)| collect(part, index(&path, at), left, texts, problems));
        }
        Json::String(text) => one(text, path, texts, problems),
        _ => {}
    }
}

/// Notes a text if it holds expressions.
pub(super) fn one(text: &str, path: String, texts: &mut Vec<Text>, problems: &mut Vec<Problem>) {
    match split(text) {
        Err(error) => problems.push(Problem::new(path, error.message.clone()).at(error.span)),
        Ok(parts) if parts.iter().any(|part| matches!(part, Part::Hole { .. })) => {
            texts.push(Text { path, text: text.to_owned() });
        }
        Ok(_) => {}
    }
}

/// A text that decides which schema the object has, so no expression may be in it.
fn fixed(body: &Map<String, Json>, name: &str, path: &str, problems: &mut Vec<Problem>) -> Option<String> {
    let wrong = match body.get(name) {
        Some(Json::String(text)) if text.is_empty() => "is empty",
        Some(Json::String(text)) if text.contains("${") => "must be fixed: no expression may be in it",
        Some(Json::String(text)) => return Some(text.clone()),
        Some(_) => "must be a text",
        None => "is missing",
    };
    problems.push(Problem::new(field(path, name), format!("{name} {wrong}")).expected("a text"));
    None
}

/// Refuses labels and annotations that are the operator's.
fn marks(metadata: &Map<String, Json>, path: &str, settings: &Settings, problems: &mut Vec<Problem>) {
    let prefixes = [settings.groups.graph().to_owned(), settings.groups.internal()].map(|group| format!("{group}/"));
    for part in ["labels", "annotations"] {
        let keys = metadata.get(part).and_then(Json::as_object).into_iter().flat_map(Map::keys);
        for key in keys {
            let Some(prefix) = prefixes.iter().find(|prefix| key.starts_with(prefix.as_str())) else { continue };
            let message = format!("{part} with the prefix {prefix:?} are reserved for internal use");
            problems.push(Problem::new(field(&field(path, part), key), message));
        }
    }
}

/// Reads a reference to objects of others: group and version, kind, selection, namespace and the texts in it.
pub(super) fn external(
    reference: ExternalRef,
    path: &str,
    problems: &mut Vec<Problem>,
) -> Option<(Selection, Option<String>, Vec<Text>)> {
    let before = problems.len();
    for (name, text) in [("apiVersion", &reference.api_version), ("kind", &reference.kind)] {
        if text.is_empty() || text.contains("${") {
            problems.push(Problem::new(field(path, name), format!("{name} must be a fixed text")));
        }
    }
    let path = field(path, "metadata");
    let mut texts = Vec::new();
    if let Some(namespace) = &reference.metadata.namespace {
        one(namespace, field(&path, "namespace"), &mut texts, problems);
    }
    let selection = match (reference.metadata.name, reference.metadata.selector) {
        (Some(name), None) if name.is_empty() => {
            problems.push(Problem::new(field(&path, "name"), "the name is empty"));
            None
        }
        (Some(name), None) => {
            one(&name, field(&path, "name"), &mut texts, problems);
            Some(Selection::Name(name))
        }
        (None, Some(selector)) => {
            let path = field(&path, "selector");
            for (key, value) in &selector.match_labels {
                one(value, field(&field(&path, "matchLabels"), key), &mut texts, problems);
            }
            for (at, requirement) in selector.match_expressions.iter().enumerate() {
                let path = index(&field(&path, "matchExpressions"), at);
                need(requirement, &path, &mut texts, problems);
            }
            Some(Selection::Labels { labels: selector.match_labels, requirements: selector.match_expressions })
        }
        _ => {
            problems.push(Problem::new(path, "exactly one of name or selector must be provided"));
            None
        }
    };
    (problems.len() == before).then_some((selection?, reference.metadata.namespace, texts))
}

fn need(requirement: &Requirement, path: &str, texts: &mut Vec<Text>, problems: &mut Vec<Problem>) {
    let wrong = match (requirement.operator.as_str(), requirement.values.is_empty()) {
        ("In" | "NotIn", false) | ("Exists" | "DoesNotExist", true) => None,
        ("In" | "NotIn", true) => Some("needs values"),
        ("Exists" | "DoesNotExist", false) => Some("takes no values"),
        _ => Some("is no operator"),
    };
    if let Some(wrong) = wrong {
        let message = format!("{:?} {wrong}", requirement.operator);
        let expected = "In or NotIn with values, Exists or DoesNotExist without";
        problems.push(Problem::new(field(path, "operator"), message).expected(expected));
    }
    for (at, value) in requirement.values.iter().enumerate() {
        one(value, index(&field(path, "values"), at), texts, problems);
    }
}
