//! How soon replicas agree.

use aws_sdk_dynamodb::types::TableDescription;
use cairn_core::rules::{Effect, PartRules, Removal, Rule};
use serde_json::Value;

use super::{
    super::{LOCATE, UPDATE},
    Described, replicas,
};
use crate::wire::{encode, wire};

wire! { enum MultiRegionConsistency }

pub(in super::super) const FIELD: &str = "multiRegionConsistency";
pub(in super::super) const STRONG: &str = "STRONG";
const EVENTUAL: &str = "EVENTUAL";

pub(super) struct Consistency;

impl Described for Consistency {
    /// It is told when the replicas are made, and does not change after that.
    const RULES: PartRules = PartRules {
        field: FIELD,
        rule: Rule::Whole,
        removal: Removal::Keep,
        get: LOCATE,
        put: UPDATE,
        effect: Effect::Lasting,
        ..PartRules::DEFAULT
    };

    /// Nothing for a table without replicas.
    fn of(table: &TableDescription) -> Option<Value> {
        replicas::others(table).next()?;
        Some(table.multi_region_consistency.as_ref().map_or_else(|| EVENTUAL.into(), encode))
    }
}
