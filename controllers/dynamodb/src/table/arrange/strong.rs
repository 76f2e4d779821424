//! Replicas that agree at once: AWS makes all of them together, a witness with them, and deletes all of them together.
//! Source: DynamoDB developer guide, "Multi-Region strong consistency (MRSC)".

use cairn_core::{
    observed::{Desired, Present},
    plan::{Action, Step},
};
use serde_json::{Map, Value, json};

use super::{
    super::parts::{consistency, replicas, witnesses},
    value, with_words,
};

/// Whether the replicas that there are agree at once or, where there is none, those that are declared.
pub(super) fn is_meant(desired: &Desired, present: &Present) -> bool {
    told(present).or_else(|| desired.parts.get(consistency::FIELD)).is_some_and(|told| told == consistency::STRONG)
}

/// Whether the replicas that there are agree at once.
pub(in super::super) fn is(present: &Present) -> bool {
    told(present).is_some_and(|told| told == consistency::STRONG)
}

fn told(present: &Present) -> Option<&Value> {
    present.parts.get(consistency::FIELD).and_then(Option::as_ref)
}

/// All deletions in one step.
pub(super) fn goes(steps: &[Step]) -> Option<Step> {
    let first = steps.first()?;
    let regions: Vec<_> = steps.iter().map(|step| (step.field, region(step))).collect();
    Some(with_words(first, deletion(&regions), words("deleting", steps)))
}

/// All creations in one step.
pub(super) fn comes(steps: &[Step]) -> Option<Step> {
    let replica = |step: &Step| match step.field {
        witnesses::FIELD => json!({"create": {replicas::REGION: region(step)}}),
        _ => json!({"create": value(step)}),
    };
    let first = steps.first()?;
    let mut document = grouped(steps.iter().map(|step| (step.field, replica(step))));
    document[consistency::FIELD] = json!(consistency::STRONG);
    Some(with_words(first, document, words("creating", steps)))
}

fn words(what: &str, steps: &[Step]) -> String {
    let regions: Vec<_> = steps.iter().map(region).collect();
    format!("{what} the replicas in {}", regions.join(" and "))
}

/// The request that deletes all replicas and witnesses, which are given with the field that declares them.
pub(in super::super) fn deletion(regions: &[(&str, String)]) -> Value {
    grouped(regions.iter().map(|(field, region)| (*field, json!({"delete": {replicas::REGION: region}}))))
}

/// Updates under the members of the request that take them.
fn grouped<'f>(updates: impl Iterator<Item = (&'f str, Value)>) -> Value {
    let mut members: Map<String, Value> = Map::new();
    for (field, update) in updates {
        let member = if field == witnesses::FIELD { "globalTableWitnessUpdates" } else { "replicaUpdates" };
        let list = members.entry(member).or_insert_with(|| json!([]));
        if let Some(list) = list.as_array_mut() {
            list.push(update);
        }
    }
    members.into()
}

fn region(step: &Step) -> String {
    match &step.action {
        Action::ClearEntry { name } => name.clone(),
        Action::Put { value } => value[replicas::REGION].as_str().unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}
