//! The `CustomResourceDefinition` that a definition makes.

mod columns;
mod plural;
pub(crate) mod status;

use std::collections::BTreeMap;
use std::sync::Arc;

use cairn_crds::Groups;
use cairn_crds::graph::{PrinterColumn, Scope};
use serde_json::{Map, Value as Json, json};

pub use plural::plural;

use crate::definition::Instance;
use crate::openapi::Definitions;
use crate::problem::Problem;
use crate::schemas::{Gvk, Kind, Traits};

/// The kind that a definition makes, with its schema.
#[derive(Debug, Clone, PartialEq)]
pub struct InstanceKind {
    /// Its name.
    pub gvk: Gvk,
    /// The name in paths of the API.
    pub plural: String,
    /// Whether instances live in a namespace.
    pub scope: Scope,
    spec: Json,
    status: Json,
    columns: Vec<PrinterColumn>,
    short_names: Vec<String>,
    categories: Vec<String>,
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
}

impl InstanceKind {
    /// The kind; `status` are the schemas of the fields of its status that the definition names.
    pub(crate) fn new(
        instance: &Instance,
        mut status: Map<String, Json>,
        groups: &Groups,
        warnings: &mut Vec<Problem>,
    ) -> Self {
        for (name, schema) in reserved(groups) {
            if status.insert(name.clone(), schema).is_some() {
                let message = format!("the operator writes status.{name} itself: what stands here has no effect");
                warnings.push(Problem::new(crate::problem::field("schema.status", &name), message));
            }
        }
        let kind = Self {
            gvk: instance.gvk(),
            plural: plural(&instance.kind.to_ascii_lowercase()),
            scope: instance.scope,
            spec: instance.spec.openapi.clone(),
            status: json!({"type": "object", "properties": status}),
            columns: if instance.columns.is_empty() { columns::default() } else { instance.columns.clone() },
            short_names: instance.short_names.clone(),
            categories: instance.categories.clone(),
            labels: instance.labels.clone(),
            annotations: instance.annotations.clone(),
        };
        columns::check(&instance.columns, &kind.schema(), warnings);
        kind
    }

    /// The name of the `CustomResourceDefinition`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}.{}", self.plural, self.gvk.group)
    }

    /// The structural schema of an instance.
    #[must_use]
    pub fn schema(&self) -> Json {
        json!({
            "type": "object",
            "properties": {
                "apiVersion": {"type": "string"},
                "kind": {"type": "string"},
                "metadata": {"type": "object"},
                "spec": self.spec,
                "status": self.status,
            },
        })
    }

    /// The `CustomResourceDefinition`, with more labels of the operator's: they go before those of the definition.
    #[must_use]
    pub fn manifest(&self, labels: &BTreeMap<String, String>) -> Json {
        let all: BTreeMap<&String, &String> = self.labels.iter().chain(labels).collect();
        let singular = self.gvk.kind.to_ascii_lowercase();
        let mut names = json!({
            "kind": self.gvk.kind,
            "listKind": format!("{}List", self.gvk.kind),
            "plural": self.plural,
            "singular": singular,
        });
        let mut metadata = json!({"name": self.name()});
        put(&mut names, "shortNames", &self.short_names, self.short_names.is_empty());
        put(&mut names, "categories", &self.categories, self.categories.is_empty());
        put(&mut metadata, "labels", &all, all.is_empty());
        put(&mut metadata, "annotations", &self.annotations, self.annotations.is_empty());
        json!({
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": metadata,
            "spec": {
                "conversion": {"strategy": "None"},
                "group": self.gvk.group,
                "names": names,
                "scope": if self.scope == Scope::Cluster { "Cluster" } else { "Namespaced" },
                "versions": [{
                    "name": self.gvk.version,
                    "served": true,
                    "storage": true,
                    "additionalPrinterColumns": self.columns,
                    "schema": {"openAPIV3Schema": self.schema()},
                    "subresources": {"status": {}},
                }],
            },
        })
    }

    /// The kind as other definitions see it, which may have instances of it among their resources.
    #[must_use]
    pub fn kind(&self) -> Kind {
        let traits = Traits { plural: self.plural.clone(), scope: self.scope, has_status: true, is_applicable: true };
        Kind::new(self.gvk.clone(), traits, self.schema(), Arc::new(Definitions::new()))
    }
}

/// Sets a field, unless there is nothing in it.
fn put(target: &mut Json, name: &str, value: &impl serde::Serialize, empty: bool) {
    if !empty {
        target[name] = json!(value);
    }
}

/// The fields of the status that the operator writes: kro's, and under another group than kro's ours too.
fn reserved(groups: &Groups) -> Vec<(String, Json)> {
    let mut texts: Map<String, Json> = ["lastTransitionTime", "message", "reason", "status", "type"]
        .into_iter()
        .map(|name| (name.to_owned(), json!({"type": "string"})))
        .collect();
    texts.insert("observedGeneration".to_owned(), json!({"type": "integer"}));
    let conditions = json!({
        "type": "array",
        "items": {"type": "object", "properties": texts, "required": ["type"]},
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["type"],
    });
    let mut fields = vec![("state".to_owned(), json!({"type": "string"})), ("conditions".to_owned(), conditions)];
    if groups.graph() != Groups::KRO_GRAPH {
        fields.push(("observedGeneration".to_owned(), json!({"type": "integer"})));
        fields.push(("lastHandledReconcileAt".to_owned(), json!({"type": "string"})));
    }
    fields
}
