//! Replicas that come, change and go, as the table sees it that is asked.

use std::time::Duration;

use super::{
    super::{
        change::Change,
        context::{Caller, Context},
        encryption,
        failure::{Failure, Outcome},
        replica::{Replica, ReplicaOverrides, ReplicaStatus, Witness},
        shape::{MultiRegionConsistency, ReplicaSettings, StreamViewType, UpdateTable},
        table::Table,
    },
    Draft, strong,
};
use crate::aws::regions;

/// One change of one replica, checked.
#[derive(Clone, Debug)]
pub(in super::super) enum Action {
    /// A new one that differs so.
    Create(String, ReplicaOverrides),
    /// One that differs so from now on.
    Update(String, ReplicaOverrides),
    /// One to delete.
    Delete(String),
    /// A new witness.
    Witness(String),
    /// The witness, to delete.
    DropWitness(String),
}

pub(super) fn apply(draft: &mut Draft<'_>, request: &UpdateTable) -> Outcome<()> {
    let actions = actions(draft.context, &draft.table, request)?;
    if actions.is_empty() {
        return Ok(());
    }
    if let Some(consistency) = request.multi_region_consistency {
        draft.table.replication.consistency = consistency;
    }
    if actions.iter().any(|action| matches!(action, Action::Create(..))) {
        draft.table.replication.sourced = Some(draft.context.now);
    }
    enlist(&mut draft.table, draft.context, &actions);
    draft.takes(draft.context.settings.timing.update);
    Ok(())
}

/// What a request asks of replicas, checked against the table.
pub(in super::super) fn actions(context: &Context, table: &Table, request: &UpdateTable) -> Outcome<Vec<Action>> {
    let mut actions = Vec::new();
    for update in request.replica_updates.iter().flatten() {
        actions.push(match (&update.create, &update.update, &update.delete) {
            (Some(asked), None, None) => create(context, table, asked)?,
            (None, Some(asked), None) => change(context, table, asked)?,
            (None, None, Some(asked)) => delete(table, &asked.region_name)?,
            _ => return Err(Failure::invalid("One of Create, Update or Delete must be specified for a replica")),
        });
    }
    for update in request.global_table_witness_updates.iter().flatten() {
        actions.push(match (&update.create, &update.delete) {
            (Some(asked), None) => Action::Witness(asked.region_name.clone()),
            (None, Some(asked)) => Action::DropWitness(asked.region_name.clone()),
            _ => return Err(Failure::invalid("One of Create or Delete must be specified for a witness")),
        });
    }
    if actions.is_empty() && request.multi_region_consistency.is_none() {
        return Ok(actions);
    }
    let strong = table.replication.consistency == MultiRegionConsistency::Strong && table.replication.is_global();
    if strong || request.multi_region_consistency == Some(MultiRegionConsistency::Strong) {
        strong::check(table, &actions)?;
    } else {
        check_eventual(table, &actions, request.multi_region_consistency)?;
    }
    Ok(actions)
}

/// Replicas that agree some time later come and go one at a time, and need a stream of both images ("Global tables").
fn check_eventual(table: &Table, actions: &[Action], asked: Option<MultiRegionConsistency>) -> Outcome<()> {
    if actions.len() > 1 {
        return Err(Failure::invalid("Only one replica can be created, updated or deleted at a time"));
    }
    let creates = actions.iter().any(|action| matches!(action, Action::Create(..)));
    if asked.is_some() && !creates {
        return Err(Failure::invalid("MultiRegionConsistency can be specified only when a replica is created"));
    }
    if actions.iter().any(|action| matches!(action, Action::Witness(_) | Action::DropWitness(_))) {
        return Err(Failure::invalid("A witness is for multi-Region strong consistency only"));
    }
    if creates && table.stream != Some(StreamViewType::NewAndOldImages) {
        let message = "Table must have DynamoDB Streams enabled with StreamViewType NEW_AND_OLD_IMAGES";
        return Err(Failure::invalid(message));
    }
    Ok(())
}

fn create(context: &Context, table: &Table, asked: &ReplicaSettings) -> Outcome<Action> {
    let region = &asked.region_name;
    if !regions::is_known(region) {
        return Err(Failure::invalid(format!("Unsupported region for a replica: {region}")));
    }
    if *region == table.home.region || table.replication.replica(region).is_some() {
        return Err(Failure::invalid(format!("Replica already exists in region: {region}")));
    }
    let customer = table.encryption.key.as_deref().is_some_and(|key| !encryption::is_managed(key));
    match (customer, &asked.kms_master_key_id) {
        (true, None) => {
            let message = "KMSMasterKeyId must be specified for every replica of a table with a customer managed key";
            return Err(Failure::invalid(message));
        }
        (false, Some(_)) => {
            let message = "KMSMasterKeyId can be specified only for replicas of a table with a customer managed key";
            return Err(Failure::invalid(message));
        }
        _ => {}
    }
    Ok(Action::Create(region.clone(), overrides(context, table, &ReplicaOverrides::default(), asked)?))
}

