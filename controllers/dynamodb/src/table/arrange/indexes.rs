//! Indexes that come and go. AWS is at work on one at a time, while the table can be used and changed.

use cairn_core::{
    observed::{Desired, Present},
    plan::{Action, Awaited, Step},
};
use serde_json::{Value, json};

use super::{super::parts::global_indexes, capacity, with_words};

/// What is to be done about indexes.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// Indexes that go, each as a document; while AWS is at work on one, only that one.
    pub(super) going: Vec<Step>,
    /// Indexes that come, each as a document; none while AWS is at work on one.
    pub(super) coming: Vec<Step>,
    /// Indexes whose capacity changes.
    pub(super) changed: Vec<Step>,
    /// What AWS is at work on.
    pub(super) awaited: Vec<Awaited>,
    /// An index is declared with other keys or attributes than it has.
    pub(super) immutable: bool,
}

pub(super) fn sort(steps: Vec<Step>, desired: &Desired, present: &Present) -> Sorted {
    let mut sorted = Sorted { awaited: awaited(present), ..Sorted::default() };
    let mut coming = Vec::new();
    for step in steps {
        match &step.action {
            Action::ClearEntry { name } => sorted.going.extend(may_go(name, present).then(|| goes(&step, name))),
            Action::Put { value: index } if step.before.is_null() => coming.push(comes(&step, index, desired, present)),
            Action::Put { value: index } if global_indexes::same_shape(index, &step.before) => {
                sorted.changed.push(step);
            }
            _ => sorted.immutable = true,
        }
    }
    if sorted.awaited.is_empty() {
        sorted.coming = coming;
    }
    sorted
}

fn states(present: &Present) -> impl Iterator<Item = &Value> {
    present.status.get("globalSecondaryIndexesDescriptions").and_then(Value::as_array).into_iter().flatten()
}

fn awaited(present: &Present) -> Vec<Awaited> {
    let words = |index: &Value| {
        let name = index["indexName"].as_str()?;
        match index["indexStatus"].as_str()? {
            "CREATING" if index["backfilling"] == true => Some(format!("filling index {name}")),
            "CREATING" => Some(format!("creating index {name}")),
            "DELETING" => Some(format!("deleting index {name}")),
            _ => None,
        }
    };
    let field = global_indexes::FIELD;
    states(present).filter_map(words).map(|words| Awaited { field, words }).collect()
}

/// An index that is being filled may be given up; otherwise what is under way has to end first. Source: DynamoDB API
/// reference, `GlobalSecondaryIndexDescription.Backfilling`.
fn may_go(name: &str, present: &Present) -> bool {
    let moving = |index: &&Value| ["CREATING", "DELETING"].iter().any(|state| index["indexStatus"] == *state);
    states(present).filter(moving).all(|index| index["indexName"] == name && index["backfilling"] == true)
}

fn goes(step: &Step, name: &str) -> Step {
    let document = json!({"globalSecondaryIndexUpdates": [{"delete": {"indexName": name}}]});
    with_words(step, document, format!("deleting index {name}"))
}

fn comes(step: &Step, index: &Value, desired: &Desired, present: &Present) -> Step {
    let units = capacity::units(desired, present);
    let document = json!({
        "attributeDefinitions": definitions(index, desired),
        "globalSecondaryIndexUpdates": [{"create": global_indexes::newborn(index, units.as_ref())}],
    });
    let name = index["indexName"].as_str().unwrap_or_default();
    with_words(step, document, format!("creating index {name}"))
}

/// The definitions of the attributes of one key. DynamoDB refuses those that nothing uses.
fn definitions(index: &Value, desired: &Desired) -> Vec<Value> {
    let keys = index["keySchema"].as_array();
    let used = |name: &Value| keys.into_iter().flatten().any(|key| key["attributeName"] == *name);
    let all = desired.parts.get("attributeDefinitions").and_then(Value::as_array);
    all.into_iter().flatten().filter(|definition| used(&definition["attributeName"])).cloned().collect()
}
