use super::*;

fn groups() -> Groups {
    Groups::default()
}

fn annotations(entries: &[(&str, &str)]) -> Annotations {
    let name = |key: &str| if key.contains('/') { key.to_owned() } else { groups().annotation(key) };
    entries.iter().map(|(key, value)| (name(key), (*value).to_owned())).collect()
}

fn parse(object: &[(&str, &str)], namespace: &[(&str, &str)]) -> Result<Controls, String> {
    Controls::parse(&annotations(object), &annotations(namespace), "s3", &groups())
        .map_err(|invalid| invalid.to_string())
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

const EARLY: &str = "2026-01-01T00:00:00Z";
const LATE: &str = "2026-06-01T00:00:00Z";

#[test]
fn nothing_said_is_nothing_asked() {
    assert_eq!(parse(&[], &[]), Ok(Controls::default()));
    let others =
        [("example.com/paused", "true"), ("services.k8s.aws/read-only", "true"), ("kubectl.kubernetes.io/x", "")];
    assert_eq!(parse(&others, &others), Ok(Controls::default()));
}

#[test]
fn the_least_of_what_is_asked_for_is_done() {
    for (object, mode) in [
        (&[("mode", "Manage")][..], Mode::Manage),
        (&[("mode", "Plan")], Mode::Plan),
        (&[("read-only", "true")], Mode::ReadOnly),
        (&[("read-only", "True")], Mode::ReadOnly),
        (&[("read-only", "false")], Mode::Manage),
        (&[("read-only", "false"), ("mode", "Plan")], Mode::Plan),
        (&[("read-only", "true"), ("mode", "Plan")], Mode::ReadOnly),
        (&[("read-only", "true"), ("mode", "Manage")], Mode::ReadOnly),
    ] {
        assert_eq!(parse(object, &[]).unwrap().mode, mode, "{object:?}");
    }
    assert!(Mode::Manage < Mode::Plan && Mode::Plan < Mode::ReadOnly);
}

#[test]
fn object_and_namespace_both_have_a_brake() {
    let until = |text| Paused::Until(at(text));
    for (object, namespace, paused) in [
        (&[][..], &[][..], Paused::No),
        (&[("paused", "true")], &[], Paused::Yes),
        (&[], &[("paused", "true")], Paused::Yes),
        (&[("paused", "false")], &[("paused", "true")], Paused::Yes),
        (&[("paused", "false")], &[], Paused::No),
        (&[("paused", "true"), ("paused-until", EARLY)], &[], until(EARLY)),
        (&[("paused-until", EARLY)], &[], until(EARLY)),
        (&[("paused", "false"), ("paused-until", EARLY)], &[], until(EARLY)),
        (&[("paused-until", EARLY)], &[("paused-until", LATE)], until(LATE)),
        (&[("paused-until", LATE)], &[("paused", "true"), ("paused-until", EARLY)], until(LATE)),
        (&[("paused-until", LATE)], &[("paused", "true")], Paused::Yes),
    ] {
        assert_eq!(parse(object, namespace).unwrap().paused, paused, "{object:?} {namespace:?}");
    }
}

#[test]
fn adoption_has_a_policy_and_may_have_fields() {
    let fields = BTreeMap::from([("name".to_owned(), "photos".to_owned())]);
    let named = [("adoption-policy", "adopt"), ("adoption-fields", r#"{"name": "photos"}"#)];
    let adoption = |object: &[_]| parse(object, &[]).unwrap().adoption;
    assert_eq!(adoption(&named), Some(Adoption { policy: adoption::Policy::Adopt, fields }));
    let bare = Adoption { policy: adoption::Policy::AdoptOrCreate, fields: BTreeMap::new() };
    assert_eq!(adoption(&[("adoption-policy", "adopt-or-create")]), Some(bare));
    assert_eq!(adoption(&named[1..]), None);
    assert!(parse(&[("adopted", "true")], &[]).unwrap().adopted);
}

#[test]
fn the_object_decides_on_deletion_before_the_namespace_and_only_for_its_service() {
    let (s3, sqs) = ("s3.aws.cairn.run/deletion-policy", "sqs.aws.cairn.run/deletion-policy");
    let deletion = |object: &[_], namespace: &[_]| {
        let controls = parse(object, namespace).unwrap();
        controls.deletion.or(controls.namespace_deletion)
    };
    assert_eq!(deletion(&[], &[]), None);
    assert_eq!(deletion(&[], &[(s3, "retain")]), Some(Policy::Retain));
    assert_eq!(deletion(&[("deletion-policy", "delete")], &[(s3, "retain")]), Some(Policy::Delete));
    assert_eq!(deletion(&[("deletion-policy", "retain")], &[(s3, "delete")]), Some(Policy::Retain));
    assert_eq!(deletion(&[], &[(sqs, "retain")]), None);
    assert_eq!(deletion(&[], &[("deletion-policy", "retain")]), None);
    assert_eq!(deletion(&[(s3, "retain")], &[]), None);
}

#[test]
fn neither_object_nor_namespace_takes_away_the_other_ones_protection() {
    let protection = |object: &str, namespace: &str| {
        parse(&[("deletion-protection", object)], &[("deletion-protection", namespace)]).unwrap().protection
    };
    assert_eq!(protection("true", "true"), Some(ProtectedBy::Object));
    assert_eq!(protection("true", "false"), Some(ProtectedBy::Object));
    assert_eq!(protection("false", "true"), Some(ProtectedBy::Namespace));
    assert_eq!(protection("false", "false"), None);
}

#[test]
fn the_rest_is_read_where_it_is_honoured() {
    let object =
        [("resync-period", "10m"), ("region", "eu-west-1"), ("ignore-field-drift", "spec.tagging, spec.policy")];
    let namespace = [("default-region", "eu-west-2"), ("owner-account-id", "111122223333")];
    let controls = parse(&object, &namespace).unwrap();
    assert_eq!(controls.period, Some(Period::Fixed(600)));
    assert_eq!(controls.region, Some(Region::parse("eu-west-1").unwrap()));
    assert_eq!(controls.default_region, Some(Region::parse("eu-west-2").unwrap()));
    assert_eq!(controls.account.as_deref(), Some("111122223333"));
    assert!(
        controls.ignores("policy", "") && controls.ignores("tagging", "tagSet") && !controls.ignores("versioning", "")
    );
    assert_eq!(parse(&namespace, &object), Ok(Controls::default()));
}

#[test]
fn the_later_of_two_requests_counts() {
    let requested = |ours: &str, flux: &str| {
        parse(&[("requested-at", ours), ("reconcile.fluxcd.io/requestedAt", flux)], &[]).unwrap().requested.unwrap()
    };
    assert_eq!(requested(EARLY, LATE), LATE);
    assert_eq!(requested(LATE, EARLY), LATE);
    assert_eq!(requested("2026-06-01T02:00:00+02:00", EARLY), "2026-06-01T02:00:00+02:00");
    assert_eq!(requested("1900000000", LATE), "1900000000");
    assert_eq!(requested("please", EARLY), EARLY);
    assert_eq!(parse(&[("requested-at", "please")], &[]).unwrap().requested.as_deref(), Some("please"));
}

#[test]
fn graphs_have_requests_under_the_name_of_their_group() {
    let request = |pairs: &[(&str, &str)]| {
        let all = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        graph_request(&all, &Groups::default())
    };
    let (ours, flux) = ("cairn.run/requested-at", "reconcile.fluxcd.io/requestedAt");
    assert_eq!(request(&[(ours, EARLY), (flux, LATE)]).as_deref(), Some(LATE));
    assert_eq!(request(&[(ours, LATE), (flux, EARLY)]).as_deref(), Some(LATE));
    assert_eq!(request(&[("aws.cairn.run/requested-at", LATE)]), None);
}

/// Every annotation that has a form, with a value that it does not take.
const BAD: &[(&str, &str)] = &[
    ("read-only", "yes"),
    ("mode", "plan"),
    ("paused", ""),
    ("paused-until", "tomorrow"),
    ("adoption-policy", "take"),
    ("adoption-fields", "name=photos"),
    ("adopted", "1"),
    ("deletion-policy", "keep"),
    ("deletion-protection", "on"),
    ("resync-period", "daily"),
    ("ignore-field-drift", "tags[0]"),
    ("region", "Ireland"),
];

const BAD_ON_NAMESPACES: &[(&str, &str)] = &[
    ("paused", "yes"),
    ("paused-until", "2026-02-30T00:00:00Z"),
    ("s3.aws.cairn.run/deletion-policy", "Delete"),
    ("deletion-protection", "True!"),
    ("default-region", "EU"),
    ("owner-account-id", "1234"),
];

#[test]
fn a_bad_value_is_an_error_that_names_key_value_and_what_is_expected() {
    for (key, value) in BAD {
        let why = parse(&[(key, value)], &[]).unwrap_err();
        assert!(why.contains(&format!("annotation aws.cairn.run/{key} is `{value}`; it must be ")), "{why}");
    }
    for (key, value) in BAD_ON_NAMESPACES {
        let why = parse(&[], &[(key, value)]).unwrap_err();
        assert!(why.contains(key) && why.contains(&format!(" of the namespace is `{value}`; it must be ")), "{why}");
    }
}

#[test]
fn every_annotation_with_a_form_has_a_bad_value_in_these_tests() {
    for row in annotation::ANNOTATIONS.iter().filter(|row| row.is_offered() && !row.form.pattern().is_empty()) {
        let name = row.name(&groups(), "s3");
        let tried = |table: &[(&str, &str)]| annotations(table).contains_key(&name);
        assert!(!row.place.on_objects() || tried(BAD), "{name}");
        assert!(!row.place.on_namespaces() || tried(BAD_ON_NAMESPACES), "{name}");
    }
}

#[test]
fn all_bad_values_are_told_at_once_and_long_ones_are_cut() {
    let long = "é".repeat(1_000);
    let why = parse(&[("mode", &long), ("deletion-policy", "keep")], &[("paused", "maybe")]).unwrap_err();
    assert_eq!(why.matches("; it must be ").count(), 3, "{why}");
    assert!(why.len() < 1_000 && why.contains("é…`"), "{why}");
}

#[test]
fn annotations_of_ack_are_read_under_acks_names() {
    let ack = Groups::new(Groups::ACK_SUFFIX, "kro.run").unwrap();
    let object = [("services.k8s.aws/read-only".to_owned(), "true".to_owned())].into();
    let namespace = [("s3.services.k8s.aws/deletion-policy".to_owned(), "retain".to_owned())].into();
    let controls = Controls::parse(&object, &namespace, "s3", &ack).unwrap();
    assert_eq!((controls.mode, controls.namespace_deletion), (Mode::ReadOnly, Some(Policy::Retain)));
}

#[test]
fn what_a_plan_depends_on_is_in_the_digest_and_nothing_else() {
    let input = |object: &[_]| parse(object, &[]).unwrap().digest_input(at(EARLY));
    assert_eq!(input(&[]), json!({}));
    let plain = [("deletion-policy", "retain"), ("resync-period", "1h"), ("requested-at", "now"), ("adopted", "true")];
    assert_eq!(input(&plain), json!({}));
    let mut seen = vec![json!({})];
    for object in [
        &[("mode", "Plan")][..],
        &[("read-only", "true")],
        &[("paused", "true")],
        &[("adoption-policy", "adopt")],
        &[("adoption-policy", "adopt-or-create")],
        &[("adoption-policy", "adopt"), ("adoption-fields", r#"{"name": "a"}"#)],
        &[("ignore-field-drift", "spec.tagging")],
    ] {
        let input = input(object);
        assert!(!seen.contains(&input), "{object:?}: {input}");
        seen.push(input);
    }
}

#[test]
fn the_digest_knows_when_a_brake_came_off() {
    let controls = parse(&[("paused-until", LATE)], &[]).unwrap();
    assert_eq!(controls.digest_input(at(EARLY)), json!({"paused": true}));
    assert_eq!(controls.digest_input(at(LATE)), json!({}));
}
