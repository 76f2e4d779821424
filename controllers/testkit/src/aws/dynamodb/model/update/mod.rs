//! How a table changes.

mod indexes;
mod replicas;
mod rules;
mod strong;
mod throughput;

use std::time::Duration;

pub(super) use self::replicas::{Action, actions, enlist};
use super::{
    change::Change,
    context::Context,
    encryption,
    failure::{Failure, Outcome},
    quota,
    shape::{SseSpecification, TableClass, UpdateTable},
    stream,
    table::{Table, TableStatus},
};

/// A table on its way: what is so at once, and what is when the update ends.
struct Draft<'a> {
    context: &'a Context,
    table: Table,
    at_end: Vec<Change>,
    /// How long the table is `UPDATING`; nothing as long as nothing changes.
    duration: Option<Duration>,
}

impl Draft<'_> {
    /// Says that the update does something, and takes at least this long.
    fn takes(&mut self, duration: Duration) {
        self.duration = self.duration.max(Some(duration));
    }

    fn finish(mut self) -> Outcome<Table> {
        let unchanged = || Failure::invalid("Nothing will change: the requested settings equal the current ones");
        let (context, duration) = (self.context, self.duration.ok_or_else(unchanged)?);
        self.table.status = TableStatus::Updating;
        for change in self.at_end.drain(..) {
            self.table.schedule(context, duration, change);
        }
        self.table.schedule(context, duration, Change::Active);
        Ok(self.table)
    }
}

impl Table {
    /// The table after `request`: `UPDATING`, with what is to come of it pending.
    ///
    /// A request that changes nothing is refused. DynamoDB documents that for throughput, streams and encryption; of
    /// the rest it says nothing, and the model refuses too, so that needless calls are seen.
    ///
    /// # Errors
    ///
    /// What DynamoDB refuses.
    pub fn update(&self, context: &Context, request: &UpdateTable) -> Outcome<Self> {
        rules::check(request)?;
        self.check_changeable()?;
        let mut draft = Draft { context, table: self.clone(), at_end: Vec::new(), duration: None };
        throughput::apply(&mut draft, request)?;
        indexes::apply(&mut draft, request)?;
        replicas::apply(&mut draft, request)?;
        if let Some(asked) = request.stream_specification {
            stream::change(&mut draft.table, context, asked)?;
            draft.takes(context.settings.timing.update);
        }
        if let Some(asked) = &request.sse_specification {
            encrypt(&mut draft, asked)?;
        }
        if let Some(class) = request.table_class {
            reclass(&mut draft, class)?;
        }
        if let Some(protected) = request.deletion_protection_enabled.filter(|p| *p != self.deletion_protection) {
            draft.table.deletion_protection = protected;
            draft.takes(context.settings.timing.update);
        }
        draft.finish()
    }

    /// Refuses a change while another is under way (API reference of `UpdateTable`).
    pub(super) fn check_changeable(&self) -> Outcome<()> {
        let name = &self.name;
        match self.status {
            TableStatus::Active => match self.replication.moving() {
                None => Ok(()),
                Some(region) => Err(Failure::in_use(format!("Replica is being changed in region: {region}"))),
            },
            TableStatus::Creating => Err(Failure::in_use(format!("Table is being created: {name}"))),
            TableStatus::Updating => Err(Failure::in_use(format!("Table is being updated: {name}"))),
            TableStatus::Deleting => Err(Failure::in_use(format!("Table is being deleted: {name}"))),
        }
    }
}

fn encrypt(draft: &mut Draft<'_>, asked: &SseSpecification) -> Outcome<()> {
    let key = encryption::change(&mut draft.table, draft.context, asked)?;
    draft.at_end.push(Change::Encryption(key));
    draft.takes(draft.context.settings.timing.encryption);
    Ok(())
}

/// "No more than two table class updates in a 30-day trailing period" (developer guide, "Table classes").
fn reclass(draft: &mut Draft<'_>, class: TableClass) -> Outcome<()> {
    let context = draft.context;
    let current = &mut draft.table.class;
    if current.class.unwrap_or_default() == class {
        return Err(Failure::invalid("The requested table class equals the current table class"));
    }
    let limit = context.settings.limits.class_changes;
    quota::check(context, "Updates of the table class", &current.changes, limit, quota::MONTH)?;
    current.changes.push(context.now);
    draft.at_end.push(Change::Class(class));
    draft.takes(context.settings.timing.update);
    Ok(())
}
