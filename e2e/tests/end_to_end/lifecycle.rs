//! A bucket's life: applied, changed, deleted, and each seen in AWS.

use std::fs;

use cairn_e2e::{
    Error, Result,
    error::ensure,
    moto::ACCOUNT,
    operator::{Operator, Settings},
    wait::until_true,
    workspace,
};
use serde_json::{Value, json};

use crate::fixture::{Room, SOON, alone, bucket, bucket_name, with_operator};

/// The tags that say who owns a bucket.
const OWNERSHIP: [&str; 4] = ["cairn.run/cluster", "cairn.run/name", "cairn.run/namespace", "cairn.run/owner"];

#[test]
fn the_example_becomes_a_bucket_that_shows_whose_it_is() -> Result<()> {
    with_operator("example", |room| {
        let name = bucket_name();
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
    let expected = json!({"arn": format!("arn:aws:s3:::{name}"), "ownerAccountID": ACCOUNT, "region": "us-east-1", "partition": "aws"});
    ensure(*resource == expected, || format!("ackResourceMetadata: {resource}"))?;
    let generations = (&object["status"]["observedGeneration"], &object["metadata"]["generation"]);
    ensure(generations.0 == generations.1, || format!("observed and actual generation: {generations:?}"))
}

#[test]
fn every_edit_arrives_in_aws() -> Result<()> {
    with_operator("edits", |room| {
        let name = bucket_name();
        let apply = |spec: &str| {
            room.kubectl.apply(&bucket("edited", &name, spec))?;
            room.ready("edited")
        };
        apply("")?;
        apply("  versioning: {status: Enabled}\n  tagging: {tagSet: [{key: a, value: b}, {key: c, value: d}]}")?;
        expect("versioning", &room.s3().versioning(&name)?.as_deref(), &Some("Enabled"))?;
        apply("  versioning: {status: Suspended}\n  tagging: {tagSet: [{key: a, value: z}]}")?;
        expect("versioning", &room.s3().versioning(&name)?.as_deref(), &Some("Suspended"))?;
        let tags = room.s3().tags(&name)?;
        expect("tag a", &tags.get("a").map(String::as_str), &Some("z"))?;
        expect("tag c", &tags.get("c"), &None)?;
        expect("tag that names the owner", &tags.contains_key("cairn.run/owner"), &true)?;
        edit_access(room, &name, apply)?;
        room.delete("edited")?;
        expect("the bucket's existence", &room.s3().exists(&name)?, &false)
    })
}

fn edit_access(room: &Room, name: &str, apply: impl Fn(&str) -> Result<()>) -> Result<()> {
    let policy = policy(name);
    apply(&format!("  policy: '{policy}'\n  publicAccessBlock: {{blockPublicPolicy: true}}"))?;
    let found = room.s3().policy(name)?.and_then(|text| serde_json::from_str::<Value>(&text).ok());
    expect("policy", &found, &Some(policy))?;
    let block = room.s3().public_access_block(name)?;
    expect("blockPublicPolicy", &block.and_then(|block| block.block_public_policy), &Some(true))?;
    apply("")?;
    // What was declared and is no more: a policy goes, a protection stays.
    expect("policy", &room.s3().policy(name)?, &None)?;
    let block = room.s3().public_access_block(name)?;
    expect("blockPublicPolicy", &block.and_then(|block| block.block_public_policy), &Some(true))
}

#[test]
fn protections_that_are_no_longer_declared_stay() -> Result<()> {
    with_operator("protected", |room| {
        let name = bucket_name();
        room.kubectl.apply(&bucket("protected", &name, PROTECTIONS))?;
        room.ready("protected")?;
        let protections =
            || Ok((room.s3().public_access_block(&name)?, room.s3().ownership(&name)?, room.s3().encryption(&name)?));
        let before = protections()?;
        let all = before.0.is_some() && before.1.is_some() && before.2.is_some();
        ensure(all, || format!("not all of them are in AWS: {before:?}"))?;
        room.kubectl.apply(&bucket("protected", &name, ""))?;
        room.ready("protected")?;
        expect("what protects the bucket", &protections()?, &before)
    })
}

const PROTECTIONS: &str = "  publicAccessBlock: {blockPublicACLs: true, restrictPublicBuckets: true}
  ownershipControls: {rules: [{objectOwnership: BucketOwnerEnforced}]}
  encryption: {rules: [{applyServerSideEncryptionByDefault: {sseAlgorithm: 'aws:kms', kmsMasterKeyID: alias/k}}]}";

fn policy(name: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": format!("arn:aws:s3:::{name}/*"),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }]})
}

fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<()> {
    ensure(found == expected, || format!("{what} in AWS is {found:?}, expected {expected:?}"))
}

#[test]
fn a_bucket_that_declares_only_its_name_is_left_as_aws_makes_it() -> Result<()> {
    alone("bare", |room| {
        let mut operator = room.stage.operator(&Settings::default())?;
        let name = bucket_name();
        room.kubectl.apply(&bucket("bare", &name, ""))?;
        room.ready("bare").map_err(|error| error.with(operator.tail()))?;
        expect("versioning", &room.s3().versioning(&name)?, &None)?;
        expect("policy", &room.s3().policy(&name)?, &None)?;
        expect("public access block", &room.s3().public_access_block(&name)?, &None)?;
        expect("encryption", &room.s3().encryption(&name)?, &None)?;
        expect("ownership", &room.s3().ownership(&name)?, &None)?;
        // moto ignores the tags of CreateBucket, so they are put afterwards.
        let surplus = |call: &String| {
            (call.starts_with("Put") || call.starts_with("Delete")) && call.as_str() != "PutBucketTagging"
        };
        let calls = calls_to_s3(&operator)?;
        ensure(!calls.is_empty() && !calls.iter().any(surplus), || format!("calls to AWS: {calls:?}"))?;
        operator.terminate()?;
        a_restart_asks_aws_nothing(room)
    })
}

fn a_restart_asks_aws_nothing(room: &Room) -> Result<()> {
    let operator = room.stage.operator(&Settings::default())?;
    until_true("a look at the bucket", SOON, || has_looked(&operator))?;
    let calls = calls_to_s3(&operator)?;
    ensure(calls.is_empty(), || format!("calls to AWS after a restart: {calls:?}"))
}

fn has_looked(operator: &Operator) -> Result<bool> {
    let samples = operator.samples()?;
    let mut reconciles = samples.iter().filter(|sample| sample.name == "cairn_reconciles_total");
    Ok(reconciles.any(|sample| sample.labels.get("outcome").is_some_and(|outcome| outcome == "settled")))
}

fn calls_to_s3(operator: &Operator) -> Result<Vec<String>> {
    let samples = operator.samples()?;
    let calls = samples.iter().filter(|sample| sample.name == "cairn_aws_requests_total");
    let of_s3 = calls.filter(|sample| sample.labels.get("service").is_some_and(|service| service == "s3"));
    Ok(of_s3.filter_map(|sample| sample.labels.get("operation").cloned()).collect())
}
