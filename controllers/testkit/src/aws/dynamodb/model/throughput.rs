//! Throughput of tables and indexes.

use super::{
    capacity::Capacity,
    context::Context,
    failure::{Failure, Outcome},
    shape::{BillingMode, OnDemandThroughput, ProvisionedThroughput, WarmThroughput},
};

/// What every on-demand table takes from the start (developer guide, "Understanding warm throughput"): reads, writes.
const INITIAL: (i64, i64) = (12_000, 4_000);

/// Throughput of a table or an index.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Throughput {
    /// Capacity; zero when throughput is paid for by request.
    pub provisioned: Capacity,
    /// Upper bound of reads.
    pub max_reads: Option<i64>,
    /// Upper bound of writes.
    pub max_writes: Option<i64>,
    /// Reads a second that it takes at once.
    pub warm_reads: i64,
    /// Writes a second that it takes at once.
    pub warm_writes: i64,
}

/// What a request says about throughput.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wanted<'a> {
    /// Name of the index; nothing for the table.
    pub(super) index: Option<&'a str>,
    pub(super) provisioned: Option<ProvisionedThroughput>,
    pub(super) on_demand: Option<OnDemandThroughput>,
    pub(super) warm: Option<WarmThroughput>,
}

impl Wanted<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.provisioned.is_none() && self.on_demand.is_none() && self.warm.is_none()
    }

    fn what(&self) -> String {
        self.index.map_or_else(|| "the table".to_owned(), |index| format!("the index {index}"))
    }

    /// Whether this may be asked for under `mode`.
    fn check(&self, mode: BillingMode) -> Outcome<()> {
        match mode {
            BillingMode::Provisioned if self.on_demand.is_some() => {
                let message = "Neither MaxReadRequestUnits nor MaxWriteRequestUnits can be specified when \
                    BillingMode is PROVISIONED";
                Err(Failure::invalid(message))
            }
            BillingMode::PayPerRequest if self.provisioned.is_some() => Err(Failure::invalid(self.not_provisioned())),
            _ => self.check_values(),
        }
    }

    fn not_provisioned(&self) -> String {
        match self.index {
            Some(index) => format!(
                "ProvisionedThroughput should not be specified for index: {index} when BillingMode is PAY_PER_REQUEST"
            ),
            None => "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is \
                PAY_PER_REQUEST"
                .to_owned(),
        }
    }

    fn missing(&self) -> Failure {
        Failure::invalid(match self.index {
            Some(index) => format!("ProvisionedThroughput must be specified for index: {index}"),
            None => "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
                .to_owned(),
        })
    }

    fn check_values(&self) -> Outcome<()> {
        let units = self.provisioned.map(|units| [units.read_capacity_units, units.write_capacity_units]);
        if let Some(low) = units.into_iter().flatten().find(|units| *units < 1) {
            let constraint = "Member must have value greater than or equal to 1";
            return Err(Failure::constraint(low, "provisionedThroughput", constraint));
        }
        let Some(bounds) = self.on_demand else {
            return Ok(());
        };
        let bounds: Vec<i64> =
            [bounds.max_read_request_units, bounds.max_write_request_units].into_iter().flatten().collect();
        if bounds.is_empty() {
            return Err(Failure::invalid("MaxReadRequestUnits or MaxWriteRequestUnits must be specified"));
        }
        if bounds.iter().any(|bound| *bound != -1 && *bound < 1) {
            return Err(Failure::invalid("MaxReadRequestUnits and MaxWriteRequestUnits must be -1 or at least 1"));
        }
        Ok(())
    }
}

impl Throughput {
    /// The throughput of something new.
    pub(super) fn initial(mode: BillingMode, wanted: Wanted<'_>) -> Outcome<Self> {
        wanted.check(mode)?;
        let (provisioned, floor, source) = match (mode, wanted.provisioned) {
            (BillingMode::PayPerRequest, _) => (Capacity::default(), INITIAL, "initial throughput for OnDemand"),
            (BillingMode::Provisioned, None) => return Err(wanted.missing()),
            (BillingMode::Provisioned, Some(units)) => {
                let (read, write) = (units.read_capacity_units, units.write_capacity_units);
                let capacity = Capacity { read, write, ..Capacity::default() };
                (capacity, (read, write), "ProvisionedThroughput")
            }
        };
        let mut new = Self { provisioned, warm_reads: floor.0, warm_writes: floor.1, ..Self::default() };
        new.warm_up(wanted, source)?;
        new.bound(wanted.on_demand);
        Ok(new)
    }

    /// What becomes of it when throughput is paid for by `mode` from `before` on, and `wanted` is asked for.
    pub(super) fn changed(
        &self,
        context: &Context,
        before: BillingMode,
        mode: BillingMode,
        wanted: Wanted<'_>,
    ) -> Outcome<Self> {
        wanted.check(mode)?;
        let mut new = self.clone();
        match (before, mode) {
            (BillingMode::PayPerRequest, BillingMode::Provisioned) => {
                new.provisioned = self.provisioned.started(wanted.provisioned.ok_or_else(|| wanted.missing())?);
                (new.max_reads, new.max_writes) = (None, None);
            }
            (BillingMode::Provisioned, BillingMode::PayPerRequest) => {
                new.provisioned = Capacity { read: 0, write: 0, ..self.provisioned.clone() };
                new.warm_reads = new.warm_reads.max(INITIAL.0);
                new.warm_writes = new.warm_writes.max(INITIAL.1);
            }
            _ => {
                if let Some(units) = wanted.provisioned {
                    new.provisioned = self.provisioned.changed(context, &wanted.what(), units)?;
                }
            }
        }
        new.warm_reads = new.warm_reads.max(new.provisioned.read);
        new.warm_writes = new.warm_writes.max(new.provisioned.write);
        new.warm_up(wanted, "current WarmThroughput, decreasing WarmThroughput is not supported")?;
        new.bound(wanted.on_demand);
        Ok(new)
    }

    /// Raises what it takes at once; `source` says what it may not be below.
    fn warm_up(&mut self, wanted: Wanted<'_>, source: &str) -> Outcome<()> {
        let Some(warm) = wanted.warm else {
            return Ok(());
        };
        if warm.read_units_per_second.is_none() && warm.write_units_per_second.is_none() {
            return Err(Failure::invalid("ReadUnitsPerSecond or WriteUnitsPerSecond must be specified"));
        }
        let what = wanted.index.map_or_else(|| "table".to_owned(), |index| format!("index {index}"));
        let units = [
            ("ReadUnitsPerSecond", warm.read_units_per_second, &mut self.warm_reads),
            ("WriteUnitsPerSecond", warm.write_units_per_second, &mut self.warm_writes),
        ];
        for (member, asked, current) in units {
            let asked = asked.unwrap_or(*current);
            if asked < *current {
                let lower = format!("Requested {member} for WarmThroughput for {what} is lower than {source}");
                return Err(Failure::invalid(lower));
            }
            *current = asked;
        }
        Ok(())
    }

    fn bound(&mut self, bounds: Option<OnDemandThroughput>) {
        let set = |bound: &mut Option<i64>, asked: Option<i64>| {
            if let Some(asked) = asked {
                *bound = Some(asked).filter(|asked| *asked != -1);
            }
        };
        if let Some(bounds) = bounds {
            set(&mut self.max_reads, bounds.max_read_request_units);
            set(&mut self.max_writes, bounds.max_write_request_units);
        }
    }
}
