//! The types of the attributes that keys are made of.

use aws_sdk_dynamodb::types::TableDescription;
use cairn_core::rules::{Birth, PartRules, Rule};
use serde_json::Value;

use super::{
    super::{CREATE, LOCATE},
    Described,
};
use crate::wire::{encode, wire};

wire! {
    try struct AttributeDefinition { "attributeName" => attribute_name, "attributeType" => attribute_type }
    enum ScalarAttributeType
}

pub(super) struct AttributeDefinitions;

impl Described for AttributeDefinitions {
    /// Definitions come and go with the keys that use them, and are never written for themselves. What AWS does not
    /// change is the type of an attribute that is part of a key.
    const RULES: PartRules = PartRules {
        field: "attributeDefinitions",
        rule: Rule::Whole,
        get: LOCATE,
        put: CREATE,
        birth: Birth::Included,
        immutable: true,
        same,
        ..PartRules::DEFAULT
    };

    fn of(table: &TableDescription) -> Option<Value> {
        table.attribute_definitions.as_ref().map(encode)
    }
}

/// Whether attributes that both have are of the same type.
fn same(a: &Value, b: &Value) -> bool {
    let all = |value: &'_ Value| value.as_array().cloned().unwrap_or_default();
    let theirs = all(b);
    all(a).iter().all(|ours| {
        let other = theirs.iter().find(|other| other["attributeName"] == ours["attributeName"]);
        other.is_none_or(|other| other["attributeType"] == ours["attributeType"])
    })
}
