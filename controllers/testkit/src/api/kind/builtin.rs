//! The built-in kinds.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Kind, Nature, Version, typed_blank};
use crate::api::schema::{self, Empty, MapType, Schema, Type};

struct Row(&'static str, &'static str, &'static str, &'static str, bool, bool, Nature);

/// Group, version, kind, plural, namespaced, status, nature.
const ROWS: [Row; 7] = [
    Row("", "v1", "Namespace", "namespaces", false, true, Nature::Namespace),
    Row("", "v1", "Secret", "secrets", true, false, Nature::Secret),
    Row("", "v1", "ConfigMap", "configmaps", true, false, Nature::ConfigMap),
    Row("", "v1", "Event", "events", true, false, Nature::Event),
    Row("events.k8s.io", "v1", "Event", "events", true, false, Nature::Event),
    Row("coordination.k8s.io", "v1", "Lease", "leases", true, false, Nature::Lease),
    Row(
        "apiextensions.k8s.io",
        "v1",
        "CustomResourceDefinition",
        "customresourcedefinitions",
        false,
        true,
        Nature::Definition,
    ),
];

pub(super) fn kinds() -> Vec<Kind> {
    ROWS.iter().map(kind).collect()
}

fn kind(&Row(group, version, name, plural, namespaced, status, nature): &Row) -> Kind {
    let schema = Arc::new(schema::of_builtin(group, plural));
    let api_version = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    let mut blank = typed_blank(&api_version, name);
    fill(&mut blank, &schema);
    Kind {
        group: group.to_owned(),
        versions: vec![Version {
            name: version.to_owned(),
            status,
            scale: None,
            selectable: selectable(nature),
            structure: Arc::clone(&schema),
            schema,
            blank,
        }],
        name: name.to_owned(),
        list_name: format!("{name}List"),
        plural: plural.to_owned(),
        singular: name.to_lowercase(),
        short_names: Vec::new(),
        categories: Vec::new(),
        namespaced,
        nature,
    }
}

fn selectable(nature: Nature) -> Vec<String> {
    let fields: &[&str] = match nature {
        Nature::Secret => &["type"],
        Nature::Namespace => &["status.phase", "name"],
        Nature::Event => &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
        _ => &[],
    };
    fields.iter().map(|field| (*field).to_owned()).collect()
}

/// What a built-in type always has: the parts that are no pointers.
fn fill(object: &mut Value, schema: &Schema) {
    let Some(fields) = object.as_object_mut() else {
        return;
    };
    for (name, field) in &schema.fields {
        let part = field.kind == Some(Type::Object) && field.map == MapType::Granular;
        if part && field.empty == Empty::Kept && !field.fields.is_empty() {
            fill(fields.entry(name.clone()).or_insert_with(|| Value::Object(Map::new())), field);
        }
    }
}
