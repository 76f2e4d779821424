//! The backup, or the moment of another table, that a table is made from.

use aws_sdk_dynamodb::types::TableDescription;
use cairn_core::rules::{Birth, PartRules, Rule};
use serde_json::{Value, json};

use super::{
    super::{CREATE, LOCATE},
    Described,
};

pub(in super::super) const FIELD: &str = "restoreFrom";

pub(super) struct RestoreFrom;

impl Described for RestoreFrom {
    /// It is about how the table begins, so that a table that is there has it already.
    const RULES: PartRules = PartRules {
        field: FIELD,
        rule: Rule::Whole,
        get: LOCATE,
        put: CREATE,
        birth: Birth::Origin,
        same: |_, _| true,
        telling: |_| false,
        ..PartRules::DEFAULT
    };

    fn of(_: &TableDescription) -> Option<Value> {
        Some(json!({}))
    }
}
