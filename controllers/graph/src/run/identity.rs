//! What objects are known by.

use std::collections::BTreeMap;

use cairn_crds::graph::Scope;
use serde_json::Value as Json;

use super::fault::{absent, wrong};
use super::node::{Cell, Turn};
use super::report::ObjectName;
use super::world::Memo;
use crate::program::part::{Failure, PartRef};
use crate::program::{Node, Source};
use crate::schemas::Gvk;

/// Whether an observed object is the one of a name. An object that does not say its kind is taken at its name.
pub(super) fn is(object: &Json, name: &ObjectName) -> bool {
    let metadata = |key: &str| object.get("metadata").and_then(|metadata| metadata.get(key)).and_then(Json::as_str);
    let text = |key: &str| object.get(key).and_then(Json::as_str);
    let kind = text("apiVersion").zip(text("kind")).map(|(version, kind)| Gvk::new(version, kind));
    let same_kind = kind.is_none_or(|kind| kind.group == name.kind.group && kind.kind == name.kind.kind);
    same_kind
        && metadata("name") == Some(&name.name)
        && metadata("namespace").filter(|namespace| !namespace.is_empty()) == name.namespace.as_deref()
}

/// Which resource makes which object: no two make one.
#[derive(Debug, Default)]
pub(super) struct Claims(BTreeMap<(String, String, Option<String>, String), usize>);

impl Claims {
    /// Claims an object for a resource; gives the other that has it already.
    pub(super) fn take(&mut self, name: &ObjectName, node: usize) -> Option<usize> {
        let (group, kind, namespace, own) = name.key();
        let key = (group.to_owned(), kind.to_owned(), namespace.map(str::to_owned), own.to_owned());
        let holder = *self.0.entry(key).or_insert(node);
        (holder != node).then_some(holder)
    }
}

impl Turn<'_> {
    /// The namespace of the instance, if it has one.
    pub(super) fn home(&self) -> Option<&str> {
        let namespace = self.world.instance.get("metadata")?.get("namespace")?.as_str()?;
        (self.program.scope == Scope::Namespaced && !namespace.is_empty()).then_some(namespace)
    }

    /// What an object is known by, from the values of its name and namespace.
    ///
    /// # Errors
    /// They have no value yet, or none that will do.
    pub(super) fn place(
        &self,
        node: &Node,
        name: Option<&Json>,
        namespace: Option<&Json>,
    ) -> Result<ObjectName, Failure> {
        let path = |field: &str| format!("{}.{}.metadata.{field}", node.path, source_name(node));
        let text = |field: &str, value: Option<&Json>| match value {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(wrong(path(field), format!("metadata.{field} must be a text, and is {other}"))),
        };
        let name = match text("name", name)? {
            None => return Err(absent(path("name"), "metadata.name has no value")),
            Some(name) if name.is_empty() => return Err(wrong(path("name"), "metadata.name is empty")),
            Some(name) => name,
        };
        let kind = node.kind.gvk.clone();
        if node.kind.traits.scope == Scope::Cluster {
            return Ok(ObjectName { kind, namespace: None, name });
        }
        let written = text("namespace", namespace)?.filter(|namespace| !namespace.is_empty());
        match written.or_else(|| self.home().map(str::to_owned)) {
            Some(namespace) => Ok(ObjectName { kind, namespace: Some(namespace), name }),
            None => Err(absent(path("namespace"), "metadata.namespace has no value, and the instance is in none")),
        }
    }

    /// What the objects of a resource would be called, if that can be told before they can be rendered.
    pub(super) fn names(&mut self, node: &Node, cell: &mut Cell) -> Option<Vec<ObjectName>> {
        let Source::Template(part) = &node.source else { return None };
        let field = |name: &str| part.get("metadata").and_then(|metadata| metadata.get(name));
        Memo::recall(&mut cell.named, self.program, &node.template_reads, self.world, || {
            self.name_all(node, field("name"), field("namespace")).ok()
        })
    }

    fn name_all(
        &mut self,
        node: &Node,
        name: Option<PartRef<'_>>,
        namespace: Option<PartRef<'_>>,
    ) -> Result<Vec<ObjectName>, Vec<Failure>> {
        let mut found = Vec::new();
        self.combinations(node, |turn, bindings, _| {
            let mut value =
                |part: Option<PartRef<'_>>| part.map_or(Ok(None), |part| part.render(bindings, turn.allowance));
            let (name, namespace) = (value(name)?, value(namespace)?);
            found.push(turn.place(node, name.as_ref(), namespace.as_ref()).map_err(|failure| vec![failure])?);
            Ok(())
        })?;
        Ok(found)
    }
}

fn source_name(node: &Node) -> &'static str {
    if node.is_external() { "externalRef" } else { "template" }
}
