//! How capacity is paid for.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{self, TableDescription};
use cairn_core::{
    leaf,
    rules::{Birth, Effect, PartRules, Removal, Rule},
};
use serde_json::{Value, json};

use super::{
    super::{LOCATE, UPDATE},
    Described, global_indexes,
};
use crate::wire::{encode, wire};

wire! { enum BillingMode }

const PROVISIONED: &str = "PROVISIONED";
const BY_REQUEST: &str = "PAY_PER_REQUEST";
const THROUGHPUT: &str = "provisionedThroughput";

pub(super) struct BillingMode;

impl Described for BillingMode {
    /// A new table has the mode that its creation names, so there is nothing to go back to.
    const RULES: PartRules = PartRules {
        field: "billingMode",
        rule: Rule::Whole,
        removal: Removal::Keep,
        get: LOCATE,
        put: UPDATE,
        birth: Birth::Included,
        effect: Effect::Lasting,
        ..PartRules::DEFAULT
    };

    fn of(table: &TableDescription) -> Option<Value> {
        Some(encode(&mode(table)))
    }
}

/// The mode of a table. DynamoDB tells it only of a table that was ever paid for by request.
pub(super) fn mode(table: &TableDescription) -> types::BillingMode {
    let told = table.billing_mode_summary.as_ref().and_then(|summary| summary.billing_mode.clone());
    told.unwrap_or(types::BillingMode::Provisioned)
}

/// Completes what is declared by what follows from it. Throughput of either mode means that mode. The zeroes that AWS
/// reports for a table without capacity of its own, and that ACK writes into specs which it adopts, mean nothing.
pub(super) fn imply(parts: &mut BTreeMap<&'static str, Value>) {
    if is_by_request(parts) {
        parts.remove(THROUGHPUT);
        let indexes = parts.get_mut(global_indexes::FIELD).and_then(Value::as_array_mut);
        indexes.into_iter().flatten().for_each(|index| leaf::set(index, THROUGHPUT, None));
    }
    let implied = if parts.contains_key(THROUGHPUT) {
        Some(PROVISIONED)
    } else if parts.contains_key("onDemandThroughput") {
        Some(BY_REQUEST)
    } else {
        None
    };
    if let Some(mode) = implied {
        parts.entry("billingMode").or_insert_with(|| json!(mode));
    }
}

/// Whether it is declared that nothing is paid for by capacity.
pub(super) fn is_by_request(parts: &BTreeMap<&'static str, Value>) -> bool {
    parts.get("billingMode").is_some_and(|mode| mode == BY_REQUEST)
}
