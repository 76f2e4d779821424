//! The most that a table takes that is paid for by request.

use aws_sdk_dynamodb::types::{self, TableDescription};
use cairn_core::rules::{Birth, Effect, PartRules};
use serde_json::{Value, json};

use super::{
    super::{LOCATE, UPDATE},
    Described, billing_mode,
};
use crate::wire::{encode, wire};

wire! {
    struct OnDemandThroughput {
        "maxReadRequestUnits" => max_read_request_units,
        "maxWriteRequestUnits" => max_write_request_units,
    }
}

pub(super) struct OnDemandThroughput;

impl Described for OnDemandThroughput {
    const RULES: PartRules = PartRules {
        field: "onDemandThroughput",
        get: LOCATE,
        put: UPDATE,
        birth: Birth::Included,
        effect: Effect::Lasting,
        on_new: || Some(json!({"maxReadRequestUnits": UNLIMITED, "maxWriteRequestUnits": UNLIMITED})),
        same: |a, b| limits(a) == limits(b),
        ..PartRules::DEFAULT
    };

    fn of(table: &TableDescription) -> Option<Value> {
        let by_request = billing_mode::mode(table) == types::BillingMode::PayPerRequest;
        let limits = table.on_demand_throughput.as_ref().map_or_else(|| json!({}), encode);
        by_request.then_some(limits)
    }
}

/// How the API writes that there is no limit; it also just leaves the limit out.
const UNLIMITED: i64 = -1;

pub(super) fn limits(value: &Value) -> [i64; 2] {
    ["maxReadRequestUnits", "maxWriteRequestUnits"].map(|unit| value[unit].as_i64().unwrap_or(UNLIMITED))
}
