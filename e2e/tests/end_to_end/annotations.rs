//! What the API server refuses by the chart's policies on annotations.

use cairn_crds::{
    Groups,
    annotation::{ANNOTATIONS, Annotation, Form},
};
use cairn_e2e::{Result, error::ensure, kubectl::Kubectl, wait::until_true};
use serde_json::{Value, json};

use crate::fixture::{Room, SOON, alone, bucket_name, in_cluster};

const CREATE: [&str; 4] = ["create", "--dry-run=server", "-f", "-"];
const UNKNOWN: &str = "aws.cairn.run/nope";

/// A Bucket or a Namespace with these annotations.
fn object(place: &str, annotations: &Value) -> String {
    named(&bucket_name(), place, annotations)
}

fn named(name: &str, place: &str, annotations: &Value) -> String {
    let metadata = json!({"name": name, "annotations": annotations});
    let object = match place {
        "Namespace" => json!({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}),
        group => json!({
            "apiVersion": format!("{group}/v1alpha1"), "kind": "Bucket", "metadata": metadata, "spec": {"name": "a-bucket"}
        }),
    };
    object.to_string()
}

const PLACES: [&str; 2] = ["s3.aws.cairn.run", "Namespace"];

/// The annotations that are honoured in a place, with their keys.
fn honoured(place: &str) -> impl Iterator<Item = (String, &'static Annotation)> {
    let here = move |row: &&Annotation| match place {
        "Namespace" => row.place.on_namespaces(),
        _ => row.place.on_objects(),
    };
    ANNOTATIONS.iter().filter(here).map(|row| (row.name(&Groups::default(), "s3"), row))
}

/// A value that the form does not take.
fn bad(form: Form) -> Option<&'static str> {
    match form {
        Form::Words(_) => Some("Retain!"),
        Form::Boolean => Some("yes"),
        Form::Moment => Some("2026-01-31"),
        Form::Period => Some("daily"),
        Form::Strings => Some("{\"name\": 1}"),
        Form::FieldPaths => Some("spec.rules[0]"),
        Form::Region => Some("EU"),
        Form::Account => Some("1234"),
        Form::NotOffered { .. } => Some("any"),
        Form::Text => None,
    }
}

/// A policy counts a moment after it was written.
fn policies_count(room: &Room) -> Result<()> {
    for place in PLACES {
        let unknown = object(place, &json!({ UNKNOWN: "true" }));
        until_true("the policy on annotations", SOON, || Ok(room.kubectl.refusal(&CREATE, &unknown).is_ok()))?;
    }
    Ok(())
}

fn refused(kubectl: &Kubectl, args: &[&str], manifest: &str, words: &[&str]) -> Result<()> {
    let refusal = kubectl.refusal(args, manifest)?;
    ensure(words.iter().all(|word| refusal.contains(word)), || {
        format!("{manifest}\nwas refused without {words:?}:\n{refusal}")
    })
}

#[test]
fn every_annotation_is_taken_with_a_good_value_and_refused_with_a_bad_one() -> Result<()> {
    in_cluster("values", |room| {
        policies_count(room)?;
        for place in PLACES {
            let good: Value = honoured(place)
                .filter(|(_, row)| row.is_offered())
                .map(|(key, row)| (key, Value::from(row.form.example())))
                .collect();
            room.kubectl.run_with(&CREATE, &object(place, &good))?;
            for (key, row) in honoured(place) {
                let Some(value) = bad(row.form) else { continue };
                let words = ["ValidatingAdmissionPolicy", &format!("annotation {key} must be {}", row.form.expected())];
                refused(&room.kubectl, &CREATE, &object(place, &json!({ key: value })), &words)?;
            }
        }
        Ok(())
    })
}

/// A place, a key and whether it is refused there.
const KEYS: &[(&str, &str, bool)] = &[
    (PLACES[0], UNKNOWN, true),
    (PLACES[1], UNKNOWN, true),
    (PLACES[0], "s3.aws.cairn.run/force", true),
    (PLACES[0], "sqs.aws.cairn.run/deletion-policy", true),
    (PLACES[1], "sqs.aws.cairn.run/deletion-policy", true),
    (PLACES[0], "aws.cairn.run/default-region", true),
    (PLACES[1], "aws.cairn.run/region", true),
    (PLACES[1], "aws.cairn.run/deletion-policy", true),
    (PLACES[0], "services.k8s.aws/nope", false),
    (PLACES[0], "example.com/aws.cairn.run", false),
    (PLACES[0], "myaws.cairn.run/nope", false),
    (PLACES[0], "cairn.run/nope", false),
    (PLACES[1], "aws.cairn.run.example.com/nope", false),
];

#[test]
fn a_key_of_ours_that_nothing_honours_is_refused_and_those_of_others_are_theirs() -> Result<()> {
    in_cluster("keys", |room| {
        policies_count(room)?;
        for (place, key, is_refused) in KEYS {
            let manifest = object(place, &json!({ *key: "any" }));
            if *is_refused {
                refused(
                    &room.kubectl,
                    &CREATE,
                    &manifest,
                    &[&format!("unknown annotation {key}; known here are aws.")],
                )?;
            } else {
                room.kubectl.run_with(&CREATE, &manifest)?;
            }
        }
        Ok(())
    })
}

