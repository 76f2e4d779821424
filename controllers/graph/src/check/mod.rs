//! Whether a definition fits the kinds that it names.

mod duplicates;
mod fields;
mod identity;
mod limits;

use std::collections::BTreeMap;
use std::sync::Arc;

use cairn_cel::Type;

use crate::definition::{Definition, Node, Source};
use crate::graph::{Graph, Types};
use crate::problem::Problem;
use crate::schemas::{Gvk, Kind, Schemas};

pub(crate) use duplicates::duplicates;
pub(crate) use identity::identity;

/// A kind that a definition names and nobody serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingKind {
    /// The id of the resource.
    pub node: String,
    /// Where it is named.
    pub path: String,
    /// The kind.
    pub kind: Gvk,
    /// Groups and versions in which a kind of this name is served.
    pub elsewhere: Vec<Gvk>,
}

/// The kinds of the resources of a definition, and what is not served of them.
#[derive(Debug, Default)]
pub(crate) struct Kinds {
    /// By position of the resource; nothing for those that are not served.
    pub(crate) found: Vec<Option<Arc<Kind>>>,
    pub(crate) missing: Vec<MissingKind>,
}

/// Looks the kinds of a definition up.
pub(crate) fn kinds(definition: &Definition, schemas: &dyn Schemas) -> Kinds {
    let mut kinds = Kinds::default();
    for node in &definition.nodes {
        let gvk = node.gvk();
        let found = schemas.kind(&gvk);
        if found.is_none() {
            let path = format!("{}.{}.kind", node.path, node.source.name());
            let elsewhere = schemas.elsewhere(&gvk.kind);
            kinds.missing.push(MissingKind { node: node.id.to_string(), path, kind: gvk, elsewhere });
        }
        kinds.found.push(found);
    }
    kinds
}

/// What is found wrong, and what is doubtful.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) problems: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
}

/// Compares every template with the schema of its kind; gives the types of the fields that its texts fill.
pub(crate) fn templates(
    definition: &Definition,
    kinds: &[Option<Arc<Kind>>],
    findings: &mut Findings,
) -> BTreeMap<String, Type> {
    let mut types = BTreeMap::new();
    for (node, kind) in definition.nodes.iter().zip(kinds) {
        match (&node.source, kind) {
            (Source::Template(object), Some(kind)) => fields::check(node, object, kind, &mut types, findings),
            (Source::External { texts, .. }, _) => {
                types.extend(texts.iter().map(|text| (text.path.clone(), Type::String)));
            }
            _ => {}
        }
    }
    types
}

/// What expressions know of their variables.
pub(crate) fn types(definition: &Definition, kinds: &[Option<Arc<Kind>>], fields: BTreeMap<String, Type>) -> Types {
    let known = definition.nodes.iter().zip(kinds);
    let nodes = known.filter_map(|(node, kind)| Some((node.id.to_string(), kind.as_ref()?.ty().clone()))).collect();
    let external = |node: &&Node| matches!(node.source, Source::External { .. });
    let loose = definition.nodes.iter().filter(external).map(|node| node.id.to_string()).collect();
    Types { instance: definition.instance.ty(), nodes, fields, loose }
}

/// Everything that needs the kinds and the graph.
pub(crate) fn rules(definition: &Definition, kinds: &[Option<Arc<Kind>>], graph: &Graph, findings: &mut Findings) {
    for (at, node) in definition.nodes.iter().enumerate() {
        let kind = kinds.get(at).and_then(Option::as_deref);
        identity(definition, node, kind, graph.programs.get(at), findings);
    }
    duplicates(definition, kinds, graph, findings);
    limits::instance(definition, findings);
}
