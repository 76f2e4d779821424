//! The region that only bears witness to what replicas agree on.

use aws_sdk_dynamodb::types::{GlobalTableWitnessDescription, TableDescription, WitnessStatus};
use cairn_core::rules::PartRules;
use serde_json::{Value, json};

use super::{
    Described,
    replicas::{BY_REGION, REGION},
};

pub(in super::super) const FIELD: &str = "globalTableWitnesses";

pub(super) struct Witnesses;

impl Described for Witnesses {
    /// It comes and goes with the replicas.
    const RULES: PartRules = PartRules { field: FIELD, same: |_, _| true, ..BY_REGION };

    /// Those that there are to stay.
    fn of(table: &TableDescription) -> Option<Value> {
        let going = |witness: &&GlobalTableWitnessDescription| witness.witness_status == Some(WitnessStatus::Deleting);
        let stay = table.global_table_witnesses.iter().flatten().filter(|witness| !going(witness));
        let stay: Vec<_> = stay.map(|witness| json!({REGION: witness.region_name})).collect();
        (!stay.is_empty()).then(|| stay.into())
    }
}
