//! The name under which one object is known to queue, store and workers.

use std::{fmt, sync::Arc};

use kube::ResourceExt;

/// Namespace and name of an object of a known kind. Cheap to clone. Displayed as `namespace/name`, and as `name` where
/// the kind is cluster-scoped and the namespace therefore empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectKey {
    /// Namespace of the object; empty for cluster-scoped kinds.
    pub namespace: Arc<str>,
    /// Name of the object.
    pub name: Arc<str>,
}

impl ObjectKey {
    /// A key from its two parts.
    #[must_use]
    pub fn new(namespace: &str, name: &str) -> Self {
        Self { namespace: namespace.into(), name: name.into() }
    }

    /// The key of an object read from the API server.
    #[must_use]
    pub fn of(object: &impl ResourceExt) -> Self {
        let meta = object.meta();
        Self::new(meta.namespace.as_deref().unwrap_or_default(), meta.name.as_deref().unwrap_or_default())
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace.is_empty() {
            return f.write_str(&self.name);
        }
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_leaves_out_an_empty_namespace() {
        assert_eq!(ObjectKey::new("team-a", "logs").to_string(), "team-a/logs");
        assert_eq!(ObjectKey::new("", "graph").to_string(), "graph");
    }

    #[test]
    fn keys_order_by_namespace_then_name() {
        assert!(ObjectKey::new("a", "z") < ObjectKey::new("b", "a"));
        assert!(ObjectKey::new("a", "a") < ObjectKey::new("a", "b"));
    }
}
