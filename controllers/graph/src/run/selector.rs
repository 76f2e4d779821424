//! Whether an object is among those that a reference selects.

use cairn_crds::graph::Requirement;
use serde_json::Value as Json;

use super::Reference;
use crate::schemas::Gvk;

impl Reference {
    /// Whether an object is one of those to observe.
    #[must_use]
    pub fn selects(&self, object: &Json) -> bool {
        match self {
            Self::Named(name) => name.names(object),
            Self::Selected { kind, namespace, labels, requirements } => {
                let text = |path: &str| object.pointer(path).and_then(Json::as_str);
                let of = text("/apiVersion").zip(text("/kind")).map(|(version, kind)| Gvk::new(version, kind));
                let same = of.is_none_or(|of| of.group == kind.group && of.kind == kind.kind);
                let label = |key: &str| object.get("metadata")?.get("labels")?.get(key)?.as_str();
                same && namespace.as_deref().is_none_or(|namespace| text("/metadata/namespace") == Some(namespace))
                    && labels.iter().all(|(key, value)| label(key) == Some(value))
                    && requirements.iter().all(|requirement| holds(requirement, label(&requirement.key)))
            }
        }
    }
}

/// Whether a label satisfies a requirement, by the rules of label selectors of Kubernetes.
fn holds(requirement: &Requirement, label: Option<&str>) -> bool {
    let among = |label: &str| requirement.values.iter().any(|value| value == label);
    match requirement.operator.as_str() {
        "In" => label.is_some_and(among),
        "NotIn" => !label.is_some_and(among),
        "Exists" => label.is_some(),
        "DoesNotExist" => label.is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn selectors_are_those_of_kubernetes() {
        let object = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "a", "labels": {"x": "1"}}});
        let selects = |namespace: Option<&str>, labels: &[(&str, &str)], key: &str, operator: &str, values: &[&str]| {
            let labels = labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
            let values = values.iter().map(|value| (*value).to_owned()).collect();
            let requirements = vec![Requirement { key: key.to_owned(), operator: operator.to_owned(), values }];
            let kind = Gvk::new("v1", "Pod");
            Reference::Selected { kind, namespace: namespace.map(str::to_owned), labels, requirements }.selects(&object)
        };
        assert!(selects(None, &[], "x", "Exists", &[]));
        assert!(selects(Some("a"), &[("x", "1")], "x", "In", &["0", "1"]));
        assert!(selects(None, &[], "y", "DoesNotExist", &[]) && selects(None, &[], "y", "NotIn", &["1"]));
        assert!(!selects(Some("b"), &[], "x", "Exists", &[]) && !selects(None, &[("x", "2")], "x", "Exists", &[]));
        assert!(!selects(None, &[], "x", "NotIn", &["1"]) && !selects(None, &[], "y", "In", &["1"]));
        assert!(!selects(None, &[], "x", "Like", &["1"]));
    }
}
