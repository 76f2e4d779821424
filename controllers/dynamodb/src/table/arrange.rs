//! From what differs to the calls of `UpdateTable`: which members go together in one, and which have no place in any.

use cairn_core::{
    observed::{Desired, Present},
    plan::{Action, Step, Steps},
};
use serde_json::{Map, Value, json};

use super::UPDATE;

/// Fields of which one call has to carry all that change: a billing mode takes effect only together with its throughput.
const CAPACITY: [&str; 3] = ["billingMode", "provisionedThroughput", "onDemandThroughput"];

/// Turns each step of `UpdateTable` into a document with the members of the request.
pub(super) fn arrange(steps: &mut Steps, _: &Desired, present: &Present) {
    let (updates, others): (Vec<_>, Vec<_>) =
        std::mem::take(&mut steps.steps).into_iter().partition(|step| step.operation == UPDATE);
    let (capacity, updates): (Vec<_>, Vec<_>) = updates.into_iter().partition(|step| CAPACITY.contains(&step.field));
    let mode = billing_mode(&capacity, present);
    let capacity: Vec<_> = capacity.into_iter().filter(|step| has_place(step.field, mode.as_ref())).collect();
    steps.steps = others;
    steps.steps.extend(joined(capacity));
    steps.steps.extend(updates.iter().map(as_document));
}

/// The billing mode that the table has in the end.
fn billing_mode(capacity: &[Step], present: &Present) -> Option<Value> {
    let changed = capacity.iter().find(|step| step.field == "billingMode").and_then(value);
    changed.cloned().or_else(|| present.parts.get("billingMode").cloned().flatten())
}

fn value(step: &Step) -> Option<&Value> {
    match &step.action {
        Action::Put { value } => Some(value),
        _ => None,
    }
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

fn joined(steps: Vec<Step>) -> Option<Step> {
    let (mut members, mut before) = (Map::new(), Map::new());
    for step in &steps {
        members.insert(step.field.into(), value(step).cloned().unwrap_or_default());
        before.insert(step.field.into(), step.before.clone());
    }
    let first = steps.into_iter().next()?;
    Some(Step { action: Action::Put { value: members.into() }, before: before.into(), ..first })
}

fn as_document(step: &Step) -> Step {
    let members = json!({step.field: value(step)});
    let before = json!({step.field: step.before});
    Step { action: Action::Put { value: members }, before, ..step.clone() }
}
