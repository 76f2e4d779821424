//! The kinds of the composition language themselves: names, columns and rules are kro's.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DefinitionSpec, DefinitionStatus, RevisionStatus};
use crate::{
    kind::{Column, Home, Kind, Reach},
    schema,
};

/// `ResourceGraphDefinition`.
pub static DEFINITION: Kind = Kind {
    home: Home::Graph,
    reach: Reach::Cluster,
    kind: "ResourceGraphDefinition",
    plural: "resourcegraphdefinitions",
    description: "A kind, and the resources that each instance of it is made of.",
    columns: &[
        Column::text("APIVersion", ".spec.schema.apiVersion"),
        Column::text("Kind", ".spec.schema.kind"),
        Column::text("State", ".status.state"),
        Column::READY,
        Column::text("TopologicalOrder", ".status.topologicalOrder").wide(),
    ],
    spec: schema::of::<DefinitionSpec>,
    status: schema::of::<DefinitionStatus>,
};

/// `GraphRevision`: what a definition said at some time. The operator writes it, and nobody changes it.
pub static REVISION: Kind = Kind {
    home: Home::Internal,
    reach: Reach::Cluster,
    kind: "GraphRevision",
    plural: "graphrevisions",
    description: "What a resource graph definition said at some time.",
    columns: &[
        Column::text("RGD", ".spec.snapshot.name").wide(),
        Column { name: "Revision", path: ".spec.revision", kind: "integer", priority: 0 },
        Column::READY,
    ],
    spec: schema::of::<RevisionSpec>,
    status: schema::of::<RevisionStatus>,
};

/// One accepted state of a definition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [{"rule": "self == oldSelf", "message": "spec is immutable"}]))]
pub struct RevisionSpec {
    /// Its number: each is higher than those before.
    #[schemars(range(min = 1))]
    pub revision: i64,
    /// What the definition said.
    pub snapshot: Snapshot,
}

/// What a definition said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Snapshot {
    /// Name of the definition.
    pub name: String,
    /// Generation of the definition.
    pub generation: i64,
    /// Its spec.
    pub spec: DefinitionSpec,
}
