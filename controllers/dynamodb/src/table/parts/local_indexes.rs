//! Indexes with the table's partition key.

use aws_sdk_dynamodb::types::TableDescription;
use cairn_core::rules::{Birth, PartRules, Rule};
use serde_json::{Map, Value};

use super::{
    super::{CREATE, LOCATE},
    Described, global_indexes,
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

pub(super) struct LocalIndexes;

impl Described for LocalIndexes {
    const RULES: PartRules = PartRules {
        field: "localSecondaryIndexes",
        rule: Rule::Whole,
        get: LOCATE,
        put: CREATE,
        birth: Birth::Included,
        immutable: true,
        same,
        ..PartRules::DEFAULT
    };

    fn of(table: &TableDescription) -> Option<Value> {
        table.local_secondary_indexes.as_ref().filter(|indexes| !indexes.is_empty()).map(encode)
    }
}

/// AWS lists them in an order of its own.
fn same(a: &Value, b: &Value) -> bool {
    let all = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let (ours, theirs) = (all(a), all(b));
    let counterpart = |index: &Value| theirs.iter().find(|other| other["indexName"] == index["indexName"]).cloned();
    let nothing = || Value::Object(Map::new());
    ours.len() == theirs.len()
        && ours.iter().all(|index| global_indexes::same_shape(index, &counterpart(index).unwrap_or_else(nothing)))
}
