//! The labels, annotations and field managers by which definitions, instances and their resources are known. Names and
//! values are kro's, under the group setting; those of sets of objects are Kubernetes' own (KEP-3659, `ApplySet`).

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cairn_crds::Groups;
use cairn_graph::schemas::Gvk;
use cairn_runtime::digest;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

/// The label of an object that names the set which it is part of.
pub(crate) const PART_OF: &str = "applyset.kubernetes.io/part-of";
/// The label of an instance that names the set which its resources make.
pub(crate) const SET_ID: &str = "applyset.kubernetes.io/id";
/// The annotation of an instance that says whose the set is.
pub(crate) const TOOLING: &str = "applyset.kubernetes.io/tooling";
/// The annotation of an instance that names the kinds of the set: `Kind.group`, sorted.
pub(crate) const GROUP_KINDS: &str = "applyset.kubernetes.io/contains-group-kinds";
/// The annotation of an instance that names the namespaces of the set, but its own.
pub(crate) const NAMESPACES: &str = "applyset.kubernetes.io/additional-namespaces";
/// The label that says what looks after an object.
pub(crate) const MANAGED_BY: &str = "app.kubernetes.io/managed-by";

/// The field of a status that repeats the newest request to look at the object, once that was followed.
pub(crate) const HANDLED: &str = "lastHandledReconcileAt";

/// The longest value of a label.
const LONGEST_VALUE: usize = 63;

/// The names that derive from the group setting.
#[derive(Clone, Debug)]
pub(crate) struct Marks {
    pub(crate) groups: Groups,
}

impl Marks {
    /// The key of a label or annotation.
    pub(crate) fn key(&self, name: &str) -> String {
        self.groups.graph_key(name)
    }

    /// The key of an annotation that is nobody else's to write.
    pub(crate) fn internal(&self, name: &str) -> String {
        self.groups.internal_key(name)
    }

    /// The finalizer of definitions and instances.
    pub(crate) fn finalizer(&self) -> String {
        self.groups.graph_finalizer()
    }

    /// The field manager of the objects of instances.
    pub(crate) fn manager(&self) -> String {
        self.key("applyset")
    }

    /// The field manager of finalizer and labels of instances.
    pub(crate) fn labeller(&self) -> String {
        self.key("labeller")
    }

    /// The field manager of what says which objects an instance has.
    pub(crate) fn parent(&self) -> String {
        self.key("applyset-parent")
    }

    /// What matches every object that instances own.
    pub(crate) fn owned_selector(&self) -> String {
        format!("{}=true", self.key("owned"))
    }

    /// The name of the tool in annotations and labels.
    pub(crate) fn tool(&self) -> &'static str {
        if self.groups.is_kro() { "kro" } else { "cairn" }
    }

    /// The label that says which version of the tool made an object: kro's, and under other names than kro's none. It is
    /// written once, and never compared.
    pub(crate) fn version(&self) -> Option<(String, String)> {
        self.groups.is_kro().then(|| (self.key("kro-version"), format!("v{}", env!("CARGO_PKG_VERSION"))))
    }

    /// The labels of what a definition makes: its kind, and the instances of that.
    pub(crate) fn of_definition(&self, name: &str, uid: &str) -> BTreeMap<String, String> {
        BTreeMap::from([
            (self.key("owned"), "true".to_owned()),
            (self.key("resource-graph-definition-id"), uid.to_owned()),
            (self.key("resource-graph-definition-name"), label_value(name)),
        ])
    }
}

/// An instance, as what it owns is marked with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) kind: Gvk,
    pub(crate) namespace: Option<String>,
    pub(crate) name: String,
    pub(crate) uid: String,
}

impl Owner {
    /// The id of the set that its resources make, as KEP-3659 computes it.
    pub(crate) fn set(&self) -> String {
        let namespace = self.namespace.as_deref().unwrap_or_default();
        let text = format!("{}.{namespace}.{}.{}", self.name, self.kind.kind, self.kind.group);
        format!("applyset-{}-v1", URL_SAFE_NO_PAD.encode(Sha256::digest(text)))
    }

    /// The labels of each of its resources, but for those that say which of them it is.
    pub(crate) fn labels(&self, marks: &Marks) -> BTreeMap<String, String> {
        let mut labels = BTreeMap::from([
            (marks.key("owned"), "true".to_owned()),
            (marks.key("instance-id"), self.uid.clone()),
            (marks.key("instance-name"), label_value(&self.name)),
            (marks.key("instance-group"), label_value(&self.kind.group)),
            (marks.key("instance-version"), label_value(&self.kind.version)),
            (marks.key("instance-kind"), label_value(&self.kind.kind)),
            (PART_OF.to_owned(), self.set()),
        ]);
        if let Some(namespace) = &self.namespace {
            labels.insert(marks.key("instance-namespace"), label_value(namespace));
        }
        labels
    }
}

/// A value that a label can have: the text itself, or a digest of it where it is too long.
pub(crate) fn label_value(text: &str) -> String {
    if text.len() <= LONGEST_VALUE { text.to_owned() } else { format!("h-{}", digest::of_parts(&[text])) }
}

/// A label or annotation of an object.
pub(crate) fn mark<'o>(object: &'o Json, field: &str, key: &str) -> Option<&'o str> {
    object.get("metadata")?.get(field)?.get(key)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(name: &str) -> Owner {
        let kind = Gvk::new("kro.run/v1alpha1", "WebApp");
        Owner { kind, namespace: Some("team".into()), name: name.into(), uid: "u1".into() }
    }

    /// Computed with `printf 'shop.team.WebApp.kro.run' | sha256sum`, then base64url without padding.
    #[test]
    fn sets_have_the_ids_that_kubernetes_gives_them() {
        let hash = Sha256::digest("shop.team.WebApp.kro.run");
        assert_eq!(owner("shop").set(), format!("applyset-{}-v1", URL_SAFE_NO_PAD.encode(hash)));
        assert_eq!(owner("shop").set().len(), 55);
    }

    #[test]
    fn a_long_name_fits_a_label_all_the_same() {
        let marks = Marks { groups: Groups::new("services.k8s.aws", "kro.run").unwrap() };
        let labels = owner(&"x".repeat(200)).labels(&marks);
        assert!(labels.values().all(|value| value.len() <= LONGEST_VALUE));
        assert_eq!(labels["kro.run/instance-namespace"], "team");
        assert_ne!(label_value(&"x".repeat(64)), label_value(&"x".repeat(65)));
    }
}
