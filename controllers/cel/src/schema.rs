//! From an `OpenAPI` schema, as Kubernetes serves it, to types.
//!
//! The rules are those of the API server's declaration types: `format` refines text, `x-kubernetes-int-or-string` and
//! `x-kubernetes-preserve-unknown-fields` leave open what cannot be known, embedded resources always have
//! `apiVersion`, `kind` and `metadata`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::types::{Field, Object, Type};

/// Deeper parts of a schema are not known.
const MAX_NESTING: usize = 64;

/// The schemas that `$ref` may name.
pub trait Definitions {
    /// The schema that a reference names, for example `#/components/schemas/io.k8s.api.core.v1.PodSpec`.
    fn definition(&self, reference: &str) -> Option<&Json>;
}

/// No references can be followed: they are not known.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoDefinitions;

impl Definitions for NoDefinitions {
    fn definition(&self, _: &str) -> Option<&Json> {
        None
    }
}

/// Looks references up by their last part.
impl Definitions for BTreeMap<String, Json> {
    fn definition(&self, reference: &str) -> Option<&Json> {
        self.get(reference.rsplit('/').next().unwrap_or(reference))
    }
}

/// The type that a schema describes; `name` names it in messages.
///
/// A schema that refers to itself is known to the point where it does, and `dyn` from there.
#[must_use]
pub fn to_type(schema: &Json, name: &str, definitions: &dyn Definitions) -> Type {
    let mut reader = Reader { definitions, open: BTreeSet::new(), done: BTreeMap::new(), left: MAX_NESTING };
    reader.read(schema, name)
}

struct Reader<'d> {
    definitions: &'d dyn Definitions,
    open: BTreeSet<String>,
    done: BTreeMap<String, Type>,
    left: usize,
}

impl Reader<'_> {
    fn read(&mut self, schema: &Json, name: &str) -> Type {
        let Some(left) = self.left.checked_sub(1) else { return Type::Dyn };
        self.left = left;
        let ty = self.read_any(schema, name);
        self.left += 1;
        ty
    }

    /// The type of elements or values. Where they may be null they have none that CEL knows; a field that is null is
    /// not there.
    fn part(&mut self, schema: &Json, name: &str) -> Type {
        if flag(schema, "nullable") { Type::Dyn } else { self.read(schema, name) }
    }

    fn read_any(&mut self, schema: &Json, name: &str) -> Type {
        if let Some(reference) = reference(schema) {
            return self.follow(reference);
        }
        if flag(schema, "x-kubernetes-int-or-string") || text(schema, "format") == Some("int-or-string") {
            return Type::IntOrString;
        }
        match kind(schema) {
            Some("boolean") => Type::Bool,
            Some("integer") => Type::Int,
            Some("number") => Type::Double,
            Some("string") => of_format(text(schema, "format")),
            Some("array") => {
                let items = schema.get("items").filter(|items| items.is_object());
                Type::list(items.map_or(Type::Dyn, |items| self.part(items, &format!("{name}[]"))))
            }
            Some("object") => self.object(schema, name),
            _ if schema.get("properties").is_some() => self.object(schema, name),
            _ => Type::Dyn,
        }
    }

    fn follow(&mut self, reference: &str) -> Type {
        if let Some(done) = self.done.get(reference) {
            return done.clone();
        }
        let definitions = self.definitions;
        let Some(schema) = definitions.definition(reference) else { return Type::Dyn };
        if !self.open.insert(reference.to_owned()) {
            return Type::Dyn;
        }
        let last = reference.rsplit(['/', '.']).next().unwrap_or(reference);
        let ty = self.read(schema, last);
        self.open.remove(reference);
        self.done.insert(reference.to_owned(), ty.clone());
        ty
    }

    fn object(&mut self, schema: &Json, name: &str) -> Type {
        let preserved = flag(schema, "x-kubernetes-preserve-unknown-fields");
        let embedded = flag(schema, "x-kubernetes-embedded-resource");
        let properties = schema.get("properties").and_then(Json::as_object).filter(|map| !map.is_empty());
        if properties.is_none() && !embedded {
            return match schema.get("additionalProperties") {
                Some(values @ Json::Object(_)) => {
                    let values = self.part(values, &format!("{name}[]"));
                    Type::map(Type::String, values)
                }
                Some(Json::Bool(true)) => Type::map(Type::String, Type::Dyn),
                // A list of fields that is empty, or none at all, says nothing about them.
                _ => Type::Dyn,
            };
        }
        let required = schema.get("required").and_then(Json::as_array);
        let is_required = |field: &str| required.is_some_and(|names| names.iter().any(|name| name == field));
        let mut fields = BTreeMap::new();
        for (field, part) in properties.into_iter().flatten() {
            let ty = self.read(part, &format!("{name}.{field}"));
            let always = is_required(field) || part.get("default").is_some();
            let description = text(part, "description").map(str::to_owned);
            fields.insert(field.clone(), Field { ty, always, description });
        }
        if embedded {
            embed(&mut fields);
        }
        let object = Object::new(name, fields);
        let open =
            preserved || embedded || schema.get("additionalProperties").is_some_and(|more| more != &Json::Bool(false));
        Type::object(if open { object.open() } else { object })
    }
}

