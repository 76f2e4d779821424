//! What AWS wants of a table that has replicas.

use serde_json::{Value, json};

use super::coherent::{UNITS, entries, mode, remove};

const REPLICAS: &str = "tableReplicas";
const WITNESSES: &str = "globalTableWitnesses";
const CONSISTENCY: &str = "multiRegionConsistency";
const KEY: &str = "kmsMasterKeyID";

pub(super) fn fit(spec: &mut Value, before: Option<&Value>) {
    let there = before.is_some_and(has_replicas);
    if mode(spec, before) == "PROVISIONED" {
        // AWS takes replicas only where something scales the capacity.
        remove(spec, &[REPLICAS, WITNESSES, CONSISTENCY]);
        if there {
            spec[REPLICAS] = json!([]);
            spec[WITNESSES] = json!([]);
        }
        return;
    }
    match before {
        Some(before) if there && is_strong(before) => stays_strong(spec, before),
        None if is_strong(spec) => begins_strong(spec),
        _ => eventual(spec),
    }
    if let Some(before) = before.filter(|_| there) {
        remove(spec, &["sseSpecification"]);
        if let Some(same) = before.get("sseSpecification") {
            spec["sseSpecification"] = same.clone();
        }
    }
    let strong = is_strong(spec);
    if strong {
        remove(spec, &["localSecondaryIndexes", "timeToLive"]);
    }
    if strong && there {
        remove(spec, &["streamSpecification"]);
    }
    if (there || has_replicas(spec)) && !strong && spec.get("streamSpecification").is_some() {
        spec["streamSpecification"] = json!({"streamEnabled": true, "streamViewType": "NEW_AND_OLD_IMAGES"});
    }
    replicas(spec, before);
    if before.is_none() {
        // The other spec may take them away.
        entries(spec, REPLICAS).for_each(|replica| remove(replica, &["deletionProtectionEnabled"]));
    }
}

fn has_replicas(spec: &Value) -> bool {
    spec.get(REPLICAS).and_then(Value::as_array).is_some_and(|replicas| !replicas.is_empty())
}

fn is_strong(spec: &Value) -> bool {
    spec.get(CONSISTENCY).is_some_and(|told| told == "STRONG")
}

fn eventual(spec: &mut Value) {
    remove(spec, &[WITNESSES]);
    if is_strong(spec) {
        remove(spec, &[CONSISTENCY]);
    }
}

/// Two others, one of which may be a witness.
fn begins_strong(spec: &mut Value) {
    let witness = spec.get(WITNESSES).and_then(Value::as_array).is_some_and(|witnesses| !witnesses.is_empty());
    let regions: &[&str] = if witness { &["eu-central-1"] } else { &["eu-central-1", "eu-west-2"] };
    of_regions(spec, regions.iter().map(|region| json!(region)).collect());
    spec[WITNESSES] = if witness { json!([{"regionName": "eu-west-3"}]) } else { json!([]) };
}

/// All of them stay.
fn stays_strong(spec: &mut Value, before: &Value) {
    let regions = before[REPLICAS].as_array().unwrap().iter().map(|replica| replica["regionName"].clone()).collect();
    of_regions(spec, regions);
    spec[WITNESSES] = before[WITNESSES].clone();
    spec[CONSISTENCY] = "STRONG".into();
}

/// Replicas in these regions, as far as may be those that the spec has.
fn of_regions(spec: &mut Value, regions: Vec<Value>) {
    let known: Vec<Value> = entries(spec, REPLICAS).map(|replica| replica.clone()).collect();
    let replica = |region: Value| {
        let known = known.iter().find(|replica| replica["regionName"] == region);
        known.cloned().unwrap_or_else(|| json!({"regionName": region}))
    };
    spec[REPLICAS] = regions.into_iter().map(replica).collect();
}

/// Each needs a key where the table has one, and overrides what the table has.
fn replicas(spec: &mut Value, before: Option<&Value>) {
    // What is not declared stays.
    let told = |field: &str| {
        let specs = [Some(&*spec), before].into_iter().flatten();
        specs.into_iter().find_map(|spec| spec.get("sseSpecification")?.get(field).cloned())
    };
    let key = told(KEY).filter(|_| told("enabled").is_some_and(|enabled| enabled == true));
    let indexes: Vec<_> = entries(spec, "globalSecondaryIndexes").map(|index| index["indexName"].clone()).collect();
    for replica in entries(spec, REPLICAS) {
        match &key {
            None => remove(replica, &[KEY]),
            Some(key) if replica.get(KEY).is_none() => replica[KEY] = key.clone(),
            Some(_) => {}
        }
        let over = format!("{UNITS}Override");
        remove(replica, &[&over]);
        if let Some(own) = replica.get_mut("globalSecondaryIndexes").and_then(Value::as_array_mut) {
            own.retain(|index| indexes.contains(&index["indexName"]));
            for index in own {
                remove(index, &[&over]);
            }
        }
    }
}
