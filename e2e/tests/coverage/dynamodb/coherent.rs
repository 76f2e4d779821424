//! What AWS wants of the parts of a table together, and no schema says.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{replicated, source};

/// What a table can be made from, of which it takes one.
const BEGINNINGS: [&str; 2] = [IMPORT, "restoreFrom"];
const IMPORT: &str = "importSourceSpecification";
const GLOBAL: &str = "globalSecondaryIndexes";
const LOCAL: &str = "localSecondaryIndexes";
/// Sorts of throughput, the second of which is for tables that are paid for by request.
pub(super) const UNITS: &str = "provisionedThroughput";
const LIMITS: &str = "onDemandThroughput";
/// More than every new table can bear, so that AWS takes it.
const WARM: i64 = 12_000;

/// Two specs that one table can have one after the other.
pub(crate) fn pair((mut first, mut second): (Value, Value)) -> [Value; 2] {
    remove(&mut second, &BEGINNINGS);
    if BEGINNINGS.iter().all(|field| first.get(field).is_some()) {
        remove(&mut first, &BEGINNINGS);
    }
    fit(&mut first, None);
    fit(&mut second, Some(&first));
    let mut types = BTreeMap::from(source::TYPES.map(|(name, kind)| (name.to_owned(), json!(kind))));
    define(&mut first, &mut types);
    define(&mut second, &mut types);
    [first, second]
}

fn fit(spec: &mut Value, before: Option<&Value>) {
    without_empty(spec);
    without_scaling(spec);
    // What is done when the table goes says nothing of the table.
    remove(spec, &["deletion"]);
    spec["tableName"] = "orders".into();
    keys(spec, before);
    global_indexes(spec, before);
    capacity(spec, before);
    replicated::fit(spec, before);
    settings(spec);
}

pub(super) fn remove(value: &mut Value, fields: &[&str]) {
    if let Some(object) = value.as_object_mut() {
        object.retain(|field, _| !fields.contains(&field.as_str()));
    }
}

/// The entries of a list.
pub(super) fn entries<'v>(spec: &'v mut Value, list: &str) -> impl Iterator<Item = &'v mut Value> {
    spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten()
}

/// Documents that say nothing are refused.
fn without_empty(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(without_empty);
            fields.retain(|_, value| *value != json!({}));
        }
        Value::Array(items) => items.iter_mut().for_each(without_empty),
        _ => {}
    }
}

/// Another service scales, whose API is not measured here.
fn without_scaling(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("autoScaling");
            fields.values_mut().for_each(without_scaling);
        }
        Value::Array(items) => items.iter_mut().for_each(without_scaling),
        _ => {}
    }
}

/// The key of the table and its local indexes, which never change.
fn keys(spec: &mut Value, before: Option<&Value>) {
    if let Some(before) = before {
        for field in ["keySchema", LOCAL] {
            remove(spec, &[field]);
            if let Some(value) = before.get(field) {
                spec[field] = value.clone();
            }
        }
        return;
    }
    if spec.get("restoreFrom").is_some() {
        spec["keySchema"] = source::key();
        remove(spec, &[LOCAL]);
        return;
    }
    if spec.get(IMPORT).is_some() {
        remove(spec, &[LOCAL]);
    }
    let hash = spec["keySchema"][0].clone();
    let mut key = vec![hash.clone()];
    let local = spec[LOCAL].as_array().is_some_and(|indexes| !indexes.is_empty());
    if local || spec["keySchema"].as_array().unwrap().len() > 1 {
        key.push(json!({"attributeName": other_than(&hash), "keyType": "RANGE"}));
    }
    spec["keySchema"] = key.into();
    for (number, index) in entries(spec, LOCAL).enumerate() {
        index["indexName"] = format!("local-{number}").into();
        index["keySchema"][0] = hash.clone();
        if index["keySchema"][1]["attributeName"] == hash["attributeName"] {
            index["keySchema"][1]["attributeName"] = other_than(&hash).into();
        }
    }
}

fn other_than(key: &Value) -> &'static str {
    if key["attributeName"] == "a" { "b" } else { "a" }
}

