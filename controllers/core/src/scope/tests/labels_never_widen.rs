//! Whatever an author writes into labels, name and annotations of an object, it is given only what the platform's own
//! rules, read without the object's labels, give to its namespace.

use std::collections::BTreeSet;

use proptest::{prelude::*, sample::select};

use super::*;

/// A selector, and whether its rule on namespaces holds for `team-a` and speaks of certain namespaces.
#[derive(Clone, Debug)]
struct Rule {
    spec: Value,
    role: String,
    covers: bool,
    names: bool,
    namespaces_given: bool,
}

fn rule(index: usize) -> impl Strategy<Value = Rule> {
    let namespaces =
        select(vec![None, Some(json!({})), Some(json!({"names": ["team-a"]})), Some(json!({"names": ["team-b"]}))]);
    let label = select(vec![None, Some("x"), Some("y")]);
    (namespaces, label, 0..3_i32).prop_map(move |(namespaces, label, priority)| {
        let role = arn(THEIRS, &format!("r{index}"));
        let mut spec = json!({"arn": role, "priority": priority});
        if let Some(label) = label {
            spec["resourceLabelSelector"] = json!({"matchLabels": {label: "1"}});
        }
        if let Some(namespaces) = &namespaces {
            spec["namespaceSelector"] = namespaces.clone();
        }
        let names = |name: &str| namespaces.as_ref().is_some_and(|n| n["names"] == json!([name]));
        Rule {
            spec,
            role,
            covers: !names("team-b"),
            names: names("team-a") || names("team-b"),
            namespaces_given: namespaces.is_some() || label.is_none(),
        }
    })
}

const NAMES: [&str; 4] = ["r0", "r1", "r2", "r3"];

proptest! {
    #[test]
    fn labels_choose_only_among_what_the_namespace_is_given(
        rules in (rule(0), rule(1), rule(2), rule(3)),
        labels in proptest::sample::subsequence(vec![("x", "1"), ("y", "1"), ("x", "2")], 0..=3),
    ) {
        let rules = [rules.0, rules.1, rules.2, rules.3];
        let allowed: BTreeSet<_> =
            rules.iter().filter(|rule| rule.covers && rule.namespaces_given).map(|rule| rule.role.clone()).collect();
        let spoken_of = rules.iter().any(|rule| rule.covers && rule.names);
        let selectors = NAMES.into_iter().zip(rules.iter().map(|rule| rule.spec.clone())).collect();
        let case = Case { labels, selectors, ..Case::default() };
        match case.decide() {
            Ok(Scope { role: Some(role), .. }) => prop_assert!(allowed.contains(role.arn.as_str()), "{role:?}"),
            Ok(Scope { role: None, .. }) => prop_assert!(!spoken_of, "fell back to the operator's own identity"),
            Err(Unscoped::NotAllowed(_)) => {}
            Err(other) => prop_assert!(false, "{other:?}"),
        }
    }
}
