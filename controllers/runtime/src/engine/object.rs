//! One managed object, parsed once for one reconcile.

use std::{collections::BTreeMap, sync::Arc};

use cairn_core::{
    ack_conditions::Facts,
    api::{AckResourceMetadata, CommonStatus, OtherWrite, PublishedPlan, Record},
    condition::{Reason, Report},
    controls::Controls,
    leaf,
    observed::Desired,
    record,
    rules::{KindRules, Rule},
    scope::Namespace,
};
use jiff::Timestamp;
use k8s_openapi::api::core::v1::ObjectReference;
use kube::core::DynamicObject;
use serde_json::Value;

use super::damage;
use crate::{
    key::ObjectKey,
    store::{
        StoreError, Stored, filled,
        others::{self, Others},
    },
};

/// An object and what the reconcile has found out so far. The record in it is the one that will be written.
#[derive(Debug)]
pub(super) struct Managed {
    pub(super) key: ObjectKey,
    pub(super) uid: String,
    pub(super) generation: Option<i64>,
    pub(super) created: Option<Timestamp>,
    pub(super) resource_version: Option<String>,
    pub(super) deleting: bool,
    pub(super) finalizers: Vec<String>,
    pub(super) annotations: BTreeMap<String, String>,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) spec: Value,
    /// Paths below the spec that the adoption wrote there and nobody declared.
    pub(super) undeclared: Vec<String>,
    /// What others have written to the status and the finalizer.
    pub(super) others: Vec<OtherWrite>,
    pub(super) status: Value,
    pub(super) common: CommonStatus,
    /// What was found out for ACK's conditions.
    pub(super) facts: Facts,
    /// Why nothing may be done: what the status says of the resource cannot be read.
    pub(super) damage: Option<Report>,
    pub(super) record: Record,
    pub(super) metadata: Option<AckResourceMetadata>,
    /// What would be done, where nothing is to be done.
    pub(super) plan: Option<PublishedPlan>,
    /// Fields of the status that are the kind's own.
    pub(super) own: serde_json::Map<String, Value>,
    /// The namespace that the object is in. The default until it was looked up.
    pub(super) surroundings: Arc<Namespace>,
    /// What the annotations say. The default until they were read.
    pub(super) controls: Controls,
    api_version: String,
    kind: String,
}

impl Managed {
    pub(super) fn parse(key: ObjectKey, stored: &Stored) -> Result<Self, StoreError> {
        let mut object: DynamicObject = stored.object()?;
        let mut take = |field: &str| object.data.get_mut(field).map(Value::take).unwrap_or_default();
        let (spec, status) = (take("spec"), take("status"));
        let (common, damage) = damage::read(&status);
        let managed_fields = object.metadata.managed_fields.take().unwrap_or_default();
        let Others { we_wrote, writes } = others::read(&managed_fields);
        let record = common.record.clone().unwrap_or_default();
        let types = object.types.unwrap_or_default();
        Ok(Self {
            key,
            uid: object.metadata.uid.unwrap_or_default(),
            generation: object.metadata.generation,
            created: object.metadata.creation_timestamp.map(|time| time.0),
            resource_version: object.metadata.resource_version,
            deleting: object.metadata.deletion_timestamp.is_some(),
            finalizers: object.metadata.finalizers.unwrap_or_default(),
            annotations: object.metadata.annotations.unwrap_or_default(),
            labels: object.metadata.labels.unwrap_or_default(),
            undeclared: filled::paths(&managed_fields),
            // What others wrote before Cairn did is what it takes over.
            record: if we_wrote { record } else { record::beside(record, &writes) },
            others: writes,
            metadata: common.ack_resource_metadata.clone(),
            plan: None,
            facts: Facts::default(),
            api_version: types.api_version,
            kind: types.kind,
            own: serde_json::Map::new(),
            controls: Controls::default(),
            surroundings: Arc::default(),
            spec,
            status,
            common,
            damage,
        })
    }

    /// What objects are ordered by from the oldest to the youngest. Kubernetes tells times of creation by the second.
    pub(super) fn age(&self) -> (Option<Timestamp>, &str) {
        (self.created, &self.uid)
    }

    /// Whether the object's conditions say that AWS has what is declared.
    pub(super) fn is_ready(&self) -> bool {
        self.common.conditions.iter().any(|condition| condition.type_ == "Ready" && condition.status == "True")
    }

    /// Whether `Ready` gives that reason.
    pub(super) fn says(&self, reason: Reason) -> bool {
        let ready = self.common.conditions.iter().find(|condition| condition.type_ == "Ready");
        ready.is_some_and(|ready| ready.reason == reason.as_str())
    }

    /// What `Ready` says, where it is one of our reasons.
    pub(super) fn said(&self) -> Option<Report> {
        let ready = self.common.conditions.iter().find(|condition| condition.type_ == "Ready")?;
        let reason = Reason::ALL.into_iter().find(|reason| reason.as_str() == ready.reason)?;
        Some(Report::new(reason, ready.message.clone()))
    }

    /// Whether the last request to reconcile was carried out.
    pub(super) fn is_answered(&self) -> bool {
        let asked = self.controls.requested.as_deref();
        asked.is_none() || asked == self.common.last_handled_reconcile_at.as_deref()
    }

    /// Takes out of what is declared the leaves that are in the spec only because an adoption wrote them there.
    pub(super) fn leave_undeclared(&self, rules: &KindRules, desired: &mut Desired) {
        if self.undeclared.iter().any(|path| path.split('.').next() == Some(rules.tags)) {
            desired.tags = None;
        }
        for part in rules.parts {
            let Some(value) = desired.parts.get_mut(part.field) else { continue };
            let declared: Vec<_> =
                leaf::paths(value).into_iter().filter(|path| !self.is_undeclared(part.field, path)).collect();
            if declared.is_empty() {
                desired.parts.remove(part.field);
            } else if part.rule == Rule::Document {
                let gone: Vec<_> = leaf::paths(value).into_iter().filter(|path| !declared.contains(path)).collect();
                for path in &gone {
                    leaf::set(value, path, None);
                }
            }
        }
    }

    fn is_undeclared(&self, field: &str, path: &str) -> bool {
        let path = if path.is_empty() { field.to_owned() } else { format!("{field}.{path}") };
        let covers = |filled: &String| {
            path.strip_prefix(filled.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.undeclared.iter().any(covers)
    }

    pub(super) fn reference(&self) -> ObjectReference {
        ObjectReference {
            api_version: Some(self.api_version.clone()),
            kind: Some(self.kind.clone()),
            name: Some(self.key.name.to_string()),
            namespace: Some(self.key.namespace.to_string()),
            resource_version: self.resource_version.clone(),
            uid: Some(self.uid.clone()),
            field_path: None,
        }
    }
}
