//! What a table can bear at once.

use aws_sdk_dynamodb::types::TableDescription;
use cairn_core::rules::{Birth, Effect, PartRules, Removal};
use serde_json::Value;

use super::{
    super::{LOCATE, UPDATE},
    Described,
};
use crate::wire::{encode, wire};

wire! {
    struct WarmThroughput {
        "readUnitsPerSecond" => read_units_per_second,
        "writeUnitsPerSecond" => write_units_per_second,
    }
    struct TableWarmThroughputDescription {
        "readUnitsPerSecond" => read_units_per_second,
        "writeUnitsPerSecond" => write_units_per_second,
    }
    struct GlobalSecondaryIndexWarmThroughputDescription {
        "readUnitsPerSecond" => read_units_per_second,
        "writeUnitsPerSecond" => write_units_per_second,
    }
}

const UNITS: [&str; 2] = ["readUnitsPerSecond", "writeUnitsPerSecond"];

pub(super) struct WarmThroughput;

impl Described for WarmThroughput {
    /// It grows by itself with use, and AWS never takes any of it back. Source: DynamoDB developer guide, "Understanding
    /// warm throughput".
    const RULES: PartRules = PartRules {
        field: "warmThroughput",
        removal: Removal::Keep,
        get: LOCATE,
        put: UPDATE,
        birth: Birth::Included,
        effect: Effect::Lasting,
        settle: |value, before| at_least(value, before),
        ..PartRules::DEFAULT
    };

    fn of(table: &TableDescription) -> Option<Value> {
        table.warm_throughput.as_ref().map(encode)
    }
}

/// What is asked for, and no less than there is.
pub(super) fn at_least(mut value: Value, before: Option<&Value>) -> Value {
    for unit in UNITS {
        let there = before.and_then(|before| before[unit].as_i64());
        if let Some(most) = value[unit].as_i64().max(there) {
            value[unit] = most.into();
        }
    }
    value
}
