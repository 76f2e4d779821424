//! Provisioned capacity.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    context::Context,
    failure::{Failure, Outcome},
    shape::ProvisionedThroughput,
};

/// Capacity, and how it came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capacity {
    /// Read capacity units.
    pub read: i64,
    /// Write capacity units.
    pub write: i64,
    /// When one of them last grew.
    pub increased: Option<Timestamp>,
    /// When one of them shrank.
    pub decreases: Vec<Timestamp>,
}

impl Capacity {
    pub(super) fn started(&self, units: ProvisionedThroughput) -> Self {
        Self { read: units.read_capacity_units, write: units.write_capacity_units, ..self.clone() }
    }

    pub(super) fn changed(&self, context: &Context, what: &str, units: ProvisionedThroughput) -> Outcome<Self> {
        let mut new = self.started(units);
        if (new.read, new.write) == (self.read, self.write) {
            return Err(self.unchanged(what));
        }
        if new.read > self.read || new.write > self.write {
            new.increased = Some(context.now);
        }
        if new.read < self.read || new.write < self.write {
            self.check_decrease(context)?;
            new.decreases.push(context.now);
        }
        Ok(new)
    }

    fn unchanged(&self, what: &str) -> Failure {
        let (read, write) = (self.read, self.write);
        Failure::validation(format!(
            "The provisioned throughput for {what} will not change. The requested value equals the current value. \
             Current ReadCapacityUnits provisioned for {what}: {read}. Requested ReadCapacityUnits: {read}. \
             Current WriteCapacityUnits provisioned for {what}: {write}. Requested WriteCapacityUnits: {write}. \
             Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
        ))
    }

    /// Decreases of the UTC day of `now`.
    pub(super) fn decreases_today(&self, now: Timestamp) -> usize {
        let day = |time: Timestamp| time.as_second().div_euclid(86_400);
        self.decreases.iter().filter(|at| day(**at) == day(now)).count()
    }

    /// A few decreases in a UTC day are free, and one in every hour after the last ("Quotas in Amazon DynamoDB").
    fn check_decrease(&self, context: &Context) -> Outcome<()> {
        let (today, free) = (self.decreases_today(context.now), context.settings.limits.decreases);
        let Some(last) = self.decreases.last().filter(|_| today >= free) else {
            return Ok(());
        };
        let next = last.checked_add(Duration::from_hours(1)).unwrap_or(Timestamp::MAX);
        if next <= context.now {
            return Ok(());
        }
        Err(Failure::limit(format!(
            "Provisioned throughput decreases are limited within a given UTC day. After the first {free} decreases, \
             each subsequent decrease in the same UTC day can be performed at most once every 3600 seconds. Number of \
             decreases today: {today}. Last decrease at {last}. Next decrease can be made at {next}"
        )))
    }
}
