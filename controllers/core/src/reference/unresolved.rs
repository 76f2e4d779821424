//! Why a reference leads nowhere yet.

use std::fmt;

/// A reference that cannot be followed now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved {
    /// The way to the referring field below the spec.
    pub field: String,
    /// What it names, for people: kind, namespace and name.
    pub target: String,
    /// Why it cannot be followed.
    pub why: Why,
}

/// Why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The API server serves no such kind.
    MissingKind {
        /// The groups in which it was looked for.
        groups: Vec<String>,
    },
    /// The objects of the kind are not listed yet.
    NotListed,
    /// The operator may not read objects of the kind; what Kubernetes says.
    NotReadable(String),
    /// The operator works in single namespaces, and this is none of them.
    NotWatched,
    /// There is no such object.
    Missing,
    /// It is being deleted.
    BeingDeleted,
    /// It is not ready; what its conditions say.
    NotReady(String),
    /// It has nothing where the value should be.
    NoValue(String),
    /// It is in another namespace, and no grant there permits it.
    NotGranted {
        /// The namespace in which a grant has to be.
        namespace: String,
        /// The kind of grants.
        kind: &'static str,
    },
    /// The Secret has no such key.
    NoKey(String),
    /// What is under that key is no text.
    NoText(String),
    /// The operator is not set up to read Secrets.
    SecretsDisabled,
}

impl Why {
    /// Whether somebody has to do something, on the object or around it, and waiting alone does not help.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::NotGranted { .. } | Self::SecretsDisabled | Self::NotWatched | Self::NotReadable(_))
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingKind { groups } => {
                write!(f, "cannot be found: no such kind is installed in {}", groups.join(" or "))
            }
            Self::NotListed => f.write_str("is not known yet, because its kind is still being listed"),
            Self::NotReadable(why) => write!(f, "cannot be read: {why}"),
            Self::NotWatched => f.write_str("is in a namespace that the operator does not watch"),
            Self::Missing => f.write_str("does not exist"),
            Self::BeingDeleted => f.write_str("is being deleted"),
            Self::NotReady(why) if why.is_empty() => f.write_str("is not ready"),
            Self::NotReady(why) => write!(f, "is not ready ({why})"),
            Self::NoValue(path) => write!(f, "has no {path} yet"),
            Self::NotGranted { namespace, kind } => {
                write!(f, "is in another namespace, and no {kind} in {namespace} permits it")
            }
            Self::NoKey(key) => write!(f, "has no key {key}"),
            Self::NoText(key) => write!(f, "has something else than a text under the key {key}"),
            Self::SecretsDisabled => {
                f.write_str("is not read, because the operator may not read Secrets; set secrets.enabled in the chart")
            }
        }
    }
}

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}", self.field, self.target, self.why)
    }
}
