//! An object that an instance owns, or reads: as it is kept, and as it is judged.

use std::sync::Arc;

use cairn_crds::graph::DeletionPolicy;
use cairn_graph::{plan::Existing, run::ObjectName};
use cairn_runtime::store::{StoreError, Stored};
use kube::api::DynamicObject;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use crate::{
    instance::body::{APPLIED, ORDER, POLICY},
    marks::{Marks, PART_OF, mark},
    watches::WatchId,
};

/// Where what our manager has is kept in an object: no field has such a name.
const OWNED: &str = "\u{0}owned";
/// Where it is kept what others have.
const OTHERS: &str = "\u{0}others";

/// What another manager has of an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Other {
    pub(crate) manager: String,
    /// Whether it applied, so that it means to keep it.
    pub(crate) applied: bool,
    /// In the form of `FieldsV1`.
    pub(crate) fields: Json,
}

/// How much is kept of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Extent {
    /// What it is known and judged by: its metadata, who set which field, and what it says of itself.
    Marks,
    /// All of it, because expressions read it.
    Whole,
}

/// Keeps, of who set which field, what our manager applied, and what others have but for the status; and of the rest
/// as much as is wanted.
pub(crate) fn reduce(object: &mut DynamicObject, manager: &str, extent: Extent) {
    if extent == Extent::Marks {
        let status = object.data.get("status").and_then(said);
        object.data = status.map_or_else(|| json!({}), |status| json!({"status": status}));
    }
    let entries = object.metadata.managed_fields.take().unwrap_or_default();
    let (mut owned, mut others) = (None, Vec::new());
    for entry in entries.into_iter().filter(|entry| entry.subresource.as_deref() != Some("status")) {
        let applied = entry.operation.as_deref() == Some("Apply");
        let plain = entry.subresource.as_deref().is_none_or(str::is_empty);
        let fields = entry.fields_v1.map(|fields| fields.0).unwrap_or_default();
        match entry.manager.unwrap_or_default() {
            name if name == manager && applied && plain => owned = Some(fields),
            name => others.push(Other { manager: name, applied, fields }),
        }
    }
    let Some(body) = object.data.as_object_mut() else { return };
    body.extend(owned.map(|fields| (OWNED.to_owned(), fields)));
    if !others.is_empty() {
        body.insert(OTHERS.to_owned(), json!(others));
    }
}

/// What is read of a status to say why an object is not ready.
fn said(status: &Json) -> Option<Json> {
    let kept = ["conditions", "phase", "state"].into_iter();
    let kept = kept.filter_map(|name| Some((name.to_owned(), status.get(name)?.clone())));
    Some(kept.collect::<Map<_, _>>()).filter(|kept| !kept.is_empty()).map(Json::Object)
}

/// What our manager applied, of a reduced object.
pub(crate) fn owned(object: &DynamicObject) -> Json {
    object.data.get(OWNED).cloned().unwrap_or_default()
}

/// An object that is there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Child {
    /// Where it is watched.
    pub(crate) watch: WatchId,
    /// What it is known by.
    pub(crate) name: ObjectName,
    /// Its UID.
    pub(crate) uid: String,
    /// As expressions see it.
    pub(crate) object: Arc<Json>,
    /// What our manager has of it.
    pub(crate) owned: Json,
    /// What others have of it.
    pub(crate) others: Vec<Other>,
    /// What was applied last, as a digest.
    pub(crate) applied: Option<String>,
    /// The set that it is part of.
    pub(crate) set: Option<String>,
    /// The id of the resource that it was made for.
    pub(crate) node: String,
    /// When it is deleted: the higher, the earlier.
    pub(crate) rank: usize,
    /// What becomes of it when it is no longer wanted.
    pub(crate) policy: DeletionPolicy,
    /// Whether it is being deleted.
    pub(crate) is_deleting: bool,
}

impl Child {
    /// Reads an object from the store of a watch.
    ///
    /// # Errors
    /// It is no object.
    pub(crate) fn read(marks: &Marks, watch: &WatchId, stored: &Stored) -> Result<Self, StoreError> {
        Ok(Self::of(marks, watch, stored.parse()?))
    }

    fn of(marks: &Marks, watch: &WatchId, mut object: Json) -> Self {
        let kind = &watch.kind;
        let owned = object.as_object_mut().and_then(|fields| fields.remove(OWNED)).unwrap_or_default();
        let others = object.as_object_mut().and_then(|fields| fields.remove(OTHERS)).unwrap_or_default();
        if let Some(fields) = object.as_object_mut() {
            // Items of lists do not say what they are.
            fields.entry("apiVersion").or_insert_with(|| kind.api_version().into());
            fields.entry("kind").or_insert_with(|| kind.kind.clone().into());
        }
        let text = |field: &str| object.get("metadata")?.get(field)?.as_str().map(str::to_owned);
        let annotation = |name: &str| mark(&object, "annotations", &marks.internal(name));
        Self {
            watch: watch.clone(),
            name: ObjectName {
                kind: kind.clone(),
                namespace: text("namespace").filter(|namespace| !namespace.is_empty()),
                name: text("name").unwrap_or_default(),
            },
            uid: text("uid").unwrap_or_default(),
            applied: annotation(APPLIED).map(str::to_owned),
            set: mark(&object, "labels", PART_OF).map(str::to_owned),
            node: mark(&object, "labels", &marks.key("node-id")).unwrap_or_default().to_owned(),
            rank: annotation(ORDER).and_then(|rank| rank.parse().ok()).unwrap_or_default(),
            policy: match annotation(POLICY) {
                Some("Orphaned") => DeletionPolicy::Orphaned,
                _ => DeletionPolicy::Delete,
            },
            is_deleting: text("deletionTimestamp").is_some(),
            owned,
            others: serde_json::from_value(others).unwrap_or_default(),
            object: Arc::new(object),
        }
    }

    /// As the planning of removals takes it.
    pub(crate) fn existing(&self) -> Existing {
        Existing { name: self.name.clone(), node: self.node.clone(), rank: self.rank, policy: self.policy }
    }
}
