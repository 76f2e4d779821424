//! Values of buckets on their way into config maps and secrets.

use std::fs;

use cairn_e2e::{
    Error, Result,
    error::ensure,
    kubectl::{condition, ensure_says},
    operator::Settings,
    wait::until_true,
    workspace,
};
use serde_json::{Value, json};

use crate::fixture::{Room, SOON, alone, bucket, bucket_name, in_cluster, with_operator};

const FIELD_EXPORTS: &str = "fieldexports.aws.cairn.run";

/// An export of the name of the Bucket `photos`, in AWS.
fn export(name: &str, to: &str) -> String {
    let resource = "{group: s3.aws.cairn.run, kind: Bucket, name: photos}";
    format!(
        "apiVersion: aws.cairn.run/v1alpha1\nkind: FieldExport\nmetadata: {{name: {name}}}\n\
         spec: {{from: {{path: .spec.name, resource: {resource}}}, to: {to}}}\n"
    )
}

fn exported(room: &Room, name: &str) -> Result<()> {
    room.kubectl.until_condition(&format!("{FIELD_EXPORTS}/{name}"), "Ready", "True", SOON).map(drop)
}

/// Waits until the export is not Ready for this reason, and gives the condition.
fn refused(room: &Room, name: &str, reason: &str) -> Result<Value> {
    room.kubectl.until(&format!("{FIELD_EXPORTS}/{name}"), &format!("{name} says {reason}"), SOON, |export| {
        condition(export, "Ready").filter(|ready| ready["reason"] == reason).cloned()
    })
}

fn delete(room: &Room, name: &str) -> Result<()> {
    let export = format!("{FIELD_EXPORTS}/{name}");
    room.kubectl.run(&["delete", "--wait=false", &export])?;
    room.kubectl.until_gone(&export, SOON)
}

fn ensure_data(room: &Room, target: &str, expected: &Value) -> Result<()> {
    let found = room.kubectl.get(&[target])?;
    ensure(found["data"] == *expected, || format!("{target} has {}, expected {expected}", found["data"]))
}

#[test]
fn the_example_gives_an_application_what_it_has_to_know_of_its_bucket() -> Result<()> {
    with_operator("exports", |room| {
        let name = bucket_name();
        let file = workspace().join("examples").join("field-export").join("field-export.yaml");
        let text = fs::read_to_string(&file).map_err(|source| Error::file(&file, source))?;
        room.kubectl.apply(&text.replace("photos-from-cairn", &name))?;
        exported(room, "photos")?;
        let expected = json!({
            "PHOTOS_BUCKET": name, "PHOTOS_BUCKET_ARN": format!("arn:aws:s3:::{name}"),
            "PHOTOS_URL": format!("s3://{name}/"),
        });
        ensure_data(room, "configmap/web", &expected)?;
        delete(room, "photos")?;
        // The garbage collector does the rest.
        room.kubectl.until_gone("configmap/web", SOON)?;
        room.delete("photos")
    })
}

