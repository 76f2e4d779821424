//! The kinds that are served.

mod builtin;
mod custom;

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};

pub(crate) use self::custom::of_definition;
use super::schema::Schema;

/// One served kind.
#[derive(Clone, Debug)]
pub(crate) struct Kind {
    pub(crate) group: String,
    /// Served versions, the preferred one first.
    pub(crate) versions: Vec<Version>,
    /// The kind, in `CamelCase`.
    pub(crate) name: String,
    /// The kind of lists.
    pub(crate) list_name: String,
    pub(crate) plural: String,
    pub(crate) singular: String,
    pub(crate) short_names: Vec<String>,
    pub(crate) categories: Vec<String>,
    pub(crate) namespaced: bool,
    pub(crate) nature: Nature,
}

/// One served version of a kind.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    pub(crate) name: String,
    /// Whether status is apart from the rest.
    pub(crate) status: bool,
    pub(crate) scale: Option<ScalePaths>,
    /// Fields that selectors may name, besides name and namespace.
    pub(crate) selectable: Vec<String>,
    /// What the definition says, without what all objects have.
    pub(crate) structure: Arc<Schema>,
    /// What merging goes by: with what all objects have.
    pub(crate) schema: Arc<Schema>,
    /// An object in which nothing is set.
    pub(crate) blank: Value,
}

/// Where an object keeps what `Scale` shows.
#[derive(Clone, Debug)]
pub(crate) struct ScalePaths {
    pub(crate) spec: Vec<String>,
    pub(crate) status: Vec<String>,
    pub(crate) selector: Option<Vec<String>>,
}

/// Where kinds differ in how they behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    /// Comes from a definition.
    Custom,
    Namespace,
    ConfigMap,
    Secret,
    Event,
    Lease,
    Definition,
}

impl Nature {
    pub(crate) fn is_custom(self) -> bool {
        self == Self::Custom
    }

    /// Whether a PUT need not name the resource version that it replaces.
    pub(crate) fn updates_unconditionally(self) -> bool {
        matches!(self, Self::Namespace | Self::ConfigMap | Self::Secret | Self::Event)
    }

    /// Whether a PUT may create.
    pub(crate) fn creates_on_update(self) -> bool {
        matches!(self, Self::Event | Self::Lease)
    }

    /// Whether `metadata.generation` is kept.
    pub(crate) fn has_generation(self) -> bool {
        matches!(self, Self::Custom | Self::Definition)
    }
}

impl Kind {
    /// `buckets.s3.example.org`, as messages name it.
    pub(crate) fn qualified(&self) -> String {
        if self.group.is_empty() { self.plural.clone() } else { format!("{}.{}", self.plural, self.group) }
    }

    pub(crate) fn id(&self) -> KindId {
        (self.group.clone(), self.plural.clone())
    }

    pub(crate) fn version(&self, name: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.name == name)
    }

    /// The version that the server itself works with.
    pub(crate) fn own_version(&self) -> Option<&Version> {
        self.versions.first()
    }

    pub(crate) fn api_version(&self, version: &str) -> String {
        if self.group.is_empty() { version.to_owned() } else { format!("{}/{version}", self.group) }
    }

    pub(crate) fn is(&self, nature: Nature) -> bool {
        self.nature == nature
    }
}

/// Group and plural name.
pub(crate) type KindId = (String, String);

/// All served kinds.
#[derive(Debug)]
pub(crate) struct Kinds {
    by_id: BTreeMap<KindId, Arc<Kind>>,
}

impl Kinds {
    pub(crate) fn builtin() -> Self {
        let kinds = builtin::kinds().into_iter().map(|kind| (kind.id(), Arc::new(kind)));
        Self { by_id: kinds.collect() }
    }

    pub(crate) fn insert(&mut self, kind: Kind) {
        self.by_id.insert(kind.id(), Arc::new(kind));
    }

    pub(crate) fn remove(&mut self, id: &KindId) {
        self.by_id.remove(id);
    }

    pub(crate) fn get(&self, group: &str, plural: &str) -> Option<&Arc<Kind>> {
        self.by_id.get(&(group.to_owned(), plural.to_owned()))
    }

    pub(crate) fn by_id(&self, id: &KindId) -> Option<&Arc<Kind>> {
        self.by_id.get(id)
    }

    /// Whether a group holds built-in kinds.
    pub(crate) fn has_builtin(&self, group: &str) -> bool {
        self.iter().any(|kind| kind.group == group && !kind.nature.is_custom())
    }

    /// The kind that objects name by these words.
    pub(crate) fn of_object(&self, api_version: &str, name: &str) -> Option<&Arc<Kind>> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        self.iter().find(|kind| kind.group == group && kind.name == name && kind.version(version).is_some())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Kind>> {
        self.by_id.values()
    }
}

fn typed_blank(api_version: &str, name: &str) -> Value {
    json!({ "apiVersion": api_version, "kind": name })
}
