//! The revisions of a definition: each accepted state of it is kept as an object, so that the last good one can be
//! served whatever the definition says now, and whoever restarts.

use cairn_crds::graph::REVISION;
use cairn_graph::{run::ObjectName, schemas::Gvk};
use cairn_runtime::engine;
use kube::api::DynamicObject;
use serde_json::{Value as Json, json};

use super::{
    Definer,
    draft::{Draft, normal},
};
use crate::{hands::Refusal, marks::label_value};

/// The longest name of an object.
const LONGEST: usize = 253;

/// A revision that there is.
#[derive(Clone, Debug)]
pub(super) struct Revision {
    pub(super) number: i64,
    pub(super) spec: Json,
    uid: String,
    name: String,
}

impl Definer {
    /// The revisions of a definition, the newest first.
    pub(super) fn revisions(&self, definition: &str) -> Vec<Revision> {
        let all = self.revision_store.all().into_iter();
        let mut found: Vec<Revision> = all.filter_map(|(_, stored)| read(definition, &stored.parse().ok()?)).collect();
        found.sort_by_key(|revision| std::cmp::Reverse(revision.number));
        found
    }

    /// Writes the group out that a definition does not name: that of its kind, if there is one, whatever the setting
    /// says now.
    pub(super) fn name_group(&self, draft: &mut Draft) {
        let Some(schema) = draft.spec.get_mut("schema").and_then(Json::as_object_mut) else { return };
        if schema.contains_key("group") {
            return;
        }
        let newest = self.revisions(&draft.name).into_iter().next();
        let before = newest.and_then(|revision| Some(revision.spec.get("schema")?.get("group")?.as_str()?.to_owned()));
        schema.insert("group".into(), before.unwrap_or_else(|| self.instance_group.clone()).into());
    }

    /// The number of the revision that says what the definition says; a new one where there is none.
    pub(super) async fn revision(&self, draft: &Draft) -> Result<i64, Refusal> {
        let group = self.marks.groups.graph();
        let revisions = self.revisions(&draft.name);
        let newest = revisions.first();
        let wanted = normal(&draft.spec, group);
        if let Some(newest) = newest.filter(|newest| wanted.is_some() && normal(&newest.spec, group) == wanted) {
            return Ok(newest.number);
        }
        let number = newest.map_or(0, |newest| newest.number).max(draft.last_issued()) + 1;
        self.issue(draft, number).await?;
        for old in revisions.iter().skip(self.max_revisions.saturating_sub(1)) {
            self.hands.delete(&self.revision_resource(), &name_of(self, &old.name), &old.uid).await?;
        }
        Ok(number)
    }

    async fn issue(&self, draft: &Draft, number: i64) -> Result<(), Refusal> {
        let mut spec = draft.spec.clone();
        if let Some(schema) = spec.get_mut("schema").and_then(Json::as_object_mut) {
            // What it derives from the settings today it is to mean for ever.
            schema.entry("scope").or_insert_with(|| "Namespaced".into());
        }
        let name = revision_name(&draft.name, number);
        let definition = engine::resource(&cairn_crds::graph::DEFINITION, &self.marks.groups);
        let mut body = json!({
            "apiVersion": self.revision_resource().api_version,
            "kind": REVISION.kind,
            "metadata": {
                "name": name,
                "resourceVersion": "1",
                "labels": {
                    (self.marks.key("owned")): "true",
                    (self.marks.key("resource-graph-definition-name")): label_value(&draft.name),
                    (self.marks.key("graph-revision-hash")): hash(&spec),
                },
                "ownerReferences": [{
                    "apiVersion": definition.api_version, "kind": definition.kind, "name": draft.name,
                    "uid": draft.uid, "controller": true,
                }],
            },
            "spec": {
                "revision": number,
                "snapshot": {"name": draft.name, "generation": draft.generation().unwrap_or(1), "spec": spec},
            },
        });
        if let Some((key, version)) = self.marks.version() {
            body["metadata"]["labels"][key] = version.into();
        }
        let answer =
            self.hands.apply(&self.revision_resource(), &name_of(self, &name), self.marks.tool(), &body).await?;
        self.verified(answer).await
    }