fn change(context: &Context, table: &Table, asked: &ReplicaSettings) -> Outcome<Action> {
    let region = &asked.region_name;
    let replica = table.replication.replica(region).ok_or_else(|| no_replica(region))?;
    let overrides = overrides(context, table, &replica.overrides, asked)?;
    if overrides == replica.overrides {
        return Err(Failure::invalid(format!("Nothing will change in the replica of region: {region}")));
    }
    Ok(Action::Update(region.clone(), overrides))
}

fn delete(table: &Table, region: &str) -> Outcome<Action> {
    table.replication.replica(region).map(|_| Action::Delete(region.to_owned())).ok_or_else(|| no_replica(region))
}

fn no_replica(region: &str) -> Failure {
    Failure::invalid(format!("Replica does not exist in region: {region}"))
}

fn overrides(
    context: &Context,
    table: &Table,
    current: &ReplicaOverrides,
    asked: &ReplicaSettings,
) -> Outcome<ReplicaOverrides> {
    let home = Caller::new(&context.caller.account, &asked.region_name);
    let there = Context { caller: home, ..context.clone() };
    let key = asked.kms_master_key_id.as_ref().map(|key| encryption::key_arn(&there, key)).transpose()?;
    let new = current.with(asked, key);
    if let Some(index) = new.indexes.keys().find(|index| table.index(index).is_none()) {
        return Err(super::indexes::not_found(table, index));
    }
    let reads = new.indexes.values().map(|index| index.read).chain([new.read]);
    let bounds = new.indexes.values().map(|index| index.max_reads).chain([new.max_reads]);
    let (reads, bounds): (Vec<i64>, Vec<i64>) = (reads.flatten().collect(), bounds.flatten().collect());
    if reads.iter().chain(&bounds).any(|units| *units < 1) {
        return Err(Failure::constraint(0, "replicaUpdates", "Member must have value greater than or equal to 1"));
    }
    let on_demand = table.billing.mode.is_on_demand();
    if !reads.is_empty() && on_demand || !bounds.is_empty() && !on_demand {
        return Err(Failure::invalid(
            "ProvisionedThroughputOverride is for provisioned tables, OnDemandThroughputOverride for on-demand ones",
        ));
    }
    Ok(new)
}

/// Notes in a member of the group what becomes of the others.
pub(in super::super) fn enlist(table: &mut Table, context: &Context, actions: &[Action]) {
    let timing = &context.settings.timing;
    for action in actions {
        match action {
            Action::Create(region, overrides) if *region != table.home.region => {
                enlist_new(table, region, overrides);
                let ready = Change::Replica(region.clone(), overrides.clone());
                table.schedule(context, timing.replica_create, ready);
            }
            Action::Update(region, overrides) if *region != table.home.region => {
                let ready = Change::Replica(region.clone(), overrides.clone());
                move_replica(table, context, region, ReplicaStatus::Updating, timing.update, ready);
            }
            Action::Delete(region) if *region != table.home.region => {
                let gone = Change::ReplicaGone(region.clone());
                move_replica(table, context, region, ReplicaStatus::Deleting, timing.replica_delete, gone);
            }
            Action::Create(..) | Action::Update(..) | Action::Delete(_) => {}
            Action::Witness(region) => {
                table.replication.witness = Some(Witness { region: region.clone(), status: ReplicaStatus::Creating });
                table.schedule(context, timing.replica_create, Change::Witness);
            }
            Action::DropWitness(_) => {
                if let Some(witness) = &mut table.replication.witness {
                    witness.status = ReplicaStatus::Deleting;
                }
                table.schedule(context, timing.replica_delete, Change::WitnessGone);
            }
        }
    }
}

fn enlist_new(table: &mut Table, region: &str, overrides: &ReplicaOverrides) {
    let replica = Replica { region: region.to_owned(), status: ReplicaStatus::Creating, overrides: overrides.clone() };
    let replicas = &mut table.replication.replicas;
    let place = replicas.partition_point(|other| other.region < replica.region);
    replicas.insert(place, replica);
}

fn move_replica(
    table: &mut Table,
    context: &Context,
    region: &str,
    status: ReplicaStatus,
    duration: Duration,
    end: Change,
) {
    if let Some(replica) = table.replication.replica_mut(region) {
        replica.status = status;
        table.schedule(context, duration, end);
    }
}
