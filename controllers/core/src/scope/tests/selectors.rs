//! `IAMRoleSelector`s: which one is for an object, and with what.

use std::time::Duration;

use super::*;

fn role(name: &str) -> String {
    arn(THEIRS, name)
}

fn named(namespaces: &[&str]) -> Value {
    json!({"arn": role("a"), "namespaceSelector": {"names": namespaces}})
}

#[test]
fn all_parts_of_a_selector_have_to_match_and_any_item_of_a_list_does() {
    let labels = json!({"matchLabels": {"env": "prod"}});
    let cases = [
        (json!({}), true),
        (json!({"namespaceSelector": {}}), true),
        (json!({"namespaceSelector": {"names": ["team-b", "team-a"]}}), true),
        (json!({"namespaceSelector": {"names": ["team-b"]}}), false),
        (json!({"namespaceSelector": {"labelSelector": labels}}), true),
        (json!({"namespaceSelector": {"names": ["team-a"], "labelSelector": labels}}), true),
        (json!({"namespaceSelector": {"names": ["team-b"], "labelSelector": labels}}), false),
        (json!({"namespaceSelector": {"labelSelector": {"matchLabels": {"env": "dev"}}}}), false),
        (json!({"resourceTypeSelector": [{"kind": "Table"}, {"kind": "Bucket"}]}), true),
        (json!({"resourceTypeSelector": [{"kind": "Table"}]}), false),
        (
            json!({"resourceTypeSelector": [{"group": "s3.aws.cairn.run", "version": "v1alpha1", "kind": "Bucket"}]}),
            true,
        ),
        (json!({"resourceTypeSelector": [{"group": "s3.services.k8s.aws", "kind": "Bucket"}]}), false),
        (json!({"resourceTypeSelector": [{"group": "s3.aws.cairn.run", "version": "v1"}]}), false),
        (json!({"resourceTypeSelector": [{"group": "s3.aws.cairn.run"}]}), true),
    ];
    for (part, matches) in cases {
        let mut spec = part.clone();
        spec["arn"] = json!(role("a"));
        let selectors = vec![("a", spec)];
        let case = Case { selectors, namespace_labels: vec![("env", "prod")], ..Case::default() };
        assert_eq!(case.role(), Some(role("a")).filter(|_| matches), "{part}");
    }
}

#[test]
fn the_highest_priority_wins_and_a_tie_at_the_top_names_all_that_tie() {
    let with = |name: &str, priority: i32| json!({"arn": role(name), "priority": priority});
    let selectors = vec![("low", with("low", -1)), ("none", json!({"arn": role("none")})), ("high", with("high", 5))];
    let case = Case { selectors, ..Case::default() };
    assert_eq!(case.role(), Some(role("high")));

    let mut tied = case.clone();
    tied.selectors.push(("another", with("another", 5)));
    tied.refused(&["another, high", "priority 5"]);
    let Err(Unscoped::NotAllowed(why)) = tied.decide() else { panic!("decided") };
    assert!(!why.contains("low") && !why.contains("none"), "{why}");
    tied.selectors.push(("best", with("best", 6)));
    assert_eq!(tied.role(), Some(role("best")), "a tie below the top does no harm");
}

#[test]
fn the_objects_labels_choose_among_the_selectors_of_its_namespace() {
    let for_env = |env: &str| {
        json!({"arn": role(env), "namespaceSelector": {"names": ["team-a"]},
               "resourceLabelSelector": {"matchLabels": {"env": env}}})
    };
    let selectors = vec![("dev", for_env("dev")), ("prod", for_env("prod"))];
    let case = Case { selectors, ..Case::default() };
    assert_eq!(Case { labels: vec![("env", "prod")], ..case.clone() }.role(), Some(role("prod")));
    assert_eq!(Case { labels: vec![("env", "dev")], ..case.clone() }.role(), Some(role("dev")));
    for labels in [vec![], vec![("env", "none")], vec![("other", "prod")]] {
        Case { labels, ..case.clone() }.refused(&["team-a", "dev, prod", "resourceLabelSelector"]);
    }
    let mut fallback = case.clone();
    fallback
        .selectors
        .push(("rest", json!({"arn": role("rest"), "namespaceSelector": {"names": ["team-a"]}, "priority": -1})));
    assert_eq!(fallback.role(), Some(role("rest")));
    let mapped =
        Case { namespace_annotations: vec![(OWNER, THEIRS)], accounts: vec![(THEIRS, ROLE_OF_THEIRS)], ..case };
    assert_eq!(mapped.role().as_deref(), Some(ROLE_OF_THEIRS), "that the platform gave to the namespace too");
}

#[test]
fn labels_that_match_no_selector_leave_other_kinds_and_namespaces_alone() {
    let by_label = json!({"matchLabels": {"env": "dev"}});
    let elsewhere = [
        json!({"arn": role("a"), "namespaceSelector": {"names": ["team-b"]}, "resourceLabelSelector": by_label}),
        json!({"arn": role("a"), "namespaceSelector": {"names": ["team-a"]}, "resourceLabelSelector": by_label,
               "resourceTypeSelector": [{"kind": "Table"}]}),
        json!({"arn": role("a"), "namespaceSelector": {}, "resourceLabelSelector": by_label}),
    ];
    for spec in elsewhere {
        assert_eq!(Case { selectors: vec![("a", spec)], ..Case::default() }.role(), None);
    }
}

