//! How stored objects are shown.

use serde_json::{Value, json};

use super::{object, request::Request, target::Target};

/// The form in which objects are shown to one caller.
#[derive(Clone, Debug)]
pub(super) struct Form {
    api_version: String,
    kind: String,
    custom: bool,
    metadata_only: bool,
}

impl Form {
    pub(super) fn of(request: &Request) -> Self {
        Self::new(&request.target, request.metadata_only())
    }

    /// As it is stored, in the version that is asked for.
    pub(super) fn of_stored(request: &Request) -> Self {
        Self::new(&request.target, false)
    }

    fn new(target: &Target, metadata_only: bool) -> Self {
        Self {
            api_version: target.api_version(),
            kind: target.kind.name.clone(),
            custom: target.kind.traits.custom,
            metadata_only,
        }
    }

    /// One object.
    pub(super) fn object(&self, object: &Value) -> Value {
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
    pub(super) fn item(&self, object: &Value) -> Value {
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
    pub(super) fn list(&self, metadata: &Value, items: &[Value]) -> Value {
        if self.metadata_only {
            return json!({
                "apiVersion": "meta.k8s.io/v1", "kind": "PartialObjectMetadataList",
                "metadata": metadata, "items": items,
            });
        }
        json!({
            "apiVersion": self.api_version, "kind": format!("{}List", self.kind),
            "metadata": metadata, "items": items,
        })
    }

    /// A bookmark event.
    pub(super) fn bookmark(&self, revision: u64, initial_end: bool) -> Value {
        let mut object = json!({
            "apiVersion": self.api_version, "kind": self.kind,
            "metadata": { "resourceVersion": revision.to_string(), "creationTimestamp": null },
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
