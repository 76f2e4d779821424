//! The kind that a definition makes.

use std::collections::{BTreeMap, BTreeSet};

use cairn_cel::Type;
use cairn_cel::schema::{NoDefinitions, object_meta, to_type};
use cairn_cel::types::{Field, Object as TypeOf};
use cairn_crds::graph::{InstanceSchema, PrinterColumn, Scope};
use serde_json::{Map, Value as Json};

use super::expression::Expression;
use super::object::{Text, collect};
use super::{Settings, names};
use crate::problem::{Problem, field, index};
use crate::schemas::Gvk;
use crate::simple_schema::{self, Schema};

/// How deep a status may be.
const MAX_STATUS_DEPTH: usize = 64;

/// The most short names, and the most categories.
const MAX_NAMES: usize = 32;

/// The kind that users create instances of.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// Kind.
    pub kind: String,
    /// Group.
    pub group: String,
    /// Version.
    pub version: String,
    /// Whether instances live in a namespace.
    pub scope: Scope,
    /// The schema of an instance's spec.
    pub spec: Schema,
    /// The status, with its expressions and without conditions.
    pub status: Map<String, Json>,
    /// The texts of the status that hold expressions.
    pub status_texts: Vec<Text>,
    /// The conditions that the author defines; with any, the built-in ones are not written.
    pub conditions: Vec<Expression>,
    /// What `kubectl get` shows instead of the default columns, if any.
    pub columns: Vec<PrinterColumn>,
    /// Short names.
    pub short_names: Vec<String>,
    /// Categories.
    pub categories: Vec<String>,
    /// Labels of the generated `CustomResourceDefinition`.
    pub labels: BTreeMap<String, String>,
    /// Its annotations.
    pub annotations: BTreeMap<String, String>,
}

impl Instance {
    /// Group, version and kind.
    #[must_use]
    pub fn gvk(&self) -> Gvk {
        Gvk { group: self.group.clone(), version: self.version.clone(), kind: self.kind.clone() }
    }

    /// The type of `schema` in expressions: an instance without its status, and in the cluster without a namespace.
    #[must_use]
    pub fn ty(&self) -> Type {
        let spec = match to_type(&self.spec.openapi, &format!("{}.spec", self.kind), &NoDefinitions) {
            // An object without fields has none, and not any.
            ty if ty.is_dyn() => Type::object(TypeOf::new(format!("{}.spec", self.kind), [])),
            ty => ty,
        };
        let fields =
            [("apiVersion", Type::String), ("kind", Type::String), ("metadata", self.metadata()), ("spec", spec)];
        let fields = fields.map(|(name, ty)| (name.to_owned(), Field::new(ty).required()));
        // It is declared so that the message can say why it cannot be read.
        let status = ("status".to_owned(), Field::new(Type::Dyn));
        Type::object(TypeOf::new(self.kind.clone(), fields.into_iter().chain([status])))
    }

    fn metadata(&self) -> Type {
        match object_meta() {
            Type::Object(meta) if self.scope == Scope::Cluster => {
                let fields = meta.fields().iter().filter(|(name, _)| *name != "namespace");
                let fields = fields.map(|(name, field)| (name.clone(), field.clone()));
                Type::object(TypeOf::new("ObjectMeta of a cluster-scoped object", fields))
            }
            meta => meta,
        }
    }
}

/// Checks the kind; nothing comes back where its schema is wrong.
pub(super) fn check(schema: InstanceSchema, settings: &Settings, problems: &mut Vec<Problem>) -> Option<Instance> {
    let default = settings.instance_group.as_deref().unwrap_or(settings.groups.graph());
    let group = schema.group.unwrap_or_else(|| default.to_owned());
    identity(&schema.kind, &schema.api_version, &group, settings, problems);
    columns(&schema.additional_printer_columns, problems);
    for (path, list) in [("schema.shortNames", &schema.short_names), ("schema.categories", &schema.categories)] {
        short(list, path, problems);
    }
    let spec = simple_schema::openapi(&schema.spec.unwrap_or_default(), &schema.types.unwrap_or_default());
    let mut status = schema.status.unwrap_or_default();
    let conditions = conditions(status.remove("conditions"), problems);
    let mut status_texts = Vec::new();
    for (name, part) in &status {
        collect(part, field("schema.status", name), MAX_STATUS_DEPTH, &mut status_texts, problems);
    }
    let marks = schema.metadata.unwrap_or_default();
    let spec = spec.map_err(|found| problems.extend(found.0)).ok()?;
    Some(Instance {
        kind: schema.kind,
        group,
        version: schema.api_version,
        scope: schema.scope,
        spec,
        status,
        status_texts,
        conditions,
        columns: schema.additional_printer_columns,
        short_names: schema.short_names,
        categories: schema.categories,
        labels: marks.labels,
        annotations: marks.annotations,
    })
}

