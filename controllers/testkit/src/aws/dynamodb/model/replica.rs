//! Replicas of a table, as one of them knows the others.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    context::arn,
    shape::{MultiRegionConsistency, ReplicaSettings, TableClass},
    table::Table,
    throughput::Throughput,
};

/// State of a replica or a witness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ReplicaStatus {
    /// Not yet there.
    Creating,
    /// Changing.
    Updating,
    /// About to vanish.
    Deleting,
    /// Ready.
    Active,
}

/// Where an index of a replica differs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IndexOverride {
    /// Read capacity units.
    pub read: Option<i64>,
    /// Upper bound of reads.
    pub max_reads: Option<i64>,
}

/// Where a replica differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplicaOverrides {
    /// ARN of its key.
    pub key: Option<String>,
    /// Read capacity units.
    pub read: Option<i64>,
    /// Upper bound of reads.
    pub max_reads: Option<i64>,
    /// Its indexes, by name.
    pub indexes: BTreeMap<String, IndexOverride>,
    /// Its class.
    pub class: Option<TableClass>,
}

impl ReplicaOverrides {
    /// These with what is asked for; -1 takes an upper bound away. The key is an ARN already.
    pub(super) fn with(&self, asked: &ReplicaSettings, key: Option<String>) -> Self {
        let mut new = self.clone();
        new.key = key.or(new.key);
        let read = asked.provisioned_throughput_override.and_then(|units| units.read_capacity_units);
        new.read = read.or(new.read);
        let bound = asked.on_demand_throughput_override.and_then(|bounds| bounds.max_read_request_units);
        new.max_reads = bounded(bound, new.max_reads);
        for index in asked.global_secondary_indexes.iter().flatten() {
            let entry = new.indexes.entry(index.index_name.clone()).or_default();
            let read = index.provisioned_throughput_override.and_then(|units| units.read_capacity_units);
            entry.read = read.or(entry.read);
            let bound = index.on_demand_throughput_override.and_then(|bounds| bounds.max_read_request_units);
            entry.max_reads = bounded(bound, entry.max_reads);
        }
        new.class = asked.table_class_override.or(new.class);
        new
    }

    /// Throughput of the replica, or of an index of it, where that of the others is `base`.
    pub(super) fn on(&self, base: &Throughput, index: Option<&str>) -> Throughput {
        let (read, max_reads) = match index {
            None => (self.read, self.max_reads),
            Some(index) => self.indexes.get(index).map_or((None, None), |index| (index.read, index.max_reads)),
        };
        let mut throughput = base.clone();
        throughput.provisioned.read = read.unwrap_or(base.provisioned.read);
        throughput.max_reads = max_reads.or(base.max_reads);
        throughput.warm_reads = throughput.warm_reads.max(throughput.provisioned.read);
        throughput
    }

    fn describe_indexes(&self) -> Vec<Value> {
        let describe = |(name, index): (&String, &IndexOverride)| {
            json!({
                "IndexName": name,
                "ProvisionedThroughputOverride": index.read.map(|read| json!({ "ReadCapacityUnits": read })),
                "OnDemandThroughputOverride": index.max_reads.map(|reads| json!({ "MaxReadRequestUnits": reads })),
            })
        };
        self.indexes.iter().map(describe).collect()
    }
}

fn bounded(asked: Option<i64>, current: Option<i64>) -> Option<i64> {
    match asked {
        None => current,
        Some(-1) => None,
        bound => bound,
    }
}

/// Another replica.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replica {
    /// Region.
    pub region: String,
    /// State.
    pub status: ReplicaStatus,
    /// Where it differs.
    pub overrides: ReplicaOverrides,
}

/// The witness of replicas that agree at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Region.
    pub region: String,
    /// State.
    pub status: ReplicaStatus,
}

