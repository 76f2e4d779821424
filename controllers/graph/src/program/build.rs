//! From a checked definition to its program.

use std::collections::BTreeMap;
use std::sync::Arc;

use cairn_cel::Program as Expression;
use cairn_cel::check::Read;
use cairn_cel::template::Template;
use cairn_crds::graph::Requirement;
use serde_json::Value as Json;

use super::reads::all;
use super::{Bounds, Node, Part, Program, Source, Written};
use crate::definition::{self, Definition, Selection, Text};
use crate::graph::{Graph, Programs};
use crate::problem::{field, index};
use crate::schemas::Kind;

/// The program; nothing where a kind is missing.
pub(crate) fn build(
    definition: Definition,
    kinds: Vec<Option<Arc<Kind>>>,
    graph: Graph,
    bounds: Bounds,
) -> Option<Program> {
    let instance = definition.instance;
    let mut nodes = Vec::new();
    let parts = definition.nodes.into_iter().zip(kinds).zip(graph.programs.into_iter().zip(graph.dependencies));
    for ((node, kind), (programs, dependencies)) in parts {
        nodes.push(one(node, kind?, programs, dependencies.into_iter().collect()));
    }
    let mut texts = by_path(&instance.status_texts, graph.status);
    let status = instance.status.iter();
    let status = status.map(|(name, part)| (name.clone(), Part::new(part, &field("schema.status", name), &mut texts)));
    let status = status.collect();
    let conditions = written(&instance.conditions, graph.conditions);
    let gvk = instance.gvk();
    Some(Program { gvk, scope: instance.scope, nodes, order: graph.order, bounds, status, conditions })
}

fn one(node: definition::Node, kind: Arc<Kind>, programs: Programs, dependencies: Vec<usize>) -> Node {
    let is_collection = node.is_collection();
    let texts = by_path(node.texts(), programs.texts);
    let lists: Vec<definition::Expression> = node.for_each.iter().map(|iterator| iterator.list.clone()).collect();
    let lists = written(&lists, programs.for_each);
    let names = node.for_each.iter().map(|iterator| iterator.name.to_string());
    let mut built = Node {
        is_collection,
        kind,
        dependencies,
        reads: Vec::new(),
        template_reads: Vec::new(),
        deletion_policy: node.deletion_policy,
        external_fields: node.external_fields,
        include_when: written(&node.include_when, programs.include_when),
        for_each: names.zip(lists).collect(),
        ready_when: written(&node.ready_when, programs.ready_when),
        source: source(node.source, &node.path, texts),
        id: node.id,
        path: node.path,
    };
    let lists = built.for_each.iter().map(|(_, list)| &list.program);
    let mut rendering = all(lists.chain(built.source_programs()));
    let conditions = built.include_when.iter().map(|written| &written.program);
    let lists = built.for_each.iter().map(|(_, list)| &list.program);
    let mut reads = all(conditions.chain(lists).chain(built.source_programs()));
    let iterates = |read: &Read| built.for_each.iter().any(|(iterator, _)| *iterator == read.variable);
    rendering.retain(|read| !iterates(read));
    reads.retain(|read| !iterates(read));
    (built.template_reads, built.reads) = (rendering, reads);
    built
}

fn source(source: definition::Source, path: &str, mut texts: BTreeMap<String, Template>) -> Source {
    let (selection, namespace) = match source {
        definition::Source::Template(object) => {
            return Source::Template(Part::new(&Json::Object(object.body), &field(path, "template"), &mut texts));
        }
        definition::Source::External { selection, namespace, .. } => (selection, namespace),
    };
    let path = field(&field(path, "externalRef"), "metadata");
    let mut part = |text: String, path: &str| Part::new(&Json::String(text), path, &mut texts);
    let namespace = namespace.filter(|namespace| !namespace.is_empty());
    let namespace = namespace.map(|namespace| part(namespace, &field(&path, "namespace")));
    match selection {
        Selection::Name(name) => Source::Named { name: part(name, &field(&path, "name")), namespace },
        Selection::Labels { labels, requirements } => {
            let path = field(&path, "selector");
            let labels = labels.into_iter().map(|(key, value)| {
                let at = field(&field(&path, "matchLabels"), &key);
                let value = part(value, &at);
                (key, value)
            });
            let labels = labels.collect();
            let requirements = requirements.into_iter().enumerate().map(|(at, requirement)| {
                let path = field(&index(&field(&path, "matchExpressions"), at), "values");
                let values = requirement.values.iter().enumerate();
                let values = values.map(|(at, value)| part(value.clone(), &index(&path, at))).collect();
                (Requirement { values: Vec::new(), ..requirement }, values)
            });
            Source::Selected { labels, requirements: requirements.collect(), namespace }
        }
    }
}

fn by_path(texts: &[Text], templates: Vec<Template>) -> BTreeMap<String, Template> {
    texts.iter().map(|text| text.path.clone()).zip(templates).collect()
}

fn written(expressions: &[definition::Expression], programs: Vec<Expression>) -> Vec<Written> {
    let paths = expressions.iter().map(|expression| expression.path.clone());
    paths.zip(programs).map(|(path, program)| Written { path, program }).collect()
}
