//! Indexes that are created or deleted.

use super::{
    super::{
        change::Change,
        create::new_index,
        failure::{Failure, Outcome},
        keys,
        shape::{AttributeDefinition, GlobalSecondaryIndex, UpdateTable},
        table::{IndexStatus, Table},
    },
    Draft, rules,
};

pub(super) fn apply(draft: &mut Draft<'_>, request: &UpdateTable) -> Outcome<()> {
    let defined = request.attribute_definitions.as_deref().unwrap_or_default();
    let updates = request.global_secondary_index_updates.as_deref().unwrap_or_default();
    let created = updates.iter().find_map(|update| update.create.as_ref());
    let deleted = updates.iter().find_map(|update| update.delete.as_ref());
    define(draft, defined)?;
    if let Some(index) = created {
        create(draft, index)?;
    }
    if let Some(index) = deleted {
        delete(draft, &index.index_name)?;
    }
    check_attributes(&draft.table, created.is_some() || !defined.is_empty())
}

pub(super) fn not_found(table: &Table, index: &str) -> Failure {
    Failure::not_found(format!("Table: {}, Index: {index} not found", table.name))
}

/// Adds definitions of attributes; one that is there keeps its type.
fn define(draft: &mut Draft<'_>, defined: &[AttributeDefinition]) -> Outcome<()> {
    let attributes = &mut draft.table.attributes;
    for new in defined {
        match attributes.iter().find(|attribute| attribute.attribute_name == new.attribute_name) {
            None => attributes.push(new.clone()),
            Some(old) if old.attribute_type == new.attribute_type => {}
            Some(_) => {
                let name = &new.attribute_name;
                return Err(Failure::invalid(format!("The type of the key attribute {name} cannot be changed")));
            }
        }
    }
    Ok(())
}

fn check_attributes(table: &Table, touched: bool) -> Outcome<()> {
    if !touched {
        return Ok(());
    }
    let local = table.local_indexes.iter().flat_map(|index| &index.key_schema);
    let used = table.keys.iter().chain(local).chain(table.indexes.iter().flat_map(|index| &index.keys));
    keys::check_attributes(&table.attributes, used, true)
}

fn create(draft: &mut Draft<'_>, asked: &GlobalSecondaryIndex) -> Outcome<()> {
    check_quiet(&draft.table)?;
    let (context, table) = (draft.context, &mut draft.table);
    let name = asked.index_name.clone();
    if table.index(&name).is_some() || table.local_indexes.iter().any(|index| index.index_name == name) {
        return Err(Failure::invalid("Attempting to create an index which already exists"));
    }
    let limit = context.settings.limits.global_indexes;
    if table.indexes.len() >= limit {
        let message = format!("GlobalSecondaryIndex count exceeds the per-table limit of {limit}");
        return Err(Failure::invalid(message));
    }
    let mut index = new_index(table.billing.mode, asked)?;
    index.backfilling = Some(false);
    table.indexes.push(index);
    let local = table.local_indexes.iter().map(|index| &index.projection);
    keys::check_projected(context, local.chain(table.indexes.iter().map(|index| &index.projection)))?;
    let timing = &context.settings.timing;
    table.schedule(context, timing.index_allocation, Change::Backfilling(name.clone()));
    table.schedule(context, timing.index_allocation + timing.index_backfill, Change::IndexActive(name));
    draft.takes(timing.index_allocation);
    Ok(())
}

/// Deletes an index: one that is there, or that is being filled ("You can delete an index that is being created during
/// the Backfilling phase", API reference of `GlobalSecondaryIndexDescription`).
fn delete(draft: &mut Draft<'_>, name: &str) -> Outcome<()> {
    let (context, table) = (draft.context, &mut draft.table);
    let filled = match table.index(name) {
        None => return Err(not_found(table, name)),
        Some(index) => index.status == IndexStatus::Creating && index.backfilling == Some(true),
    };
    if !filled {
        check_quiet(table)?;
    }
    if let Some(index) = table.index_mut(name) {
        index.status = IndexStatus::Deleting;
        index.backfilling = None;
    }
    table.pending.retain(|pending| !fills(&pending.change, name));
    let timing = &context.settings.timing;
    table.schedule(context, timing.index_delete, Change::IndexGone(name.to_owned()));
    draft.takes(timing.update.min(timing.index_delete));
    Ok(())
}

/// Whether this is to come of filling the index.
fn fills(change: &Change, name: &str) -> bool {
    matches!(change, Change::Backfilling(index) | Change::IndexActive(index) if index == name)
}

/// Refuses a second index that comes or goes.
fn check_quiet(table: &Table) -> Outcome<()> {
    let moving = |status| matches!(status, IndexStatus::Creating | IndexStatus::Deleting);
    if table.indexes.iter().any(|index| moving(index.status)) { Err(rules::one_index()) } else { Ok(()) }
}
