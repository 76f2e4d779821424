//! One resource of a definition.

use std::collections::BTreeMap;

use cairn_crds::graph::{DeletionPolicy, Resource};

use super::expression::{Expression, read_all};
use super::object::{self, Object, Selection, Text};
use super::{FieldPath, Id, Settings};
use crate::problem::{Problem, field, index};
use crate::schemas::Gvk;

/// One resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its name in expressions.
    pub id: Id,
    /// Its path in the definition.
    pub path: String,
    /// Where its objects come from.
    pub source: Source,
    /// When it is ready: all must be true.
    pub ready_when: Vec<Expression>,
    /// Whether it is part of an instance: all must be true.
    pub include_when: Vec<Expression>,
    /// The lists whose combinations it is made for; none makes one object.
    pub for_each: Vec<Iterator>,
    /// What becomes of its objects when they are no longer part of an instance.
    pub deletion_policy: DeletionPolicy,
    /// The fields that are left to others once they own them, such as an autoscaler: paths from the object.
    pub external_fields: Vec<FieldPath>,
}

/// Where the objects of a resource come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// They are applied.
    Template(Object),
    /// They are another's, and only read.
    External {
        /// Group and version.
        api_version: String,
        /// Kind.
        kind: String,
        /// Which.
        selection: Selection,
        /// The namespace; without it that of the instance.
        namespace: Option<String>,
        /// The texts of name, namespace and selector that hold expressions.
        texts: Vec<Text>,
    },
}

/// A list, and the name that each of its elements has in the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Iterator {
    /// The name.
    pub name: Id,
    /// The list.
    pub list: Expression,
}

impl Source {
    /// The name of the field that says it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Template(_) => "template",
            Self::External { .. } => "externalRef",
        }
    }
}

impl Node {
    /// Group, version and kind of its objects.
    #[must_use]
    pub fn gvk(&self) -> Gvk {
        match &self.source {
            Source::Template(object) => Gvk::new(&object.api_version, &object.kind),
            Source::External { api_version, kind, .. } => Gvk::new(api_version, kind),
        }
    }

    /// The template, if it has one.
    #[must_use]
    pub fn object(&self) -> Option<&Object> {
        match &self.source {
            Source::Template(object) => Some(object),
            Source::External { .. } => None,
        }
    }

    /// Whether expressions see it as a list: it is made for each element of lists, or selected by labels.
    #[must_use]
    pub fn is_collection(&self) -> bool {
        let selected = matches!(&self.source, Source::External { selection: Selection::Labels { .. }, .. });
        selected || !self.for_each.is_empty()
    }

    /// The texts with expressions of its template or reference.
    #[must_use]
    pub fn texts(&self) -> &[Text] {
        match &self.source {
            Source::Template(object) => &object.texts,
            Source::External { texts, .. } => texts,
        }
    }
}

/// Checks a resource; `ids` are those of all resources of the definition.
pub(super) fn check(
    resource: Resource,
    path: &str,
    ids: &[String],
    settings: &Settings,
    problems: &mut Vec<Problem>,
) -> Option<Node> {
    let id = Id::new(&resource.id).map_err(|why| problems.push(Problem::new(field(path, "id"), why))).ok();
    let ready_when = read_all(&resource.ready_when, &field(path, "readyWhen"), problems);
    let include_when = read_all(&resource.include_when, &field(path, "includeWhen"), problems);
    let for_each = iterators(&resource.for_each, &field(path, "forEach"), ids, problems);
    if resource.for_each.len() > settings.max_dimensions {
        let message = format!("forEach has more than {} lists", settings.max_dimensions);
        problems.push(Problem::new(field(path, "forEach"), message));
    }
    if resource.external_ref.is_some() && !resource.for_each.is_empty() {
        problems.push(Problem::new(field(path, "forEach"), "externalRef cannot be used together with forEach"));
    }
    let policy = resource.deletion_policy;
    let external_fields = external_fields(&resource, path, problems);
    let source = match (resource.template, resource.external_ref) {
        (Some(body), None) => {
            object::template(body, &field(path, "template"), settings, problems).map(Source::Template)
        }
        (None, Some(reference)) => {
            let (api_version, kind) = (reference.api_version.clone(), reference.kind.clone());
            object::external(reference, &field(path, "externalRef"), problems).map(|(selection, namespace, texts)| {
                Source::External { api_version, kind, selection, namespace, texts }
            })
        }
        _ => {
            problems.push(Problem::new(path, "exactly one of template or externalRef must be provided"));
            None
        }
    };
    Some(Node {
        id: id?,
        path: path.to_owned(),
        source: source?,
        ready_when,
        include_when,
        for_each,
        deletion_policy: policy.unwrap_or_default(),
        external_fields,
    })
}

/// Reads the paths of fields that are left to others.
fn external_fields(resource: &Resource, path: &str, problems: &mut Vec<Problem>) -> Vec<FieldPath> {
    for (name, written) in [
        ("deletionPolicy", resource.deletion_policy.is_some()),
        ("externalFields", !resource.external_fields.is_empty()),
    ] {
        if written && resource.external_ref.is_some() {
            let message = format!("externalRef cannot be used together with {name}: the object is not the instance's");
            problems.push(Problem::new(field(path, name), message));
        }
    }
    let path = field(path, "externalFields");
    let mut found = Vec::new();
    for (at, text) in resource.external_fields.iter().enumerate() {
        match FieldPath::parse(text) {
            Ok(field) => found.push(field),
            Err(why) => {
                let expected = "a path of fields like `spec.replicas`";
                problems.push(Problem::new(index(&path, at), why).expected(expected));
            }
        }
    }
    found
}

fn iterators(
    written: &[BTreeMap<String, String>],
    path: &str,
    ids: &[String],
    problems: &mut Vec<Problem>,
) -> Vec<Iterator> {
    let mut found: Vec<Iterator> = Vec::new();
    for (at, entry) in written.iter().enumerate() {
        let path = index(path, at);
        let [(name, list)] = entry.iter().collect::<Vec<_>>()[..] else {
            problems.push(
                Problem::new(path, "each entry of forEach must have exactly one name").expected("`name: ${LIST}`"),
            );
            continue;
        };
        if found.iter().any(|earlier| earlier.name.as_str() == name) {
            problems.push(Problem::new(path.clone(), format!("the iterator {name:?} is named twice")));
        }
        if ids.contains(name) {
            problems.push(Problem::new(path.clone(), format!("the iterator {name:?} has the id of a resource")));
        }
        match (Id::new(name), Expression::read(list, &field(&path, name))) {
            (Ok(name), Ok(list)) => found.push(Iterator { name, list }),
            (name, list) => {
                problems.extend(name.err().map(|why| Problem::new(path, yaml_hint(why))));
                problems.extend(list.err());
            }
        }
    }
    found
}

/// YAML 1.1 reads `n` and `y` as booleans, and clients that use it send what they read.
fn yaml_hint(why: String) -> String {
    if why.starts_with("\"false\"") || why.starts_with("\"true\"") {
        return format!("{why}; a name like `n` or `y` must stand in quotes in YAML");
    }
    why
}
