//! Capacity of a table and of its indexes. One call carries all that changes: a billing mode takes effect only together
//! with the throughput of everything.

use cairn_core::{
    observed::Present,
    plan::{Action, Step},
};
use serde_json::{Map, Value, json};

use super::{super::parts::global_indexes, value};

/// The fields of the table itself.
pub(super) const FIELDS: [&str; 4] = ["billingMode", "provisionedThroughput", "onDemandThroughput", "warmThroughput"];

/// The step that changes capacity, if any changes.
pub(super) fn joined(steps: Vec<Step>, indexes: Vec<Step>, present: &Present) -> Option<Step> {
    let mode = billing_mode(&steps, present);
    let steps: Vec<_> = steps.into_iter().filter(|step| has_place(step.field, mode.as_ref())).collect();
    let (mut members, mut before) = (Map::new(), Map::new());
    for step in &steps {
        members.insert(step.field.into(), value(step).cloned().unwrap_or_default());
        before.insert(step.field.into(), step.before.clone());
    }
    let updates = index_updates(&indexes, &members, present);
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
    let changed = steps.iter().find(|step| step.field == "billingMode").and_then(value);
    changed.cloned().or_else(|| present.parts.get("billingMode").cloned().flatten())
}

/// Each billing mode has its own throughput, and DynamoDB refuses the other's.
fn has_place(field: &str, mode: Option<&Value>) -> bool {
    let mode = mode.and_then(Value::as_str);
    match field {
        "provisionedThroughput" => mode != Some("PAY_PER_REQUEST"),
        "onDemandThroughput" => mode != Some("PROVISIONED"),
        _ => true,
    }
}

/// What changes of each index. A table that begins to be paid for by capacity needs some for each index that there is:
/// one that names none begins with the table's.
fn index_updates(changed: &[Step], members: &Map<String, Value>, present: &Present) -> Vec<Value> {
    let mut updates: Vec<Value> = changed.iter().filter_map(index_update).collect();
    let Some(units) = members.get("provisionedThroughput").filter(|_| members.contains_key("billingMode")) else {
        return updates;
    };
    for index in present.parts.get(global_indexes::FIELD).into_iter().flatten().filter_map(Value::as_array).flatten() {
        let name = &index["indexName"];
        match updates.iter_mut().find(|update| update["update"]["indexName"] == *name) {
            Some(update) => update["update"] = global_indexes::newborn(&update["update"], Some(units)),
            None => updates.push(json!({"update": {"indexName": name, "provisionedThroughput": units}})),
        }
    }
    updates
}

/// The members of one index that change: DynamoDB refuses those that do not.
fn index_update(step: &Step) -> Option<Value> {
    let index = value(step)?;
    let mut update = json!({"indexName": index["indexName"]});
    for field in global_indexes::CAPACITY {
        if let Some(capacity) = index.get(field)
            && !global_indexes::same_capacity(field, capacity, &step.before[field])
        {
            update[field] = capacity.clone();
        }
    }
    Some(json!({"update": update}))
}
