//! Capacity that is set aside.

use aws_sdk_dynamodb::types::{self, TableDescription};
use cairn_core::rules::{Birth, Effect, PartRules, Removal};
use serde_json::Value;

use super::{
    super::{LOCATE, UPDATE},
    Described, billing_mode,
};
use crate::wire::{encode, wire};

wire! {
    try struct ProvisionedThroughput {
        "readCapacityUnits" => read_capacity_units,
        "writeCapacityUnits" => write_capacity_units,
    }
    struct ProvisionedThroughputDescription {
        "readCapacityUnits" => read_capacity_units,
        "writeCapacityUnits" => write_capacity_units,
    }
}

pub(super) struct ProvisionedThroughput;

impl Described for ProvisionedThroughput {
    /// Capacity that is no longer declared stays, so that something else may scale it from there.
    const RULES: PartRules = PartRules {
        field: "provisionedThroughput",
        removal: Removal::Keep,
        get: LOCATE,
        put: UPDATE,
        birth: Birth::Included,
        effect: Effect::Lasting,
        ..PartRules::DEFAULT
    };

    fn of(table: &TableDescription) -> Option<Value> {
        let by_request = billing_mode::mode(table) == types::BillingMode::PayPerRequest;
        table.provisioned_throughput.as_ref().filter(|_| !by_request).map(encode)
    }
}