#[test]
fn exports_share_a_target_with_each_other_and_with_people() -> Result<()> {
    with_operator("shared-exports", |room| {
        let name = bucket_name();
        room.kubectl.apply(&bucket("photos", &name, ""))?;
        room.kubectl.apply(&export("one", "{kind: configmap, name: made, key: ONE}"))?;
        exported(room, "one")?;
        room.kubectl.apply(&export("two", "{kind: configmap, name: made, key: TWO}"))?;
        exported(room, "two")?;
        ensure_data(room, "configmap/made", &json!({"ONE": name, "TWO": name}))?;
        delete(room, "one")?;
        ensure_data(room, "configmap/made", &json!({"TWO": name}))?;
        // Somebody's own key keeps what was made for exports alone.
        room.kubectl.run(&["patch", "configmap/made", "--type=merge", "--patch", r#"{"data":{"mine":"1"}}"#])?;
        delete(room, "two")?;
        ensure_data(room, "configmap/made", &json!({"mine": "1"}))?;
        let owners = &room.kubectl.get(&["configmap/made"])?["metadata"]["ownerReferences"];
        ensure(owners.is_null(), || format!("still owned by {owners}"))?;
        beside_people(room, &name)
    })
}

/// ACK's own examples create the target first, with no data in it.
fn beside_people(room: &Room, name: &str) -> Result<()> {
    let map = |name: &str, data: &str| {
        format!("{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}}}, data: {data}}}")
    };
    room.kubectl.apply(&map("applied", "{}"))?;
    room.kubectl.run_with(&["apply", "--server-side", "-f", "-"], &map("server-side", "{}"))?;
    for target in ["applied", "server-side"] {
        room.kubectl.apply(&export(target, &format!("{{kind: configmap, name: {target}, key: NAME}}")))?;
        exported(room, target)?;
        ensure_data(room, &format!("configmap/{target}"), &json!({"NAME": name}))?;
        delete(room, target)?;
        let kept = room.kubectl.get(&[&format!("configmap/{target}")])?;
        ensure(kept["data"]["NAME"].is_null(), || format!("the key is still there: {kept}"))?;
    }
    room.kubectl.apply(&map("theirs", "{NAME: theirs}"))?;
    room.kubectl.apply(&export("theirs", "{kind: configmap, name: theirs, key: NAME}"))?;
    ensure_says(&refused(room, "theirs", "Conflict")?, &["key NAME", "kubectl-client-side-apply"])?;
    ensure_data(room, "configmap/theirs", &json!({"NAME": "theirs"}))?;
    delete(room, "theirs")
}

#[test]
fn secrets_are_written_where_the_chart_permits_it() -> Result<()> {
    alone("secret-exports", |room| {
        let operator = room.stage.operator(&Settings::default())?;
        let name = bucket_name();
        room.kubectl.apply(&bucket("photos", &name, ""))?;
        room.kubectl.apply(&export("photos", "{kind: secret, name: web, key: NAME}"))?;
        let refused = refused(room, "photos", "Forbidden").map_err(|error| error.with(operator.tail()))?;
        ensure_says(&refused, &["secrets", "fieldExport.secrets"])?;
        room.stage.install(&[("fieldExport.secrets", "true")])?;
        exported(room, "photos")?;
        let secret = room.kubectl.get(&["secret/web"])?;
        ensure(secret["type"] == "Opaque", || format!("type: {}", secret["type"]))?;
        let value = room.kubectl.run(&["get", "secret/web", "--output=go-template={{.data.NAME | base64decode}}"])?;
        ensure(value == name, || format!("NAME is {value}"))?;
        delete(room, "photos")?;
        room.kubectl.until_gone("secret/web", SOON)
    })
}

#[test]
fn another_namespace_has_to_permit_the_export() -> Result<()> {
    with_operator("granted-exports", |room| {
        let other = format!("{}-other", room.namespace);
        room.stage.kubectl()?.create_namespace(&other)?;
        let there = room.stage.kubectl()?.in_namespace(&other);
        room.kubectl.apply(&bucket("photos", &bucket_name(), ""))?;
        room.kubectl.apply(&export("photos", &format!("{{kind: configmap, name: web, namespace: {other}}}")))?;
        ensure_says(&refused(room, "photos", "NotGranted")?, &[&other, "AWSReferenceGrant"])?;
        there.apply(&format!(
            "{{apiVersion: aws.cairn.run/v1alpha1, kind: AWSReferenceGrant, metadata: {{name: photos}}, spec: {{from: \
             [{{group: aws.cairn.run, kind: FieldExport, namespace: {}}}], to: [{{group: '', kind: ConfigMap}}]}}}}",
            room.namespace
        ))?;
        exported(room, "photos")?;
        let key = format!("{}.photos", room.namespace);
        let data = &there.get(&["configmap/web"])?["data"];
        ensure(data[&key].is_string(), || format!("data: {data}"))?;
        delete(room, "photos")?;
        let left = &there.get(&["configmap/web"])?["data"];
        ensure(left.is_null(), || format!("left behind: {left}"))
    })
}

#[test]
fn an_export_is_of_one_value_or_of_several() -> Result<()> {
    in_cluster("export-schema", |room| {
        let one = export("a", "{kind: configmap, name: web}");
        let values = "values: [{key: A, path: .a}]";
        for (what, manifest, said) in [
            ("one and several", one.replace("spec: {", &format!("spec: {{{values}, ")), "exactly one of"),
            ("neither", one.replace("path: .spec.name, ", ""), "exactly one of"),
            (
                "a key for several",
                one.replace("path: .spec.name, ", "")
                    .replace("name: web", "name: web, key: B")
                    .replace("spec: {", &format!("spec: {{{values}, ")),
                "each of values has its own key",
            ),
            ("another kind", one.replace("configmap", "pod"), "supported values: \"configmap\", \"secret\""),
        ] {
            let refusal = room.kubectl.refusal(&["create", "--dry-run=server", "-f", "-"], &manifest)?;
            ensure(refusal.to_lowercase().contains(said), || format!("{what}: {refusal}"))?;
        }
        room.kubectl.run_with(&["create", "--dry-run=server", "-f", "-"], &one)?;
        room.kubectl.grant("edit", "author")?;
        let author = room.kubectl.as_user("author");
        until_true("the right to create exports", SOON, || author.can_i(&["create", FIELD_EXPORTS]))?;
        let status = author.can_i(&["patch", FIELD_EXPORTS, "--subresource=status"])?;
        ensure(!status, || "who may edit may write a status that the operator trusts".into())
    })
}
