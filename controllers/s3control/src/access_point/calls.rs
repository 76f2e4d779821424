//! The calls about an access point.

use std::collections::BTreeMap;

use aws_sdk_s3control::types::Tag;
use cairn_aws::{Arn, Session, unless_absent, unmade};
use cairn_core::{
    failure::Failure,
    leaf,
    observed::{Existence, Present, Reading},
    tags::Tags,
};
use cairn_runtime::kind::Created;
use serde_json::Value;

use super::{CREATE, LOCATE, parts};
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, encode},
};

/// What S3 Control says of an access point that is not there.
const ABSENT: &[&str] = &["NoSuchAccessPoint"];

/// ARN of an access point.
#[expect(clippy::unnecessary_wraps, reason = "settings of an account have none")]
pub(super) fn arn(session: &Session, name: &str) -> Option<String> {
    let (account, resource) = (session.account(), format!("accesspoint/{name}"));
    let region = session.region().as_str();
    Some(
        Arn { partition: &account.partition, service: "s3", region, account: &account.id, resource: &resource }
            .to_string(),
    )
}

/// Whether the access point exists, and all about it but tags and policy.
pub(super) async fn locate(client: &Scoped, name: &str) -> Result<Existence, Failure> {
    let answer = unless_absent(fetch!(client, get_access_point.name(name), LOCATE), ABSENT)?;
    let Some(answer) = answer else { return Ok(Existence::Absent) };
    let told = [
        ("alias", encode(&answer.alias)),
        ("networkOrigin", encode(&answer.network_origin.as_ref().map(|origin| origin.as_str().to_owned()))),
    ];
    Ok(Existence::Present(Present {
        parts: parts::described(client, &answer),
        status: told.map(|(field, value)| (field.to_owned(), value)).into_iter().collect(),
        // Each access point has an alias of its own, also one of the same name.
        incarnation: answer.alias,
        ..Present::default()
    }))
}

/// The tags of an access point that exists.
pub(super) async fn tags(client: &Scoped, name: &str) -> Result<Tags, Failure> {
    let answer = fetch!(client, list_tags_for_resource.resource_arn(client.arn(name)), "ListTagsForResource")?;
    Ok(answer.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect())
}

/// Creates the access point with its tags, so that it carries its owner from its first moment.
pub(super) async fn create(
    client: &Scoped,
    name: &str,
    declared: &BTreeMap<&'static str, Value>,
    tags: &Tags,
) -> Result<Created, Failure> {
    let text = |field: &str| declared.get(field).and_then(Value::as_str);
    if let Some(account) = text(parts::ACCOUNT).filter(|account| *account != client.account()) {
        let why = format!(
            "spec.accountID says {account}, but Cairn acts for the object in {}; take accountID out, or let an \
             IAMRoleSelector give the object a role of that account",
            client.account()
        );
        return Err(unmade(CREATE, &why));
    }
    // What is said of some settings alone would leave the others off.
    let block = declared.get(parts::BLOCK).map(|block| leaf::overlay(parts::refusing_all(), block));
    let block = block.map(|block| decode(CREATE, &block)).transpose()?;
    let vpc = declared.get(parts::VPC).map(|vpc| decode(CREATE, vpc)).transpose()?;
    let answer = send!(
        client,
        create_access_point
            .name(name)
            .set_bucket(text(parts::BUCKET).map(Into::into))
            .set_bucket_account_id(text(parts::BUCKET_ACCOUNT).map(Into::into))
            .set_vpc_configuration(vpc)
            .set_public_access_block_configuration(block)
            .set_tags(Some(sdk_tags(CREATE, tags)?)),
        CREATE
    )?;
    Ok(Created { identity: name.into(), incarnation: answer.alias })
}

/// Sets tags.
pub(super) async fn tag(client: &Scoped, name: &str, tags: &Tags) -> Result<(), Failure> {
    const OPERATION: &str = "TagResource";
    let tags = sdk_tags(OPERATION, tags)?;
    send!(client, tag_resource.resource_arn(client.arn(name)).set_tags(Some(tags)), OPERATION).map(drop)
}

fn sdk_tags(operation: &str, tags: &Tags) -> Result<Vec<Tag>, Failure> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    tags.iter().map(tag).collect::<Result<_, _>>().map_err(|error| unmade(operation, &error))
}

/// Takes tags away.
pub(super) async fn untag(client: &Scoped, name: &str, keys: &[String]) -> Result<(), Failure> {
    let keys = Some(keys.to_vec());
    send!(client, untag_resource.resource_arn(client.arn(name)).set_tag_keys(keys), "UntagResource").map(drop)
}

/// The policy.
pub(super) async fn policy(client: &Scoped, name: &str) -> Reading {
    let answer = fetch!(client, get_access_point_policy.name(name), "GetAccessPointPolicy");
    let answer = unless_absent(answer, &["NoSuchAccessPointPolicy"])?;
    Ok(answer.and_then(|answer| answer.policy).map(Value::from))
}

/// Sets the policy.
pub(super) async fn put_policy(client: &Scoped, name: &str, policy: &Value) -> Result<(), Failure> {
    const OPERATION: &str = "PutAccessPointPolicy";
    let policy = decode::<String>(OPERATION, policy)?;
    send!(client, put_access_point_policy.name(name).policy(policy), OPERATION).map(drop)
}

/// Takes the policy away.
pub(super) async fn delete_policy(client: &Scoped, name: &str) -> Result<(), Failure> {
    send!(client, delete_access_point_policy.name(name), "DeleteAccessPointPolicy").map(drop)
}

/// Deletes the access point. One that is gone already is deleted.
pub(super) async fn delete(client: &Scoped, name: &str) -> Result<(), Failure> {
    let answer = send!(client, delete_access_point.name(name), "DeleteAccessPoint");
    unless_absent(answer, ABSENT).map(|_| ())
}
