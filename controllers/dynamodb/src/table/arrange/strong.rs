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

/// All creations in one step, or all deletions.
pub(super) fn together(steps: Vec<Step>) -> Vec<Step> {
    let first = steps.first().cloned();
    let (going, coming): (Vec<_>, Vec<_>) =
        steps.into_iter().partition(|step| matches!(step.action, Action::ClearEntry { .. }));
    let Some(first) = first else { return Vec::new() };
    let joined = |what: &str, document: Value, regions: &[String]| {
        with_words(&first, document, format!("{what} the replicas in {}", regions.join(" and ")))
    };
    let mut all = Vec::new();
    if !going.is_empty() {
        let regions: Vec<_> = going.iter().map(|step| (step.field, region(step))).collect();
        all.push(joined("deleting", deletion(&regions), &names(&regions)));
    }
    let coming: Vec<_> = coming.iter().filter_map(|step| Some((step.field, region(step), value(step)?))).collect();
    if !coming.is_empty() {
        let replica = |(field, region, replica): &(&str, String, &Value)| match *field {
            witnesses::FIELD => json!({"create": {replicas::REGION: region}}),
            _ => json!({"create": replica}),
        };
        let mut document = grouped(coming.iter().map(|entry| (entry.0, replica(entry))));
        document[consistency::FIELD] = json!(consistency::STRONG);
        let regions: Vec<_> = coming.iter().map(|(_, region, _)| region.clone()).collect();
        all.push(joined("creating", document, &regions));
    }
    all
}

/// The request that deletes all replicas and witnesses, which are given with the field that declares them.
pub(in super::super) fn deletion(regions: &[(&str, String)]) -> Value {
    grouped(regions.iter().map(|(field, region)| (*field, json!({"delete": {replicas::REGION: region}}))))
}

fn names(regions: &[(&str, String)]) -> Vec<String> {
    regions.iter().map(|(_, region)| region.clone()).collect()
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
