//! Access control lists: by name, and grant by grant.

mod canned;
mod headers;

use aws_sdk_s3::{
    operation::get_bucket_acl::GetBucketAclOutput,
    types::{self, BucketCannedAcl},
};
use cairn_core::{
    failure::Failure,
    meaning::Meaning,
    observed::Reading,
    rules::{Birth, PartRules, Rule},
};
use cairn_crds::s3::BucketSpec;
use serde_json::{Value, json};

use super::Part;
use crate::{
    client::{Scoped, fetch, send},
    wire::{encode, wire},
};

wire! {
    struct Grant { "grantee" => grantee, "permission" => permission }
    struct Owner { "id" => id }
    enum Permission
}

const GET: &str = "GetBucketAcl";
const PUT: &str = "PutBucketAcl";
/// S3 refuses lists while the owner of the bucket owns everything, and public ones while they are blocked.
const AFTER: &[&str] = &["ownershipControls", "publicAccessBlock"];
const PRIVATE: &str = "private";

const MEANING: Meaning = Meaning { sets: &["grants"], ..Meaning::EXACT };

/// A list by its name.
pub(super) struct Acl;

impl Part for Acl {
    /// A new bucket takes no list, not even the one that it has.
    const RULES: PartRules = PartRules {
        field: "acl",
        rule: Rule::Whole,
        get: GET,
        put: PUT,
        birth: Birth::Differing,
        after: AFTER,
        on_new: || Some(PRIVATE.into()),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        let answer = fetch!(client, bucket, get_bucket_acl, GET)?;
        Ok(named(&list(&answer)).map(Value::from))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let name = BucketCannedAcl::from(value.as_str().unwrap_or_default());
        send!(client, bucket, put_bucket_acl.acl(name), PUT)
    }
}

/// A list grant by grant.
pub(super) struct AccessControlPolicy;

impl Part for AccessControlPolicy {
    /// A new bucket has the list that is named `private`; what it grants is told by the bucket's owner alone.
    const RULES: PartRules = PartRules {
        field: "accessControlPolicy",
        rule: Rule::Whole,
        get: GET,
        put: PUT,
        after: AFTER,
        on_new: || Some(json!({"acl": PRIVATE})),
        telling: |list| named(list).is_none(),
        same,
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        Ok(Some(list(&fetch!(client, bucket, get_bucket_acl, GET)?)))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        if let Some(name) = value.get("acl") {
            return Acl::put(client, bucket, name).await;
        }
        let header = |permission| headers::header(value, permission);
        if grants(value).is_none_or(Vec::is_empty) {
            return put_nothing(client, bucket).await;
        }
        let call = client.write.put_bucket_acl().bucket(bucket).expected_bucket_owner(client.account());
        let call = call
            .set_grant_full_control(header("FULL_CONTROL"))
            .set_grant_read(header("READ"))
            .set_grant_read_acp(header("READ_ACP"))
            .set_grant_write(header("WRITE"))
            .set_grant_write_acp(header("WRITE_ACP"));
        call.send().await.map(drop).map_err(|error| cairn_aws::failure(PUT, &error))
    }
}

/// Writes a list that grants nothing, which headers cannot say. A document has to name the owner.
async fn put_nothing(client: &Scoped, bucket: &str) -> Result<(), Failure> {
    let owner = fetch!(client, bucket, get_bucket_acl, GET)?.owner;
    let none = types::AccessControlPolicy::builder().set_grants(Some(Vec::new())).set_owner(owner).build();
    send!(client, bucket, put_bucket_acl.access_control_policy(none), PUT)
}

fn grants(list: &Value) -> Option<&Vec<Value>> {
    list.get("grants").and_then(Value::as_array)
}

fn list(answer: &GetBucketAclOutput) -> Value {
    let grants: Value = answer.grants.iter().flatten().map(encode).collect();
    json!({"owner": answer.owner.as_ref().map(encode), "grants": grants})
}

/// The name of the list, where it has one.
fn named(list: &Value) -> Option<&'static str> {
    canned::NAMES.into_iter().find(|name| same(&canned::list(name, owner(list)), list))
}

fn owner(list: &Value) -> &str {
    list.pointer("/owner/id").and_then(Value::as_str).unwrap_or_default()
}

/// The owner of a bucket cannot be changed, so only the grants count.
fn same(declared: &Value, observed: &Value) -> bool {
    let named = declared.get("acl").and_then(Value::as_str).map(|name| canned::list(name, owner(observed)));
    let grants = |list: &Value| json!({"grants": list.get("grants")});
    MEANING.same(&grants(named.as_ref().unwrap_or(declared)), &grants(observed))
}

/// What the fields `grant…` of a spec declare, as a list.
///
/// # Errors
/// Which of them cannot be read.
pub(in crate::bucket) fn granted(spec: &BucketSpec) -> Result<Option<Value>, String> {
    headers::granted(spec)
}
