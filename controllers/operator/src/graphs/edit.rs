//! What an edited definition changes for the instances of its kind, where that kind is served already: what breaks
//! whom, as the operator would say it, before anything is applied.

use std::collections::BTreeMap;

use cairn_crds::Groups;
use cairn_graph::Problem;
use cairn_graph::compat::{Change, Comparison, compare};
use serde_json::Value as Json;

use super::catalog::{Catalog, Fate, Ready};
use super::diagnostic::Severity;
use super::files::Document;

/// How many instances are named.
const NAMED: usize = 3;

/// A kind as it is served.
#[derive(Debug, Clone, Default)]
pub(super) struct Served {
    /// Its `CustomResourceDefinition`.
    pub(super) definition: Json,
    /// The instances that there are.
    pub(super) instances: Vec<Json>,
}

/// Compares the kinds of definitions with those that are served, by the names of their custom resource definitions.
pub(super) fn check(catalog: &mut Catalog, served: &BTreeMap<String, Served>, groups: &Groups) {
    let key = groups.graph_key("allow-breaking-changes");
    let mut found = Vec::new();
    for entry in &mut catalog.entries {
        let Fate::Ready(ready) = &entry.fate else { continue };
        let Some(served) = served.get(&ready.kind.name()) else { continue };
        let permitted = entry.document.json.pointer("/metadata/annotations").and_then(|all| all.get(&key));
        let permitted = permitted.is_some_and(|value| value == "true");
        let severity = if permitted { Severity::Warning } else { Severity::Error };
        let comparison = compare(&served.definition, &ready.kind.manifest(&BTreeMap::new()));
        let instances = instances(&catalog.others, ready, served);
        for change in comparison.breaking() {
            entry.breaks |= !permitted;
            let problem = problem(&comparison, change, &instances, (&key, permitted));
            found.push((severity, entry.document.clone(), problem));
        }
    }
    for (severity, document, problem) in found {
        catalog.say(severity, &document, "spec", problem);
    }
}

/// The instances in the files, and those of the cluster.
fn instances<'i>(files: &'i [Document], ready: &Ready, served: &'i Served) -> Vec<&'i Json> {
    let of_kind = |document: &&Document| document.gvk().is_some_and(|gvk| gvk == ready.kind.gvk);
    files.iter().filter(of_kind).map(|document| &document.json).chain(&served.instances).collect()
}

fn problem(comparison: &Comparison, change: &Change, instances: &[&Json], (key, permitted): (&str, bool)) -> Problem {
    let breaks = |instance: &&&Json| comparison.affecting(instance).contains(&change);
    let mut names: Vec<String> = instances.iter().filter(breaks).map(|instance| name(instance)).collect();
    names.sort();
    names.dedup();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let whom = match (names.as_slice(), more) {
        ([], _) => String::new(),
        (some, 0) => format!(", as {}", some.join(", ")),
        (some, more) => format!(", as {} and {more} more", some.join(", ")),
    };
    let way = if permitted { String::new() } else { format!(" (the annotation {key}: \"true\" permits it)") };
    let inner = change.path.split("[*]").next().unwrap_or_default();
    let path = if inner.is_empty() { "schema".to_owned() } else { format!("schema.{inner}") };
    Problem::new(path, format!("{change}{whom}{way}"))
}

fn name(instance: &Json) -> String {
    let text = |name: &str| instance.pointer(name).and_then(Json::as_str);
    let namespace = text("/metadata/namespace").map(|namespace| format!("{namespace}/")).unwrap_or_default();
    format!("{namespace}{}", text("/metadata/name").unwrap_or("(without a name)"))
}
