//! Instances of definitions, as the API server would take them.

use cairn_crds::graph::Scope;
use cairn_graph::openapi::{Finding, NoHoles, fill, nulls, validate};
use serde_json::Value as Json;

use super::catalog::{Catalog, Fate, Ready};
use super::diagnostic::Severity;
use super::files::Document;

/// The namespace of an instance that names none, as with `kubectl` without a context.
const DEFAULT_NAMESPACE: &str = "default";

/// Checks every instance; gives how many there are.
pub(super) fn check(catalog: &mut Catalog) -> usize {
    let found = of(catalog);
    for (document, ready) in &found {
        let kind = ready.kind.kind();
        let instance = complete(document, ready);
        for finding in validate(kind.schema(), &instance, "", &mut NoHoles) {
            let (Finding::Wrong(problem) | Finding::Missing(problem)) = finding;
            catalog.say(Severity::Error, document, "", problem);
        }
        let spec = kind.schema().property("spec").zip(instance.get("spec"));
        for problem in spec.into_iter().flat_map(|(schema, spec)| nulls(schema, spec, "spec")) {
            catalog.say(Severity::Error, document, "", problem);
        }
    }
    found.len()
}

/// Every document that is an instance of a definition that compiled.
pub(super) fn of(catalog: &Catalog) -> Vec<(Document, Ready)> {
    let instance = |document: &Document| match &catalog.entry_of(document)?.fate {
        Fate::Ready(ready) => Some((document.clone(), (**ready).clone())),
        _ => None,
    };
    catalog.others.iter().filter_map(instance).collect()
}

/// An instance with the defaults of its schema and a namespace.
pub(super) fn complete(document: &Document, ready: &Ready) -> Json {
    let mut instance = document.json.clone();
    let kind = ready.kind.kind();
    if let Some(fields) = instance.as_object_mut() {
        // An absent spec takes the defaults too, where the schema has any.
        if !fields.contains_key("spec") {
            fields.insert("spec".into(), Json::Object(serde_json::Map::new()));
        }
    }
    fill(kind.schema(), &mut instance);
    let metadata = instance.get_mut("metadata").and_then(Json::as_object_mut);
    if let Some(metadata) = metadata.filter(|_| ready.kind.scope == Scope::Namespaced) {
        metadata.entry("namespace").or_insert_with(|| DEFAULT_NAMESPACE.into());
    }
    instance
}
