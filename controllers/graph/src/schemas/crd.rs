//! Kinds from their `CustomResourceDefinition`.

use std::sync::Arc;

use cairn_crds::graph::Scope;
use serde_json::Value as Json;

use super::{Gvk, Kind, Traits};
use crate::openapi::Definitions;

/// Why no kind can be read from what should be a `CustomResourceDefinition`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrdError {
    /// A part that it must have is missing, or is of another type.
    #[error("the custom resource definition has no {0}")]
    Lacks(&'static str),
    /// The scope is none that there is.
    #[error("{0:?} is no scope of a custom resource definition")]
    Scope(String),
}

/// The kinds that a `CustomResourceDefinition` of `apiextensions.k8s.io/v1` makes: one for each version that it serves.
///
/// # Errors
/// It has not the parts that the API server demands.
pub fn from_crd(crd: &Json) -> Result<Vec<Kind>, CrdError> {
    let text = |pointer: &str, what| crd.pointer(pointer).and_then(Json::as_str).ok_or(CrdError::Lacks(what));
    let group = text("/spec/group", "spec.group")?;
    let kind = text("/spec/names/kind", "spec.names.kind")?;
    let plural = text("/spec/names/plural", "spec.names.plural")?;
    let scope = match text("/spec/scope", "spec.scope")? {
        "Namespaced" => Scope::Namespaced,
        "Cluster" => Scope::Cluster,
        other => return Err(CrdError::Scope(other.to_owned())),
    };
    let versions = crd.pointer("/spec/versions").and_then(Json::as_array).ok_or(CrdError::Lacks("spec.versions"))?;
    let mut kinds = Vec::new();
    for version in versions.iter().filter(|version| version.get("served") == Some(&Json::Bool(true))) {
        let name = version.get("name").and_then(Json::as_str).ok_or(CrdError::Lacks("spec.versions[].name"))?;
        let schema = version.pointer("/schema/openAPIV3Schema").filter(|schema| schema.is_object());
        let schema = schema.ok_or(CrdError::Lacks("spec.versions[].schema.openAPIV3Schema"))?;
        let gvk = Gvk { group: group.to_owned(), version: name.to_owned(), kind: kind.to_owned() };
        let has_status = version.pointer("/subresources/status").is_some_and(|status| !status.is_null());
        let traits = Traits { plural: plural.to_owned(), scope, has_status, is_applicable: true };
        kinds.push(Kind::new(gvk, traits, schema.clone(), Arc::new(Definitions::new())));
    }
    Ok(kinds)
}
