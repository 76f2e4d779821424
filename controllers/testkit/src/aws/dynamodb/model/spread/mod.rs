//! What a change of a table does to its replicas in other regions.

mod copy;
mod follow;
mod group;

use self::{
    copy::copy,
    follow::follow,
    group::{check_deletable, regroup},
};
use super::{
    context::{Caller, Context},
    dynamo::Dynamo,
    failure::{Failure, Outcome},
    replica::Replica,
    scaling::is_write_scaled,
    shape::{DeleteTable, MultiRegionConsistency, UpdateTable, UpdateTimeToLive},
    table::{Table, TableStatus},
    update::{Action, actions, enlist},
};

/// Updates a table and what follows from it elsewhere; all or nothing. Gives the table.
pub(super) fn update(dynamo: &mut Dynamo, context: &Context, request: &UpdateTable) -> Outcome<Table> {
    let before = dynamo.found(context, &request.table_name)?.clone();
    let after = before.update(context, request)?;
    let actions = actions(context, &before, request)?;
    check_scaled(dynamo, &after, request, &actions)?;
    let mut changed = members(dynamo, &before)?;
    if actions.is_empty() {
        for member in &mut changed {
            follow(member, &after, context, request)?;
        }
    } else {
        for member in &mut changed {
            regroup(member, &after, context, &actions)?;
        }
        for action in &actions {
            if let Action::Create(region, overrides) = action {
                let id = dynamo.next_id();
                changed.push(copy(dynamo, context, &after, region, overrides, id)?);
            }
        }
    }
    for member in changed {
        dynamo.put(member);
    }
    dynamo.put(after.clone());
    Ok(after)
}

/// Deletes a table; the others forget it. Gives the table before and after.
pub(super) fn delete(dynamo: &mut Dynamo, context: &Context, request: &DeleteTable) -> Outcome<(Table, Table)> {
    let before = dynamo.found(context, &request.table_name)?.clone();
    let after = before.delete(context)?;
    if before != after {
        let group = &before.replication;
        if group.is_global() && group.consistency == MultiRegionConsistency::Strong {
            let message = "A replica with multi-Region strong consistency is deleted with the others";
            return Err(Failure::invalid(message));
        }
        check_deletable(&before, context)?;
        for mut member in members(dynamo, &before)? {
            let there = context_in(context, &member);
            enlist(&mut member, &there, &[Action::Delete(before.home.region.clone())]);
            dynamo.put(member);
        }
        dynamo.put(after.clone());
    }
    Ok((before, after))
}

/// Changes time to live, which is the same everywhere ("Global tables: settings").
pub(super) fn update_time_to_live(dynamo: &mut Dynamo, context: &Context, request: &UpdateTimeToLive) -> Outcome<()> {
    let table = dynamo.found(context, &request.table_name)?.clone();
    let mut changed = vec![table.update_time_to_live(context, &request.time_to_live_specification)?];
    for member in members(dynamo, &table)? {
        let there = context_in(context, &member);
        changed.push(member.update_time_to_live(&there, &request.time_to_live_specification)?);
    }
    for table in changed {
        dynamo.put(table);
    }
    Ok(())
}

/// The other members of a table's group.
fn members(dynamo: &Dynamo, table: &Table) -> Outcome<Vec<Table>> {
    let there = |replica: &Replica| dynamo.get(&in_region(table, &replica.region), &table.name).cloned();
    let members: Vec<Table> = table.replication.replicas.iter().filter_map(there).collect();
    match members.iter().find(|member| member.status != TableStatus::Active) {
        None => Ok(members),
        Some(member) => Err(Failure::in_use(format!("Replica is being changed: {}", member.home.region))),
    }
}

fn in_region(table: &Table, region: &str) -> Caller {
    Caller::new(&table.home.account, region)
}

fn context_in(context: &Context, table: &Table) -> Context {
    Context { caller: table.home.clone(), ..context.clone() }
}

/// "Table write capacity should either be Pay-Per-Request or AutoScaled": of a global table, or one that becomes global.
fn check_scaled(dynamo: &Dynamo, table: &Table, request: &UpdateTable, actions: &[Action]) -> Outcome<()> {
    let mode = request.billing_mode.unwrap_or(table.billing.mode);
    let creates = actions.iter().any(|action| matches!(action, Action::Create(..)));
    let switches = request.billing_mode.is_some() && table.replication.is_global();
    if mode.is_on_demand() || !creates && !switches {
        return Ok(());
    }
    if !is_write_scaled(dynamo, table, None) {
        return Err(Failure::invalid("Table write capacity should either be Pay-Per-Request or AutoScaled."));
    }
    match table.indexes.iter().find(|index| !is_write_scaled(dynamo, table, Some(&index.name))) {
        None => Ok(()),
        Some(index) => Err(Failure::invalid(format!(
            "Index write capacity should either be Pay-Per-Request or AutoScaled. Index: {}",
            index.name
        ))),
    }
}
