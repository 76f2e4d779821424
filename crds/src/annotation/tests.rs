use std::collections::BTreeSet;

use super::*;
use crate::managed;

fn ack() -> Groups {
    Groups::new(Groups::ACK_SUFFIX, "kro.run").unwrap()
}

#[test]
fn keys_derive_from_the_settings() {
    assert_eq!(REGION.name(&ack(), "s3"), "services.k8s.aws/region");
    assert_eq!(SERVICE_DELETION_POLICY.name(&ack(), "s3"), "s3.services.k8s.aws/deletion-policy");
    assert_eq!(FLUX_REQUESTED_AT.name(&ack(), "s3"), "reconcile.fluxcd.io/requestedAt");
    assert_eq!(MODE.name(&Groups::default(), "s3"), "aws.cairn.run/mode");
}

#[test]
fn every_annotation_of_ack_is_known_where_ack_honours_it() {
    let names = |place: fn(Place) -> bool| -> BTreeSet<String> {
        ANNOTATIONS.iter().filter(|row| place(row.place)).map(|row| row.name(&ack(), "s3")).collect()
    };
    let (objects, namespaces) = (names(Place::on_objects), names(Place::on_namespaces));
    for key in [
        "adoption-policy",
        "adoption-fields",
        "adopted",
        "deletion-policy",
        "read-only",
        "region",
        "ignore-field-drift",
    ] {
        assert!(objects.contains(&format!("services.k8s.aws/{key}")), "{key}");
    }
    for key in ["default-region", "owner-account-id", "team-id", "endpoint-url"] {
        assert!(namespaces.contains(&format!("services.k8s.aws/{key}")), "{key}");
    }
    assert!(namespaces.contains("s3.services.k8s.aws/deletion-policy"));
}

#[test]
fn no_two_rows_are_one_key_in_one_place() {
    for place in [Place::on_objects, Place::on_namespaces] {
        let here: Vec<_> =
            ANNOTATIONS.iter().filter(|row| place(row.place)).map(|row| row.name(&ack(), "s3")).collect();
        assert_eq!(here.iter().collect::<BTreeSet<_>>().len(), here.len(), "{here:?}");
    }
}

#[test]
fn every_key_is_one_that_kubernetes_takes() {
    for service in managed().map(|kind| kind.home.service()) {
        for name in ANNOTATIONS.iter().map(|row| row.name(&ack(), service)) {
            let (prefix, key) = name.split_once('/').unwrap();
            assert!(Groups::is_group_name(prefix), "{name}");
            assert!(key.len() <= 63 && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{name}");
        }
    }
}

#[test]
fn every_row_says_what_it_does() {
    for row in ANNOTATIONS {
        assert!(row.meaning.ends_with('.') && !row.ack.is_empty(), "{}", row.key);
    }
}

/// The chart puts them between single quotes, as raw strings of CEL.
#[test]
fn patterns_and_words_can_be_quoted() {
    for row in ANNOTATIONS {
        for text in [row.form.pattern(), row.form.expected()] {
            assert!(!text.contains(['\'', '\n']) && !text.ends_with('\\'), "{text}");
        }
    }
}