    /// Takes kro's finalizer off the revisions of a definition that are being deleted, or off all: nothing has to be done
    /// before one goes, and nobody else does it.
    pub(super) async fn free_revisions(&self, definition: &str, all: bool) -> Result<(), Refusal> {
        let finalizer = self.marks.finalizer();
        for (_, stored) in self.revision_store.all() {
            let Ok(mut object) = stored.object() else { continue };
            let of = object.data.pointer("/spec/snapshot/name").and_then(Json::as_str) == Some(definition);
            let goes = all || object.metadata.deletion_timestamp.is_some();
            let holds = object.metadata.finalizers.iter().flatten().any(|held| *held == finalizer);
            if of && goes && holds {
                self.hands.permit()?;
                let released = self.revision_writer.release(&mut object, &finalizer).await;
                released.map_err(|error| crate::hands::refusal(&error))?;
            }
        }
        Ok(())
    }

    /// Says on a revision that it compiled.
    async fn verified(&self, mut revision: DynamicObject) -> Result<(), Refusal> {
        let condition = |kind: &str, reason: &str, message: &str| {
            json!({
                "type": kind, "status": "True", "reason": reason, "message": message,
                "lastTransitionTime": self.clock.now().to_string(), "observedGeneration": 1,
            })
        };
        let status = json!({"conditions": [
            condition("GraphVerified", "Verified", "graph revision compiled and verified"),
            condition("Ready", "Ready", ""),
        ]});
        let accepted = self.revision_writer.status(&mut revision, &status).await;
        accepted.map_err(|error| crate::hands::refusal(&error))
    }

    pub(super) fn revision_resource(&self) -> kube::core::ApiResource {
        engine::resource(&REVISION, &self.marks.groups)
    }
}

fn read(definition: &str, object: &Json) -> Option<Revision> {
    let snapshot = object.pointer("/spec/snapshot")?;
    let of = snapshot.get("name")?.as_str()? == definition;
    let going = object.pointer("/metadata/deletionTimestamp").is_some();
    let text = |pointer: &str| object.pointer(pointer).and_then(Json::as_str).unwrap_or_default().to_owned();
    (of && !going).then_some(())?;
    Some(Revision {
        number: object.pointer("/spec/revision")?.as_i64()?,
        spec: snapshot.get("spec")?.clone(),
        uid: text("/metadata/uid"),
        name: text("/metadata/name"),
    })
}

/// kro's: the definition's, and the number in at least five digits; where that is too long, less of the name and a hash
/// of all of it.
fn revision_name(definition: &str, number: i64) -> String {
    let end = format!("-r{number:05}");
    if definition.len() + end.len() <= LONGEST {
        return format!("{definition}{end}");
    }
    let end = format!("{end}-{:08x}", fnv32a(definition.as_bytes()));
    let stem = definition.get(..LONGEST - end.len()).unwrap_or(definition).trim_end_matches(['.', '-']);
    format!("{stem}{end}")
}

/// The hash FNV-1a of 32 bits.
fn fnv32a(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

fn name_of(definer: &Definer, name: &str) -> ObjectName {
    let resource = definer.revision_resource();
    ObjectName { kind: Gvk::new(&resource.api_version, &resource.kind), namespace: None, name: name.to_owned() }
}

fn hash(spec: &Json) -> String {
    cairn_runtime::digest::of(spec).chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hashes are those of the reference vectors of FNV.
    #[test]
    fn revisions_are_named_as_kro_names_them() {
        assert_eq!((fnv32a(b""), fnv32a(b"a"), fnv32a(b"foobar")), (0x811c_9dc5, 0xe40c_292c, 0xbf9c_f968));
        assert_eq!(revision_name("app", 7), "app-r00007");
        assert_eq!(revision_name("app", 123_456), "app-r123456");
        assert_eq!(revision_name(&"a".repeat(246), 1), format!("{}-r00001", "a".repeat(246)));
        let long = format!("{}.{}", "a".repeat(236), "b".repeat(12));
        assert_eq!(revision_name(&long, 1), format!("{}-r00001-{:08x}", "a".repeat(236), fnv32a(long.as_bytes())));
    }
}
