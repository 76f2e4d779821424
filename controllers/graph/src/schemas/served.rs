//! Kinds from what an API server says of one group and version: its list of resources, and its `OpenAPI` document.

use std::collections::BTreeSet;
use std::sync::Arc;

use cairn_crds::graph::Scope;
use serde_json::Value as Json;

use super::{Gvk, Kind, Traits};
use crate::openapi::Definitions;

/// Why no kinds can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServedError {
    /// The list of resources is none.
    #[error("this is no APIResourceList: it has no {0}")]
    Resources(&'static str),
    /// The document is none.
    #[error("this is no OpenAPI v3 document: it has no components.schemas")]
    Document,
}

/// The kinds of one group and version; `resources` is an `APIResourceList` (`/apis/GROUP/VERSION`), `document` the
/// `OpenAPI` v3 document of the same (`/openapi/v3/apis/GROUP/VERSION`).
///
/// # Errors
/// Either is not what it should be. A resource without a schema is left out: the API server knows none for it.
pub fn from_served(resources: &Json, document: &Json) -> Result<Vec<Kind>, ServedError> {
    let version = resources.get("groupVersion").and_then(Json::as_str).ok_or(ServedError::Resources("groupVersion"))?;
    let list = resources.get("resources").and_then(Json::as_array).ok_or(ServedError::Resources("resources"))?;
    let schemas = document.pointer("/components/schemas").and_then(Json::as_object).ok_or(ServedError::Document)?;
    let definitions: Arc<Definitions> =
        Arc::new(schemas.iter().map(|(name, schema)| (name.clone(), schema.clone())).collect());
    let with_status: BTreeSet<&str> =
        list.iter().filter_map(|resource| resource.get("name")?.as_str()?.strip_suffix("/status")).collect();
    let kind = |resource: &Json| {
        let plural = resource.get("name")?.as_str().filter(|name| !name.contains('/'))?;
        let gvk = Gvk::new(version, resource.get("kind")?.as_str()?);
        let schema = definitions.values().find(|schema| names(schema, &gvk))?;
        let namespaced = resource.get("namespaced")?.as_bool()?;
        let verbs = resource.get("verbs").and_then(Json::as_array);
        let traits = Traits {
            plural: plural.to_owned(),
            scope: if namespaced { Scope::Namespaced } else { Scope::Cluster },
            has_status: with_status.contains(plural),
            is_applicable: verbs.is_some_and(|verbs| verbs.iter().any(|verb| verb == "patch")),
        };
        Some(Kind::new(gvk, traits, schema.clone(), Arc::clone(&definitions)))
    };
    Ok(list.iter().filter_map(kind).collect())
}

/// Whether a schema is that of a kind.
fn names(schema: &Json, gvk: &Gvk) -> bool {
    let of = |named: &Json, key: &str, value: &str| named.get(key).and_then(Json::as_str) == Some(value);
    let kinds = schema.get("x-kubernetes-group-version-kind").and_then(Json::as_array);
    kinds.into_iter().flatten().any(|named| {
        of(named, "group", &gvk.group) && of(named, "version", &gvk.version) && of(named, "kind", &gvk.kind)
    })
}
