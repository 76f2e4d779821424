//! From a template to objects, and from a reference to what is to be observed.

use std::collections::BTreeSet;
use std::sync::Arc;

use cairn_cel::{Bindings, EvalError, Value};
use cairn_crds::graph::{Requirement, Scope};
use serde_json::Value as Json;

use super::fault::{mistyped, wrong};
use super::node::{Cell, Stop, Turn};
use super::report::{Reference, Rendered};
use super::world::{Memo, Objects};
use crate::program::part::{Failure, Part};
use crate::program::{Node, Source, Written};

/// What a resource is rendered to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Made {
    /// Objects to apply.
    Objects(Arc<[Rendered]>),
    /// Objects to observe.
    Reference(Reference),
}

type Fallible<T> = Result<T, Vec<Failure>>;

impl Turn<'_> {
    /// Renders a resource, unless nothing that it reads has changed.
    pub(super) fn make(&mut self, node: &Node, cell: &mut Cell) -> Result<Made, Stop> {
        Memo::recall(&mut cell.made, self.program, &node.template_reads, self.world, || {
            let made = match &node.source {
                Source::Template(part) => self.objects(node, part).map(Made::Objects),
                _ => self.reference(node).map(Made::Reference),
            };
            made.map_err(|failures| self.stop(failures))
        })
    }

    fn objects(&mut self, node: &Node, part: &Part) -> Fallible<Arc<[Rendered]>> {
        let mut found: Vec<Rendered> = Vec::new();
        self.combinations(node, |turn, bindings, place| {
            let body = part.render(bindings, turn.allowance)?;
            let rendered = turn.finish(node, body.unwrap_or_default(), place).map_err(|failure| vec![failure])?;
            found.push(rendered);
            Ok(())
        })?;
        let mut seen = BTreeSet::new();
        if let Some(twice) = found.iter().find(|object| !seen.insert(object.name.key())) {
            let message = format!("identity collision: duplicate identity: {}", twice.name);
            return Err(vec![wrong(node.path.as_str(), message)]);
        }
        Ok(found.into())
    }

    /// Does something for each combination of the elements of lists, the first list outermost; once without lists.
    pub(super) fn combinations(
        &mut self,
        node: &Node,
        mut work: impl FnMut(&mut Self, &Bindings<'_>, Option<(usize, usize)>) -> Fallible<()>,
    ) -> Fallible<()> {
        let lists = node.for_each.iter().map(|(_, list)| &list.program);
        let bindings = self.world.bindings(self.program, node.source_programs().into_iter().chain(lists));
        if node.for_each.is_empty() {
            return work(self, &bindings, None);
        }
        let bound: Vec<_> = node.for_each.iter().map(|(_, list)| list.program.bind(&bindings)).collect();
        let mut lists = Vec::new();
        for (bound, (_, written)) in bound.iter().zip(&node.for_each) {
            let list = self.allowance.expression(bound).and_then(elements);
            lists.push(list.map_err(|error| vec![Failure { path: written.path.clone(), error }])?);
        }
        let size = self.size(node, &lists)?;
        for place in 0..size {
            let mut bindings = bindings.clone();
            let mut rest = place;
            for ((name, _), list) in node.for_each.iter().zip(&lists).rev() {
                if let Some(element) = list.get(rest % list.len().max(1)) {
                    bindings = bindings.with_value(name, element.clone());
                }
                rest /= list.len().max(1);
            }
            work(self, &bindings, Some((place, size)))?;
        }
        Ok(())
    }

    fn size(&self, node: &Node, lists: &[Vec<Value<'_>>]) -> Fallible<usize> {
        let most = self.allowance.collection();
        let size = lists.iter().try_fold(1_usize, |size, list| size.checked_mul(list.len()));
        if let Some(size) = size.filter(|size| *size <= most) {
            return Ok(size);
        }
        let size = size.map_or_else(|| "many".to_owned(), |size| size.to_string());
        let message = format!("collection size of {size} is over the maximum collection size of {most}");
        Err(vec![wrong(format!("{}.forEach", node.path), message)])
    }

    /// The object with its namespace, and what it is known by.
    fn finish(&self, node: &Node, mut body: Json, place: Option<(usize, usize)>) -> Result<Rendered, Failure> {
        let metadata = |name: &str| body.get("metadata").and_then(|metadata| metadata.get(name));
        let name = self.place(node, metadata("name"), metadata("namespace"))?;
        if let Some(metadata) = body.get_mut("metadata").and_then(Json::as_object_mut) {
            match &name.namespace {
                Some(namespace) => drop(metadata.insert("namespace".into(), namespace.as_str().into())),
                None => drop(metadata.remove("namespace")),
            }
        }
        Ok(Rendered { name, body: Arc::new(body), place })
    }

    fn reference(&mut self, node: &Node) -> Fallible<Reference> {
        let bindings = self.world.bindings(self.program, node.source_programs());
        let cluster = node.kind.traits.scope == Scope::Cluster;
        match &node.source {
            Source::Template(_) => Err(vec![wrong(node.path.as_str(), "a template is no reference")]),
            Source::Named { name, namespace } => {
                let name = name.render(&bindings, self.allowance)?;
                let namespace = self.namespace(namespace.as_ref(), &bindings)?;
                let name = self.place(node, name.as_ref(), namespace.as_ref()).map_err(|failure| vec![failure])?;
                Ok(Reference::Named(name))
            }
            Source::Selected { labels, requirements, namespace } => {
                let namespace = self.namespace(namespace.as_ref(), &bindings)?;
                let namespace = namespace.as_ref().and_then(Json::as_str).filter(|text| !text.is_empty() && !cluster);
                let mut chosen = Vec::new();
                for (key, part) in labels {
                    chosen.push((key.clone(), self.text(part, &bindings, &node.path)?));
                }
                let mut required = Vec::new();
                for (requirement, parts) in requirements {
                    let values = parts.iter().map(|part| self.text(part, &bindings, &node.path));
                    let values = values.collect::<Fallible<_>>()?;
                    required.push(Requirement { values, ..requirement.clone() });
                }
                Ok(Reference::Selected {
                    kind: node.kind.gvk.clone(),
                    namespace: namespace.map(str::to_owned),
                    labels: chosen,
                    requirements: required,
                })
            }
        }
    }

    fn namespace(&mut self, part: Option<&Part>, bindings: &Bindings<'_>) -> Fallible<Option<Json>> {
        part.map_or(Ok(None), |part| part.render(bindings, self.allowance))
    }

    fn text(&mut self, part: &Part, bindings: &Bindings<'_>, path: &str) -> Fallible<String> {
        match part.render(bindings, self.allowance)? {
            Some(Json::String(text)) => Ok(text),
            other => {
                let message = format!("a value of a selector must be a text, and is {}", other.unwrap_or_default());
                Err(vec![wrong(format!("{path}.externalRef.metadata.selector"), message)])
            }
        }
    }

    /// What expressions see of objects that are another's.
    pub(super) fn referenced(&self, reference: &Reference) -> Objects {
        match (self.seen, reference) {
            (super::Seen::Unknown, _) => None,
            (_, Reference::Named(name)) => self.visible(std::slice::from_ref(name)),
            (super::Seen::Objects(objects), Reference::Selected { .. }) => {
                let mut objects = objects.clone();
                objects.sort_by_cached_key(|object| {
                    ["/metadata/namespace", "/metadata/name"]
                        .map(|path| object.pointer(path).and_then(Json::as_str).map(str::to_owned))
                });
                Some(objects.into())
            }
        }
    }
}

/// The elements of the value of a `forEach`; an optional without a value has none.
fn elements(value: Value<'_>) -> Result<Vec<Value<'_>>, EvalError> {
    match value {
        Value::List(list) => Ok(list.iter().collect()),
        Value::Optional(None) => Ok(Vec::new()),
        Value::Optional(Some(inner)) => elements((*inner).clone()),
        other => Err(mistyped("a list", &other)),
    }
}

impl Written {
    /// The expression as it is written.
    pub(crate) fn source(&self) -> &str {
        self.program.source()
    }
}
