//! What an object is called and where it lives.

use std::sync::Arc;

use cairn_cel::Program;
use cairn_crds::graph::Scope;
use serde_json::Value as Json;

use super::Findings;
use crate::definition::{Definition, Node, Object, Selection, Source};
use crate::graph::Programs;
use crate::problem::{Problem, field};
use crate::schemas::Kind;

/// Checks name and namespace of a resource.
pub(crate) fn identity(
    definition: &Definition,
    node: &Node,
    kind: Option<&Kind>,
    programs: Option<&Programs>,
    findings: &mut Findings,
) {
    match &node.source {
        Source::Template(object) => {
            let path = field(&field(&node.path, "template"), "metadata");
            name(object, &path, findings);
            if let Some(kind) = kind {
                let written = object.namespace().is_some_and(|namespace| *namespace != Json::String(String::new()));
                namespace(definition, node, kind, &field(&path, "namespace"), written, findings);
            }
            if let Some(programs) = programs {
                iterators(node, programs, &path, findings);
            }
        }
        Source::External { selection, namespace: written, .. } => {
            // A selector without a namespace means all of them.
            let written = written.as_ref().is_some_and(|namespace| !namespace.is_empty());
            let exempt = matches!(selection, Selection::Labels { .. }) && !written;
            if let Some(kind) = kind.filter(|_| !exempt) {
                let path = format!("{}.externalRef.metadata.namespace", node.path);
                namespace(definition, node, kind, &path, written, findings);
            }
        }
    }
}

fn name(object: &Object, path: &str, findings: &mut Findings) {
    let at = field(path, "name");
    let problem = match object.name() {
        None | Some(Json::Null) => {
            let hint = "; generateName does not do: an object that is applied needs a name that stays";
            let hint = if object.metadata("generateName").is_some() { hint } else { "" };
            Problem::new(at, format!("metadata.name is missing{hint}")).expected("a text")
        }
        Some(Json::String(name)) if name.is_empty() => Problem::new(at, "metadata.name is empty").expected("a text"),
        Some(Json::String(name)) if !name.contains("${") && !is_name(name) => {
            let expected = "a text without `/` and `%`, and neither `.` nor `..`";
            Problem::new(at, format!("{name:?} cannot be the name of an object")).expected(expected)
        }
        _ => return,
    };
    findings.problems.push(problem);
}

/// What every kind demands of names, as the API server checks it for paths; most kinds demand more.
fn is_name(name: &str) -> bool {
    !matches!(name, "." | "..") && !name.contains(['/', '%'])
}

fn namespace(definition: &Definition, node: &Node, kind: &Kind, path: &str, written: bool, findings: &mut Findings) {
    let message = match (kind.traits.scope, definition.instance.scope) {
        (Scope::Cluster, _) if written => {
            format!(
                "{:?} is cluster-scoped, as every {}, and must not set metadata.namespace",
                node.id.as_str(),
                kind.gvk
            )
        }
        (Scope::Namespaced, Scope::Cluster) if !written => format!(
            "{:?} is namespaced and must set metadata.namespace: the instances of this definition are cluster-scoped, so \
             there is no namespace to inherit",
            node.id.as_str()
        ),
        _ => return,
    };
    findings.problems.push(Problem::new(path, message));
}

/// Every combination of elements must give another object.
fn iterators(node: &Node, programs: &Programs, path: &str, findings: &mut Findings) {
    let names = ["name", "namespace"].map(|name| field(path, name));
    let texts = node.texts().iter().zip(&programs.texts).filter(|(text, _)| names.contains(&text.path));
    let used: Vec<&String> = texts.flat_map(|(_, template)| template.programs()).flat_map(Program::variables).collect();
    let unused = node.for_each.iter().map(|iterator| iterator.name.as_str());
    let unused: Vec<&str> = unused.filter(|name| !used.iter().any(|used| used == name)).collect();
    if programs.texts.len() == node.texts().len() && !unused.is_empty() {
        let message = format!(
            "every iterator of forEach must be in metadata.name or metadata.namespace, or two objects would be one; \
             missing: {}",
            unused.join(", ")
        );
        findings.problems.push(Problem::new(field(path, "name"), message));
    }
}

/// The kinds of two resources are the same.
pub(super) fn same_kind(a: Option<&Arc<Kind>>, b: Option<&Arc<Kind>>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a.gvk.group == b.gvk.group && a.gvk.kind == b.gvk.kind)
}
