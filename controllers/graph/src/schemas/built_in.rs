//! The kinds that are known without a cluster.

use std::sync::Arc;

use cairn_crds::graph::Scope;
use cairn_crds::{Groups, KINDS, Reach, kubernetes};

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
    kinds.collect()
}

fn scope(reach: Reach) -> Scope {
    match reach {
        Reach::Namespaced => Scope::Namespaced,
        Reach::Cluster => Scope::Cluster,
    }
}
