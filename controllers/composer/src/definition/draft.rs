//! A definition as it was read.

use cairn_crds::graph::DefinitionSpec;
use cairn_runtime::{
    controls::graph_request,
    key::ObjectKey,
    store::{StoreError, Stored},
};
use k8s_openapi::api::core::v1::ObjectReference;
use kube::{ResourceExt as _, api::DynamicObject};
use serde_json::Value as Json;

use crate::marks::{HANDLED, Marks};

/// A definition.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) object: DynamicObject,
    pub(crate) name: String,
    pub(crate) uid: String,
    pub(crate) spec: Json,
}

impl Draft {
    /// Reads a definition.
    ///
    /// # Errors
    /// It is no object.
    pub(crate) fn read(key: &ObjectKey, stored: &Stored) -> Result<Self, StoreError> {
        let object = stored.object()?;
        let spec = object.data.get("spec").cloned().unwrap_or_default();
        Ok(Self { name: key.name.to_string(), uid: stored.uid().to_owned(), spec, object })
    }

    pub(crate) fn generation(&self) -> Option<i64> {
        self.object.metadata.generation
    }

    pub(crate) fn is_deleting(&self) -> bool {
        self.object.metadata.deletion_timestamp.is_some()
    }

    pub(crate) fn status(&self) -> &Json {
        self.object.data.get("status").unwrap_or(&Json::Null)
    }

    /// The message of a condition that is written.
    pub(crate) fn message(&self, condition: &str) -> Option<&str> {
        let conditions = self.status().get("conditions")?.as_array()?;
        conditions.iter().find(|found| found["type"] == condition)?.get("message")?.as_str()
    }

    /// Whether instances are looked after as it says now. What it needs was permitted then.
    pub(crate) fn is_active(&self) -> bool {
        let observed = self.status().get("observedGeneration").and_then(Json::as_i64);
        self.status().get("state").is_some_and(|state| state == "Active") && observed == self.generation()
    }

    /// The newest request to look at it, as its author wrote it.
    pub(crate) fn requested(&self, marks: &Marks) -> Option<String> {
        graph_request(self.object.annotations(), &marks.groups)
    }

    /// Whether there is a request that was not followed yet.
    pub(crate) fn is_requested(&self, marks: &Marks) -> bool {
        let handled = self.status().get(HANDLED).and_then(Json::as_str);
        self.requested(marks).is_some_and(|requested| handled != Some(&requested))
    }

    /// Whether its author wants instances to outlive it, looked after by nobody.
    pub(crate) fn is_retained(&self, marks: &Marks) -> bool {
        let key = marks.key("deletion-policy");
        self.object.metadata.annotations.as_ref().and_then(|all| all.get(&key)).is_some_and(|value| value == "retain")
    }

    /// Whether its author accepts that instances break.
    pub(crate) fn may_break(&self, marks: &Marks) -> bool {
        let key = marks.key("allow-breaking-changes");
        self.object.metadata.annotations.as_ref().and_then(|all| all.get(&key)).is_some_and(|value| value == "true")
    }

    /// The highest number that a revision of it ever had.
    pub(crate) fn last_issued(&self) -> i64 {
        self.status().get("lastIssuedRevision").and_then(Json::as_i64).unwrap_or_default()
    }

    /// As Events refer to it.
    pub(crate) fn reference(&self, api_version: String) -> ObjectReference {
        ObjectReference {
            api_version: Some(api_version),
            kind: Some(cairn_crds::graph::DEFINITION.kind.to_owned()),
            name: Some(self.name.clone()),
            uid: Some(self.uid.clone()),
            ..ObjectReference::default()
        }
    }
}

/// A spec in the one form in which equal definitions are equal.
pub(crate) fn normal(spec: &Json, group: &str) -> Option<DefinitionSpec> {
    let mut spec: DefinitionSpec = serde_json::from_value(spec.clone()).ok()?;
    spec.schema.group.get_or_insert_with(|| group.to_owned());
    spec.resources.sort_by(|a, b| a.id.cmp(&b.id));
    Some(spec)
}
