//! The parts of a bucket: each is one file of one shape, and one line here.

mod abac;
mod accelerate;
mod acl;
mod analytics;
mod cors;
mod encryption;
mod filter;
mod grants;
mod intelligent_tiering;
mod inventory;
mod lifecycle;
mod list;
mod logging;
mod metadata;
mod metrics;
mod notification;
mod object_lock;
mod ownership_controls;
mod policy;
mod public_access_block;
mod replication;
mod request_payment;
mod versioning;
mod website;

use cairn_core::{failure::Failure, observed::Reading, plan::Step, rules::PartRules};
use cairn_crds::s3::BucketSpec;
use serde_json::{Map, Value};

pub(super) use acl::granted;
pub(super) use metadata::split as split_metadata;

use super::no_such_part;
use crate::client::Scoped;

/// One part: how it behaves, and its calls.
trait Part {
    /// How it behaves.
    const RULES: PartRules;

    /// Reads it; `None` when the bucket has none.
    async fn get(client: &Scoped, bucket: &str) -> Reading;

    /// Writes it whole.
    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure>;

    /// Changes what is there by another call than [`Part::put`]. Only called for steps with another operation.
    async fn update(client: &Scoped, bucket: &str, _operation: &str, value: &Value) -> Result<(), Failure> {
        Self::put(client, bucket, value).await
    }

    /// Takes one entry of a list away. Only called for lists of which each entry is a call.
    async fn delete_entry(_client: &Scoped, _bucket: &str, _name: &str) -> Result<(), Failure> {
        Err(no_such_part(Self::RULES.field))
    }

    /// Takes it away. Only called where the rules name an operation for it.
    async fn delete(_client: &Scoped, _bucket: &str) -> Result<(), Failure> {
        Err(no_such_part(Self::RULES.field))
    }
}

macro_rules! parts {
    ($($part:path),+ $(,)?) => {
        /// How each part behaves.
        pub(super) const RULES: &[PartRules] = &[$(<$part as Part>::RULES),+];

        /// Reads the part that a field names.
        pub(super) async fn get(field: &str, client: &Scoped, bucket: &str) -> Reading {
            $(if field == <$part as Part>::RULES.field {
                return <$part as Part>::get(client, bucket).await;
            })+
            Err(no_such_part(field))
        }

        /// Carries out a step that writes a part.
        pub(super) async fn put(step: &Step, client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
            $(if step.field == <$part as Part>::RULES.field {
                return if step.operation == <$part as Part>::RULES.put {
                    <$part as Part>::put(client, bucket, value).await
                } else {
                    <$part as Part>::update(client, bucket, step.operation, value).await
                };
            })+
            Err(no_such_part(step.field))
        }

        /// Takes away an entry of the part that a field names.
        pub(super) async fn delete_entry(
            field: &str,
            client: &Scoped,
            bucket: &str,
            name: &str,
        ) -> Result<(), Failure> {
            $(if field == <$part as Part>::RULES.field {
                return <$part as Part>::delete_entry(client, bucket, name).await;
            })+
            Err(no_such_part(field))
        }

        /// Takes away the part that a field names.
        pub(super) async fn delete(field: &str, client: &Scoped, bucket: &str) -> Result<(), Failure> {
            $(if field == <$part as Part>::RULES.field {
                return <$part as Part>::delete(client, bucket).await;
            })+
            Err(no_such_part(field))
        }
    };
}

parts! {
    abac::Abac,
    accelerate::Accelerate,
    acl::AccessControlPolicy,
    acl::Acl,
    analytics::Analytics,
    cors::Cors,
    encryption::Encryption,
    intelligent_tiering::IntelligentTiering,
    inventory::Inventory,
    lifecycle::Lifecycle,
    logging::Logging,
    metadata::Metadata,
    metrics::Metrics,
    notification::Notification,
    object_lock::ObjectLock,
    object_lock::ObjectLockEnabledForBucket,
    ownership_controls::OwnershipControls,
    policy::Policy,
    public_access_block::PublicAccessBlock,
    replication::Replication,
    request_payment::RequestPayment,
    versioning::Versioning,
    website::Website,
}

/// Checks what no schema can.
///
/// # Errors
/// A sentence that names the field.
pub(super) fn check(spec: &BucketSpec) -> Result<(), String> {
    cairn_aws::policy::check_field("policy", spec.policy.as_deref())
}

/// S3 makes up a name also for a rule whose name is empty.
fn without_empty_id(rule: &mut Map<String, Value>) {
    if rule.get("id").is_some_and(|id| id == "") {
        rule.remove("id");
    }
}

/// A document that consists of a list and has none in it: nothing, in the one form that the engine knows for it.
fn empty_without(list: &str, value: Value) -> Value {
    let none = value.get(list).is_none_or(|list| list.as_array().is_some_and(Vec::is_empty));
    if none { Map::new().into() } else { value }
}
