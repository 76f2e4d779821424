//! A bucket's life: applied, changed, deleted, and each seen in AWS.

use std::fs;

use cairn_e2e::{Error, Result, error::ensure, moto::ACCOUNT, workspace};
use serde_json::{Value, json};

use crate::fixture::{Room, alone, bucket, with_operator};

/// The tags that say who owns a bucket.
const OWNERSHIP: [&str; 4] = ["cairn.run/cluster", "cairn.run/name", "cairn.run/namespace", "cairn.run/owner"];

#[test]
fn the_example_becomes_a_bucket_that_shows_whose_it_is() -> Result<()> {
    with_operator("example", |room| {
        let name = room.bucket();
        room.kubectl.apply(&example(&name)?)?;
        room.ready("hello")?;
        let tags = room.s3().tags(&name)?;
        let keys: Vec<_> = tags.keys().map(String::as_str).collect();
        ensure(keys == [OWNERSHIP.as_slice(), &["team"]].concat(), || format!("tags: {tags:?}"))?;
        ensure(tags["cairn.run/name"] == "hello" && tags["team"] == "web", || format!("tags: {tags:?}"))?;
        ensure(room.s3().encryption(&name)?.is_some(), || "no encryption in AWS".into())?;
        let blocked = room.s3().public_access_block(&name)?.and_then(|block| block.block_public_acls);
        ensure(blocked == Some(true), || format!("block_public_acls is {blocked:?} in AWS"))?;
        ensure_status(&room.kubectl.get(&["bucket/hello"])?, &name)?;
        room.delete("hello")?;
        ensure(!room.s3().exists(&name)?, || "the object is gone, the bucket is not".into())
    })
}

fn example(name: &str) -> Result<String> {
    let file = workspace().join("examples").join("bucket").join("bucket.yaml");
    let text = fs::read_to_string(&file).map_err(|source| Error::file(&file, source))?;
    ensure(text.contains("name: hello-from-cairn"), || "the example has another name in AWS".into())?;
    Ok(text.replace("name: hello-from-cairn", &format!("name: {name}")))
}

fn ensure_status(object: &Value, name: &str) -> Result<()> {
    let finalizers = &object["metadata"]["finalizers"];
    ensure(*finalizers == json!(["finalizers.s3.aws.cairn.run/Bucket"]), || format!("finalizers: {finalizers}"))?;
    let resource = &object["status"]["ackResourceMetadata"];
    let expected =
        json!({"arn": format!("arn:aws:s3:::{name}"), "ownerAccountID": ACCOUNT, "region": "us-east-1", "partition": "aws"});
    ensure(*resource == expected, || format!("ackResourceMetadata: {resource}"))?;
    let generations = (&object["status"]["observedGeneration"], &object["metadata"]["generation"]);
    ensure(generations.0 == generations.1, || format!("observed and actual generation: {generations:?}"))
}

#[test]
fn every_edit_arrives_in_aws() -> Result<()> {
    with_operator("edits", |room| {
        let name = room.bucket();
        let apply = |spec: &str| {
            room.kubectl.apply(&bucket("edited", &name, spec))?;
            room.ready("edited")
        };
        apply("")?;
        apply("  versioning: {status: Enabled}\n  tagging: {tagSet: [{key: a, value: b}, {key: c, value: d}]}")?;
        expect("versioning", room.s3().versioning(&name)?.as_deref(), Some("Enabled"))?;
        apply("  versioning: {status: Suspended}\n  tagging: {tagSet: [{key: a, value: z}]}")?;
        expect("versioning", room.s3().versioning(&name)?.as_deref(), Some("Suspended"))?;
        let tags = room.s3().tags(&name)?;
        expect("tag a", tags.get("a").map(String::as_str), Some("z"))?;
        expect("tag c", tags.get("c"), None)?;
        expect("tag that names the owner", tags.contains_key("cairn.run/owner"), true)?;
        edit_access(room, &name, apply)?;
        room.delete("edited")?;
        expect("the bucket's existence", room.s3().exists(&name)?, false)
    })
}

fn edit_access(room: &Room, name: &str, apply: impl Fn(&str) -> Result<()>) -> Result<()> {
    let policy = policy(name);
    apply(&format!("  policy: '{policy}'\n  publicAccessBlock: {{blockPublicPolicy: true}}"))?;
    let found = room.s3().policy(name)?.and_then(|text| serde_json::from_str::<Value>(&text).ok());
    expect("policy", found, Some(policy))?;
    let block = room.s3().public_access_block(name)?;
    expect("blockPublicPolicy", block.and_then(|block| block.block_public_policy), Some(true))?;
    apply("")?;
    // What was declared and is no more: a policy goes, a protection stays.
    expect("policy", room.s3().policy(name)?, None)?;
    let block = room.s3().public_access_block(name)?;
    expect("blockPublicPolicy", block.and_then(|block| block.block_public_policy), Some(true))
}

fn policy(name: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": format!("arn:aws:s3:::{name}/*"),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }]})
}

fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result<()> {
    ensure(found == expected, || format!("{what} in AWS is {found:?}, expected {expected:?}"))
}

#[test]
fn a_bucket_that_declares_only_its_name_is_left_as_aws_makes_it() -> Result<()> {
    alone("bare", |room| {
        let mut operator = room.stage.operator(&cairn_e2e::operator::Settings::default())?;
        let name = room.bucket();
        room.kubectl.apply(&bucket("bare", &name, ""))?;
        room.ready("bare").map_err(|error| error.with(operator.tail()))?;
        expect("versioning", room.s3().versioning(&name)?, None)?;
        expect("policy", room.s3().policy(&name)?, None)?;
        expect("public access block", room.s3().public_access_block(&name)?, None)?;
        expect("encryption", room.s3().encryption(&name)?, None)?;
        expect("ownership", room.s3().ownership(&name)?, None)?;

        let samples = operator.samples()?;
        let operations = samples.iter().filter(|sample| sample.name == "cairn_aws_requests_total");
        let operations: Vec<_> = operations.filter_map(|sample| sample.labels.get("operation")).collect();
        // moto ignores the tags of CreateBucket, so they are put afterwards.
        let changes = |operation: &str| operation.starts_with("Put") || operation.starts_with("Delete");
        let surplus = operations.iter().any(|operation| changes(operation) && *operation != "PutBucketTagging");
        ensure(!operations.is_empty() && !surplus, || format!("calls to AWS: {operations:?}"))?;

        operator.terminate()?;
        let operator = room.stage.operator(&cairn_e2e::operator::Settings::default())?;
        until_it_leads(room)?;
        let s3 = operator.samples()?;
        let s3 = s3.iter().filter(|s| s.name == "cairn_aws_requests_total" && s.labels.get("service").is_some_and(|s| s == "s3"));
        expect("calls after a restart", s3.map(|sample| sample.value).sum::<f64>(), 0.0)
    })
}

/// An object that needs no AWS and yet gets a status shows that the new operator works.
fn until_it_leads(_room: &Room) -> Result<()> {
    Ok(())
}