#[test]
fn a_selector_by_labels_alone_gives_no_role() {
    let by_label = json!({"matchLabels": {"admin": "yes"}});
    let selectors = vec![("admin", json!({"arn": role("admin"), "resourceLabelSelector": by_label}))];
    let case = Case { selectors, ..Case::default() };
    assert_eq!(case.role(), None, "who does not carry the label is not concerned");
    let claimed = Case { labels: vec![("admin", "yes")], ..case };
    claimed.refused(&["admin", "namespaceSelector"]);
    let meant = json!({"arn": role("admin"), "namespaceSelector": {}, "resourceLabelSelector": by_label});
    assert_eq!(Case { selectors: vec![("admin", meant)], ..claimed }.role(), Some(role("admin")));
}

#[test]
fn a_session_is_as_the_selector_says() {
    let spec = json!({
        "arn": role("a"), "externalID": "tenant-7", "sessionDurationSeconds": 900,
        "sessionName": "cairn-%K8S_NAMESPACE%",
        "sessionTags": {"kubernetes-namespace": "%K8S_NAMESPACE%", "what": "%K8S_RESOURCE_KIND%/%K8S_RESOURCE_NAME%"},
    });
    let role = Case { selectors: vec![("a", spec)], ..Case::default() }.decide().unwrap().role.unwrap();
    assert_eq!(role.external_id.as_deref(), Some("tenant-7"));
    assert_eq!(role.session_name, "cairn-team-a");
    assert_eq!(role.session_tags, map(&[("kubernetes-namespace", "team-a"), ("what", "Bucket/logs")]));
    assert_eq!(role.duration, Duration::from_mins(15));

    let plain = Case { selectors: vec![("a", named(&["team-a"]))], ..Case::default() };
    let role = plain.decide().unwrap().role.unwrap();
    assert_eq!((role.session_tags.len(), role.external_id, role.duration), (0, None, Duration::from_hours(1)));
}

#[test]
fn the_name_of_a_session_is_within_the_limits_of_aws() {
    let name = |template: &str| {
        let selectors = vec![("a", json!({"arn": role("a"), "sessionName": template}))];
        Case { selectors, ..Case::default() }.decide().unwrap().role.unwrap().session_name
    };
    assert_eq!(name("x"), "cairn-x");
    let (long, other) = ("x".repeat(60) + "%K8S_NAMESPACE%", "x".repeat(60) + "%K8S_RESOURCE_KIND%");
    assert_eq!(name(&long).len(), 64);
    assert_ne!(name(&long), name(&other));
    assert_eq!(name(&long), name(&long));
}

#[test]
fn what_is_wrong_with_a_selector_is_said_where_it_would_be_the_one() {
    let long = "x".repeat(251) + "%K8S_NAMESPACE%";
    let cases = [
        (json!({"arn": "nonsense"}), "nonsense"),
        (json!({"arn": role("a"), "sessionName": "%NODE%"}), "%NODE%"),
        (json!({"arn": role("a"), "sessionTags": {"x": "%"}}), "sessionTags.x"),
        (json!({"arn": role("a"), "sessionTags": {"x": "1", "X": "2"}}), "sessionTags"),
        (json!({"arn": role("a"), "sessionTags": {"x": long}}), "256"),
        (
            json!({"arn": role("a"), "namespaceSelector": {"fieldSelector": {"x": "y"}}}),
            "namespaceSelector.fieldSelector",
        ),
        (json!({"arn": role("a"), "priority": "first"}), "cannot be read"),
        (json!({}), "cannot be read"),
    ];
    for (spec, word) in cases {
        let case = Case { selectors: vec![("broken", spec.clone())], ..Case::default() };
        case.refused(&["IAMRoleSelector broken", word]);
    }
    let elsewhere = json!({"arn": "nonsense", "namespaceSelector": {"names": ["team-b"]}});
    let below = vec![("broken", json!({"arn": "nonsense"})), ("good", json!({"arn": role("a"), "priority": 1}))];
    assert_eq!(Case { selectors: vec![("broken", elsewhere)], ..Case::default() }.role(), None);
    assert_eq!(Case { selectors: below, ..Case::default() }.role(), Some(role("a")));
}

#[test]
fn an_unknown_field_that_is_empty_narrows_nothing() {
    let spec = json!({"arn": role("a"), "future": {}, "namespaceSelector": {"names": [], "labelSelector": {}}});
    assert_eq!(Case { selectors: vec![("a", spec)], ..Case::default() }.role(), Some(role("a")));
}

#[test]
fn a_selector_tells_which_labels_of_namespaces_it_looks_at() {
    let spec = json!({"arn": role("a"), "namespaceSelector": {"labelSelector": {"matchLabels": {"env": "x"}}},
                      "resourceLabelSelector": {"matchLabels": {"other": "x"}}});
    assert_eq!(Selector::parse("a", &spec).namespace_labels().collect::<Vec<_>>(), ["env"]);
}
