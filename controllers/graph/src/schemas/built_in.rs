//! The kinds that are known without a cluster.

use std::sync::Arc;

use cairn_crds::graph::{Scope, definition_schema};
use cairn_crds::{Groups, KINDS, Reach, VERSION, kubernetes};
use serde_json::json;

use super::{Gvk, Kind, SchemaSet, Traits, from_crd};
use crate::openapi::{Cursor, Definitions};

/// Kubernetes' own kinds, of the version that this program was built for.
#[must_use]
pub fn kubernetes() -> SchemaSet {
    let (kinds, definitions) = kubernetes::kinds();
    let definitions: Arc<Definitions> = Arc::new(definitions);
    let kind = |found: kubernetes::BuiltIn| {
        let has_status = Cursor::new(&found.schema, &definitions).property("status").is_some();
        let traits = Traits {
            plural: found.plural.to_owned(),
            scope: scope(found.reach),
            has_status,
            is_applicable: found.is_kept,
        };
        Kind::new(Gvk::new(found.api_version, found.kind), traits, found.schema, Arc::clone(&definitions))
    };
    kinds.into_iter().map(kind).collect()
}

/// The operator's own kinds, under the group settings.
#[must_use]
pub fn own(groups: &Groups) -> SchemaSet {
    // The tests of the types prove that each manifest is a definition.
    let kinds = KINDS.iter().filter_map(|kind| from_crd(&kind.manifest(groups)).ok()).flatten();
    kinds.chain([definition(groups)]).collect()
}

/// Definitions themselves: one may be made by another.
fn definition(groups: &Groups) -> Kind {
    let gvk = Gvk {
        group: groups.graph().to_owned(),
        version: VERSION.to_owned(),
        kind: "ResourceGraphDefinition".to_owned(),
    };
    let traits = Traits {
        plural: "resourcegraphdefinitions".to_owned(),
        scope: Scope::Cluster,
        has_status: true,
        is_applicable: true,
    };
    let status = json!({
        "type": "object",
        "x-kubernetes-preserve-unknown-fields": true,
        "properties": {"state": {"type": "string"}},
    });
    let schema = json!({"type": "object", "properties": {"spec": definition_schema(), "status": status}});
    Kind::new(gvk, traits, schema, Arc::new(Definitions::new()))
}

fn scope(reach: Reach) -> Scope {
    match reach {
        Reach::Namespaced => Scope::Namespaced,
        Reach::Cluster => Scope::Cluster,
    }
}
