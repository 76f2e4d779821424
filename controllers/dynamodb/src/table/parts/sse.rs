//! Encryption by a key of KMS.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{SseStatus, TableDescription};
use cairn_core::{
    leaf,
    rules::{Birth, Effect, PartRules, Removal},
};
use serde_json::{Value, json};

use super::{
    super::{LOCATE, UPDATE},
    Described,
};
use crate::wire::{encode, wire};

wire! {
    struct SseSpecification { "enabled" => enabled, "sseType" => sse_type, "kmsMasterKeyID" => kms_master_key_id }
    enum SseType
}

pub(in super::super) const FIELD: &str = "sseSpecification";
pub(in super::super) const KEY: &str = "kmsMasterKeyID";

pub(super) struct Sse;

impl Described for Sse {
    /// It is a protection: only `enabled: false` takes it away.
    const RULES: PartRules = PartRules {
        field: FIELD,
        removal: Removal::Keep,
        get: LOCATE,
        put: UPDATE,
        birth: Birth::Included,
        effect: Effect::Lasting,
        on_new: || Some(json!({"enabled": false})),
        settle: |value, _| settle(value),
        same,
        ..PartRules::DEFAULT
    };

    fn of(table: &TableDescription) -> Option<Value> {
        let by_key = |status: &SseStatus| !matches!(status, SseStatus::Disabled | SseStatus::Disabling);
        let told = table.sse_description.as_ref();
        let Some(sse) = told.filter(|sse| sse.status.as_ref().is_some_and(by_key)) else {
            return Some(json!({"enabled": false}));
        };
        let mut value = json!({"enabled": true, "sseType": encode(&sse.sse_type)});
        leaf::set(&mut value, KEY, sse.kms_master_key_arn.clone().map(Value::from));
        Some(value)
    }
}

/// Without `enabled: true` there is no type: DynamoDB refuses a request that names one. Source: DynamoDB API reference,
/// `SSESpecification.Enabled`.
pub(super) fn imply(parts: &mut BTreeMap<&'static str, Value>) {
    let Some(sse) = parts.get_mut(FIELD).filter(|sse| sse["enabled"] != true) else { return };
    leaf::set(sse, "sseType", None);
    if *sse == json!({}) {
        parts.remove(FIELD);
    }
}

/// Without a key of KMS there is no more to say. A key means one.
fn settle(mut value: Value) -> Value {
    if value["enabled"] == false {
        return json!({"enabled": false});
    }
    if value["enabled"].is_null() && !value[KEY].is_null() {
        value["enabled"] = true.into();
    }
    value
}

/// AWS says `KMS` where nobody chose a type, and names the ARN of a key that was given by its id.
fn same(a: &Value, b: &Value) -> bool {
    let enabled = |value: &Value| value["enabled"] == true;
    enabled(a) == enabled(b) && (!enabled(a) || a[KEY].is_null() || key_id(&a[KEY]) == key_id(&b[KEY]))
}

/// The id of a key: what follows `key/` in its ARN.
pub(super) fn key_id(key: &Value) -> Option<&str> {
    let text = key.as_str()?;
    Some(text.rsplit_once(":key/").map_or(text, |(_, id)| id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_by_its_id_and_by_its_arn() {
        let arn = json!({"enabled": true, "sseType": "KMS", "kmsMasterKeyID": "arn:aws:kms:eu-west-1:1:key/k-1"});
        assert!(same(&json!({"enabled": true, "kmsMasterKeyID": "k-1"}), &arn));
        assert!(same(&json!({"enabled": true}), &arn));
        assert!(!same(&json!({"enabled": true, "kmsMasterKeyID": "k-2"}), &arn));
        assert!(!same(&json!({"enabled": false}), &arn));
        assert!(!same(&arn, &json!({"enabled": false})));
    }
}
