//! One export, parsed once for one reconcile.

use cairn_crds::{
    Groups,
    shared::{ExportRecord, FieldExportSpec, FieldExportStatus},
};
use cairn_runtime::{
    controls,
    key::ObjectKey,
    store::{StoreError, Stored},
};
use k8s_openapi::api::core::v1::ObjectReference;
use kube::{ResourceExt, api::DynamicObject};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    report::{Reason, Report},
    wish::Target,
};

/// An export and what the reconcile has found out so far. The record in it is the one that will be written.
#[derive(Debug)]
pub(crate) struct Export {
    pub(crate) key: ObjectKey,
    pub(crate) object: DynamicObject,
    pub(crate) status: FieldExportStatus,
    pub(crate) record: ExportRecord,
    /// What is advised against, although it works.
    pub(crate) advice: Option<String>,
}

impl Export {
    pub(crate) fn parse(key: ObjectKey, stored: &Stored) -> Result<Self, StoreError> {
        let object = stored.object()?;
        let status = match object.data.get("status") {
            None | Some(Value::Null) => FieldExportStatus::default(),
            Some(status) => FieldExportStatus::deserialize(status).map_err(StoreError::Parse)?,
        };
        let record = status.record.clone().unwrap_or_default();
        Ok(Self { key, object, status, record, advice: None })
    }

    pub(crate) fn spec(&self) -> Result<FieldExportSpec, Report> {
        let spec = self.object.data.get("spec").unwrap_or(&Value::Null);
        FieldExportSpec::deserialize(spec).map_err(|error| Report::new(Reason::InvalidSpec, format!("spec: {error}")))
    }

    pub(crate) fn is_deleting(&self) -> bool {
        self.object.metadata.deletion_timestamp.is_some()
    }

    pub(crate) fn has(&self, finalizer: &str) -> bool {
        self.object.finalizers().iter().any(|held| held == finalizer)
    }

    /// Puts a target into the record; tells whether it was not there.
    pub(crate) fn note(&mut self, target: &Target) -> bool {
        let new = !self.record.targets.iter().any(|recorded| target.is(recorded));
        if new {
            self.record.targets.push(target.into());
        }
        new
    }

    /// Takes a target out of the record.
    pub(crate) fn forget(&mut self, target: &Target) {
        self.record.targets.retain(|recorded| !target.is(recorded));
    }

    /// The newest request to look at the export.
    pub(crate) fn request(&self, groups: &Groups) -> Option<String> {
        controls::request(self.object.annotations(), groups)
    }

    /// Whether the object does not say already why it is not Ready.
    pub(crate) fn is_news(&self, reason: Reason) -> bool {
        let said = self.status.conditions.iter().find(|condition| condition.type_ == "Ready");
        said.is_none_or(|ready| ready.reason != reason.as_str())
    }

    pub(crate) fn reference(&self) -> ObjectReference {
        let types = self.object.types.clone().unwrap_or_default();
        ObjectReference {
            api_version: Some(types.api_version),
            kind: Some(types.kind),
            name: Some(self.key.name.to_string()),
            namespace: Some(self.key.namespace.to_string()),
            resource_version: self.object.metadata.resource_version.clone(),
            uid: self.object.metadata.uid.clone(),
            field_path: None,
        }
    }

    /// The export as an owner of what was created for it.
    pub(crate) fn owner(&self) -> Value {
        let types = self.object.types.clone().unwrap_or_default();
        json!({
            "apiVersion": types.api_version, "kind": types.kind, "name": &*self.key.name,
            "uid": self.object.metadata.uid,
        })
    }
}