/// What a table knows of its replicas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replication {
    /// How soon they agree.
    pub consistency: MultiRegionConsistency,
    /// The others, by region.
    pub replicas: Vec<Replica>,
    /// The witness, if there is one.
    pub witness: Option<Witness>,
    /// When this one was last asked to create another.
    pub sourced: Option<Timestamp>,
}

impl Replication {
    /// Whether there are others.
    #[must_use]
    pub fn is_global(&self) -> bool {
        !self.replicas.is_empty()
    }

    /// Another replica by region.
    #[must_use]
    pub fn replica(&self, region: &str) -> Option<&Replica> {
        self.replicas.iter().find(|replica| replica.region == region)
    }

    pub(super) fn replica_mut(&mut self, region: &str) -> Option<&mut Replica> {
        self.replicas.iter_mut().find(|replica| replica.region == region)
    }

    /// The region that is on its way, if one is.
    pub(super) fn moving(&self) -> Option<&str> {
        let witness = self.witness.iter().map(|witness| (&witness.region, witness.status));
        let all = self.replicas.iter().map(|replica| (&replica.region, replica.status)).chain(witness);
        all.filter(|(_, status)| *status != ReplicaStatus::Active).map(|(region, _)| region.as_str()).next()
    }

    pub(super) fn ready(&mut self, region: &str, overrides: ReplicaOverrides) {
        if let Some(replica) = self.replica_mut(region) {
            replica.status = ReplicaStatus::Active;
            replica.overrides = overrides;
        }
    }

    pub(super) fn gone(&mut self, region: &str) {
        self.replicas.retain(|replica| replica.region != region);
        if self.replicas.is_empty() {
            self.consistency = MultiRegionConsistency::Eventual;
        }
    }

    pub(super) fn witness_ready(&mut self) {
        if let Some(witness) = &mut self.witness {
            witness.status = ReplicaStatus::Active;
        }
    }

    pub(super) fn version(&self) -> Option<&'static str> {
        self.is_global().then_some("2019.11.21")
    }

    pub(super) fn shown_consistency(&self) -> Option<MultiRegionConsistency> {
        self.is_global().then_some(self.consistency)
    }

    pub(super) fn configuration(&self) -> Value {
        let replica = |replica: &Replica| {
            let overrides = &replica.overrides;
            let indexes = overrides.indexes.iter().map(|(name, index)| (name, [index.read, index.max_reads]));
            let value = json!({
                "key": overrides.key, "read": overrides.read, "maxReads": overrides.max_reads,
                "class": overrides.class, "indexes": indexes.collect::<BTreeMap<_, _>>(),
            });
            (replica.region.clone(), value)
        };
        json!({
            "consistency": self.shown_consistency(),
            "replicas": self.replicas.iter().map(replica).collect::<Map<_, _>>(),
            "witness": self.witness.as_ref().map(|witness| &witness.region),
        })
    }
}

impl Table {
    pub(super) fn describe_replicas(&self) -> Vec<Value> {
        let describe = |replica: &Replica| {
            let overrides = &replica.overrides;
            let name = format!("table/{}", self.name);
            json!({
                "RegionName": replica.region,
                "ReplicaStatus": replica.status,
                "ReplicaArn": arn("dynamodb", &replica.region, &self.home.account, &name),
                "KMSMasterKeyId": overrides.key,
                "ProvisionedThroughputOverride": overrides.read.map(|read| json!({ "ReadCapacityUnits": read })),
                "OnDemandThroughputOverride": overrides.max_reads.map(|reads| json!({ "MaxReadRequestUnits": reads })),
                "GlobalSecondaryIndexes": super::describe::some(overrides.describe_indexes()),
                "ReplicaTableClassSummary": overrides.class.map(|class| json!({ "TableClass": class })),
            })
        };
        self.replication.replicas.iter().map(describe).collect()
    }

    pub(super) fn describe_witness(&self) -> Vec<Value> {
        let describe = |witness: &Witness| json!({ "RegionName": witness.region, "WitnessStatus": witness.status });
        self.replication.witness.iter().map(describe).collect()
    }
}
