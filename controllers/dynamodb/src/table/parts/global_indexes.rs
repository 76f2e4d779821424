//! Indexes with keys of their own.

use aws_sdk_dynamodb::types::{self, GlobalSecondaryIndexDescription, IndexStatus, TableDescription};
use cairn_core::{
    leaf,
    meaning::Meaning,
    rules::{Birth, Effect, PartRules, Rule},
};
use serde_json::{Value, json};

use super::{
    super::{LOCATE, UPDATE},
    Described, billing_mode, on_demand_throughput, warm_throughput,
};
use crate::wire::{encode, wire};

wire! {
    struct Projection { "projectionType" => projection_type, "nonKeyAttributes" => non_key_attributes }
    enum ProjectionType
    try struct GlobalSecondaryIndex {
        "indexName" => index_name,
        "keySchema" => key_schema,
        "projection" => projection,
        "provisionedThroughput" => provisioned_throughput,
        "onDemandThroughput" => on_demand_throughput,
        "warmThroughput" => warm_throughput,
    }
    struct GlobalSecondaryIndexDescription {
        "indexName" => index_name,
        "keySchema" => key_schema,
        "projection" => projection,
        "provisionedThroughput" => provisioned_throughput,
        "onDemandThroughput" => on_demand_throughput,
        "warmThroughput" => warm_throughput,
    }
}

pub(in super::super) const FIELD: &str = "globalSecondaryIndexes";
/// What of an index AWS changes.
pub(in super::super) const CAPACITY: [&str; 3] = ["provisionedThroughput", "onDemandThroughput", "warmThroughput"];

/// Attributes have no order.
const SHAPE: Meaning = Meaning { sets: &["nonKeyAttributes"], ..Meaning::EXACT };

pub(super) struct GlobalIndexes;

impl Described for GlobalIndexes {
    const RULES: PartRules = PartRules {
        field: FIELD,
        rule: Rule::Entries("indexName"),
        get: LOCATE,
        put: UPDATE,
        delete: Some(UPDATE),
        birth: Birth::Included,
        effect: Effect::Lasting,
        settle,
        same,
        ..PartRules::DEFAULT
    };

    /// Those that there are to stay.
    fn of(table: &TableDescription) -> Option<Value> {
        let by_request = billing_mode::mode(table) == types::BillingMode::PayPerRequest;
        let going = |index: &&GlobalSecondaryIndexDescription| index.index_status == Some(IndexStatus::Deleting);
        let stay = table.global_secondary_indexes.iter().flatten().filter(|index| !going(index));
        let indexes: Vec<_> = stay.map(|index| observed(index, by_request)).collect();
        (!indexes.is_empty()).then(|| indexes.into())
    }
}

/// An index in the form of a spec, with the throughput that goes with the billing mode.
fn observed(index: &GlobalSecondaryIndexDescription, by_request: bool) -> Value {
    let mut value = encode(index);
    leaf::set(&mut value, if by_request { "provisionedThroughput" } else { "onDemandThroughput" }, None);
    value
}

/// Capacity that is not declared keeps what AWS has, so that something else may scale it.
fn settle(mut declared: Value, before: Option<&Value>) -> Value {
    let Some(before) = before else { return declared };
    for field in CAPACITY {
        let (ours, theirs) = (declared.get(field).cloned(), before.get(field).cloned());
        let kept = match (ours, theirs) {
            (Some(ours), Some(theirs)) => Some(leaf::overlay(theirs, &ours)),
            (ours, theirs) => ours.or(theirs),
        };
        leaf::set(&mut declared, field, kept);
    }
    let warm = declared.get("warmThroughput").cloned();
    leaf::set(
        &mut declared,
        "warmThroughput",
        warm.map(|warm| warm_throughput::at_least(warm, before.get("warmThroughput"))),
    );
    declared
}

fn same(a: &Value, b: &Value) -> bool {
    same_shape(a, b) && CAPACITY.iter().all(|field| same_capacity(field, &a[*field], &b[*field]))
}

/// Whether capacity of one sort is the same.
pub(in super::super) fn same_capacity(field: &str, a: &Value, b: &Value) -> bool {
    match field {
        "onDemandThroughput" => on_demand_throughput::limits(a) == on_demand_throughput::limits(b),
        _ => a == b,
    }
}

/// Whether two indexes have the same keys and attributes, of which AWS changes neither.
pub(in super::super) fn same_shape(a: &Value, b: &Value) -> bool {
    ["keySchema", "projection"].iter().all(|field| SHAPE.same(&a[*field], &b[*field]))
}

/// The index as a new one has to be asked for: one that names no capacity begins with the table's.
pub(in super::super) fn newborn(index: &Value, units: Option<&Value>) -> Value {
    let mut index = index.clone();
    if let Some(units) = units {
        let own = index.get("provisionedThroughput").cloned().unwrap_or_else(|| json!({}));
        index["provisionedThroughput"] = leaf::overlay(units.clone(), &own);
    }
    index
}
