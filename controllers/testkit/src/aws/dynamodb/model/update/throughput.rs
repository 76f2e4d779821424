//! Billing and throughput of a table and its indexes.

use std::collections::BTreeSet;

use super::{
    super::{
        change::Change,
        failure::{Failure, Outcome},
        quota,
        shape::{BillingMode, UpdateIndex, UpdateTable},
        table::{Index, IndexStatus},
        throughput::{Throughput, Wanted},
    },
    Draft,
};

pub(super) fn apply(draft: &mut Draft<'_>, request: &UpdateTable) -> Outcome<()> {
    let updates: Vec<&UpdateIndex> =
        request.global_secondary_index_updates.iter().flatten().filter_map(|update| update.update.as_ref()).collect();
    check_updates(draft, &updates)?;
    let (before, current) = (draft.table.billing.mode, draft.table.throughput.clone());
    let mode = request.billing_mode.unwrap_or(before);
    let wanted = Wanted {
        index: None,
        provisioned: request.provisioned_throughput,
        on_demand: request.on_demand_throughput,
        warm: request.warm_throughput,
    };
    if mode != before {
        switch(draft, mode)?;
    }
    if mode != before || !wanted.is_empty() {
        let changed = current.changed(draft.context, before, mode, wanted)?;
        if mode != before || changed != current {
            draft.at_end.push(Change::Throughput(changed));
            draft.takes(draft.context.settings.timing.update);
        }
    }
    for index in draft.table.indexes.clone() {
        let update = updates.iter().find(|update| update.index_name == index.name).copied();
        if let Some(changed) = change_index(draft, mode, &index, update)? {
            set_index(draft, &index.name, changed);
        }
    }
    Ok(())
}

/// "Up to four times in a 24-hour rolling window" to on-demand, and back at any time (developer guide, "Considerations
/// when switching capacity modes").
fn switch(draft: &mut Draft<'_>, mode: BillingMode) -> Outcome<()> {
    if mode == BillingMode::PayPerRequest {
        let (context, billing) = (draft.context, &mut draft.table.billing);
        let limit = context.settings.limits.on_demand_switches;
        quota::check(context, "Updates to PayPerRequest mode", &billing.switches, limit, quota::DAY)?;
        billing.switches.push(context.now);
    }
    draft.at_end.push(Change::Billing(mode));
    Ok(())
}

fn check_updates(draft: &Draft<'_>, updates: &[&UpdateIndex]) -> Outcome<()> {
    let mut seen = BTreeSet::new();
    for update in updates {
        let name = &update.index_name;
        if !seen.insert(name) {
            return Err(Failure::invalid(format!(
                "Only one global secondary index update per index is allowed simultaneously. Index: {name}"
            )));
        }
        let index = draft.table.index(name).ok_or_else(|| super::indexes::not_found(&draft.table, name))?;
        if !may_change(index) {
            return Err(Failure::in_use(format!("Index is being created or deleted: {name}")));
        }
        if wanted_of(Some(update)).is_empty() {
            return Err(Failure::invalid(format!("No throughput is specified for index: {name}")));
        }
    }
    Ok(())
}

/// Whether the throughput of an index may be set: it is there, or at least being filled.
fn may_change(index: &Index) -> bool {
    match index.status {
        IndexStatus::Active | IndexStatus::Updating => true,
        IndexStatus::Creating => index.backfilling == Some(true),
        IndexStatus::Deleting => false,
    }
}

fn wanted_of(update: Option<&UpdateIndex>) -> Wanted<'_> {
    update.map_or_else(Wanted::default, |update| Wanted {
        index: Some(&update.index_name),
        provisioned: update.provisioned_throughput,
        on_demand: update.on_demand_throughput,
        warm: update.warm_throughput,
    })
}

/// New throughput of an index, when it gets any: it is asked for, or the table's mode of billing changes.
fn change_index(
    draft: &Draft<'_>,
    mode: BillingMode,
    index: &Index,
    update: Option<&UpdateIndex>,
) -> Outcome<Option<Throughput>> {
    let before = draft.table.billing.mode;
    if update.is_none() && (mode == before || index.status == IndexStatus::Deleting) {
        return Ok(None);
    }
    let wanted = Wanted { index: Some(&index.name), ..wanted_of(update) };
    let changed = index.throughput.changed(draft.context, before, mode, wanted)?;
    Ok(Some(changed).filter(|changed| mode != before || *changed != index.throughput))
}

fn set_index(draft: &mut Draft<'_>, name: &str, throughput: Throughput) {
    if let Some(index) = draft.table.index_mut(name).filter(|index| index.status == IndexStatus::Active) {
        index.status = IndexStatus::Updating;
    }
    draft.at_end.push(Change::IndexThroughput(name.to_owned(), throughput));
    draft.takes(draft.context.settings.timing.update);
}
