//! Indexes with the table's partition key.

use aws_sdk_dynamodb::types::TableDescription;
use cairn_core::{
    meaning::Meaning,
    rules::{Birth, PartRules, Rule},
};
use serde_json::Value;

use super::{
    super::{CREATE, LOCATE},
    Described,
};
use crate::wire::{encode, wire};

wire! {
    try struct LocalSecondaryIndex { "indexName" => index_name, "keySchema" => key_schema, "projection" => projection }
    struct LocalSecondaryIndexDescription {
        "indexName" => index_name,
        "keySchema" => key_schema,
        "projection" => projection,
    }
}

/// AWS lists them, and their attributes, in an order of its own.
const MEANING: Meaning = Meaning { sets: &["", "nonKeyAttributes"], ..Meaning::EXACT };

pub(super) struct LocalIndexes;

impl Described for LocalIndexes {
    const RULES: PartRules = PartRules {
        field: "localSecondaryIndexes",
        rule: Rule::Whole,
        get: LOCATE,
        put: CREATE,
        birth: Birth::Included,
        immutable: true,
        same: |a, b| MEANING.same(a, b),
        ..PartRules::DEFAULT
    };

    fn of(table: &TableDescription) -> Option<Value> {
        table.local_secondary_indexes.as_ref().filter(|indexes| !indexes.is_empty()).map(encode)
    }
}
