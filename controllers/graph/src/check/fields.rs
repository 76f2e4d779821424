//! A template against the schema of its kind.

use std::collections::BTreeMap;

use cairn_cel::Type;
use cairn_cel::check::nearest;
use cairn_cel::template::{Part, split};
use serde_json::{Map, Value as Json};

use super::Findings;
use crate::definition::{Node, Object};
use crate::openapi::{Cursor, Finding, Holes, validate};
use crate::problem::{Problem, field, index};
use crate::schemas::Kind;

/// The only kind whose objects hold schemas, and with them texts that look like expressions.
const CRD: (&str, &str) = ("apiextensions.k8s.io/v1", "CustomResourceDefinition");

/// Compares a template with its kind, and notes the types of the fields that texts with expressions fill.
pub(super) fn check(
    node: &Node,
    object: &Object,
    kind: &Kind,
    types: &mut BTreeMap<String, Type>,
    findings: &mut Findings,
) {
    let path = field(&node.path, "template");
    if !kind.traits.is_applicable {
        let message = format!("objects of {} are not kept, so they cannot be applied", kind.gvk);
        findings.problems.push(Problem::new(field(&path, "kind"), message));
    }
    if kind.traits.has_status && object.body.contains_key("status") {
        let message = "the status of an object is its controller's to write: what stands here has no effect";
        findings.warnings.push(Problem::new(field(&path, "status"), message));
    }
    let mut texts = Texts { types };
    for finding in validate(kind.schema(), &Json::Object(object.body.clone()), &path, &mut texts) {
        match finding {
            Finding::Wrong(problem) => findings.problems.push(problem),
            Finding::Missing(problem) => findings.warnings.push(problem),
        }
    }
    if (object.api_version.as_str(), object.kind.as_str()) == CRD {
        outside_metadata(object, &path, findings);
    }
    keys(&Json::Object(object.body.clone()), &path, findings);
    external(node, kind, findings);
}

/// Fields that are left to others must be fields of the kind.
fn external(node: &Node, kind: &Kind, findings: &mut Findings) {
    for (at, path) in node.external_fields.iter().enumerate() {
        let mut place = kind.schema();
        for name in path.names() {
            match place.member(name) {
                Some(member) => place = member,
                None if place.is_open() => break,
                None => {
                    let names = place.properties().into_iter().flat_map(Map::keys).map(String::as_str);
                    let message = format!("{} has no field {name:?}", kind.gvk);
                    let problem = Problem::new(index(&field(&node.path, "externalFields"), at), message);
                    findings.problems.push(problem.suggest(nearest(name, names)));
                    break;
                }
            }
        }
    }
}

/// kro's rule for templates of custom resource definitions.
fn outside_metadata(object: &Object, path: &str, findings: &mut Findings) {
    let metadata = field(path, "metadata");
    for text in object.texts.iter().filter(|text| !text.path.starts_with(&metadata)) {
        let message = "in a custom resource definition there may be expressions in the metadata only";
        findings.problems.push(Problem::new(&text.path, message));
    }
}

/// Notes what texts with expressions fill.
struct Texts<'t> {
    types: &'t mut BTreeMap<String, Type>,
}

impl<'s> Holes<'s> for Texts<'_> {
    fn is_hole(&mut self, text: &str, path: &str, schema: Option<Cursor<'s>>) -> bool {
        let holds = split(text).is_ok_and(|parts| parts.iter().any(|part| matches!(part, Part::Hole { .. })));
        if let Some(schema) = schema.filter(|_| holds) {
            self.types.insert(path.to_owned(), schema.ty(path));
        }
        holds
    }
}

/// The keys of maps are never expressions (kro's rule); one that looks so is a mistake.
fn keys(part: &Json, path: &str, findings: &mut Findings) {
    let mut open = vec![(path.to_owned(), part)];
    while let Some((path, part)) = open.pop() {
        match part {
            Json::Object(fields) => {
                for (name, part) in fields {
                    let at = field(&path, name);
                    if name.contains("${") {
                        let message = "a key cannot hold an expression: this one stays as it is written";
                        findings.warnings.push(Problem::new(at.clone(), message));
                    }
                    open.push((at, part));
                }
            }
            Json::Array(items) => {
                open.extend(items.iter().enumerate().map(|(at, item)| (index(&path, at), item)));
            }
            _ => {}
        }
    }
}
