//! The parts of a table: each is one file of one shape, and one line here.

mod attribute_definitions;
mod billing_mode;
pub(super) mod consistency;
mod continuous_backups;
mod contributor_insights;
mod deletion_protection;
pub(super) mod global_indexes;
pub(super) mod import_source;
mod in_replicas;
pub(super) mod index_insights;
mod insights_mode;
mod key_schema;
pub(super) mod kinesis;
mod local_indexes;
mod of_replicas;
mod on_demand_throughput;
mod provisioned_throughput;
pub(super) mod replicas;
mod resource_policy;
pub(super) mod restore_from;
pub(super) mod scaling;
pub(super) mod sse;
mod stream;
mod stream_policy;
mod table_class;
mod time_to_live;
mod warm_throughput;
pub(super) mod witnesses;

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::TableDescription;
use cairn_core::{
    failure::Failure,
    observed::{Present, Reading},
    rules::PartRules,
};
use cairn_crds::dynamodb::TableSpec;
use serde_json::Value;

pub(super) use contributor_insights::{FIELD as INSIGHTS, is_on as is_insights_on};
pub(super) use in_replicas::take_apart;
pub(super) use insights_mode::FIELD as INSIGHTS_MODE;
pub(super) use stream::{FIELD as STREAM, in_turn as stream_in_turn};
pub(super) use time_to_live::{FIELD as TIME_TO_LIVE, in_turn as time_to_live_in_turn};

use super::no_such_part;
use crate::client::Scoped;

/// A part that `DescribeTable` tells, and that `CreateTable` and `UpdateTable` take.
trait Described {
    /// How it behaves.
    const RULES: PartRules;

    /// What the table has; `None` for nothing.
    fn of(table: &TableDescription) -> Option<Value>;
}

/// A part with calls of its own.
trait Apart {
    /// How it behaves.
    const RULES: PartRules;

    /// Reads it; `None` when the table has none. `home` is what is known of the table where its object has it, whatever
    /// region `client` is of.
    async fn get(client: &Scoped, table: &str, home: &Present) -> Reading;

    /// Writes it whole. Never called for what matters only when the table is made.
    async fn put(_client: &Scoped, _table: &str, _value: &Value) -> Result<(), Failure> {
        Err(no_such_part(Self::RULES.field))
    }

    /// Takes it away. Only called where the rules name an operation for it.
    async fn delete(_client: &Scoped, _table: &str) -> Result<(), Failure> {
        Err(no_such_part(Self::RULES.field))
    }

    /// Takes one entry of it away. Only called for lists of entries.
    async fn take_away(_client: &Scoped, _table: &str, _name: &str) -> Result<(), Failure> {
        Err(no_such_part(Self::RULES.field))
    }
}

macro_rules! parts {
    (described: $($described:path),+; apart: $($apart:path),+ $(;)?) => {
        /// How each part behaves.
        pub(super) const RULES: &[PartRules] =
            &[$(<$described as Described>::RULES,)+ $(<$apart as Apart>::RULES),+];

        /// What the description tells of each part, by field.
        pub(super) fn described(table: &TableDescription) -> BTreeMap<&'static str, Option<Value>> {
            [$((<$described as Described>::RULES.field, <$described as Described>::of(table))),+].into()
        }

        /// Reads the part that a field names.
        pub(super) async fn get(field: &str, client: &Scoped, table: &str, home: &Present) -> Reading {
            $(if field == <$apart as Apart>::RULES.field {
                return <$apart as Apart>::get(client, table, home).await;
            })+
            Err(no_such_part(field))
        }

        /// Writes the part that a field names.
        pub(super) async fn put(field: &str, client: &Scoped, table: &str, value: &Value) -> Result<(), Failure> {
            $(if field == <$apart as Apart>::RULES.field {
                return <$apart as Apart>::put(client, table, value).await;
            })+
            Err(no_such_part(field))
        }

        /// Takes one entry of the part away that a field names.
        pub(super) async fn take_away(field: &str, client: &Scoped, table: &str, name: &str) -> Result<(), Failure> {
            $(if field == <$apart as Apart>::RULES.field {
                return <$apart as Apart>::take_away(client, table, name).await;
            })+
            Err(no_such_part(field))
        }

        /// Takes away the part that a field names.
        pub(super) async fn delete(field: &str, client: &Scoped, table: &str) -> Result<(), Failure> {
            $(if field == <$apart as Apart>::RULES.field {
                return <$apart as Apart>::delete(client, table).await;
            })+
            Err(no_such_part(field))
        }
    };
}

parts! {
    described:
        attribute_definitions::AttributeDefinitions,
        key_schema::KeySchema,
        local_indexes::LocalIndexes,
        deletion_protection::DeletionProtection,
        billing_mode::BillingMode,
        provisioned_throughput::ProvisionedThroughput,
        on_demand_throughput::OnDemandThroughput,
        warm_throughput::WarmThroughput,
        stream::Stream,
        table_class::TableClass,
        sse::Sse,
        global_indexes::GlobalIndexes,
        replicas::Replicas,
        consistency::Consistency,
        witnesses::Witnesses,
        restore_from::RestoreFrom;
    apart:
        import_source::ImportSource,
        resource_policy::ResourcePolicy,
        time_to_live::TimeToLive,
        continuous_backups::ContinuousBackups,
        contributor_insights::ContributorInsights,
        insights_mode::InsightsMode,
        index_insights::IndexInsights,
        kinesis::Kinesis,
        stream_policy::StreamPolicy,
        scaling::AutoScaling,
        scaling::ReplicaAutoScaling,
        in_replicas::InReplicas<of_replicas::Protection>,
        in_replicas::InReplicas<of_replicas::Tags>,
        in_replicas::InReplicas<continuous_backups::ContinuousBackups>,
        in_replicas::InReplicas<contributor_insights::ContributorInsights>,
        in_replicas::InReplicas<resource_policy::ResourcePolicy>;
}

/// Completes what is declared by what follows from it, and leaves out what means nothing.
pub(super) fn imply(parts: &mut BTreeMap<&'static str, Value>) {
    billing_mode::imply(parts);
    sse::imply(parts);
}

/// Checks what no schema can.
///
/// # Errors
/// A sentence that names the field.
pub(super) fn check(spec: &TableSpec) -> Result<(), String> {
    cairn_aws::policy::check_field("resourcePolicy", spec.resource_policy.as_deref())?;
    cairn_aws::policy::check_field("streamResourcePolicy", spec.stream_resource_policy.as_deref())?;
    let of_replicas = spec.table_replicas.iter().flatten().map(|replica| replica.resource_policy.as_deref());
    of_replicas
        .into_iter()
        .try_for_each(|policy| cairn_aws::policy::check_field("tableReplicas.resourcePolicy", policy))
}
