//! Access points, and what is refused to the public in the whole account.

use std::fs;

use cairn_e2e::{Error, Result, error::ensure, http, moto::ACCOUNT, wait::until_true, workspace};
use jiff::Timestamp;
use serde_json::json;

use crate::fixture::{Room, SOON, bucket_name, with_operator};

/// What S3 Control answers to a question; `None` where there is nothing.
fn ask(room: &Room, path: &str) -> Result<Option<String>> {
    let headers = [
        ("x-amz-account-id", ACCOUNT.to_owned()),
        (
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
                .into(),
        ),
    ];
    let answer = http::send(room.stage.moto.port(), "GET", &format!("/v20180820/{path}"), &headers, "");
    let wrong = |message: String| Error::Aws { operation: path.into(), message };
    let answer = answer.ok_or_else(|| wrong("no answer".into()))?;
    match answer.status {
        200 => Ok(Some(answer.body)),
        404 => Ok(None),
        _ => Err(wrong(answer.body)),
    }
}

/// The same, of what has to be there.
fn found(room: &Room, path: &str) -> Result<String> {
    ask(room, path)?.ok_or_else(|| Error::Aws { operation: path.into(), message: "there is nothing".into() })
}

fn example(name: &str) -> Result<String> {
    let file = workspace().join("examples").join(name).join(format!("{name}.yaml"));
    fs::read_to_string(&file).map_err(|source| Error::file(&file, source))
}

#[test]
fn the_example_becomes_an_access_point_of_its_bucket_follows_edits_and_goes_first() -> Result<()> {
    with_operator("access-points", |room| {
        let name = bucket_name();
        let text = example("access-point")?;
        ensure(text.contains("\n  name: reports-readers\n  bucketRef"), || "the example has another name".into())?;
        room.kubectl.apply(
            &text.replace("\n  name: reports-readers\n  bucketRef", &format!("\n  name: {name}\n  bucketRef")),
        )?;
        let object = "accesspoint/reports-readers";
        room.kubectl.until_condition(object, "Ready", "True", SOON)?;
        let made = found(room, &format!("accesspoint/{name}"))?;
        let bucket = format!("<Bucket>{}-reports-{ACCOUNT}-us-east-1-an</Bucket>", room.namespace);
        ensure(made.contains(&bucket) && made.contains("<NetworkOrigin>VPC</NetworkOrigin>"), || made.clone())?;
        let arn = format!("arn%3Aaws%3As3%3Aus-east-1%3A{ACCOUNT}%3Aaccesspoint%2F{name}");
        let tags = found(room, &format!("tags/{arn}"))?;
        ensure(tags.contains("<Value>finance</Value>") && tags.contains("cairn.run/owner"), || tags.clone())?;

        let policy = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*",
        }]});
        let edit = json!({"spec": {"policy": policy.to_string(), "tags": [{"key": "tier", "value": "gold"}]}});
        room.kubectl.run(&["patch", object, "--type=merge", "-p", &edit.to_string()])?;
        room.kubectl.run(&["wait", "--for=jsonpath={.status.observedGeneration}=2", "--timeout=60s", object])?;
        room.kubectl.until_condition(object, "Ready", "True", SOON)?;
        let set = found(room, &format!("accesspoint/{name}/policy"))?;
        ensure(set.contains("s3:PutObject"), || set.clone())?;
        let tags = found(room, &format!("tags/{arn}"))?;
        ensure(tags.contains("gold") && !tags.contains("finance"), || tags.clone())?;

        room.kubectl.run(&["delete", "--wait=false", object])?;
        room.kubectl.until_gone(object, SOON)?;
        ensure(ask(room, &format!("accesspoint/{name}"))?.is_none(), || "the access point is still there".into())?;
        room.delete("reports")
    })
}

/// Waits until whatever is made has another age than the object: Kubernetes tells ages by the second.
fn until_the_next_second(room: &Room, object: &str) -> Result<()> {
    let made = &room.kubectl.get(&[object])?["metadata"]["creationTimestamp"];
    let made: Timestamp = serde_json::from_value(made.clone()).map_err(|error| Error::Wrong(error.to_string()))?;
    until_true("the next second", SOON, || Ok(Timestamp::now().as_second() > made.as_second()))
}

#[test]
fn an_account_is_told_what_is_not_public_and_keeps_it() -> Result<()> {
    with_operator("account-block", |room| {
        const PATH: &str = "configuration/publicAccessBlock";
        let object = "accountpublicaccessblock/account";
        room.kubectl.apply(&example("account-public-access-block")?)?;
        room.kubectl.until_condition(object, "Ready", "True", SOON)?;
        let told = found(room, PATH)?;
        ensure(told.matches("true").count() == 4, || told.clone())?;
        until_the_next_second(room, object)?;
        let second = example("account-public-access-block")?.replace("name: account", "name: second");
        room.kubectl.apply(&second)?;
        let stalled = room.kubectl.until_condition("accountpublicaccessblock/second", "Stalled", "True", SOON)?;
        ensure(stalled["message"].as_str().is_some_and(|said| said.contains("is older")), || stalled.to_string())?;
        room.kubectl.run(&["delete", "accountpublicaccessblock/second", object])?;
        ensure(found(room, PATH)? == told, || "AWS has something else than before".into())
    })
}
