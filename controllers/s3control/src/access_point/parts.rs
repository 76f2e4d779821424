//! The parts of an access point. All but the policy are in the creating call and never change.

use std::collections::BTreeMap;

use aws_sdk_s3control::operation::get_access_point::GetAccessPointOutput;
use cairn_aws::policy;
use cairn_core::rules::{PartRules, Rule};
use serde_json::{Value, json};

use super::{CREATE, LOCATE};
use crate::{client::Scoped, wire::encode};

pub(super) const ACCOUNT: &str = "accountID";
pub(super) const BUCKET: &str = "bucket";
pub(super) const BUCKET_ACCOUNT: &str = "bucketAccountID";
pub(super) const POLICY: &str = "policy";
pub(super) const BLOCK: &str = "publicAccessBlockConfiguration";
pub(super) const VPC: &str = "vpcConfiguration";

/// What the access point is born with.
const BORN: PartRules = PartRules { get: LOCATE, put: CREATE, ..PartRules::BORN };

pub(super) const RULES: &[PartRules] = &[
    PartRules { field: ACCOUNT, ..BORN },
    PartRules { field: BUCKET, ..BORN },
    PartRules { field: BUCKET_ACCOUNT, ..BORN },
    PartRules { field: VPC, ..BORN },
    PartRules { field: BLOCK, rule: Rule::Document, on_new: || Some(refusing_all()), ..BORN },
    PartRules {
        field: POLICY,
        rule: Rule::Whole,
        get: "GetAccessPointPolicy",
        put: "PutAccessPointPolicy",
        delete: Some("DeleteAccessPointPolicy"),
        same: policy::same_values,
        ..PartRules::DEFAULT
    },
];

/// What AWS refuses to the public where nobody says anything.
pub(super) fn refusing_all() -> Value {
    json!({
        "blockPublicACLs": true,
        "blockPublicPolicy": true,
        "ignorePublicACLs": true,
        "restrictPublicBuckets": true,
    })
}

/// What is told of each part with the access point itself, by field.
pub(super) fn described(client: &Scoped, answer: &GetAccessPointOutput) -> BTreeMap<&'static str, Option<Value>> {
    // It is told of access points of other accounts' buckets, and need not be of those of the own.
    let bucket_account = answer.bucket_account_id.as_deref().unwrap_or(client.account());
    [
        (ACCOUNT, Some(json!(client.account()))),
        (BUCKET, answer.bucket.clone().map(Value::from)),
        (BUCKET_ACCOUNT, Some(json!(bucket_account))),
        (VPC, answer.vpc_configuration.as_ref().map(encode)),
        (BLOCK, answer.public_access_block_configuration.as_ref().map(encode)),
    ]
    .into()
}
