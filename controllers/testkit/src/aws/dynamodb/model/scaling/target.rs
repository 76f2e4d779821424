//! Scalable targets and their policies.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    super::{
        context::{Caller, Context},
        describe::{pruned, seconds},
        dynamo::Dynamo,
        failure::{Failure, Outcome},
        shape::{GlobalSecondaryIndexUpdate, ProvisionedThroughput, UpdateIndex, UpdateTable},
        spread,
        table::Table,
        throughput::Throughput,
    },
    shape::{Dimension, MetricType, SuspendedState, TrackingPolicy},
};

/// A table, or an index of one, by its resource id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) table: String,
    pub(super) index: Option<String>,
}

impl Place {
    pub(super) fn parse(resource: &str, dimension: Dimension) -> Outcome<Self> {
        let of_table = matches!(dimension, Dimension::TableReads | Dimension::TableWrites);
        match resource.split('/').collect::<Vec<_>>().as_slice() {
            ["table", table] if of_table => Ok(Self { table: (*table).to_owned(), index: None }),
            ["table", table, "index", index] if !of_table => {
                Ok(Self { table: (*table).to_owned(), index: Some((*index).to_owned()) })
            }
            _ => Err(Failure::validation(format!("Unsupported resource ID for the scalable dimension: {resource}"))),
        }
    }

    pub(super) fn resource(&self) -> String {
        match &self.index {
            None => format!("table/{}", self.table),
            Some(index) => format!("table/{}/index/{index}", self.table),
        }
    }

    /// The capacities of the place in `table`.
    pub(super) fn throughput<'a>(&self, table: &'a Table) -> Option<&'a Throughput> {
        match &self.index {
            None => Some(&table.throughput),
            Some(index) => table.index(index).map(|index| &index.throughput),
        }
    }
}

impl Dimension {
    pub(super) fn is_reads(self) -> bool {
        matches!(self, Self::TableReads | Self::IndexReads)
    }

    /// The capacity of a table, or of an index.
    pub(super) fn of(index: Option<&str>, reads: bool) -> Self {
        match (index, reads) {
            (None, true) => Self::TableReads,
            (None, false) => Self::TableWrites,
            (Some(_), true) => Self::IndexReads,
            (Some(_), false) => Self::IndexWrites,
        }
    }
}

impl MetricType {
    /// The metric of reads, or of writes.
    pub(super) fn of(reads: bool) -> Self {
        if reads { Self::DynamoDBReadCapacityUtilization } else { Self::DynamoDBWriteCapacityUtilization }
    }
}

/// A policy of a target.
#[derive(Clone, Debug, PartialEq)]
pub struct ScalingPolicy {
    /// Name.
    pub name: String,
    /// ARN.
    pub arn: String,
    /// When it was created.
    pub created: Timestamp,
    /// What it keeps.
    pub tracking: TrackingPolicy,
}

impl ScalingPolicy {
    pub(super) fn alarms(&self, home: &Caller) -> Vec<Value> {
        let alarm = |which: &str| {
            let name = format!("TargetTracking-{}-{which}", self.name);
            json!({ "AlarmName": name, "AlarmARN": home.arn("cloudwatch", &format!("alarm:{name}")) })
        };
        ["AlarmHigh", "AlarmLow"].map(alarm).into()
    }
}

/// A capacity that is scaled.
#[derive(Clone, Debug, PartialEq)]
pub struct ScalableTarget {
    /// Account and region.
    pub home: Caller,
    /// Table or index.
    pub resource: String,
    /// Capacity.
    pub dimension: Dimension,
    /// ARN.
    pub arn: String,
    /// Lower bound.
    pub min: i64,
    /// Upper bound.
    pub max: i64,
    /// Role.
    pub role: String,
    /// What is suspended.
    pub suspended: SuspendedState,
    /// When it was registered.
    pub created: Timestamp,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// Policies, by name.
    pub policies: BTreeMap<String, ScalingPolicy>,
}

