//! AWS's own protection against deletion.

use aws_sdk_dynamodb::types::TableDescription;
use cairn_core::rules::{Birth, Effect, PartRules, Removal, Rule};
use serde_json::{Value, json};

use super::{
    super::{LOCATE, UPDATE},
    Described,
};

pub(super) struct DeletionProtection;

impl Described for DeletionProtection {
    /// It is a protection: only `false` takes it away.
    const RULES: PartRules = PartRules {
        field: "deletionProtectionEnabled",
        rule: Rule::Whole,
        removal: Removal::Keep,
        get: LOCATE,
        put: UPDATE,
        birth: Birth::Included,
        effect: Effect::Lasting,
        on_new: || Some(json!(false)),
        ..PartRules::DEFAULT
    };

    fn of(table: &TableDescription) -> Option<Value> {
        Some(json!(table.deletion_protection_enabled.unwrap_or(false)))
    }
}
