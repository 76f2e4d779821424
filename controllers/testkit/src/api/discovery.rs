//! Discovery documents.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};

use super::{
    kind::{Kind, Kinds},
    request::Answer,
};

const VERBS: [&str; 8] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/// Answers a path that is not about a resource; none where nothing is served.
pub(crate) fn discover(kinds: &Kinds, path: &str) -> Option<Answer> {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let document = match segments.as_slice() {
        ["version"] => version(),
        ["healthz" | "livez" | "readyz"] => json!("ok"),
        ["api"] => json!({ "kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": [] }),
        ["apis"] => json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": groups(kinds) }),
        ["api", version] => resources(kinds, "", version)?,
        ["apis", group] => {
            let found = groups(kinds).into_iter().find(|document| document["name"] == *group);
            found?
        }
        ["apis", group, version] => resources(kinds, group, version)?,
        _ => return None,
    };
    Some(Answer::json(200, document))
}

fn version() -> Value {
    json!({
        "major": "1", "minor": "35", "gitVersion": "v1.35.0", "gitCommit": "", "gitTreeState": "clean",
        "buildDate": "2026-01-01T00:00:00Z", "goVersion": "", "compiler": "", "platform": "linux/amd64",
    })
}

fn groups(kinds: &Kinds) -> Vec<Value> {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for kind in kinds.iter().filter(|kind| !kind.group.is_empty()) {
        let versions = groups.entry(&kind.group).or_default();
        for version in &kind.versions {
            if !versions.contains(&version.name.as_str()) {
                versions.push(&version.name);
            }
        }
    }
    groups.iter().map(|(group, versions)| group_document(group, versions)).collect()
}

fn group_document(group: &str, versions: &[&str]) -> Value {
    let entry = |version: &&str| json!({ "groupVersion": format!("{group}/{version}"), "version": version });
    let entries: Vec<Value> = versions.iter().map(entry).collect();
    json!({
        "kind": "APIGroup", "apiVersion": "v1", "name": group,
        "versions": entries, "preferredVersion": entries.first(),
    })
}

fn resources(kinds: &Kinds, group: &str, version: &str) -> Option<Value> {
    let served: Vec<&Arc<Kind>> =
        kinds.iter().filter(|kind| kind.group == group && kind.version(version).is_some()).collect();
    let first = served.first()?;
    let list: Vec<Value> = served.iter().flat_map(|kind| entries(kind, version)).collect();
    Some(json!({
        "kind": "APIResourceList", "apiVersion": "v1",
        "groupVersion": first.api_version(version), "resources": list,
    }))
}

fn entries(kind: &Kind, version: &str) -> Vec<Value> {
    let mut list = vec![json!({
        "name": kind.plural, "singularName": kind.singular, "namespaced": kind.namespaced, "kind": kind.name,
        "verbs": VERBS, "shortNames": kind.short_names, "categories": kind.categories,
    })];
    let mut part = |name: &str, more: Value| {
        let mut entry = json!({
            "name": format!("{}/{name}", kind.plural), "singularName": "", "namespaced": kind.namespaced,
            "kind": kind.name, "verbs": ["get", "patch", "update"],
        });
        json_patch::merge(&mut entry, &more);
        list.push(entry);
    };
    let version = kind.version(version);
    if version.is_some_and(|version| version.status) {
        part("status", json!({}));
    }
    if version.is_some_and(|version| version.scale.is_some()) {
        part("scale", json!({ "group": "autoscaling", "version": "v1", "kind": "Scale" }));
    }
    list
}