/// A reference, also as kube-openapi writes it when a description stands beside it.
fn reference(schema: &Json) -> Option<&str> {
    if let Some(found) = text(schema, "$ref") {
        return Some(found);
    }
    match schema.get("allOf").and_then(Json::as_array).map(Vec::as_slice) {
        Some([only]) if kind(schema).is_none() && schema.get("properties").is_none() => text(only, "$ref"),
        _ => None,
    }
}

fn flag(schema: &Json, name: &str) -> bool {
    schema.get(name) == Some(&Json::Bool(true))
}

fn text<'s>(schema: &'s Json, name: &str) -> Option<&'s str> {
    schema.get(name).and_then(Json::as_str)
}

/// The type that a schema names; of a list of types, the only one beside null.
fn kind(schema: &Json) -> Option<&str> {
    match schema.get("type")? {
        Json::String(name) => Some(name),
        Json::Array(names) => {
            let mut names = names.iter().filter_map(Json::as_str).filter(|name| *name != "null");
            names.next().filter(|_| names.next().is_none())
        }
        _ => None,
    }
}

fn of_format(format: Option<&str>) -> Type {
    match format {
        Some("byte") => Type::Bytes,
        Some("date-time" | "date") => Type::Timestamp,
        Some("duration") => Type::Duration,
        _ => Type::String,
    }
}

fn embed(fields: &mut BTreeMap<String, Field>) {
    for name in ["apiVersion", "kind"] {
        fields.entry(name.to_owned()).or_insert_with(|| Field::new(Type::String).required());
    }
    let metadata = || Field::new(object_meta()).required();
    fields.entry("metadata".to_owned()).and_modify(|field| merge_meta(field, metadata())).or_insert_with(metadata);
}

/// CRDs write `metadata: {type: object}` and mean the whole of `ObjectMeta`.
fn merge_meta(field: &mut Field, whole: Field) {
    if field.ty.is_dyn() {
        *field = whole;
    }
}

/// The metadata of every Kubernetes object, as API machinery defines it.
#[must_use]
pub fn object_meta() -> Type {
    let owner = Object::new(
        "OwnerReference",
        ["apiVersion", "kind", "name", "uid"]
            .map(|name| (name.to_owned(), Field::new(Type::String).required()))
            .into_iter()
            .chain(["controller", "blockOwnerDeletion"].map(|name| (name.to_owned(), Field::new(Type::Bool)))),
    );
    let texts = Type::map(Type::String, Type::String);
    let fields = [
        ("name", Type::String),
        ("generateName", Type::String),
        ("namespace", Type::String),
        ("selfLink", Type::String),
        ("uid", Type::String),
        ("resourceVersion", Type::String),
        ("generation", Type::Int),
        ("creationTimestamp", Type::Timestamp),
        ("deletionTimestamp", Type::Timestamp),
        ("deletionGracePeriodSeconds", Type::Int),
        ("labels", texts.clone()),
        ("annotations", texts),
        ("ownerReferences", Type::list(Type::object(owner))),
        ("finalizers", Type::list(Type::String)),
        ("managedFields", Type::list(Type::Dyn)),
    ];
    Type::object(Object::new("ObjectMeta", fields.map(|(name, ty)| (name.to_owned(), Field::new(ty)))))
}
