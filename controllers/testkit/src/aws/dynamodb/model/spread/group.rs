//! Members of a group as it changes.

use super::{
    super::{
        change::Change,
        context::Context,
        failure::{Failure, Outcome},
        quota,
        replica::ReplicaOverrides,
        table::{Table, TableStatus},
        update::{Action, enlist},
    },
    context_in,
};

/// Changes a member as the group changes: what it knows of the others, and itself if it is meant.
pub(super) fn regroup(member: &mut Table, source: &Table, context: &Context, actions: &[Action]) -> Outcome<()> {
    let there = context_in(context, member);
    enlist(member, &there, actions);
    for action in actions {
        match action {
            Action::Delete(region) if *region == member.home.region => {
                check_deletable(member, context)?;
                member.status = TableStatus::Deleting;
                member.pending.clear();
                member.schedule(&there, context.settings.timing.replica_delete, Change::Gone);
            }
            Action::Update(region, overrides) if *region == member.home.region => {
                differ(member, source, &there, overrides);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Refuses to delete a member that is protected, or from which the others were made a short while ago.
pub(super) fn check_deletable(member: &Table, context: &Context) -> Outcome<()> {
    let free = member.replication.sourced.and_then(|at| at.checked_add(quota::DAY).ok());
    if member.replication.is_global() && free.is_some_and(|free| context.now < free) {
        return Err(Failure::validation(
            "Replica cannot be deleted because it has acted as a source region for new replica(s) being added to the \
             table in the last 24 hours.",
        ));
    }
    member.check_unprotected()
}

/// Lets a member differ from the others.
fn differ(member: &mut Table, source: &Table, there: &Context, overrides: &ReplicaOverrides) {
    let duration = there.settings.timing.update;
    let mut changes = vec![Change::Throughput(overrides.on(&source.throughput, None))];
    for index in &source.indexes {
        changes.push(Change::IndexThroughput(index.name.clone(), overrides.on(&index.throughput, Some(&index.name))));
    }
    changes.extend(overrides.class.map(Change::Class));
    changes.extend(overrides.key.clone().map(|key| Change::Encryption(Some(key))));
    member.status = TableStatus::Updating;
    for change in changes.into_iter().chain([Change::Active]) {
        member.schedule(there, duration, change);
    }
}
