//! One managed object, parsed once for one reconcile.

use cairn_core::{
    api::{AckResourceMetadata, CommonStatus, Record},
    condition::Report,
};
use jiff::Timestamp;
use k8s_openapi::api::core::v1::ObjectReference;
use kube::core::DynamicObject;
use serde_json::Value;

use crate::{
    key::ObjectKey,
    store::{StoreError, Stored},
};

/// An object and what the reconcile has found out so far. The record in it is the one that will be written.
#[derive(Debug)]
pub(super) struct Managed {
    pub(super) key: ObjectKey,
    pub(super) uid: String,
    pub(super) generation: Option<i64>,
    pub(super) resource_version: Option<String>,
    pub(super) deleting: bool,
    pub(super) finalizers: Vec<String>,
    pub(super) spec: Value,
    pub(super) status: Value,
    pub(super) common: CommonStatus,
    pub(super) record: Record,
    pub(super) metadata: Option<AckResourceMetadata>,
    /// Fields of the status that are the kind's own.
    pub(super) own: serde_json::Map<String, Value>,
    annotations: std::collections::BTreeMap<String, String>,
    api_version: String,
    kind: String,
}

impl Managed {
    pub(super) fn parse(key: ObjectKey, stored: &Stored) -> Result<Self, StoreError> {
        let mut object: DynamicObject = stored.object()?;
        let mut take = |field: &str| object.data.get_mut(field).map(Value::take).unwrap_or_default();
        let (spec, status) = (take("spec"), take("status"));
        let common = common(&status)?;
        let types = object.types.unwrap_or_default();
        Ok(Self {
            key,
            uid: object.metadata.uid.unwrap_or_default(),
            generation: object.metadata.generation,
            resource_version: object.metadata.resource_version,
            deleting: object.metadata.deletion_timestamp.is_some(),
            finalizers: object.metadata.finalizers.unwrap_or_default(),
            annotations: object.metadata.annotations.unwrap_or_default(),
            record: common.record.clone().unwrap_or_default(),
            metadata: common.ack_resource_metadata.clone(),
            api_version: types.api_version,
            kind: types.kind,
            own: serde_json::Map::new(),
            spec,
            status,
            common,
        })
    }

    pub(super) fn annotation(&self, key: &str) -> Option<&str> {
        self.annotations.get(key).map(String::as_str)
    }

    /// Whether the object's conditions say that AWS has what is declared.
    pub(super) fn is_ready(&self) -> bool {
        self.common.conditions.iter().any(|condition| condition.type_ == "Ready" && condition.status == "True")
    }

    /// Whether the object does not say so already.
    pub(super) fn is_news(&self, report: &Report) -> bool {
        let said = self.common.conditions.iter().find(|condition| condition.type_ == "Ready");
        said.is_none_or(|ready| ready.reason != report.reason.as_str())
    }

    /// Since when AWS has been as declared; `None` when that was never recorded.
    pub(super) fn changed_at(&self) -> Option<Timestamp> {
        self.record.changed_at
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

fn common(status: &Value) -> Result<CommonStatus, StoreError> {
    if status.is_null() {
        return Ok(CommonStatus::default());
    }
    serde_json::from_value(status.clone()).map_err(StoreError::Parse)
}
