//! What storage and requests cost.

use aws_sdk_dynamodb::types::TableDescription;
use cairn_core::rules::{Birth, Effect, PartRules, Rule};
use serde_json::{Value, json};

use super::{
    super::{LOCATE, UPDATE},
    Described,
};
use crate::wire::{encode, wire};

wire! { enum TableClass }

pub(super) struct TableClass;

impl Described for TableClass {
    const RULES: PartRules = PartRules {
        field: "tableClass",
        rule: Rule::Whole,
        get: LOCATE,
        put: UPDATE,
        birth: Birth::Included,
        effect: Effect::Lasting,
        on_new: || Some(json!(STANDARD)),
        ..PartRules::DEFAULT
    };

    /// DynamoDB tells it only of a table whose class was ever named.
    fn of(table: &TableDescription) -> Option<Value> {
        let told = table.table_class_summary.as_ref().and_then(|summary| summary.table_class.as_ref());
        Some(told.map_or_else(|| json!(STANDARD), encode))
    }
}

const STANDARD: &str = "STANDARD";
