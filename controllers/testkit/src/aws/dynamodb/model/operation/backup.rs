//! Backups.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    super::{
        backup::Backup,
        context::Context,
        describe::pruned,
        dynamo::Dynamo,
        failure::{Failure, Outcome},
        shape::{BackupTypeFilter, CreateBackup, DeleteBackup, DescribeBackup, ListBackups},
    },
    Operation,
    setting::table_not_found,
};

impl Operation for CreateBackup {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let number = dynamo.next_number();
        let table = dynamo.found(context, &self.table_name).map_err(table_not_found)?;
        let backup = Backup::create(context, table, &self.backup_name, number)?;
        let answer = json!({ "BackupDetails": backup.details(context.now, false) });
        dynamo.records.backups.insert(backup.arn.clone(), Arc::new(backup));
        Ok(answer)
    }
}

/// The backup of this ARN.
pub(super) fn found(dynamo: &Dynamo, context: &Context, arn: &str) -> Outcome<Arc<Backup>> {
    context.caller.resource(arn)?;
    let backup = dynamo.records.backups.get(arn).filter(|backup| is_kept(backup, context));
    backup.cloned().ok_or_else(|| Failure::new("BackupNotFoundException", format!("Backup not found: {arn}")))
}

fn is_kept(backup: &Backup, context: &Context) -> bool {
    backup.expires.is_none_or(|expires| context.now < expires)
}

/// Refuses a backup that is still being made.
pub(super) fn check_ready(backup: &Backup, context: &Context) -> Outcome<()> {
    if backup.is_creating(context.now) {
        return Err(in_use(backup, "is being created"));
    }
    Ok(())
}

fn in_use(backup: &Backup, state: &str) -> Failure {
    Failure::new("BackupInUseException", format!("Backup {state}: {}", backup.arn))
}

impl Operation for DescribeBackup {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let backup = found(dynamo, context, &self.backup_arn)?;
        Ok(json!({ "BackupDescription": backup.describe(context.now, false) }))
    }
}

impl Operation for DeleteBackup {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let backup = found(dynamo, context, &self.backup_arn)?;
        check_ready(&backup, context)?;
        let arn = Some(&backup.arn);
        let restored = |restore: &super::super::Restore| restore.in_progress && restore.backup_arn.as_ref() == arn;
        if dynamo.tables_of(&context.caller).any(|table| table.restore.as_ref().is_some_and(restored)) {
            return Err(in_use(&backup, "is being restored"));
        }
        dynamo.records.backups.remove(&self.backup_arn);
        Ok(json!({ "BackupDescription": backup.describe(context.now, true) }))
    }
}

impl Operation for ListBackups {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let limit = match self.limit.unwrap_or(100) {
            limit @ 1..=100 => usize::try_from(limit).unwrap_or(100),
            limit => return Err(Failure::constraint(limit, "limit", "Member must have value between 1 and 100")),
        };
        let table = self.table_name.as_ref().map(|name| context.caller.table_name(name)).transpose()?;
        let after = self.exclusive_start_backup_arn.as_deref().unwrap_or_default();
        let filter = self.backup_type.unwrap_or(BackupTypeFilter::User);
        let is_meant = |backup: &&Arc<Backup>| {
            backup.home == context.caller
                && is_kept(backup, context)
                && backup.arn.as_str() > after
                && backup.kind.is_of(filter)
                && table.as_ref().is_none_or(|table| backup.table.name == *table)
                && self.time_range_lower_bound.is_none_or(|bound| backup.created >= bound.0)
                && self.time_range_upper_bound.is_none_or(|bound| backup.created < bound.0)
        };
        let found: Vec<&Arc<Backup>> = dynamo.records.backups.values().filter(is_meant).collect();
        let page: Vec<Value> = found.iter().take(limit).map(|backup| backup.summary(context.now)).collect();
        let last = found.get(limit - 1).filter(|_| found.len() > limit).map(|backup| &backup.arn);
        Ok(pruned(json!({ "BackupSummaries": page, "LastEvaluatedBackupArn": last })))
    }
}
