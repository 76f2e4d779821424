//! An instance as it was read.

use cairn_graph::run::Condition;
use cairn_runtime::{
    controls::graph_request,
    key::ObjectKey,
    store::{StoreError, Stored},
};
use k8s_openapi::api::core::v1::ObjectReference;
use kube::{ResourceExt as _, api::DynamicObject};
use serde_json::Value as Json;

use crate::{
    graph::Graph,
    marks::{Marks, Owner},
};

/// An instance.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) object: DynamicObject,
    /// As expressions see it.
    pub(crate) json: Json,
    pub(crate) owner: Owner,
}

impl Subject {
    /// Reads an instance.
    ///
    /// # Errors
    /// It is no object.
    pub(crate) fn read(graph: &Graph, key: &ObjectKey, stored: &Stored) -> Result<Self, StoreError> {
        let mut json: Json = stored.parse()?;
        if let Some(fields) = json.as_object_mut() {
            fields.entry("apiVersion").or_insert_with(|| graph.kind.api_version().into());
            fields.entry("kind").or_insert_with(|| graph.kind.kind.clone().into());
        }
        Ok(Self { object: stored.object()?, json, owner: owner(graph, key, stored.uid()) })
    }

    pub(crate) fn key(&self) -> ObjectKey {
        ObjectKey::new(self.owner.namespace.as_deref().unwrap_or_default(), &self.owner.name)
    }

    pub(crate) fn is_deleting(&self) -> bool {
        self.object.metadata.deletion_timestamp.is_some()
    }

    pub(crate) fn status(&self) -> &Json {
        self.object.data.get("status").unwrap_or(&Json::Null)
    }

    /// The conditions that are written.
    pub(crate) fn conditions(&self) -> Vec<Condition> {
        let written = self.status().get("conditions").cloned().unwrap_or_default();
        serde_json::from_value(written).unwrap_or_default()
    }

    /// Whether what is written speaks of the instance as it is now.
    pub(crate) fn is_current(&self) -> bool {
        let of = |condition: &Condition| condition.observed_generation == self.object.metadata.generation;
        let deleting = self.status().get("state").is_some_and(|state| state == "DELETING");
        self.conditions().iter().any(of) && deleting == self.is_deleting()
    }

    pub(crate) fn annotation(&self, key: &str) -> Option<&str> {
        self.object.metadata.annotations.as_ref()?.get(key).map(String::as_str)
    }

    /// Whether its author asked that nothing be done.
    pub(crate) fn is_suspended(&self, marks: &Marks) -> bool {
        let asked = self.annotation(&marks.key("reconcile")).unwrap_or_default();
        ["suspended", "disabled"].iter().any(|word| asked.eq_ignore_ascii_case(word))
    }

    /// The newest request to look at it, as its author wrote it.
    pub(crate) fn requested(&self, marks: &Marks) -> Option<String> {
        graph_request(self.object.annotations(), &marks.groups)
    }

    pub(crate) fn has_finalizer(&self, finalizer: &str) -> bool {
        self.object.metadata.finalizers.iter().flatten().any(|held| held == finalizer)
    }

    /// As Events refer to it.
    pub(crate) fn reference(&self) -> ObjectReference {
        ObjectReference {
            api_version: Some(self.owner.kind.api_version()),
            kind: Some(self.owner.kind.kind.clone()),
            name: Some(self.owner.name.clone()),
            namespace: self.owner.namespace.clone(),
            uid: Some(self.owner.uid.clone()),
            ..ObjectReference::default()
        }
    }
}

/// The instance of a name.
pub(crate) fn owner(graph: &Graph, key: &ObjectKey, uid: &str) -> Owner {
    Owner {
        kind: graph.kind.clone(),
        namespace: Some(key.namespace.to_string()).filter(|namespace| !namespace.is_empty()),
        name: key.name.to_string(),
        uid: uid.to_owned(),
    }
}
