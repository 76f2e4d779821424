//! Definitions, and instances of the kinds that they make.

use std::{
    fs,
    io::{Write as _, stderr},
};

use cairn_e2e::{Error, Result, error::ensure, kubectl::ensure_says, workspace};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde_json::Value;

use crate::fixture::{Room, SOON, bucket_name, with_operator};

const DEFINITIONS: &str = "resourcegraphdefinitions.cairn.run";

fn read(path: &[&str]) -> Result<String> {
    let file = path.iter().fold(workspace(), |folder, part| folder.join(part));
    fs::read_to_string(&file).map_err(|source| Error::file(&file, source))
}

fn define(room: &Room, name: &str, manifest: &str) -> Result<()> {
    room.kubectl.apply(manifest)?;
    room.kubectl.until_condition(&format!("{DEFINITIONS}/{name}"), "Ready", "True", SOON).map(drop)
}

fn ready(room: &Room, object: &str) -> Result<Value> {
    room.kubectl.until_condition(object, "Ready", "True", SOON)
}

fn delete(room: &Room, object: &str) -> Result<()> {
    room.kubectl.run(&["delete", "--wait=false", object])?;
    room.kubectl.until_gone(object, SOON)
}

fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Tells how long after its bucket the deployment came: to the second, Kubernetes keeps no finer times of an object.
fn tell_how_soon(room: &Room) -> Result<()> {
    let second = |time: &Value| match serde_json::from_value::<Time>(time.clone()) {
        Ok(time) => Ok(time.0.as_second()),
        Err(error) => Err(Error::Wrong(format!("{time} is no time: {error}"))),
    };
    let (bucket, deployment) = (room.kubectl.get(&["bucket/gallery"])?, room.kubectl.get(&["deployment/gallery"])?);
    let mut conditions = bucket["status"]["conditions"].as_array().into_iter().flatten();
    let ready = conditions.find(|one| one["type"] == "Ready").map(|one| second(&one["lastTransitionTime"]));
    let ready = ready.ok_or_else(|| Error::Wrong("the bucket says nothing".into()))??;
    let took = second(&deployment["metadata"]["creationTimestamp"])? - ready;
    // What nobody reads is no failure.
    let _ = writeln!(stderr(), "the deployment came {took} s after its bucket was Ready");
    Ok(())
}

#[test]
fn an_application_comes_with_its_bucket_follows_edits_and_goes() -> Result<()> {
    with_operator("gallery", |room| {
        let name = bucket_name();
        define(room, "bucket-application", &read(&["examples", "graphs", "bucket-application", "definition.yaml"])?)?;
        let instance = read(&["examples", "graphs", "bucket-application", "instance.yaml"])?;
        let instance = instance.replace("example-gallery-originals", &name).replace("media", &room.namespace);
        room.kubectl.apply(&instance)?;
        let object = "bucketapplications.cairn.run/gallery";
        ready(room, object)?;
        tell_how_soon(room)?;
        let arn = format!("arn:aws:s3:::{name}");
        let found = room.kubectl.get(&[object])?;
        ensure(text(&found, "/status/bucketARN") == arn, || format!("status: {}", found["status"]))?;
        let settings = room.kubectl.get(&["configmap/gallery"])?;
        ensure(text(&settings, "/data/BUCKET_ARN") == arn, || format!("data: {}", settings["data"]))?;

        room.kubectl.apply(&instance.replace("gallery:3", "gallery:4"))?;
        let image = "/spec/template/spec/containers/0/image";
        let follows = |found: &Value| text(found, image).ends_with("gallery:4").then_some(());
        room.kubectl.until("deployment/gallery", "the new image", SOON, follows)?;
        // What somebody changes is put back.
        let patch = r#"{"data":{"BUCKET_ARN":"mine"}}"#;
        room.kubectl.run(&["patch", "configmap/gallery", "--type=merge", "--patch", patch])?;
        let back = |found: &Value| (text(found, "/data/BUCKET_ARN") == arn).then_some(());
        room.kubectl.until("configmap/gallery", "the value is back", SOON, back)?;

        delete(room, object)?;
        for gone in ["bucket/gallery", "configmap/gallery", "deployment/gallery", "serviceaccount/gallery"] {
            ensure(room.kubectl.find(gone)?.is_none(), || format!("{gone} is still there"))?;
        }
        delete(room, &format!("{DEFINITIONS}/bucket-application"))
    })
}

/// Between the two documents of the readme's example is what it says to wait for.
#[test]
fn the_readme_is_right() -> Result<()> {
    with_operator("readme", |room| {
        let readme = read(&["README.md"])?;
        let example = readme.split("```").find(|part| part.contains("kind: Archive\nmetadata"));
        let example = example.and_then(|part| part.strip_prefix("yaml\n"));
        let example = example.ok_or_else(|| Error::Wrong("the readme has no such example".into()))?;
        let (definition, instance) =
            example.split_once("---\n").ok_or_else(|| Error::Wrong("the example is not of two documents".into()))?;
        define(room, "archive", definition)?;
        let name = bucket_name();
        room.kubectl.apply(&instance.replace("letters-of-team-a", &name))?;
        ready(room, "archives.cairn.run/letters")?;
        let settings = room.kubectl.get(&["configmap/letters"])?;
        ensure(text(&settings, "/data/BUCKET_ARN") == format!("arn:aws:s3:::{name}"), || settings.to_string())?;
        // The definition goes after its instance.
        let definition = format!("{DEFINITIONS}/archive");
        room.kubectl.run(&["delete", "--wait=false", &definition])?;
        let waits = room.kubectl.until_condition(&definition, "Ready", "False", SOON)?;
        ensure_says(&waits, &[&format!("{}/letters", room.namespace)])?;
        delete(room, "archives.cairn.run/letters")?;
        room.kubectl.until_gone(&definition, SOON)
    })
}

#[test]
fn what_others_have_is_read_and_followed_and_never_taken() -> Result<()> {
    with_operator("settings", |room| {
        define(room, "shared-settings", &read(&["examples", "graphs", "shared-settings", "definition.yaml"])?)?;
        let map = |name: &str, data: &str| {
            format!(
                "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}, labels: {{settings-for: shop}}}}, data: {data}}}"
            )
        };
        room.kubectl.apply(&map("shop-settings", "{theirs: '1'}"))?;
        let instance = read(&["examples", "graphs", "shared-settings", "instance.yaml"])?;
        room.kubectl.apply(&instance.replace("namespace: shop", &format!("namespace: {}", room.namespace)))?;
        let object = "sharedsettings.cairn.run/shop";
        let blocked = room.kubectl.until_condition(object, "Ready", "False", SOON)?;
        ensure_says(&blocked, &["shop-settings exists and is not this instance's", "applyset.kubernetes.io/part-of="])?;
        room.kubectl.run(&["delete", "configmap/shop-settings"])?;
        ready(room, object)?;
        room.kubectl.apply(&map("team", "{color: blue}"))?;
        let joined = |found: &Value| (text(found, "/data/team") == "color=blue").then_some(());
        room.kubectl.until("configmap/shop-settings", "the team's settings", SOON, joined)?;
        delete(room, object)?;
        ensure(room.kubectl.find("configmap/team")?.is_some(), || "the team's config map is gone".into())?;
        delete(room, &format!("{DEFINITIONS}/shared-settings"))
    })
}
