//! Settings that each replica has for itself, and that calls to its region read and write.

use std::{collections::BTreeMap, marker::PhantomData};

use cairn_core::{
    failure::Failure,
    leaf,
    observed::{Present, Reading},
    rules::{PartRules, Removal, Rule},
};
use serde_json::{Value, json};

use super::{
    super::describe,
    Apart,
    replicas::{FIELD, REGION},
};
use crate::client::Scoped;

/// What of an entry is the setting itself.
const VALUE: &str = "value";

/// The same setting as `P`, of each replica. Its field stands for the one of that name in the entries of
/// `tableReplicas`, and its value is a list of regions, each with what it declares.
pub(super) struct InReplicas<P>(PhantomData<P>);

/// A setting that replicas have for themselves.
pub(super) trait OfReplicas: Apart {
    /// The way to it from the spec.
    const PATH: &'static str;
}

impl<P: OfReplicas> Apart for InReplicas<P> {
    /// A setting that goes from the spec stays: what a replica has is known only by asking its region.
    const RULES: PartRules = PartRules {
        field: P::PATH,
        rule: Rule::Entries(REGION),
        removal: Removal::Keep,
        get: P::RULES.get,
        elsewhere: true,
        put: P::RULES.put,
        after: &[FIELD],
        settle: settle::<P>,
        telling: |_| false,
        same: |a, b| (P::RULES.same)(&a[VALUE], &b[VALUE]),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, table: &str, home: &Present) -> Reading {
        let mut all = Vec::new();
        for region in describe::active_replicas(home) {
            // Calls within calls: on the heap, so that the future of those parts that need none stays small.
            let there = Box::pin(client.in_region(region)).await?;
            let value = Box::pin(P::get(&there, table, home)).await?;
            all.extend(value.map(|value| json!({REGION: region, VALUE: value})));
        }
        Ok((!all.is_empty()).then(|| all.into()))
    }

    async fn put(client: &Scoped, table: &str, entry: &Value) -> Result<(), Failure> {
        let there = Box::pin(client.in_region(entry[REGION].as_str().unwrap_or_default())).await?;
        Box::pin(P::put(&there, table, &entry[VALUE])).await
    }
}

/// The setting as it is to be written, as that of a table is.
fn settle<P: Apart>(mut entry: Value, before: Option<&Value>) -> Value {
    let before = before.map(|before| &before[VALUE]);
    let declared = entry[VALUE].take();
    let whole = match before {
        Some(before) if P::RULES.rule == Rule::Document => leaf::overlay(before.clone(), &declared),
        _ => declared,
    };
    entry[VALUE] = (P::RULES.settle)(whole, before);
    entry
}

/// Takes the settings that replicas have for themselves out of the list of replicas, as parts of their own.
pub(in super::super) fn take_apart(parts: &mut BTreeMap<&'static str, Value>, rules: &[PartRules]) {
    for path in rules.iter().map(|rules| rules.field) {
        let Some((FIELD, name)) = path.split_once('.') else { continue };
        let replicas = parts.get_mut(FIELD).and_then(Value::as_array_mut);
        let take = |replica: &mut Value| {
            let value = leaf::get(replica, name)?.clone();
            leaf::set(replica, name, None);
            Some(json!({REGION: replica[REGION], VALUE: value}))
        };
        let entries: Vec<_> = replicas.into_iter().flatten().filter_map(take).collect();
        if !entries.is_empty() {
            parts.insert(path, entries.into());
        }
    }
}
