//! Tables that are restored.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    super::{
        context::{Context, check_name},
        describe::Window,
        dynamo::Dynamo,
        failure::{Failure, Outcome},
        restore::{Overrides, Restore, restored},
        shape::{RestoreTableFromBackup, RestoreTableToPointInTime},
        table::{Table, TableStatus},
    },
    Operation, backup,
    setting::table_not_found,
    table::check_simultaneous,
};

/// Refuses a new table where there is one, or one restore too many.
fn check_target(dynamo: &Dynamo, context: &Context, name: &str) -> Outcome<()> {
    check_name("targetTableName", name)?;
    match dynamo.get(&context.caller, name).map(|table| table.status) {
        None => {}
        Some(TableStatus::Active | TableStatus::Updating) => {
            return Err(Failure::new("TableAlreadyExistsException", format!("Table already exists: {name}")));
        }
        Some(TableStatus::Creating | TableStatus::Deleting) => {
            return Err(Failure::new("TableInUseException", format!("Table is being created or deleted: {name}")));
        }
    }
    let restoring = |table: &&Table| table.restore.as_ref().is_some_and(|restore| restore.in_progress);
    let limit = context.settings.limits.restores;
    if dynamo.changing(&context.caller).filter(restoring).count() >= limit {
        return Err(Failure::limit(format!("There is a limit of {limit} concurrent restores")));
    }
    check_simultaneous(dynamo, context)
}

fn start(
    dynamo: &mut Dynamo,
    context: &Context,
    source: &Table,
    overrides: Overrides<'_>,
    restore: Restore,
) -> Outcome<Value> {
    let table = restored(context, source, overrides, restore, dynamo.next_id())?;
    let answer = json!({ "TableDescription": table.describe(context.now) });
    dynamo.put(table);
    Ok(answer)
}

impl Operation for RestoreTableFromBackup {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let backup = backup::found(dynamo, context, &self.backup_arn)?;
        backup::check_ready(&backup, context)?;
        check_target(dynamo, context, &self.target_table_name)?;
        let restore = Restore {
            backup_arn: Some(backup.arn.clone()),
            table_arn: backup.table.arn(),
            time: backup.created,
            in_progress: true,
        };
        start(dynamo, context, &backup.table, Overrides::from(self), restore)
    }
}

/// `PointInTimeRecoveryUnavailableException`.
pub(super) fn window(table: &Table, now: Timestamp) -> Outcome<Option<Window>> {
    if table.backups.recovery.is_none() {
        let message = format!("Point in time recovery is not enabled for table '{}'", table.name);
        return Err(Failure::new("PointInTimeRecoveryUnavailableException", message));
    }
    Ok(table.window(now))
}

impl RestoreTableToPointInTime {
    fn time(&self, table: &Table, now: Timestamp) -> Outcome<Timestamp> {
        let window = window(table, now)?;
        let invalid = |message: &str| Failure::new("InvalidRestoreTimeException", message);
        let window = window.ok_or_else(|| invalid("The table cannot be restored to any time yet"))?;
        match (self.use_latest_restorable_time.unwrap_or_default(), self.restore_date_time) {
            (true, None) => Ok(window.latest),
            (false, Some(time)) if window.contains(time.0) => Ok(time.0),
            (false, Some(_)) => {
                Err(invalid("RestoreDateTime must be between EarliestRestorableDateTime and LatestRestorableDateTime"))
            }
            (true, Some(_)) | (false, None) => {
                Err(Failure::invalid("One of UseLatestRestorableTime and RestoreDateTime must be specified"))
            }
        }
    }
}

impl Operation for RestoreTableToPointInTime {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let ((Some(source), None) | (None, Some(source))) = (&self.source_table_arn, &self.source_table_name) else {
            return Err(Failure::invalid("One of SourceTableArn and SourceTableName must be specified"));
        };
        let source = dynamo.found(context, source).map_err(table_not_found)?.clone();
        let time = self.time(&source, context.now)?;
        check_target(dynamo, context, &self.target_table_name)?;
        let restore = Restore { backup_arn: None, table_arn: source.arn(), time, in_progress: true };
        start(dynamo, context, &source, Overrides::from(self), restore)
    }
}
