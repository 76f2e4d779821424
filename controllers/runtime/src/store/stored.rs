//! One object as it is kept.

use std::hash::{DefaultHasher, Hash, Hasher};

use cairn_core::condition::Reason;
use kube::core::{DynamicObject, ObjectMeta};
use lz4_flex::block::DecompressError;
use serde::de::DeserializeOwned;

use super::{
    filled, others,
    packed::{Packed, Packer},
};

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Why an object could not be taken in or read back.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The object could not be written as JSON.
    #[error("object cannot be written as JSON: {0}")]
    Write(#[source] serde_json::Error),
    /// The bytes of the object are not what was kept: a defect.
    #[error("object cannot be unpacked: {0}")]
    Unpack(#[source] DecompressError),
    /// The object does not have the shape that was asked for.
    #[error("object does not have the expected shape: {0}")]
    Parse(#[source] serde_json::Error),
}

/// An object as bytes, with what is compared without parsing them.
#[derive(Debug)]
pub struct Stored {
    uid: Box<str>,
    resource_version: u64,
    json: Packed,
    inputs: u64,
    foreign_inputs: u64,
    reason: Option<Reason>,
}

impl Stored {
    /// Takes out of the object what nobody reads. Who else writes is kept where `shared` names our finalizer.
    pub(super) fn new(mut object: DynamicObject, shared: Option<&str>, packer: &Packer) -> Result<Self, StoreError> {
        slim(&mut object.metadata, shared);
        let meta = &object.metadata;
        let foreign_inputs = foreign_inputs(meta);
        Ok(Self {
            uid: meta.uid.clone().unwrap_or_default().into(),
            resource_version: version(meta),
            inputs: fingerprint(&(foreign_inputs, meta.finalizers.as_deref().unwrap_or_default())),
            foreign_inputs,
            reason: reason(&object),
            json: packer.pack(&serde_json::to_vec(&object).map_err(StoreError::Write)?),
        })
    }

    /// The UID; empty when the object has none.
    #[must_use]
    pub fn uid(&self) -> &str {
        &self.uid
    }

    /// The resource version as an integer; 0 when it is none. For a precondition use the text in the object.
    #[must_use]
    pub fn resource_version(&self) -> u64 {
        self.resource_version
    }

    /// The reason that the condition `Ready` gives, where it is one of ours.
    pub(super) fn reason(&self) -> Option<Reason> {
        self.reason
    }

    /// The object as JSON.
    ///
    /// # Errors
    /// [`StoreError::Unpack`], by a defect alone.
    pub fn json(&self) -> Result<Vec<u8>, StoreError> {
        self.json.plain().map_err(StoreError::Unpack)
    }

    /// The object with its data as a tree.
    ///
    /// # Errors
    /// [`StoreError::Parse`] when the bytes are no object.
    pub fn object(&self) -> Result<DynamicObject, StoreError> {
        self.parse()
    }

    /// The object as a type.
    ///
    /// # Errors
    /// [`StoreError::Parse`] when the object does not have the shape of `T`.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, StoreError> {
        serde_json::from_slice(&self.json()?).map_err(StoreError::Parse)
    }

    /// Digest of what a reconcile of the object depends on.
    pub(super) fn inputs(&self) -> u64 {
        self.inputs
    }

    /// As [`Stored::inputs`], without the finalizers, which we write ourselves.
    pub(super) fn foreign_inputs(&self) -> u64 {
        self.foreign_inputs
    }

    pub(super) fn is_older_than(&self, other: &Self) -> bool {
        self.resource_version != 0 && self.resource_version < other.resource_version
    }
}

fn slim(meta: &mut ObjectMeta, shared: Option<&str>) {
    let entries = meta.managed_fields.take().unwrap_or_default();
    let others = shared.map(|finalizer| others::kept(&entries, finalizer)).unwrap_or_default();
    let kept: Vec<_> = filled::kept(&entries).into_iter().chain(others).collect();
    meta.managed_fields = Some(kept).filter(|kept| !kept.is_empty());
    if let Some(annotations) = &mut meta.annotations {
        annotations.remove(LAST_APPLIED);
    }
}

fn reason(object: &DynamicObject) -> Option<Reason> {
    let conditions = object.data.get("status")?.get("conditions")?.as_array()?;
    let ready = conditions.iter().find(|condition| condition.get("type").is_some_and(|name| name == "Ready"))?;
    let said = ready.get("reason")?.as_str()?;
    Reason::ALL.into_iter().find(|reason| reason.as_str() == said)
}

fn version(meta: &ObjectMeta) -> u64 {
    meta.resource_version.as_deref().and_then(|version| version.parse().ok()).unwrap_or(0)
}

fn foreign_inputs(meta: &ObjectMeta) -> u64 {
    // Without a generation there is no telling what changed, and so every version counts.
    let spec = match meta.generation {
        Some(generation) => (Some(generation), None),
        None => (None, meta.resource_version.as_deref()),
    };
    let annotations = meta.annotations.iter().flatten().collect::<Vec<_>>();
    let labels = meta.labels.iter().flatten().collect::<Vec<_>>();
    let others = others::writes(meta.managed_fields.as_deref().unwrap_or_default());
    let others: Vec<_> = others.map(|write| (write.manager, write.at)).collect();
    fingerprint(&(&meta.uid, spec, meta.deletion_timestamp.is_some(), annotations, labels, others))
}

fn fingerprint(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
