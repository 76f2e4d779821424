//! What is known of kinds: their schemas, where their objects live, what can be done with them.
//!
//! The compiler asks a [`Schemas`] for each kind that a definition names. A kind that is not known is no mistake of
//! the definition: its program waits until somebody installs it.

mod built_in;
mod crd;
mod kind;
mod served;
mod set;

use std::fmt;
use std::sync::Arc;

pub use built_in::{kubernetes, own};
pub use crd::{CrdError, from_crd};
pub use kind::{Kind, Traits, object_meta};
pub use served::{ServedError, from_served};
pub use set::SchemaSet;

/// Group, version and kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gvk {
    /// The group; empty for the core of Kubernetes.
    pub group: String,
    /// The version.
    pub version: String,
    /// The kind.
    pub kind: String,
}

impl Gvk {
    /// Reads `apiVersion` and `kind` as objects have them.
    #[must_use]
    pub fn new(api_version: &str, kind: &str) -> Self {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Self { group: group.to_owned(), version: version.to_owned(), kind: kind.to_owned() }
    }

    /// `apiVersion` as objects have it.
    #[must_use]
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }
}

impl fmt::Display for Gvk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.api_version(), self.kind)
    }
}

/// Where kinds are looked up.
pub trait Schemas {
    /// A kind, if it is served.
    fn kind(&self, gvk: &Gvk) -> Option<Arc<Kind>>;

    /// Where else a kind of this name is known, for messages about one that is not.
    fn elsewhere(&self, kind: &str) -> Vec<Gvk> {
        let _ = kind;
        Vec::new()
    }
}
