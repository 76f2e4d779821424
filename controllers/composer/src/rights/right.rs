//! One right, as Kubernetes judges it.

use std::fmt;

use k8s_openapi::api::authorization::v1::{
    NonResourceAttributes, ResourceAttributes, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec,
};

/// What may be done to what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Right {
    pub(crate) to: To,
    pub(crate) verb: String,
}

/// What it is done to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum To {
    /// Objects.
    Resource {
        group: String,
        /// The plural, and after a slash the subresource.
        resource: String,
        /// In one namespace; in all where there is none.
        namespace: Option<String>,
        /// One object; all where there is none.
        name: Option<String>,
    },
    /// A path that is no resource's.
    Path(String),
}

impl Right {
    /// The right to do something to all objects of a resource in a namespace, or in all.
    pub(crate) fn new(verb: &str, group: &str, resource: &str, namespace: Option<&str>) -> Self {
        let to = To::Resource {
            group: group.to_owned(),
            resource: resource.to_owned(),
            namespace: namespace.map(str::to_owned),
            name: None,
        };
        Self { to, verb: verb.to_owned() }
    }

    /// The same in one namespace.
    pub(super) fn within(&self, of: &str) -> Self {
        let mut right = self.clone();
        if let To::Resource { namespace, .. } = &mut right.to {
            *namespace = Some(of.to_owned());
        }
        right
    }

    /// The same of one object.
    pub(crate) fn named(mut self, of: Option<&str>) -> Self {
        if let To::Resource { name, .. } = &mut self.to {
            *name = of.map(str::to_owned);
        }
        self
    }

    /// The question whether we have it.
    pub(crate) fn question(&self) -> SelfSubjectAccessReview {
        let verb = Some(self.verb.clone());
        let spec = match &self.to {
            To::Path(path) => SelfSubjectAccessReviewSpec {
                non_resource_attributes: Some(NonResourceAttributes { path: Some(path.clone()), verb }),
                ..SelfSubjectAccessReviewSpec::default()
            },
            To::Resource { group, resource, namespace, name } => {
                let (resource, subresource) = match resource.split_once('/') {
                    Some((resource, part)) => (resource, Some(part.to_owned())),
                    None => (resource.as_str(), None),
                };
                let attributes = ResourceAttributes {
                    group: Some(group.clone()),
                    resource: Some(resource.to_owned()),
                    subresource,
                    namespace: namespace.clone(),
                    name: name.clone(),
                    verb,
                    ..ResourceAttributes::default()
                };
                SelfSubjectAccessReviewSpec {
                    resource_attributes: Some(attributes),
                    ..SelfSubjectAccessReviewSpec::default()
                }
            }
        };
        SelfSubjectAccessReview { spec, ..SelfSubjectAccessReview::default() }
    }
}

impl fmt::Display for To {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => f.write_str(path),
            Self::Resource { group, resource, namespace, name } => {
                f.write_str(resource)?;
                if !group.is_empty() {
                    write!(f, ".{group}")?;
                }
                if let Some(name) = name {
                    write!(f, " {name:?}")?;
                }
                namespace.iter().try_for_each(|namespace| write!(f, " in {namespace}"))
            }
        }
    }
}
