//! Tables.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    super::{
        backup::Backup,
        context::Context,
        describe::pruned,
        dynamo::Dynamo,
        failure::{Failure, Outcome},
        shape::{CreateTable, DeleteTable, DescribeTable, ListTables, UpdateTable},
        spread,
        table::{Table, TableStatus},
    },
    Operation,
};

impl Operation for CreateTable {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let table = Table::create(context, self, dynamo.next_id())?;
        check_room(dynamo, context, &table)?;
        let answer = json!({ "TableDescription": table.describe(context.now) });
        dynamo.put(table);
        Ok(answer)
    }
}

/// Refuses a table for which there is no room: one of its name is there, or there are too many.
pub(super) fn check_room(dynamo: &Dynamo, context: &Context, table: &Table) -> Outcome<()> {
    let name = &table.name;
    match dynamo.get(&context.caller, name).map(|existing| existing.status) {
        None => {}
        Some(TableStatus::Deleting) => return Err(Failure::in_use(format!("Table is being deleted: {name}"))),
        Some(_) => return Err(Failure::new("ResourceInUseException", format!("Table already exists: {name}"))),
    }
    let limits = &context.settings.limits;
    if dynamo.tables_of(&context.caller).count() >= limits.tables {
        return Err(Failure::limit(format!("There is a limit of {} tables in an account and region", limits.tables)));
    }
    let indexed = |table: &Table| !table.indexes.is_empty() || !table.local_indexes.is_empty();
    let busy = dynamo.changing(&context.caller);
    let creating = busy.filter(|table| table.status == TableStatus::Creating && indexed(table)).count();
    let limit = limits.simultaneous_indexed;
    if indexed(table) && creating >= limit {
        let message = format!("There is a limit of {limit} indexed tables that can be created simultaneously");
        return Err(Failure::limit(message));
    }
    check_simultaneous(dynamo, context)
}

/// Refuses one more table that changes.
pub(super) fn check_simultaneous(dynamo: &Dynamo, context: &Context) -> Outcome<()> {
    let limit = context.settings.limits.simultaneous;
    if dynamo.changing(&context.caller).count() < limit {
        return Ok(());
    }
    let what = "tables that can be created, updated, or deleted simultaneously";
    Err(Failure::limit(format!("There is a limit of {limit} {what}")))
}

impl Operation for DescribeTable {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        Ok(json!({ "Table": dynamo.seen(context, &self.table_name)?.describe(context.now) }))
    }
}

impl Operation for UpdateTable {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        check_simultaneous(dynamo, context)?;
        let table = spread::update(dynamo, context, self)?;
        Ok(json!({ "TableDescription": table.describe(context.now) }))
    }
}

impl Operation for DeleteTable {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let number = dynamo.next_number();
        check_simultaneous(dynamo, context)?;
        let (before, table) = spread::delete(dynamo, context, self)?;
        if let Some(last) = Backup::last(context, &table, number).filter(|_| before != table) {
            dynamo.records.backups.insert(last.arn.clone(), Arc::new(last));
        }
        Ok(json!({ "TableDescription": table.describe(context.now) }))
    }
}

impl Operation for ListTables {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let limit = match self.limit {
            None => 100,
            Some(limit @ 1..=100) => usize::try_from(limit).unwrap_or(100),
            Some(limit) => {
                let constraint = "Member must have value between 1 and 100";
                return Err(Failure::constraint(limit, "limit", constraint));
            }
        };
        let after = self.exclusive_start_table_name.as_deref().unwrap_or_default();
        let names = dynamo.tables_of(&context.caller).filter(|table| table.is_seen(context));
        let names: Vec<&str> = names.map(|table| table.name.as_str()).filter(|name| *name > after).collect();
        let page: Vec<&str> = names.iter().take(limit).copied().collect();
        let last = page.last().filter(|_| names.len() > limit);
        Ok(pruned(json!({ "TableNames": page, "LastEvaluatedTableName": last })))
    }
}
