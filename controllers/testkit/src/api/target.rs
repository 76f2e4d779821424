//! What a request is about.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    failure::{Failure, Outcome},
    kind::{Kind, Kinds, Version},
};

/// A resource path, resolved.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) kind: Arc<Kind>,
    pub(crate) version: Version,
    pub(crate) namespace: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) part: Part,
}

/// The part of an object that a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Main,
    Status,
    Scale,
}

impl Part {
    /// The subresource, as managers note it.
    pub(crate) fn name(self) -> Option<String> {
        match self {
            Self::Main => None,
            Self::Status => Some("status".to_owned()),
            Self::Scale => Some("scale".to_owned()),
        }
    }
}

impl Target {
    pub(crate) fn api_version(&self) -> String {
        self.kind.api_version(&self.version.name)
    }

    /// Key of the namespace part: empty for cluster-scoped objects.
    pub(crate) fn namespace_key(&self) -> &str {
        self.namespace.as_deref().unwrap_or_default()
    }

    /// The name; one handler serves all paths of custom objects, and finds for itself that there is none.
    pub(crate) fn required_name(&self) -> Outcome<&str> {
        let nameless = || {
            if self.kind.nature.is_custom() {
                Failure::bad_request("name must be provided")
            } else {
                Failure::method(self)
            }
        };
        self.name.as_deref().ok_or_else(nameless)
    }
}

/// A path, taken apart without knowing what is served.
#[derive(Clone, Debug, Default)]
pub(crate) struct Path {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) plural: String,
    pub(crate) namespace: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) subresource: Option<String>,
}

impl Path {
    /// Takes a resource path apart; none for discovery and the like.
    pub(crate) fn parse(path: &str) -> Option<Self> {
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

    /// Finds what is served under the path, if anything.
    pub(crate) fn resolve(&self, kinds: &Kinds) -> Option<Outcome<Target>> {
        let kind = kinds.get(&self.group, &self.plural)?;
        let scope_fits =
            if kind.namespaced { self.namespace.is_some() || self.name.is_none() } else { self.namespace.is_none() };
        let version = kind.version(&self.version).filter(|_| scope_fits)?;
        let target = |part| Target {
            kind: Arc::clone(kind),
            version: version.clone(),
            namespace: self.namespace.clone(),
            name: self.name.clone(),
            part,
        };
        match self.subresource.as_deref() {
            None => Some(Ok(target(Part::Main))),
            Some("status") if version.status => Some(Ok(target(Part::Status))),
            Some("scale") if version.scale.is_some() => Some(Ok(target(Part::Scale))),
            Some(_) if kind.nature.is_custom() => {
                Some(Err(Failure::not_found(kind, self.name.as_deref().unwrap_or_default())))
            }
            Some(_) => None,
        }
    }
}

/// Query parameters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    values: BTreeMap<String, Vec<String>>,
}

impl Query {
    pub(crate) fn parse(query: &str) -> Self {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            values.entry(key.into_owned()).or_default().push(value.into_owned());
        }
        Self { values }
    }

    /// The first value, unless it is absent or empty.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.all(key).first().copied().filter(|value| !value.is_empty())
    }

    /// All values.
    pub(crate) fn all(&self, key: &str) -> Vec<&str> {
        self.values.get(key).into_iter().flatten().map(String::as_str).collect()
    }

    /// A flag, absent or not: it is set by anything but the words for "no".
    pub(crate) fn bool(&self, key: &str) -> Option<bool> {
        let value = self.values.get(key)?.first()?;
        Some(!value.eq_ignore_ascii_case("false") && value != "0")
    }

    pub(crate) fn flag(&self, key: &str) -> bool {
        self.bool(key).unwrap_or_default()
    }

    /// A number that is not negative.
    pub(crate) fn number(&self, key: &str) -> Outcome<Option<u64>> {
        let parse = |value: &str| {
            value.parse().map_err(|_| Failure::bad_request(format!("{key}: parsing {value:?}: invalid syntax")))
        };
        self.get(key).map(parse).transpose()
    }
}
