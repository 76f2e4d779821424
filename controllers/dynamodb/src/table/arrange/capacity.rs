//! Capacity of a table and of its indexes. One call carries all that changes: a billing mode takes effect only together
//! with the throughput of everything.

use cairn_core::{
    leaf,
    observed::{Desired, Present},
    plan::{Action, Step},
};
use serde_json::{Map, Value, json};

use super::{super::parts::global_indexes, as_document, value};

const MODE: &str = "billingMode";
const UNITS: &str = "provisionedThroughput";
const WARM: &str = "warmThroughput";

/// The fields of the table itself.
pub(super) const FIELDS: [&str; 4] = [MODE, UNITS, "onDemandThroughput", WARM];

/// The steps that change capacity, if any changes. What is to be warm comes apart from another mode or capacity, which may
/// warm more than that, and DynamoDB takes nothing less than it has.
pub(super) fn joined(steps: Vec<Step>, indexes: Vec<Step>, present: &Present) -> Vec<Step> {
    let mode = billing_mode(&steps, present);
    let steps = steps.into_iter().filter(|step| has_place(step.field, mode.as_ref()));
    let (warm, steps): (Vec<_>, Vec<_>) = steps.partition(|step| step.field == WARM);
    let warms = steps.iter().any(|step| [MODE, UNITS].contains(&step.field));
    let (together, later) = if warms { (Vec::new(), warm) } else { (warm, Vec::new()) };
    let steps: Vec<_> = steps.into_iter().chain(together).collect();
    let now = at_once(steps, indexes, warms, present);
    now.into_iter().chain(later.into_iter().map(as_document)).collect()
}

fn at_once(steps: Vec<Step>, indexes: Vec<Step>, warms: bool, present: &Present) -> Option<Step> {
    let (mut members, mut before) = (Map::new(), Map::new());
    for step in &steps {
        members.insert(step.field.into(), value(step).cloned().unwrap_or_default());
        before.insert(step.field.into(), step.before.clone());
    }
    let updates = index_updates(&indexes, &members, warms, present);
    if !updates.is_empty() {
        members.insert("globalSecondaryIndexUpdates".into(), updates.into());
    }
    if !indexes.is_empty() {
        before.insert(global_indexes::FIELD.into(), indexes.iter().map(|step| step.before.clone()).collect());
    }
    let first = steps.into_iter().chain(indexes).next()?;
    Some(Step { action: Action::Put { value: members.into() }, before: before.into(), ..first })
}

/// The billing mode that the table has in the end.
fn billing_mode(steps: &[Step], present: &Present) -> Option<Value> {
    let changed = steps.iter().find(|step| step.field == MODE).and_then(value);
    changed.cloned().or_else(|| present.parts.get(MODE).cloned().flatten())
}

/// The capacity that the table has in the end; none where it is paid for by request. What is not declared stays.
pub(super) fn units(desired: &Desired, present: &Present) -> Option<Value> {
    let declared = |field: &str| desired.parts.get(field).cloned();
    let there = |field: &str| present.parts.get(field).cloned().flatten();
    if declared(MODE).or_else(|| there(MODE)).is_some_and(|mode| mode == "PAY_PER_REQUEST") {
        return None;
    }
    match (declared(UNITS), there(UNITS)) {
        (Some(declared), Some(there)) => Some(leaf::overlay(there, &declared)),
        (declared, there) => declared.or(there),
    }
}

/// Each billing mode has its own throughput, and DynamoDB refuses the other's.
fn has_place(field: &str, mode: Option<&Value>) -> bool {
    let mode = mode.and_then(Value::as_str);
    match field {
        UNITS => mode != Some("PAY_PER_REQUEST"),
        "onDemandThroughput" => mode != Some("PROVISIONED"),
        _ => true,
    }
}

/// What changes of each index. A table that begins to be paid for by capacity needs some for each index that there is:
/// one that names none begins with the table's.
fn index_updates(changed: &[Step], members: &Map<String, Value>, warms: bool, present: &Present) -> Vec<Value> {
    let mut updates: Vec<Value> = changed.iter().filter_map(|step| index_update(step, warms)).collect();
    let Some(units) = members.get(UNITS).filter(|_| members.contains_key(MODE)) else {
        return updates;
    };
    for index in present.parts.get(global_indexes::FIELD).into_iter().flatten().filter_map(Value::as_array).flatten() {
        let name = &index["indexName"];
        match updates.iter_mut().find(|update| update["update"]["indexName"] == *name) {
            Some(update) => update["update"] = global_indexes::newborn(&update["update"], Some(units)),
            None => updates.push(json!({"update": {"indexName": name, UNITS: units}})),
        }
    }
    updates
}

/// The members of one index that change: DynamoDB refuses those that do not. `None` where all of that comes later.
fn index_update(step: &Step, warms: bool) -> Option<Value> {
    let index = value(step)?;
    let differs = |field: &&str| {
        index.get(*field).is_some_and(|capacity| !global_indexes::same_capacity(field, capacity, &step.before[*field]))
    };
    let changed: Vec<_> = global_indexes::CAPACITY.into_iter().filter(differs).collect();
    let warms = warms || changed.contains(&UNITS);
    let now = changed.into_iter().filter(|field| *field != WARM || !warms);
    let members: Map<_, _> = now.map(|field| (field.to_owned(), index[field].clone())).collect();
    let name = ("indexName".to_owned(), index["indexName"].clone());
    (!members.is_empty()).then(|| json!({"update": members.into_iter().chain([name]).collect::<Map<_, _>>()}))
}
