//! How stored objects are shown.

use serde_json::{Value, json};

use super::{object, request::Request, target::Target};

/// The form in which objects are shown to one caller.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    api_version: String,
    kind: String,
    list_kind: String,
    custom: bool,
    metadata_only: bool,
}

impl Form {
    pub(crate) fn of(request: &Request) -> Self {
        Self::new(&request.target, request.metadata_only())
    }

    /// As it is stored, in the version that is asked for.
    pub(crate) fn of_stored(request: &Request) -> Self {
        Self::new(&request.target, false)
    }

    fn new(target: &Target, metadata_only: bool) -> Self {
        Self {
            api_version: target.api_version(),
            kind: target.kind.name.clone(),
            list_kind: target.kind.list_name.clone(),
            custom: target.kind.nature.is_custom(),
            metadata_only,
        }
    }

    /// One object.
    pub(crate) fn object(&self, object: &Value) -> Value {
        if self.metadata_only {
            return json!({
                "apiVersion": "meta.k8s.io/v1", "kind": "PartialObjectMetadata", "metadata": object["metadata"],
            });
        }
        let mut shown = object.clone();
        if let Some(fields) = shown.as_object_mut() {
            fields.insert("apiVersion".to_owned(), json!(self.api_version));
        }
        shown
    }

    /// One item of a list: the built-in kinds leave the type out.
    pub(crate) fn item(&self, object: &Value) -> Value {
        let mut shown = self.object(object);
        if !self.custom
            && !self.metadata_only
            && let Some(fields) = shown.as_object_mut()
        {
            fields.remove("apiVersion");
            fields.remove("kind");
        }
        shown
    }

    /// A list.
    pub(crate) fn list(&self, mut metadata: Value, items: &[Value]) -> Value {
        if self.metadata_only {
            // An empty list of these is none at all.
            let items = if items.is_empty() { Value::Null } else { json!(items) };
            return json!({
                "apiVersion": "meta.k8s.io/v1", "kind": "PartialObjectMetadataList",
                "metadata": metadata, "items": items,
            });
        }
        if self.custom && metadata.get("continue").is_none() {
            metadata["continue"] = json!("");
        }
        json!({ "apiVersion": self.api_version, "kind": self.list_kind, "metadata": metadata, "items": items })
    }

    /// A bookmark event.
    pub(crate) fn bookmark(&self, revision: u64, initial_end: bool) -> Value {
        let mut object = json!({
            "apiVersion": self.api_version, "kind": self.kind,
            "metadata": { "resourceVersion": revision.to_string() },
        });
        if initial_end {
            object::set_meta(&mut object, "annotations", json!({ "k8s.io/initial-events-end": "true" }));
        }
        if self.metadata_only {
            object = self.object(&object);
        }
        json!({ "type": "BOOKMARK", "object": object })
    }
}
