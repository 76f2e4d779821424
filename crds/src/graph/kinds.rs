//! The kinds of the composition language themselves: names, columns and rules are kro's.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DefinitionSpec, DefinitionStatus, RevisionStatus};
use crate::{
    kind::{Column, Home, Kind, Reach},
    schema,
};

const READY: &str = ".status.conditions[?(@.type==\"Ready\")].status";

/// `ResourceGraphDefinition`.
pub static DEFINITION: Kind = Kind {
    home: Home::Graph,
    reach: Reach::Cluster,
    kind: "ResourceGraphDefinition",
    plural: "resourcegraphdefinitions",
    description: "A kind, and the resources that each instance of it is made of.",
    columns: &[
        Column { name: "APIVersion", path: ".spec.schema.apiVersion", kind: "string", priority: 0 },
        Column { name: "Kind", path: ".spec.schema.kind", kind: "string", priority: 0 },
        Column { name: "State", path: ".status.state", kind: "string", priority: 0 },
        Column { name: "Ready", path: READY, kind: "string", priority: 0 },
        Column { name: "TopologicalOrder", path: ".status.topologicalOrder", kind: "string", priority: 1 },
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
        Column { name: "RGD", path: ".spec.snapshot.name", kind: "string", priority: 1 },
        Column { name: "Revision", path: ".spec.revision", kind: "integer", priority: 0 },
        Column { name: "Ready", path: READY, kind: "string", priority: 0 },
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
