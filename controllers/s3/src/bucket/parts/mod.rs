//! The parts of a bucket: each is one file of one shape, and one line here.

mod encryption;
mod ownership_controls;
mod policy;
mod public_access_block;
mod versioning;

use cairn_core::{failure::Failure, observed::Reading, rules::PartRules};
use cairn_crds::s3::BucketSpec;
use serde_json::Value;

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

        /// Writes the part that a field names.
        pub(super) async fn put(field: &str, client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
            $(if field == <$part as Part>::RULES.field {
                return <$part as Part>::put(client, bucket, value).await;
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
    encryption::Encryption,
    ownership_controls::OwnershipControls,
    policy::Policy,
    public_access_block::PublicAccessBlock,
    versioning::Versioning,
}

/// Checks what no schema can.
///
/// # Errors
/// A sentence that names the field.
pub(super) fn check(spec: &BucketSpec) -> Result<(), String> {
    policy::check(spec.policy.as_deref())
}
