//! Label selectors, with the meaning that they have everywhere in Kubernetes.

use std::collections::BTreeMap;

use cairn_crds::shared::{LabelOperator, LabelRequirement, LabelSelector};

/// Whether a selector is there and asks for anything.
pub(super) fn restricts(selector: Option<&LabelSelector>) -> bool {
    selector.is_some_and(|selector| !selector.match_labels.is_empty() || !selector.match_expressions.is_empty())
}

/// Whether labels match a selector; everything matches one that is not there.
pub(super) fn matches(selector: Option<&LabelSelector>, labels: &BTreeMap<String, String>) -> bool {
    selector.is_none_or(|selector| {
        selector.match_labels.iter().all(|(key, value)| labels.get(key) == Some(value))
            && selector.match_expressions.iter().all(|requirement| holds(requirement, labels))
    })
}

/// The labels that a selector looks at.
pub(super) fn keys(selector: Option<&LabelSelector>) -> impl Iterator<Item = &str> {
    selector.into_iter().flat_map(|selector| {
        let expressions = selector.match_expressions.iter().map(|requirement| requirement.key.as_str());
        selector.match_labels.keys().map(String::as_str).chain(expressions)
    })
}

fn holds(requirement: &LabelRequirement, labels: &BTreeMap<String, String>) -> bool {
    let value = labels.get(&requirement.key);
    let listed = value.is_some_and(|value| requirement.values.contains(value));
    match requirement.operator {
        LabelOperator::In => listed,
        LabelOperator::NotIn => !listed,
        LabelOperator::Exists => value.is_some(),
        LabelOperator::DoesNotExist => value.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn selector(value: Value) -> LabelSelector {
        serde_json::from_value(value).unwrap()
    }

    fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn each_operator_means_what_it_means_in_kubernetes() {
        let is = labels(&[("env", "prod")]);
        let cases = [
            (json!({}), true),
            (json!({"matchLabels": {"env": "prod"}}), true),
            (json!({"matchLabels": {"env": "prod", "team": "a"}}), false),
            (json!({"matchLabels": {"env": "dev"}}), false),
            (json!({"matchExpressions": [{"key": "env", "operator": "In", "values": ["dev", "prod"]}]}), true),
            (json!({"matchExpressions": [{"key": "env", "operator": "In", "values": ["dev"]}]}), false),
            (json!({"matchExpressions": [{"key": "team", "operator": "In", "values": ["a"]}]}), false),
            (json!({"matchExpressions": [{"key": "env", "operator": "NotIn", "values": ["prod"]}]}), false),
            (json!({"matchExpressions": [{"key": "team", "operator": "NotIn", "values": ["a"]}]}), true),
            (json!({"matchExpressions": [{"key": "env", "operator": "Exists"}]}), true),
            (json!({"matchExpressions": [{"key": "team", "operator": "Exists"}]}), false),
            (json!({"matchExpressions": [{"key": "team", "operator": "DoesNotExist"}]}), true),
            (json!({"matchExpressions": [{"key": "env", "operator": "DoesNotExist"}]}), false),
            (
                json!({"matchLabels": {"env": "prod"}, "matchExpressions": [{"key": "env", "operator": "DoesNotExist"}]}),
                false,
            ),
        ];
        for (value, expected) in cases {
            assert_eq!(matches(Some(&selector(value.clone())), &is), expected, "{value}");
        }
        assert!(matches(None, &is));
    }

    #[test]
    fn an_empty_selector_restricts_nothing() {
        assert!(!restricts(None));
        assert!(!restricts(Some(&selector(json!({"matchLabels": {}})))));
        assert!(restricts(Some(&selector(json!({"matchLabels": {"a": "b"}})))));
        assert!(restricts(Some(&selector(json!({"matchExpressions": [{"key": "a", "operator": "Exists"}]})))));
    }

    #[test]
    fn the_keys_are_those_it_looks_at() {
        let both =
            selector(json!({"matchLabels": {"a": "b"}, "matchExpressions": [{"key": "c", "operator": "Exists"}]}));
        assert_eq!(keys(Some(&both)).collect::<Vec<_>>(), ["a", "c"]);
    }
}
