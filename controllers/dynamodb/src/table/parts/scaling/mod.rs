//! Capacity that follows its use, by Application Auto Scaling.
//!
//! A part is a list of capacities (see [`Capacity::name`]), each with its bounds and its policy. What is registered of
//! the table, its indexes and its replicas is read only where it is declared, and where declared units differ from those
//! that are there: what somebody else scales is no drift either.

mod calls;
mod capacity;
mod declared;
mod registered;

use cairn_aws::unmade;
use cairn_core::{
    failure::Failure,
    leaf,
    observed::{Present, Reading},
    part::{self, Change},
    rules::{PartRules, Rule},
};
use serde_json::Value;

use self::registered::registered;
pub(in super::super) use self::{
    capacity::Capacity,
    declared::{is_off, take_apart},
};
use super::{super::describe, Apart, replicas};
use crate::client::Scoped;

pub(in super::super) const FIELD: &str = "autoScaling";
pub(in super::super) const OF_REPLICAS: &str = "tableReplicas.autoScaling";

pub(in super::super) const REGISTER: &str = "RegisterScalableTarget";
pub(in super::super) const DEREGISTER: &str = "DeregisterScalableTarget";
pub(in super::super) const PUT_POLICY: &str = "PutScalingPolicy";
const DELETE_POLICY: &str = "DeleteScalingPolicy";
const TARGETS: &str = "DescribeScalableTargets";

/// What names a capacity in its list.
pub(in super::super) const NAME: &str = "capacity";
const MIN: &str = "minCapacity";
const MAX: &str = "maxCapacity";
/// What of an entry its policy has.
const POLICY: [&str; 4] = [TARGET, "scaleInCooldown", "scaleOutCooldown", "disableScaleIn"];
const TARGET: &str = "targetValue";
/// Percent of the capacity that are to be used where nobody says how many: what AWS's console begins with. Source:
/// DynamoDB developer guide, "Managing throughput capacity automatically with DynamoDB auto scaling".
const TARGET_UNSAID: i64 = 70;
/// Set in what is to be written where the capacity may have a policy of another name.
const MAKES_ROOM: &str = "replacesPolicy";

/// Auto scaling of the table and its indexes.
pub(super) struct AutoScaling;

/// Auto scaling of replicas and their indexes.
pub(super) struct ReplicaAutoScaling;

impl Apart for AutoScaling {
    /// What is taken out of the spec is sorted by `arrange::scaling`, which knows of which table or index something is
    /// still said.
    const RULES: PartRules = PartRules {
        field: FIELD,
        rule: Rule::Entries(NAME),
        get: TARGETS,
        sought: declared::moved,
        inherited: false,
        telling: |_| false,
        put: REGISTER,
        delete: Some(DEREGISTER),
        settle,
        same: |a, b| same_bounds(a, b) && same_policy(a, b),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, table: &str, home: &Present) -> Reading {
        Ok(listed(registered(client, table, home, None).await?))
    }

    async fn put(client: &Scoped, table: &str, entry: &Value) -> Result<(), Failure> {
        write(client, table, entry).await
    }

    async fn take_away(client: &Scoped, table: &str, name: &str) -> Result<(), Failure> {
        end(client, table, name).await
    }
}

impl Apart for ReplicaAutoScaling {
    const RULES: PartRules = PartRules {
        field: OF_REPLICAS,
        sought: declared::moved_elsewhere,
        after: &[replicas::FIELD],
        ..AutoScaling::RULES
    };

    async fn get(client: &Scoped, table: &str, home: &Present) -> Reading {
        let mut all = Vec::new();
        for region in describe::active_replicas(home) {
            let there = Box::pin(client.in_region(region)).await?;
            all.extend(registered(&there, table, home, Some(region)).await?);
        }
        Ok(listed(all))
    }

    async fn put(client: &Scoped, table: &str, entry: &Value) -> Result<(), Failure> {
        write(client, table, entry).await
    }

    async fn take_away(client: &Scoped, table: &str, name: &str) -> Result<(), Failure> {
        end(client, table, name).await
    }
}

fn listed(entries: Vec<Value>) -> Option<Value> {
    (!entries.is_empty()).then(|| entries.into())
}

