//! The `CustomResourceDefinition` of a definition: made, kept compatible, and kept as it is to be.

use cairn_graph::{
    compat::{Change, Comparison, compare},
    crd::InstanceKind,
    run::ObjectName,
    schemas::Gvk,
};
use kube::api::DynamicObject;
use serde_json::{Map, Value as Json, json};

use super::{Definer, draft::Draft, status::Point};
use crate::{
    catalog::crds,
    hands::Refusal,
    marks::{Marks, label_value},
};

/// How many instances a refusal names.
const NAMED: usize = 3;

/// The custom resource definition of a name.
pub(super) fn named(name: &str) -> ObjectName {
    let kind = Gvk::new("apiextensions.k8s.io/v1", "CustomResourceDefinition");
    ObjectName { kind, namespace: None, name: name.to_owned() }
}

impl Definer {
    /// Makes sure that the kind is served as the definition says; tells whether it is.
    pub(super) async fn ensure_kind(&self, draft: &Draft, kind: &InstanceKind) -> Result<Point, Refusal> {
        let wanted = kind.manifest(&self.marks.of_definition(&draft.name, &draft.uid));
        let name = named(&kind.name());
        let live = self.hands.read(&crds(), &name).await?;
        let live = match live {
            Some(live) => live,
            None => self.create_kind(&wanted).await?,
        };
        if let Err(why) = owned(&self.marks, &live, &draft.name) {
            return Ok(Point::no("Failed", why));
        }
        let comparison = compare(&ours(&json!(live), &wanted), &wanted);
        let served = if comparison.changes.is_empty() {
            live
        } else if let Some(refusal) = self.refusal(draft, &comparison) {
            return Ok(Point::no("Failed", refusal));
        } else {
            self.replace_kind(&name, live, &wanted).await?
        };
        Ok(established(&served, kind))
    }

    async fn create_kind(&self, wanted: &Json) -> Result<DynamicObject, Refusal> {
        let mut wanted = wanted.clone();
        if let Some((key, version)) = self.marks.version() {
            wanted["metadata"]["labels"][key] = version.into();
        }
        let object = serde_json::from_value(wanted).map_err(|error| Refusal::Refused(error.to_string()))?;
        self.hands.create(&crds(), self.marks.tool(), &object).await
    }

    /// Replaces the whole spec, so that what somebody added goes; labels and annotations of others stay.
    async fn replace_kind(
        &self,
        name: &ObjectName,
        mut live: DynamicObject,
        wanted: &Json,
    ) -> Result<DynamicObject, Refusal> {
        let texts = |field: &str| {
            let found = wanted.pointer(&format!("/metadata/{field}")).and_then(Json::as_object);
            found.into_iter().flatten().filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        };
        live.metadata.labels.get_or_insert_default().extend(texts("labels"));
        live.metadata.annotations.get_or_insert_default().extend(texts("annotations"));
        live.metadata.managed_fields = None;
        live.data["spec"] = wanted.get("spec").cloned().unwrap_or_default();
        self.hands.replace(&crds(), name, self.marks.tool(), &live).await
    }

    /// Why the kind cannot be changed; nothing when it can.
    fn refusal(&self, draft: &Draft, comparison: &Comparison) -> Option<String> {
        let refusal = comparison.refusal()?;
        if draft.may_break(&self.marks) {
            return None;
        }
        let breaks = self.broken(&draft.name, comparison);
        let key = self.marks.key("allow-breaking-changes");
        let whom = match breaks.as_slice() {
            [] => "no instance that there is breaks".to_owned(),
            some => {
                let named = some.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
                let more = some.len().saturating_sub(NAMED);
                let more = if more > 0 { format!("; and {more} more") } else { String::new() };
                format!("it breaks {named}{more}")
            }
        };
        Some(format!("{refusal} ({whom}); the annotation {key}=true permits it"))
    }

    /// The instances that a change breaks, each with the first reason.
    fn broken(&self, definition: &str, comparison: &Comparison) -> Vec<String> {
        let Some(graph) = self.graphs.get(definition) else { return Vec::new() };
        let mut found = Vec::new();
        for (key, stored) in graph.store.all() {
            let Ok(instance) = stored.parse::<Json>() else { continue };
            let affecting = comparison.affecting(&instance);
            if let Some(Change { path, what, .. }) = affecting.first() {
                found.push(format!("{key} ({path}: {what})"));
            }
        }
        found.sort();
        found
    }
}

/// Whether a custom resource definition is one that a definition may change.
fn owned(marks: &Marks, live: &DynamicObject, definition: &str) -> Result<(), String> {
    let label = |name: &str| live.metadata.labels.as_ref().and_then(|labels| labels.get(&marks.key(name)));
    let name = live.metadata.name.as_deref().unwrap_or_default();
    if label("owned").is_none_or(|owned| owned != "true") {
        let owner = if marks.groups.is_kro() { "KRO" } else { "a definition" };
        return Err(format!("CRD {name} already exists and is not owned by {owner}"));
    }
    match label("resource-graph-definition-name") {
        Some(other) if *other != label_value(definition) => {
            Err(format!("CRD {name} is owned by another ResourceGraphDefinition {other}"))
        }
        _ => Ok(()),
    }
}

/// A definition that is served, with those labels and annotations alone that are ours to set.
fn ours(live: &Json, wanted: &Json) -> Json {
    let mut live = live.clone();
    for field in ["labels", "annotations"] {
        let wanted = wanted.get("metadata").and_then(|metadata| metadata.get(field)).and_then(Json::as_object);
        let Some(there) = live.get_mut("metadata").and_then(|metadata| metadata.get_mut(field)) else { continue };
        let kept: Map<String, Json> = there
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(key, _)| wanted.is_some_and(|wanted| wanted.contains_key(*key)))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        *there = if kept.is_empty() && wanted.is_none() { Json::Null } else { Json::Object(kept) };
    }
    if let Some(metadata) = live.get_mut("metadata").and_then(Json::as_object_mut) {
        metadata.retain(|_, value| !value.is_null());
    }
    live
}

/// Whether the kind is served; if not, why not in its own words.
fn established(crd: &DynamicObject, kind: &InstanceKind) -> Point {
    let conditions = crd.data.pointer("/status/conditions").and_then(Json::as_array).into_iter().flatten();
    if conditions.clone().any(|condition| condition["type"] == "Established" && condition["status"] == "True") {
        return Point::yes("Ready", format!("kind {} has been accepted and ready", kind.gvk.kind));
    }
    let against = conditions.filter(|condition| condition["status"] == "False");
    let words: Vec<&str> = against.filter_map(|condition| condition.get("message")?.as_str()).collect();
    let why = if words.is_empty() { String::new() } else { format!(": {}", words.join("; ")) };
    Point::unknown("AwaitingReconciliation", format!("waits until {} is established{why}", kind.name()))
}
