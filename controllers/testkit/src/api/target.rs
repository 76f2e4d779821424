//! What a request is about.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    failure::{Failure, Outcome},
    kind::{Kind, Kinds},
};

/// A resource path, resolved.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) kind: Arc<Kind>,
    pub(super) version: String,
    pub(super) namespace: Option<String>,
    pub(super) name: Option<String>,
    pub(super) subresource: Option<String>,
}

impl Target {
    pub(super) fn api_version(&self) -> String {
        self.kind.api_version(&self.version)
    }

    /// Key of the namespace part: empty for cluster-scoped objects.
    pub(super) fn namespace_key(&self) -> &str {
        self.namespace.as_deref().unwrap_or_default()
    }

    pub(super) fn required_name(&self) -> Outcome<&str> {
        self.name.as_deref().ok_or_else(|| Failure::method(self))
    }

    pub(super) fn is_status(&self) -> bool {
        self.subresource.as_deref() == Some("status")
    }

    /// Whether status is apart from the rest of the object.
    pub(super) fn has_status(&self) -> bool {
        self.kind.version(&self.version).is_some_and(|version| version.status)
    }

    /// Refuses a subresource that is not served.
    pub(super) fn check_subresource(&self) -> Outcome<()> {
        match self.subresource.as_deref() {
            None => Ok(()),
            Some("status") if self.has_status() => Ok(()),
            Some(_) => Err(Failure::unknown_path()),
        }
    }
}

/// A path, taken apart without knowing what is served.
#[derive(Clone, Debug, Default)]
pub(super) struct Path {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) plural: String,
    pub(super) namespace: Option<String>,
    pub(super) name: Option<String>,
    pub(super) subresource: Option<String>,
}

impl Path {
    /// Takes a resource path apart; none for discovery and the like.
    pub(super) fn parse(path: &str) -> Option<Self> {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let (group, version, rest) = match segments.as_slice() {
            ["api", version, rest @ ..] => ("", *version, rest),
            ["apis", group, version, rest @ ..] => (*group, *version, rest),
            _ => return None,
        };
        let base = Self { group: group.to_owned(), version: version.to_owned(), ..Self::default() };
        base.resource(rest)
    }

    fn resource(self, rest: &[&str]) -> Option<Self> {
        match rest {
            ["namespaces", name, "status"] if self.group.is_empty() => self.plain("namespaces", &[name, "status"]),
            ["namespaces", namespace, plural, rest @ ..] => {
                let scoped = Self { namespace: Some((*namespace).to_owned()), ..self };
                scoped.plain(plural, rest)
            }
            [plural, rest @ ..] => self.plain(plural, rest),
            [] => None,
        }
    }

    fn plain(self, plural: &str, rest: &[&str]) -> Option<Self> {
        let (name, subresource) = match rest {
            [] => (None, None),
            [name] => (Some((*name).to_owned()), None),
            [name, subresource] => (Some((*name).to_owned()), Some((*subresource).to_owned())),
            _ => return None,
        };
        Some(Self { plural: plural.to_owned(), name, subresource, ..self })
    }

    /// Finds what is served under the path.
    pub(super) fn resolve(&self, kinds: &Kinds) -> Outcome<Target> {
        let kind = kinds.get(&self.group, &self.plural).ok_or_else(Failure::unknown_path)?;
        let scope_fits =
            if kind.namespaced { self.namespace.is_some() || self.name.is_none() } else { self.namespace.is_none() };
        if kind.version(&self.version).is_none() || !scope_fits {
            return Err(Failure::unknown_path());
        }
        Ok(Target {
            kind: Arc::clone(kind),
            version: self.version.clone(),
            namespace: self.namespace.clone(),
            name: self.name.clone(),
            subresource: self.subresource.clone(),
        })
    }
}

/// Query parameters.
#[derive(Clone, Debug, Default)]
pub(super) struct Query {
    values: BTreeMap<String, String>,
}

impl Query {
    pub(super) fn parse(query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes());
        Self { values: pairs.map(|(key, value)| (key.into_owned(), value.into_owned())).collect() }
    }

    /// The value, unless it is absent or empty.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| value == "true" || value == "1")
    }

    pub(super) fn number(&self, key: &str) -> Outcome<Option<u64>> {
        let parse =
            |value: &str| value.parse().map_err(|_| Failure::bad_request(format!("{key}: Invalid value: {value:?}")));
        self.get(key).map(parse).transpose()
    }

    /// Whether nothing is to be stored.
    pub(super) fn dry_run(&self) -> bool {
        self.get("dryRun") == Some("All")
    }
}