fn identity(kind: &str, version: &str, group: &str, settings: &Settings, problems: &mut Vec<Problem>) {
    if !names::is_kind(kind) {
        let expected = "upper camel case with at most 63 letters, like `WebApplication`";
        problems.push(Problem::new("schema.kind", format!("{kind:?} is no valid kind")).expected(expected));
    }
    if !names::is_version(version) {
        let message = format!("{version:?} is no version of Kubernetes");
        problems
            .push(Problem::new("schema.apiVersion", message).expected("a version like `v1alpha1`, without a group"));
    }
    if !cairn_crds::Groups::is_group_name(group) {
        let message = format!("{group:?} is no group name");
        problems.push(Problem::new("schema.group", message).expected("a DNS subdomain with at least one dot"));
    }
    let groups = &settings.groups;
    let own_kind = group == groups.graph() && kind == "ResourceGraphDefinition";
    if groups.is_ours_alone(group) || own_kind {
        problems.push(Problem::new("schema.group", format!("{kind}.{group} belongs to the operator itself")));
    }
}

fn columns(columns: &[PrinterColumn], problems: &mut Vec<Problem>) {
    for (at, column) in columns.iter().enumerate() {
        let path = index("schema.additionalPrinterColumns", at);
        if column.name.is_empty() {
            problems.push(Problem::new(field(&path, "name"), "the name is empty"));
        }
        if !["integer", "number", "string", "boolean", "date"].contains(&column.kind.as_str()) {
            let message = format!("{:?} is no type of a column", column.kind);
            let expected = "integer, number, string, boolean or date";
            problems.push(Problem::new(field(&path, "type"), message).expected(expected));
        }
        if !column.json_path.starts_with(['.', '[']) {
            let message = format!("{:?} is no path into an object", column.json_path);
            problems.push(Problem::new(field(&path, "jsonPath"), message).expected("a JSON path like `.spec.name`"));
        }
    }
}

fn short(list: &[String], path: &str, problems: &mut Vec<Problem>) {
    if list.len() > MAX_NAMES {
        problems.push(Problem::new(path, format!("there are more than {MAX_NAMES} names")));
    }
    let mut seen = BTreeSet::new();
    for (at, name) in list.iter().enumerate() {
        if !names::is_short_name(name) {
            let expected = "lower-case letters, digits and `-`, at most 63, a letter first";
            problems.push(Problem::new(index(path, at), format!("{name:?} is no valid name")).expected(expected));
        }
        if !seen.insert(name) {
            problems.push(Problem::new(index(path, at), format!("{name:?} is named twice")));
        }
    }
}

fn conditions(written: Option<Json>, problems: &mut Vec<Problem>) -> Vec<Expression> {
    const PATH: &str = "schema.status.conditions";
    let items = match written {
        None => return Vec::new(),
        Some(Json::Array(items)) => items,
        Some(_) => {
            problems.push(Problem::new(PATH, "status.conditions must be a list").expected("a list of expressions"));
            return Vec::new();
        }
    };
    let mut found = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let path = index(PATH, at);
        match item.as_str().map(|text| Expression::read(text, &path)) {
            Some(Ok(expression)) => found.push(expression),
            Some(Err(problem)) => problems.push(problem),
            None => problems.push(Problem::new(path, "a condition must be an expression").expected("`${EXPRESSION}`")),
        }
    }
    found
}
