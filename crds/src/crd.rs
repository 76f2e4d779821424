//! From a [`Kind`] and the group settings to a `CustomResourceDefinition`.

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use serde_json::{Value, json};

use crate::{Groups, Kind, VERSION, kind::Column};

impl Kind {
    /// The `CustomResourceDefinition` as JSON, with groups as given.
    ///
    /// It carries `helm.sh/resource-policy: keep`: uninstalling the chart must never delete objects and with them what
    /// they stand for in AWS.
    #[must_use]
    pub fn manifest(&self, groups: &Groups) -> Value {
        let group = self.group(groups);
        let mut manifest = json!({
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {
                "name": format!("{}.{group}", self.plural),
                "annotations": {"helm.sh/resource-policy": "keep"},
            },
            "spec": {
                "group": group,
                "names": {
                    "kind": self.kind,
                    "listKind": format!("{}List", self.kind),
                    "plural": self.plural,
                    "singular": self.singular(),
                    "categories": self.home.categories(),
                },
                "scope": self.reach.as_str(),
                "versions": [{
                    "name": VERSION,
                    "served": true,
                    "storage": true,
                    "additionalPrinterColumns": self.columns(),
                    "schema": {"openAPIV3Schema": self.schema()},
                    "subresources": {"status": {}},
                }],
            },
        });
        if let Some(short) = self.short_name().filter(|_| groups.is_kro()) {
            manifest["spec"]["names"]["shortNames"] = json!([short]);
        }
        manifest
    }

    /// The same as a typed object.
    ///
    /// # Errors
    /// When the schema is none that the API types can hold, which the tests of this crate rule out for every kind.
    pub fn definition(&self, groups: &Groups) -> Result<CustomResourceDefinition, serde_json::Error> {
        serde_json::from_value(self.manifest(groups))
    }

    fn schema(&self) -> Value {
        json!({
            "type": "object",
            "description": self.description,
            "required": ["spec"],
            "properties": {
                "apiVersion": {"type": "string"},
                "kind": {"type": "string"},
                "metadata": {"type": "object"},
                "spec": (self.spec)(),
                "status": (self.status)(),
            },
        })
    }

    fn columns(&self) -> Vec<Value> {
        let age = Column { name: "Age", path: ".metadata.creationTimestamp", kind: "date", priority: 0 };
        self.columns.iter().chain([&age]).map(column).collect()
    }
}

/// The API server drops a priority of 0; written all the same, it would be a difference for ever.
fn column(column: &Column) -> Value {
    let mut written = json!({"name": column.name, "jsonPath": column.path, "type": column.kind});
    if column.priority != 0 {
        written["priority"] = column.priority.into();
    }
    written
}
