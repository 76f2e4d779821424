//! What a spec says of auto scaling, which stands with each table, index and replica, brought into lists of capacities.

use std::collections::BTreeMap;

use cairn_core::{
    leaf,
    observed::{Desired, Present},
};
use serde_json::{Map, Value, json};

use super::{
    super::{billing_mode, global_indexes, replicas},
    FIELD, MAX, MIN, NAME, OF_REPLICAS,
    capacity::Capacity,
};

const INDEX: &str = "indexName";
const THROUGHPUT: &str = "provisionedThroughput";
const OVERRIDE: &str = "provisionedThroughputOverride";

/// Takes auto scaling out of where the spec has it, as parts of its own, and bounds the units that capacities begin with.
pub(in super::super::super) fn take_apart(parts: &mut BTreeMap<&'static str, Value>) {
    let by_request = billing_mode::is_by_request(parts);
    let mut home = Vec::new();
    if let Some(scaling) = parts.remove(FIELD) {
        home.extend(entries(None, None, &scaling));
        if !by_request && home.iter().any(|entry| !is_off(entry)) {
            seed(parts.entry(THROUGHPUT).or_insert_with(|| json!({})), &home);
        }
    }
    for index in items(parts, global_indexes::FIELD) {
        let Some(scaling) = taken(index) else { continue };
        let own = entries(None, index[INDEX].as_str(), &scaling);
        let mut units = index.get(THROUGHPUT).cloned().unwrap_or_else(|| json!({}));
        seed(&mut units, &own);
        leaf::set(index, THROUGHPUT, Some(units).filter(|units| !by_request && *units != json!({})));
        home.extend(own);
    }
    let mut elsewhere = Vec::new();
    for replica in items(parts, replicas::FIELD) {
        let region = replica[replicas::REGION].as_str().map(str::to_owned);
        let of_index = |index: &mut Value| {
            let scaling = taken(index)?;
            let own = entries(region.as_deref(), index[INDEX].as_str(), &scaling);
            bound(index, &own);
            Some(own)
        };
        let indexes = replica.get_mut(global_indexes::FIELD).and_then(Value::as_array_mut);
        elsewhere.extend(indexes.into_iter().flatten().filter_map(of_index).flatten());
        if let Some(scaling) = taken(replica) {
            let own = entries(region.as_deref(), None, &scaling);
            bound(replica, &own);
            elsewhere.extend(own);
        }
    }
    let lists = [(FIELD, home), (OF_REPLICAS, elsewhere)].into_iter().filter(|(_, entries)| !entries.is_empty());
    parts.extend(lists.map(|(field, entries)| (field, entries.into())));
}

/// Whether an entry ends the scaling of its capacity.
pub(in super::super::super) fn is_off(entry: &Value) -> bool {
    entry[MIN].is_null()
}

fn items<'p>(parts: &'p mut BTreeMap<&'static str, Value>, field: &str) -> impl Iterator<Item = &'p mut Value> {
    parts.get_mut(field).and_then(Value::as_array_mut).into_iter().flatten()
}

fn taken(place: &mut Value) -> Option<Value> {
    place.as_object_mut()?.remove(FIELD)
}

/// The capacities of one place of which something is said. An empty object says of all that they are not scaled.
fn entries(region: Option<&str>, index: Option<&str>, scaling: &Value) -> Vec<Value> {
    let all = scaling.as_object().is_some_and(Map::is_empty);
    let entry = |(which, reads): (&str, bool)| {
        let said = scaling.get(which).cloned().or_else(|| all.then(|| json!({})))?;
        let name = Capacity { region, index, reads }.name();
        Some(leaf::overlay(said, &json!({NAME: name})))
    };
    let writes = region.is_none().then_some(("write", false));
    [("read", true)].into_iter().chain(writes).filter_map(entry).collect()
}

/// Each unit that is scaled within its bounds; the lower one where nothing is said.
fn seed(units: &mut Value, entries: &[Value]) {
    for entry in entries {
        let capacity = entry[NAME].as_str().and_then(Capacity::parse);
        let (Some(capacity), Some(min), Some(max)) = (capacity, entry[MIN].as_i64(), entry[MAX].as_i64()) else {
            continue;
        };
        let said = units[capacity.unit()].as_i64().unwrap_or(min);
        units[capacity.unit()] = said.min(max).max(min).into();
    }
}

/// The same where units are only said if they differ from those of the table.
fn bound(place: &mut Value, entries: &[Value]) {
    if let Some(units) = place.get_mut(OVERRIDE) {
        seed(units, entries);
    }
}

/// Whether a declared unit of the table, or of one of its indexes, is not what is there: somebody may scale it.
pub(super) fn moved(desired: &Desired, present: &Present) -> bool {
    let there = |field: &str| present.parts.get(field).and_then(Option::as_ref);
    let table = differs(desired.parts.get(THROUGHPUT), there(THROUGHPUT));
    let lists = (desired.parts.get(global_indexes::FIELD), there(global_indexes::FIELD));
    table || pairs(lists.0, lists.1, INDEX).any(|(ours, theirs)| differs(ours.get(THROUGHPUT), theirs.get(THROUGHPUT)))
}

/// The same of replicas and their indexes.
pub(super) fn moved_elsewhere(desired: &Desired, present: &Present) -> bool {
    let there = present.parts.get(replicas::FIELD).and_then(Option::as_ref);
    let declared = desired.parts.get(replicas::FIELD);
    pairs(declared, there, replicas::REGION).any(|(ours, theirs)| {
        let mut indexes = pairs(ours.get(global_indexes::FIELD), theirs.get(global_indexes::FIELD), INDEX);
        differs(ours.get(OVERRIDE), theirs.get(OVERRIDE))
            || indexes.any(|(ours, theirs)| differs(ours.get(OVERRIDE), theirs.get(OVERRIDE)))
    })
}

fn differs(declared: Option<&Value>, there: Option<&Value>) -> bool {
    let (Some(declared), Some(there)) = (declared.and_then(Value::as_object), there) else { return false };
    declared.iter().any(|(unit, units)| there[unit] != *units)
}

/// What is declared, with what is there of the same name.
fn pairs<'v>(
    declared: Option<&'v Value>,
    there: Option<&'v Value>,
    key: &'static str,
) -> impl Iterator<Item = (&'v Value, &'v Value)> {
    let there = there.and_then(Value::as_array);
    let same = move |ours: &'v Value| there.into_iter().flatten().find(|theirs| theirs[key] == ours[key]);
    let declared = declared.and_then(Value::as_array).into_iter().flatten();
    declared.filter_map(move |ours| Some((ours, same(ours)?)))
}