/// What the API server's own checker of types finds in the policies.
#[test]
fn the_expressions_of_the_policies_have_no_mistakes_in_their_types() -> Result<()> {
    in_cluster("types", |room| {
        for policy in ["annotations-of-objects", "annotations-of-namespaces", "deletion-protection"] {
            let name = format!("validatingadmissionpolicy/cairn-{policy}");
            let checked =
                |found: &Value| found["status"]["observedGeneration"].is_i64().then(|| found["status"].clone());
            let status = room.kubectl.until(&name, "its types to be checked", SOON, checked)?;
            let warnings = &status["typeChecking"]["expressionWarnings"];
            ensure(warnings.is_null(), || format!("{name}: {warnings}"))?;
        }
        Ok(())
    })
}

#[test]
fn what_was_written_before_stands_in_nobodys_way() -> Result<()> {
    alone("before", |room| {
        room.stage.install(&[("admission.enabled", "false")])?;
        let old = json!({ UNKNOWN: "true", "aws.cairn.run/mode": "plan" });
        for place in PLACES {
            let old = named("old", place, &old);
            until_true("leave to write anything", SOON, || Ok(room.kubectl.run_with(&CREATE, &old).is_ok()))?;
            room.kubectl.run_with(&["create", "-f", "-"], &old)?;
        }
        room.stage.install(&[])?;
        policies_count(room)?;
        for kind in ["bucket.s3.aws.cairn.run/old", "namespace/old"] {
            room.kubectl.run(&["label", kind, "a=b"])?;
            room.kubectl.run(&["annotate", kind, "aws.cairn.run/paused=true"])?;
            for bad in ["aws.cairn.run/nope=false", "aws.cairn.run/mode=PLAN"] {
                refused(&room.kubectl, &["annotate", "--overwrite", kind, bad], "", &["annotation aws.cairn.run/"])?;
            }
            room.kubectl.run(&["annotate", kind, "aws.cairn.run/nope-"])?;
        }
        with_a_warning(room)?;
        in_watched_namespaces_only(room)?;
        under_the_names_of_ack(room)
    })
}

fn with_a_warning(room: &Room) -> Result<()> {
    room.stage.install(&[("admission.annotations", "Warn")])?;
    let unknown = object(PLACES[0], &json!({ UNKNOWN: "true" }));
    until_true("a warning instead of a refusal", SOON, || Ok(room.kubectl.run_with(&CREATE, &unknown).is_ok()))?;
    let strict = [CREATE.as_slice(), &["--warnings-as-errors"]].concat();
    refused(&room.kubectl, &strict, &unknown, &["Warning: ", "unknown annotation aws.cairn.run/nope"])
}

fn in_watched_namespaces_only(room: &Room) -> Result<()> {
    room.stage.install(&[("watchNamespaces", &format!("{{{}}}", room.namespace)), ("cluster.id", "here")])?;
    let elsewhere = room.stage.kubectl()?.in_namespace("default");
    let unknown = object(PLACES[0], &json!({ UNKNOWN: "true" }));
    until_true("a refusal here and none elsewhere", SOON, || {
        Ok(room.kubectl.refusal(&CREATE, &unknown).is_ok() && elsewhere.run_with(&CREATE, &unknown).is_ok())
    })
}

/// Keys of ACK's, known here or not, are taken as ACK takes them.
fn under_the_names_of_ack(room: &Room) -> Result<()> {
    room.stage.install(&[("aws.groupSuffix", "services.k8s.aws")])?;
    let bucket = "s3.services.k8s.aws";
    let bad = |place, key: &str, value: &str, words: &str| {
        let manifest = object(place, &json!({ key: value }));
        until_true(words, SOON, || match room.kubectl.refusal(&CREATE, &manifest) {
            Ok(refusal) => Ok(refusal.contains(words)),
            Err(_) => Ok(false),
        })
    };
    bad(bucket, "services.k8s.aws/nope", "", "unknown annotation services.k8s.aws/nope")?;
    bad(
        bucket,
        "services.k8s.aws/adoption-policy",
        "take",
        "services.k8s.aws/adoption-policy must be adopt or adopt-or-create",
    )?;
    bad("Namespace", "s3.services.k8s.aws/deletion-policy", "keep", "must be delete or retain")?;
    for (place, key, value) in [
        (bucket, "ecr.services.k8s.aws/force-delete", "true"),
        (bucket, "rds.services.k8s.aws/skip-final-snapshot", "any"),
        (bucket, "services.k8s.aws/read-only", "True"),
        (bucket, UNKNOWN, "any"),
        ("Namespace", "services.k8s.aws/endpoint-url", "http://localhost:4566"),
        ("Namespace", "services.k8s.aws/team-id", "a"),
        ("Namespace", "sqs.services.k8s.aws/deletion-policy", "any"),
        ("Namespace", "s3.services.k8s.aws/deletion-policy", "retain"),
    ] {
        room.kubectl.run_with(&CREATE, &object(place, &json!({ key: value })))?;
    }
    Ok(())
}
