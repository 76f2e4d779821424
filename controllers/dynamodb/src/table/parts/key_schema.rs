//! The primary key.

use aws_sdk_dynamodb::types::TableDescription;
use cairn_core::rules::{Birth, PartRules, Rule};
use serde_json::Value;

use super::{
    super::{CREATE, LOCATE},
    Described,
};
use crate::wire::{encode, wire};

wire! {
    try struct KeySchemaElement { "attributeName" => attribute_name, "keyType" => key_type }
    enum KeyType
}

pub(super) struct KeySchema;

impl Described for KeySchema {
    const RULES: PartRules = PartRules {
        field: "keySchema",
        rule: Rule::Whole,
        get: LOCATE,
        put: CREATE,
        birth: Birth::Included,
        immutable: true,
        ..PartRules::DEFAULT
    };

    fn of(table: &TableDescription) -> Option<Value> {
        table.key_schema.as_ref().map(encode)
    }
}
