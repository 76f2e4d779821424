//! New members of a group.

use std::collections::BTreeMap;

use super::{
    super::{
        change::Change,
        context::Context,
        dynamo::Dynamo,
        encryption,
        failure::{Failure, Outcome},
        part::{Class, ContinuousBackups},
        replica::{Replica, ReplicaOverrides, ReplicaStatus, Replication},
        stream,
        table::{IndexStatus, Table, TableStatus},
    },
    in_region,
};

/// A new member, `CREATING`.
pub(super) fn copy(
    dynamo: &Dynamo,
    context: &Context,
    source: &Table,
    region: &str,
    overrides: &ReplicaOverrides,
    id: String,
) -> Outcome<Table> {
    let home = in_region(source, region);
    if dynamo.get(&home, &source.name).is_some() {
        let message = format!("a table with the same name already exists in the region {region}: {}", source.name);
        return Err(Failure::invalid(format!("Failed to create the new replica: {message}")));
    }
    let there = Context { caller: home.clone(), ..context.clone() };
    let mut copy = Table {
        home,
        id,
        created: context.now,
        status: TableStatus::Creating,
        throughput: overrides.on(&source.throughput, None),
        class: Class { class: overrides.class.or(source.class.class), changes: Vec::new() },
        deletion_protection: false,
        tags: Vec::new(),
        policy: None,
        stream_policy: None,
        backups: ContinuousBackups::default(),
        insights: BTreeMap::new(),
        destinations: Vec::new(),
        restore: None,
        pending: Vec::new(),
        replication: others(source, region),
        ..source.clone()
    };
    copy.billing.switches.clear();
    copy.encryption.key = match &source.encryption.key {
        Some(key) if encryption::is_managed(key) => Some(encryption::managed(&there)),
        _ => overrides.key.clone(),
    };
    for index in &mut copy.indexes {
        index.status = IndexStatus::Creating;
        index.backfilling = None;
        index.throughput = overrides.on(&index.throughput, Some(&index.name));
    }
    // Others may come at the same time, and a witness.
    let others = source.pending.iter().filter(|pending| match &pending.change {
        Change::Replica(other, _) => other != region,
        change => *change == Change::Witness,
    });
    copy.pending = others.cloned().collect();
    stream::begin(&mut copy, &there);
    copy.begin(&there, context.settings.timing.replica_create);
    Ok(copy)
}

/// What a new member knows of the others.
fn others(source: &Table, region: &str) -> Replication {
    let mut replication = Replication { sourced: None, ..source.replication.clone() };
    replication.replicas.retain(|replica| replica.region != region);
    let itself = Replica {
        region: source.home.region.clone(),
        status: ReplicaStatus::Active,
        overrides: ReplicaOverrides::default(),
    };
    replication.replicas.push(itself);
    replication.replicas.sort_by(|a, b| a.region.cmp(&b.region));
    replication
}