/// What is to be written of a capacity: bounds, if they are in the entry, and then the policy, if it is.
async fn write(client: &Scoped, table: &str, entry: &Value) -> Result<(), Failure> {
    let capacity = parsed(REGISTER, entry[NAME].as_str().unwrap_or_default())?;
    let scaling = there(client, &capacity).await?.scaling();
    if !entry[MIN].is_null() {
        calls::register(&scaling, table, &capacity, entry).await?;
    }
    if entry[TARGET].is_null() {
        return Ok(());
    }
    if entry[MAKES_ROOM] == true {
        calls::make_room(&scaling, table, &capacity).await?;
    }
    calls::put_policy(&scaling, table, &capacity, entry).await
}

/// Ends the scaling of a capacity.
async fn end(client: &Scoped, table: &str, name: &str) -> Result<(), Failure> {
    let capacity = parsed(DEREGISTER, name)?;
    let scaling = there(client, &capacity).await?.scaling();
    calls::deregister(&scaling, table, &capacity).await
}

/// Ends the scaling of all capacities of these names.
pub(in super::super) async fn end_all(client: &Scoped, table: &str, names: &[String]) -> Result<(), Failure> {
    for name in names {
        end(client, table, name).await?;
    }
    Ok(())
}

/// What is registered of that which was declared in a field, by name.
pub(in super::super) async fn left(
    client: &Scoped,
    table: &str,
    home: &Present,
    field: &str,
    declared: &[String],
) -> Result<Vec<String>, Failure> {
    let rules = if field == FIELD { AutoScaling::RULES } else { ReplicaAutoScaling::RULES };
    let there = super::get(field, client, table, home).await?;
    Ok(match part::difference(&rules, None, declared, there.as_ref()).change {
        Change::Entries(changes) => changes.into_iter().map(|change| change.name).collect(),
        _ => Vec::new(),
    })
}

fn parsed<'n>(operation: &str, name: &'n str) -> Result<Capacity<'n>, Failure> {
    Capacity::parse(name).ok_or_else(|| unmade(operation, &format!("{name} is no capacity of a table")))
}

/// Where the capacity is.
async fn there(client: &Scoped, capacity: &Capacity<'_>) -> Result<Scoped, Failure> {
    match capacity.region {
        None => Ok(client.clone()),
        Some(region) => Box::pin(client.in_region(region)).await,
    }
}

/// Bounds and policy are the object's whole, so that what it does not say of them is what AWS begins with.
fn settle(mut entry: Value, _: Option<&Value>) -> Value {
    if !is_off(&entry) && entry[TARGET].is_null() {
        entry[TARGET] = TARGET_UNSAID.into();
    }
    entry
}

fn same_bounds(a: &Value, b: &Value) -> bool {
    (&a[MIN], &a[MAX]) == (&b[MIN], &b[MAX])
}

/// A time that nobody said is none, and capacity goes down unless it is said that it does not.
fn same_policy(a: &Value, b: &Value) -> bool {
    let number = |entry: &Value, field: &str| entry[field].as_f64().unwrap_or_default();
    let goes_down = |entry: &Value| entry["disableScaleIn"] != true;
    let numbers = [TARGET, "scaleInCooldown", "scaleOutCooldown"];
    let differ = |field: &str| (number(a, field) - number(b, field)).abs() > f64::EPSILON;
    !numbers.into_iter().any(differ) && goes_down(a) == goes_down(b)
}

/// What of an entry has to be written to what is there, with the operation that begins it.
pub(in super::super) fn written(entry: &Value, there: &Value) -> (&'static str, Value) {
    let mut written = entry.clone();
    let bounds = same_bounds(entry, there);
    if bounds {
        for member in [MIN, MAX] {
            leaf::set(&mut written, member, None);
        }
    }
    if same_policy(entry, there) {
        for member in POLICY {
            leaf::set(&mut written, member, None);
        }
    } else if !there.is_null() && there[TARGET].is_null() {
        written[MAKES_ROOM] = true.into();
    }
    (if bounds { PUT_POLICY } else { REGISTER }, written)
}
