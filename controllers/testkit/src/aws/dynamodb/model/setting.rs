//! Time to live, point-in-time recovery, and deletion of a table.

use super::{
    change::Change,
    context::Context,
    failure::{Failure, Outcome},
    part::{Recovery, TimeToLiveStatus},
    shape::{MultiRegionConsistency, PointInTimeRecoverySpecification, TimeToLiveSpecification},
    table::{IndexStatus, Table, TableStatus},
};

impl Table {
    /// The table after `DeleteTable`: `DELETING`, unless it was so before, which is no error (API reference).
    ///
    /// # Errors
    ///
    /// What DynamoDB refuses: a table that is protected, that changes, or an index of which is being filled.
    pub fn delete(&self, context: &Context) -> Outcome<Self> {
        if self.status == TableStatus::Deleting {
            return Ok(self.clone());
        }
        self.check_unprotected()?;
        self.check_changeable()?;
        if self.indexes.iter().any(|index| index.status == IndexStatus::Creating) {
            return Err(Failure::in_use(format!("Table has an index that is being created: {}", self.name)));
        }
        let mut table = self.clone();
        table.status = TableStatus::Deleting;
        table.pending.clear();
        table.schedule(context, context.settings.timing.delete, Change::Gone);
        Ok(table)
    }

    /// Refuses to delete what is protected.
    pub(super) fn check_unprotected(&self) -> Outcome<()> {
        if self.deletion_protection {
            return Err(Failure::validation(
                "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection \
                 first.",
            ));
        }
        Ok(())
    }

    /// The table after `UpdateTimeToLive`.
    ///
    /// # Errors
    ///
    /// What DynamoDB refuses: what is so already, and a second change within an hour.
    pub fn update_time_to_live(&self, context: &Context, asked: &TimeToLiveSpecification) -> Outcome<Self> {
        self.check_changeable()?;
        if self.replication.is_global() && self.replication.consistency == MultiRegionConsistency::Strong {
            return Err(Failure::validation("Time to live is not supported with multi-Region strong consistency"));
        }
        let name = &asked.attribute_name;
        if name.is_empty() || name.len() > 255 {
            let constraint = "Member must have length between 1 and 255";
            return Err(Failure::constraint(name, "timeToLiveSpecification.attributeName", constraint));
        }
        self.check_time_to_live(context, asked)?;
        let mut table = self.clone();
        let time_to_live = &mut table.time_to_live;
        time_to_live.changed = Some(context.now);
        if asked.enabled {
            time_to_live.status = TimeToLiveStatus::Enabling;
            time_to_live.attribute = Some(name.clone());
        } else {
            time_to_live.status = TimeToLiveStatus::Disabling;
        }
        table.schedule(context, context.settings.timing.time_to_live, Change::TimeToLive);
        Ok(table)
    }

    fn check_time_to_live(&self, context: &Context, asked: &TimeToLiveSpecification) -> Outcome<()> {
        let current = &self.time_to_live;
        let other = current.attribute.as_ref().filter(|current| **current != asked.attribute_name);
        match (current.status, asked.enabled) {
            (TimeToLiveStatus::Enabled, true) if other.is_none() => {
                return Err(Failure::validation("TimeToLive is already enabled"));
            }
            (TimeToLiveStatus::Disabled, false) => return Err(Failure::validation("TimeToLive is already disabled")),
            (TimeToLiveStatus::Enabled, _) if other.is_some() => {
                let current = current.attribute.as_deref().unwrap_or_default();
                return Err(Failure::validation(format!(
                    "TimeToLive is active on a different AttributeName: current AttributeName is {current}"
                )));
            }
            _ => {}
        }
        let interval = context.settings.limits.time_to_live_interval;
        let free = current.changed.and_then(|changed| changed.checked_add(interval).ok());
        if free.is_some_and(|free| context.now < free) {
            return Err(Failure::validation("Time to live has been modified multiple times within a fixed interval"));
        }
        Ok(())
    }

    /// The table after `UpdateContinuousBackups`. What is so already is no error.
    ///
    /// # Errors
    ///
    /// What DynamoDB refuses: a table whose backups are not there yet, and a period that is not 1 to 35 days.
    pub fn update_recovery(&self, context: &Context, asked: &PointInTimeRecoverySpecification) -> Outcome<Self> {
        let days = asked.recovery_period_in_days;
        if let Some(days) = days.filter(|days| !(1..=35).contains(days)) {
            let constraint = "Member must have value between 1 and 35";
            return Err(Failure::constraint(days, "recoveryPeriodInDays", constraint));
        }
        if days.is_some() && !asked.point_in_time_recovery_enabled {
            let message = "RecoveryPeriodInDays can be specified only when PointInTimeRecoveryEnabled is true";
            return Err(Failure::invalid(message));
        }
        if !self.backups.available || self.status == TableStatus::Deleting {
            let message = format!("Backups are being enabled for the table: {}. Please retry later", self.name);
            return Err(Failure::new("ContinuousBackupsUnavailableException", message));
        }
        let mut table = self.clone();
        let since = self.backups.recovery.map_or(context.now, |recovery| recovery.since);
        let recovery = Recovery { days: days.unwrap_or(35), since };
        table.backups.recovery = asked.point_in_time_recovery_enabled.then_some(recovery);
        Ok(table)
    }
}
