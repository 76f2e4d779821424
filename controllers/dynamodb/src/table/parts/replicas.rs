//! Replicas in other regions.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{ReplicaDescription, ReplicaStatus, TableDescription};
use cairn_core::{
    leaf, part,
    rules::{Effect, PartRules, Removal, Rule},
};
use serde_json::{Value, json};

use super::{
    super::{LOCATE, UPDATE},
    Described, sse, table_class,
};
use crate::wire::{encode, wire};

wire! {
    struct ProvisionedThroughputOverride { "readCapacityUnits" => read_capacity_units }
    struct OnDemandThroughputOverride { "maxReadRequestUnits" => max_read_request_units }
    try struct ReplicaGlobalSecondaryIndex {
        "indexName" => index_name,
        "provisionedThroughputOverride" => provisioned_throughput_override,
        "onDemandThroughputOverride" => on_demand_throughput_override,
    }
    struct ReplicaGlobalSecondaryIndexDescription {
        "indexName" => index_name,
        "provisionedThroughputOverride" => provisioned_throughput_override,
        "onDemandThroughputOverride" => on_demand_throughput_override,
    }
    struct ReplicaDescription {
        "regionName" => region_name,
        "kmsMasterKeyID" => kms_master_key_id,
        "provisionedThroughputOverride" => provisioned_throughput_override,
        "onDemandThroughputOverride" => on_demand_throughput_override,
        "globalSecondaryIndexes" => global_secondary_indexes,
    }
}

pub(in super::super) const FIELD: &str = "tableReplicas";
/// What names a replica.
pub(in super::super) const REGION: &str = "regionName";
const CLASS: &str = "tableClassOverride";
const INDEXES: &str = "globalSecondaryIndexes";
const NAME: &str = "indexName";

/// A list of regions, each of which may be what somebody reads from, so that only a list that no longer names it takes it
/// away.
pub(super) const BY_REGION: PartRules = PartRules {
    rule: Rule::Entries(REGION),
    removal: Removal::KeepUnlessListed,
    get: LOCATE,
    put: UPDATE,
    delete: Some(UPDATE),
    effect: Effect::Lasting,
    ..PartRules::DEFAULT
};

pub(super) struct Replicas;

impl Described for Replicas {
    const RULES: PartRules = PartRules { field: FIELD, settle, same: |a, b| Facts::of(a) == Facts::of(b), ..BY_REGION };

    /// Those that there are to stay.
    fn of(table: &TableDescription) -> Option<Value> {
        let going = |replica: &&ReplicaDescription| replica.replica_status == Some(ReplicaStatus::Deleting);
        let class = table_class::TableClass::of(table);
        let stay: Vec<_> =
            others(table).filter(|replica| !going(replica)).map(|replica| observed(replica, class.as_ref())).collect();
        (!stay.is_empty()).then(|| stay.into())
    }
}

/// The replicas in other regions than the table that is described.
pub(in super::super) fn others(table: &TableDescription) -> impl Iterator<Item = &ReplicaDescription> {
    let home = table.table_arn.as_deref().and_then(|arn| arn.split(':').nth(3));
    table.replicas.iter().flatten().filter(move |replica| home.is_none() || replica.region_name.as_deref() != home)
}

/// A replica in the form of a spec. One whose class nobody named has the table's.
fn observed(replica: &ReplicaDescription, class: Option<&Value>) -> Value {
    let mut value = encode(replica);
    let own = replica.replica_table_class_summary.as_ref().and_then(|summary| summary.table_class.as_ref());
    leaf::set(&mut value, CLASS, own.map(encode).or_else(|| class.cloned()));
    value
}

/// What is not declared keeps what AWS has.
fn settle(declared: Value, before: Option<&Value>) -> Value {
    let Some(before) = before else { return declared };
    let indexes = part::laid_over(NAME, declared.get(INDEXES), before.get(INDEXES));
    let mut settled = leaf::overlay(before.clone(), &declared);
    leaf::set(&mut settled, INDEXES, Some(indexes).filter(|indexes| *indexes != json!([])));
    settled
}

/// The request that changes a replica: DynamoDB refuses members that do not change.
pub(in super::super) fn changed(after: &Value, before: &Value) -> Value {
    let mut request = json!({REGION: after[REGION]});
    let (new, old) = (Facts::of(after), Facts::of(before));
    let members = [
        ("kmsMasterKeyID", new.key != old.key),
        (CLASS, new.class != old.class),
        ("provisionedThroughputOverride", new.own.0 != old.own.0),
        ("onDemandThroughputOverride", new.own.1 != old.own.1),
    ];
    for (member, _) in members.iter().filter(|(_, changed)| *changed) {
        leaf::set(&mut request, member, after.get(*member).cloned());
    }
    let differs = |index: &&Value| {
        let name = index[NAME].as_str().unwrap_or_default();
        new.indexes.get(name) != old.indexes.get(name)
    };
    let indexes: Vec<_> = after[INDEXES].as_array().into_iter().flatten().filter(differs).cloned().collect();
    leaf::set(&mut request, INDEXES, (!indexes.is_empty()).then(|| indexes.into()));
    request
}

/// Reads of a replica or of its index: set aside, and at most. None where they are those of the table.
type Reads = (Option<i64>, Option<i64>);

/// What a replica is, however it is written.
#[derive(Debug, PartialEq)]
struct Facts<'v> {
    key: Option<&'v str>,
    class: &'v Value,
    own: Reads,
    indexes: BTreeMap<&'v str, Reads>,
}

impl<'v> Facts<'v> {
    fn of(replica: &'v Value) -> Self {
        let index = |index: &'v Value| Some((index[NAME].as_str()?, reads(index)));
        let indexes = replica[INDEXES].as_array().into_iter().flatten().filter_map(index);
        Self {
            key: sse::key_id(&replica["kmsMasterKeyID"]),
            class: &replica[CLASS],
            own: reads(replica),
            indexes: indexes.filter(|(_, reads)| *reads != (None, None)).collect(),
        }
    }
}

/// -1 is how the API writes that there is no limit of its own.
fn reads(value: &Value) -> Reads {
    let most = value["onDemandThroughputOverride"]["maxReadRequestUnits"].as_i64();
    (value["provisionedThroughputOverride"]["readCapacityUnits"].as_i64(), most.filter(|most| *most > 0))
}
