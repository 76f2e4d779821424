//! Resources that are one and the same object.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value as Json;

use super::Findings;
use super::identity::same_kind;
use crate::definition::{Definition, Node, Object};
use crate::graph::Graph;
use crate::problem::{Problem, field};
use crate::schemas::Kind;

/// Refuses two resources whose objects have the same kind, name and namespace whatever an instance says.
///
/// Of two resources with conditions one may always be left out, so that is found out when they are rendered.
pub(crate) fn duplicates(definition: &Definition, kinds: &[Option<Arc<Kind>>], graph: &Graph, findings: &mut Findings) {
    let conditional = conditional(definition, graph);
    let nodes: Vec<(usize, &Node, &Object)> = definition
        .nodes
        .iter()
        .enumerate()
        .filter(|(at, node)| !conditional.contains(at) && node.for_each.is_empty())
        .filter_map(|(at, node)| Some((at, node, node.object()?)))
        .collect();
    for (place, (at, node, object)) in nodes.iter().enumerate() {
        let earlier = nodes.iter().take(place).find(|(other, _, known)| {
            same_kind(kinds.get(*at).and_then(Option::as_ref), kinds.get(*other).and_then(Option::as_ref))
                && place_of(object) == place_of(known)
        });
        if let Some((_, first, _)) = earlier {
            let message = format!(
                "{:?} and {:?} are the same object: kind, name and namespace are equal",
                first.id.as_str(),
                node.id.as_str()
            );
            let path = field(&field(&field(&node.path, "template"), "metadata"), "name");
            findings.problems.push(Problem::new(path, message));
        }
    }
}

/// Name and namespace as they are written: the same text gives the same value.
fn place_of(object: &Object) -> (Option<&Json>, Option<&Json>) {
    let empty = |value: &&Json| !value.is_null() && **value != Json::String(String::new());
    (object.name(), object.namespace().filter(empty))
}

/// The positions of resources that may be left out: by a condition of their own, or because of what they need.
fn conditional(definition: &Definition, graph: &Graph) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for at in &graph.order.sequence {
        let own = definition.nodes.get(*at).is_some_and(|node| !node.include_when.is_empty());
        let inherited = graph.dependencies.get(*at).is_some_and(|needed| !needed.is_disjoint(&found));
        if own || inherited {
            found.insert(*at);
        }
    }
    found
}
