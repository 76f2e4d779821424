//! The kinds that are served.

use std::{collections::BTreeMap, sync::Arc};

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;

/// One served kind.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    pub(super) group: String,
    /// Served versions, the preferred one first.
    pub(super) versions: Vec<Version>,
    /// The kind, in `CamelCase`.
    pub(super) name: String,
    pub(super) plural: String,
    pub(super) singular: String,
    pub(super) short_names: Vec<String>,
    pub(super) categories: Vec<String>,
    pub(super) namespaced: bool,
    pub(super) traits: Traits,
}

/// One served version of a kind.
#[derive(Clone, Debug)]
pub(super) struct Version {
    pub(super) name: String,
    pub(super) status: bool,
}

/// Where kinds differ in how they behave.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Traits {
    /// Comes from a definition, so that list items carry their type and `metadata.generation` is kept.
    pub(super) custom: bool,
    /// A PUT need not name the resource version it replaces.
    pub(super) unconditional_update: bool,
    /// A PUT may create.
    pub(super) create_on_update: bool,
}

impl Kind {
    /// `buckets.s3.example.org`, as messages name it.
    pub(super) fn qualified(&self) -> String {
        if self.group.is_empty() { self.plural.clone() } else { format!("{}.{}", self.plural, self.group) }
    }

    pub(super) fn id(&self) -> KindId {
        (self.group.clone(), self.plural.clone())
    }

    pub(super) fn version(&self, name: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.name == name)
    }

    pub(super) fn api_version(&self, version: &str) -> String {
        if self.group.is_empty() { version.to_owned() } else { format!("{}/{version}", self.group) }
    }

    pub(super) fn from_crd(crd: &CustomResourceDefinition) -> Self {
        let names = &crd.spec.names;
        let served = crd.spec.versions.iter().filter(|version| version.served);
        let versions = served
            .map(|version| Version {
                name: version.name.clone(),
                status: version.subresources.as_ref().is_some_and(|subresources| subresources.status.is_some()),
            })
            .collect();
        Self {
            group: crd.spec.group.clone(),
            versions,
            name: names.kind.clone(),
            plural: names.plural.clone(),
            singular: names.singular.clone().unwrap_or_else(|| names.kind.to_lowercase()),
            short_names: names.short_names.clone().unwrap_or_default(),
            categories: names.categories.clone().unwrap_or_default(),
            namespaced: crd.spec.scope == "Namespaced",
            traits: Traits { custom: true, ..Traits::default() },
        }
    }
}

/// Group and plural name.
pub(super) type KindId = (String, String);

/// All served kinds.
#[derive(Debug)]
pub(super) struct Kinds {
    by_id: BTreeMap<KindId, Arc<Kind>>,
}

struct Builtin(&'static str, &'static str, &'static str, &'static str, bool, bool, Traits);

const LOOSE: Traits = Traits { custom: false, unconditional_update: true, create_on_update: false };
const STRICT: Traits = Traits { custom: false, unconditional_update: false, create_on_update: false };
const EVENT: Traits = Traits { custom: false, unconditional_update: true, create_on_update: true };
const LEASE: Traits = Traits { custom: false, unconditional_update: false, create_on_update: true };

/// Group, version, kind, plural, namespaced, status, traits.
const BUILTIN: [Builtin; 7] = [
    Builtin("", "v1", "Namespace", "namespaces", false, true, LOOSE),
    Builtin("", "v1", "Secret", "secrets", true, false, LOOSE),
    Builtin("", "v1", "ConfigMap", "configmaps", true, false, LOOSE),
    Builtin("", "v1", "Event", "events", true, false, EVENT),
    Builtin("events.k8s.io", "v1", "Event", "events", true, false, EVENT),
    Builtin("coordination.k8s.io", "v1", "Lease", "leases", true, false, LEASE),
    Builtin("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false, true, STRICT),
];

impl Kinds {
    pub(super) fn builtin() -> Self {
        let mut kinds = Self { by_id: BTreeMap::new() };
        for &Builtin(group, version, kind, plural, namespaced, status, traits) in &BUILTIN {
            kinds.insert(Kind {
                group: group.to_owned(),
                versions: vec![Version { name: version.to_owned(), status }],
                name: kind.to_owned(),
                plural: plural.to_owned(),
                singular: kind.to_lowercase(),
                short_names: Vec::new(),
                categories: Vec::new(),
                namespaced,
                traits,
            });
        }
        kinds
    }

    pub(super) fn insert(&mut self, kind: Kind) {
        self.by_id.insert(kind.id(), Arc::new(kind));
    }

    pub(super) fn remove(&mut self, id: &KindId) {
        self.by_id.remove(id);
    }

    pub(super) fn get(&self, group: &str, plural: &str) -> Option<&Arc<Kind>> {
        self.by_id.get(&(group.to_owned(), plural.to_owned()))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Kind>> {
        self.by_id.values()
    }
}
