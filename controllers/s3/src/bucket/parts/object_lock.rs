//! How long objects cannot be deleted.

use aws_sdk_s3::types::{ObjectLockConfiguration, ObjectLockEnabled};
use cairn_aws::{unless_absent, unmade};
use cairn_core::{
    failure::Failure,
    meaning::Meaning,
    observed::Reading,
    rules::{Birth, PartRules, Removal, Rule},
};
use serde_json::Value;

use super::Part;
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, encode, wire},
};

wire! {
    struct ObjectLockConfiguration { "objectLockEnabled" => object_lock_enabled, "rule" => rule }
    struct ObjectLockRule { "defaultRetention" => default_retention }
    struct DefaultRetention {
        "days" => days,
        "defaultEventHold" => default_event_hold,
        "mode" => mode,
        "years" => years,
    }
    struct EventHoldDuration { "days" => days, "years" => years }
    enum ObjectLockEnabled
    enum ObjectLockRetentionMode
}

const GET: &str = "GetObjectLockConfiguration";
const PUT: &str = "PutObjectLockConfiguration";
const NONE: &str = "ObjectLockConfigurationNotFoundError";

/// Object lock itself.
pub(super) struct ObjectLockEnabledForBucket;

impl Part for ObjectLockEnabledForBucket {
    /// A bucket with object lock has it for ever. One without it can be given it once it is versioned.
    const RULES: PartRules = PartRules {
        field: "objectLockEnabledForBucket",
        rule: Rule::Whole,
        removal: Removal::Keep,
        get: GET,
        put: PUT,
        birth: Birth::Included,
        after: &["versioning"],
        on_new: || Some(false.into()),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        let answer = unless_absent(fetch!(client, bucket, get_object_lock_configuration, GET), &[NONE])?;
        Ok(Some(answer.and_then(|answer| answer.object_lock_configuration).is_some().into()))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        if value != true {
            return Err(unmade(PUT, &"AWS cannot take object lock from a bucket that has it"));
        }
        let on = ObjectLockConfiguration::builder().object_lock_enabled(ObjectLockEnabled::Enabled).build();
        send!(client, bucket, put_object_lock_configuration.object_lock_configuration(on), PUT)
    }
}

/// What holds for objects that do not say.
pub(super) struct ObjectLock;

impl Part for ObjectLock {
    /// Days and years exclude each other, so there is no merging. An empty object says that there is no default.
    const RULES: PartRules = PartRules {
        field: "objectLockConfiguration",
        rule: Rule::Whole,
        removal: Removal::Keep,
        get: GET,
        put: PUT,
        after: &["versioning", "objectLockEnabledForBucket"],
        settle: switched_on,
        same: |a, b| Meaning::EXACT.same(a, b),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        let answer = unless_absent(fetch!(client, bucket, get_object_lock_configuration, GET), &[NONE])?;
        Ok(answer.and_then(|answer| answer.object_lock_configuration).map(|configuration| encode(&configuration)))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let value = decode(PUT, value)?;
        send!(client, bucket, put_object_lock_configuration.object_lock_configuration(value), PUT)
    }
}

/// S3 wants to hear every time that object lock is on.
fn switched_on(mut value: Value, _: Option<&Value>) -> Value {
    if let Value::Object(fields) = &mut value {
        fields.entry("objectLockEnabled").or_insert_with(|| "Enabled".into());
    }
    value
}