impl ScalableTarget {
    pub(super) fn describe(&self) -> Value {
        let suspended = |part: Option<bool>| part.unwrap_or_default();
        json!({
            "ServiceNamespace": "dynamodb",
            "ResourceId": self.resource,
            "ScalableDimension": self.dimension,
            "MinCapacity": self.min,
            "MaxCapacity": self.max,
            "RoleARN": self.role,
            "CreationTime": seconds(self.created),
            "SuspendedState": {
                "DynamicScalingInSuspended": suspended(self.suspended.dynamic_scaling_in_suspended),
                "DynamicScalingOutSuspended": suspended(self.suspended.dynamic_scaling_out_suspended),
                "ScheduledScalingSuspended": suspended(self.suspended.scheduled_scaling_suspended),
            },
            "ScalableTargetARN": self.arn,
        })
    }

    pub(super) fn describe_policy(&self, policy: &ScalingPolicy) -> Value {
        pruned(json!({
            "PolicyARN": policy.arn,
            "PolicyName": policy.name,
            "ServiceNamespace": "dynamodb",
            "ResourceId": self.resource,
            "ScalableDimension": self.dimension,
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": policy.tracking,
            "Alarms": policy.alarms(&self.home),
            "CreationTime": seconds(policy.created),
        }))
    }
}

type Key = (Caller, String, Dimension);

/// All targets of all accounts and regions.
///
/// One stays when its table is deleted: "you do not automatically remove any associated scalable targets, scaling
/// policies, or `CloudWatch` alarms" (API reference of `ReplicationGroupUpdate`).
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Scaling {
    targets: BTreeMap<Key, ScalableTarget>,
}

impl Scaling {
    pub(super) fn get(&self, home: &Caller, resource: &str, dimension: Dimension) -> Option<&ScalableTarget> {
        self.targets.get(&(home.clone(), resource.to_owned(), dimension))
    }

    pub(super) fn put(&mut self, target: ScalableTarget) {
        let key = (target.home.clone(), target.resource.clone(), target.dimension);
        self.targets.insert(key, target);
    }

    pub(super) fn remove(&mut self, home: &Caller, resource: &str, dimension: Dimension) -> Option<ScalableTarget> {
        self.targets.remove(&(home.clone(), resource.to_owned(), dimension))
    }

    pub(in super::super) fn all(&self) -> impl Iterator<Item = &ScalableTarget> {
        self.targets.values()
    }

    pub(super) fn of<'a>(&'a self, home: &'a Caller) -> impl Iterator<Item = &'a ScalableTarget> {
        self.all().filter(move |target| target.home == *home)
    }
}

/// Whether writes to a table, or to an index of it, are scaled by a policy.
pub(in super::super) fn is_write_scaled(dynamo: &Dynamo, table: &Table, index: Option<&str>) -> bool {
    let place = Place { table: table.name.clone(), index: index.map(str::to_owned) };
    let target = dynamo.scaling.get(&table.home, &place.resource(), Dimension::of(index, false));
    target.is_some_and(|target| !target.policies.is_empty())
}

/// Brings a capacity within the bounds of its target, if its table can be changed now (API reference of
/// `RegisterScalableTarget`). What DynamoDB refuses is no failure of the registration: it is tried again, by nobody here.
pub(super) fn adjust(dynamo: &mut Dynamo, context: &Context, target: &ScalableTarget) -> Outcome<()> {
    let place = Place::parse(&target.resource, target.dimension)?;
    let there = Context { caller: target.home.clone(), ..context.clone() };
    let table = dynamo.found(&there, &place.table)?;
    let Some(capacity) = place.throughput(table).map(|throughput| throughput.provisioned.clone()) else {
        return Ok(());
    };
    let clamped = |units: i64, meant: bool| if meant { units.clamp(target.min, target.max) } else { units };
    let reads = target.dimension.is_reads();
    let (read, write) = (clamped(capacity.read, reads), clamped(capacity.write, !reads));
    if table.billing.mode.is_on_demand() || (read, write) == (capacity.read, capacity.write) {
        return Ok(());
    }
    let units = ProvisionedThroughput { read_capacity_units: read, write_capacity_units: write };
    let mut request = UpdateTable { table_name: place.table, ..UpdateTable::default() };
    match place.index {
        None => request.provisioned_throughput = Some(units),
        Some(index_name) => {
            let update = UpdateIndex { index_name, provisioned_throughput: Some(units), ..UpdateIndex::default() };
            let update = GlobalSecondaryIndexUpdate { update: Some(update), ..GlobalSecondaryIndexUpdate::default() };
            request.global_secondary_index_updates = Some(vec![update]);
        }
    }
    drop(spread::update(dynamo, &there, &request));
    Ok(())
}
