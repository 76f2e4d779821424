//! The parts of a table: each is one file of one shape, and one line here.

mod attribute_definitions;
mod billing_mode;
mod key_schema;
mod on_demand_throughput;
mod provisioned_throughput;

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::TableDescription;
use cairn_core::rules::PartRules;
use serde_json::Value;

pub(super) use billing_mode::imply;

/// A part that `DescribeTable` tells, and that `CreateTable` and `UpdateTable` take.
trait Described {
    /// How it behaves.
    const RULES: PartRules;

    /// What the table has; `None` for nothing.
    fn of(table: &TableDescription) -> Option<Value>;
}

macro_rules! parts {
    ($($part:path),+ $(,)?) => {
        /// How each part behaves.
        pub(super) const RULES: &[PartRules] = &[$(<$part as Described>::RULES),+];

        /// What the description tells of each part, by field.
        pub(super) fn described(table: &TableDescription) -> BTreeMap<&'static str, Option<Value>> {
            [$((<$part as Described>::RULES.field, <$part as Described>::of(table))),+].into()
        }
    };
}

parts! {
    attribute_definitions::AttributeDefinitions,
    key_schema::KeySchema,
    billing_mode::BillingMode,
    provisioned_throughput::ProvisionedThroughput,
    on_demand_throughput::OnDemandThroughput,
}
