//! Replicas that agree at once (multi-Region strong consistency).

use std::collections::BTreeSet;

use super::{
    super::{
        failure::{Failure, Outcome},
        part::TimeToLiveStatus,
        table::Table,
    },
    replicas::Action,
};

/// The regions that may be together (API reference of `CreateGlobalTableWitnessGroupMemberAction`).
const SETS: [&[&str]; 3] = [
    &["us-east-1", "us-east-2", "us-west-2"],
    &["eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"],
    &["ap-northeast-1", "ap-northeast-2", "ap-northeast-3"],
];

/// How many regions there are, a witness among them.
const REGIONS: usize = 3;

/// Checks that a table gets all others at once, or loses all of them ("A MRSC global table can be configured with
/// either three replicas, or with two replicas and one witness", "You cannot delete a single witness").
pub(super) fn check(table: &Table, actions: &[Action]) -> Outcome<()> {
    if table.replication.is_global() { check_end(table, actions) } else { check_start(table, actions) }
}

fn check_start(table: &Table, actions: &[Action]) -> Outcome<()> {
    let mut regions = BTreeSet::from([table.home.region.as_str()]);
    let mut witnesses = 0;
    for action in actions {
        match action {
            Action::Create(region, _) => regions.insert(region),
            Action::Witness(region) => {
                witnesses += 1;
                regions.insert(region)
            }
            _ => return Err(Failure::invalid("MultiRegionConsistency is for new global tables only")),
        };
    }
    if regions.len() != REGIONS || actions.len() != REGIONS - 1 || witnesses > 1 {
        let message =
            "Multi-Region strong consistency needs three replicas, or two and a witness, in different regions";
        return Err(Failure::invalid(message));
    }
    if !SETS.iter().any(|set| regions.iter().all(|region| set.contains(region))) {
        let message = "Multi-Region strong consistency needs regions of one region set";
        return Err(Failure::invalid(message));
    }
    let plain = table.local_indexes.is_empty() && table.time_to_live.status == TimeToLiveStatus::Disabled;
    if !plain {
        let message = "Multi-Region strong consistency supports no local secondary indexes and no time to live";
        return Err(Failure::invalid(message));
    }
    Ok(())
}

fn check_end(table: &Table, actions: &[Action]) -> Outcome<()> {
    if let [Action::Update(..)] = actions {
        return Ok(());
    }
    let others = table.replication.replicas.iter().map(|replica| &replica.region);
    let all: BTreeSet<&String> =
        others.chain(table.replication.witness.iter().map(|witness| &witness.region)).collect();
    let gone = actions.iter().filter_map(|action| match action {
        Action::Delete(region) | Action::DropWitness(region) => Some(region),
        _ => None,
    });
    let gone: BTreeSet<&String> = gone.collect();
    if gone == all && actions.len() == all.len() {
        return Ok(());
    }
    let message = "A global table with multi-Region strong consistency keeps all its replicas and its witness, or none";
    Err(Failure::invalid(message))
}