/// An index that there was keeps its key and its attributes.
fn global_indexes(spec: &mut Value, before: Option<&Value>) {
    for index in entries(spec, GLOBAL) {
        let was = before.and_then(|before| before[GLOBAL].as_array()).into_iter().flatten();
        if let Some(was) = was.into_iter().find(|was| was["indexName"] == index["indexName"]) {
            index["keySchema"] = was["keySchema"].clone();
            index["projection"] = was["projection"].clone();
            continue;
        }
        let mut known = BTreeSet::new();
        let mut key = index["keySchema"].as_array().unwrap().clone();
        key.retain(|part| known.insert(part["attributeName"].to_string()));
        key.sort_by_key(|part| part["keyType"] != "HASH");
        index["keySchema"] = key.into();
    }
    let names: Vec<_> = entries(spec, GLOBAL).map(|index| index["indexName"].clone()).collect();
    let told = spec.get_mut("indexContributorInsights").and_then(Value::as_array_mut);
    if let Some(told) = told {
        told.retain(|index| names.contains(&index["indexName"]));
    }
    if names.is_empty() {
        remove(spec, &["indexContributorInsights"]);
    }
}

/// How the table is paid for, which a spec without a word on it leaves as it is.
pub(super) fn mode(spec: &Value, before: Option<&Value>) -> Value {
    match (spec.get("billingMode"), before) {
        (Some(mode), _) => mode.clone(),
        (None, _) if spec.get(UNITS).is_some() => "PROVISIONED".into(),
        (None, _) if spec.get(LIMITS).is_some() => "PAY_PER_REQUEST".into(),
        (None, Some(before)) => mode(before, None),
        (None, None) => "PAY_PER_REQUEST".into(),
    }
}

/// Throughput that goes with the mode. A table needs all of it where it begins to be paid for by capacity.
fn capacity(spec: &mut Value, before: Option<&Value>) {
    let provisioned = mode(spec, before) == "PROVISIONED";
    let begins = provisioned && before.is_none_or(|before| mode(before, None) != "PROVISIONED");
    if begins && spec.get(UNITS).is_none() {
        spec[UNITS] = json!({});
    }
    let other = if provisioned { LIMITS } else { UNITS };
    remove(spec, &[other]);
    entries(spec, GLOBAL).for_each(|index| remove(index, &[other]));
    whole(spec, begins);
    entries(spec, GLOBAL).for_each(|index| whole(index, false));
}

/// Units that AWS takes: at least one, and as many as are warm in everything new.
fn whole(value: &mut Value, both: bool) {
    if let Some(units) = value.get_mut(UNITS) {
        for unit in ["readCapacityUnits", "writeCapacityUnits"] {
            let asked = units.get(unit).and_then(Value::as_i64);
            if asked.is_some() || both {
                units[unit] = asked.unwrap_or_default().max(1).into();
            }
        }
    }
    let warm = value.get_mut("warmThroughput").and_then(Value::as_object_mut);
    for units in warm.into_iter().flat_map(Map::values_mut) {
        *units = (units.as_i64().unwrap() + WARM).into();
    }
}

fn settings(spec: &mut Value) {
    if spec["contributorInsights"].as_str().is_some_and(|word| word.starts_with("DIS")) {
        remove(spec, &["contributorInsightsMode"]);
    }
    if spec["streamSpecification"]["streamEnabled"] != true {
        remove(spec, &["streamResourcePolicy"]);
    }
}

/// Defines the attributes of all keys. One of both specs has the same type in both.
fn define(spec: &mut Value, types: &mut BTreeMap<String, Value>) {
    for attribute in spec["attributeDefinitions"].as_array().unwrap() {
        let name = attribute["attributeName"].as_str().unwrap().to_owned();
        types.entry(name).or_insert_with(|| attribute["attributeType"].clone());
    }
    let of_indexes = [GLOBAL, LOCAL].into_iter().filter_map(|list| spec.get(list)?.as_array()).flatten();
    let keys = std::iter::once(&spec["keySchema"]).chain(of_indexes.map(|index| &index["keySchema"]));
    let used: BTreeSet<&str> =
        keys.flat_map(|key| key.as_array().unwrap()).map(|part| part["attributeName"].as_str().unwrap()).collect();
    let mut definition = |name: &str| {
        let kind = types.entry(name.to_owned()).or_insert_with(|| "S".into());
        json!({"attributeName": name, "attributeType": kind})
    };
    spec["attributeDefinitions"] = used.into_iter().map(&mut definition).collect();
}
