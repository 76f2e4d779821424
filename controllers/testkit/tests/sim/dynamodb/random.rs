//! What holds of a table whatever is asked of it.

use std::{collections::BTreeSet, time::Duration};

use cairn_testkit::aws::dynamodb::model::{IndexStatus, Table, TableStatus};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::support::{Model, add_index, delete_index, units, with};

const INDEXES: [&str; 3] = ["by-a", "by-b", "by-c"];

/// Something that happens to a table.
#[derive(Clone, Debug)]
enum Event {
    Request(Value),
    /// Milliseconds.
    Wait(u64),
}

fn event() -> impl Strategy<Value = Event> {
    let index = prop::sample::select(INDEXES.as_slice());
    let any_units = (1..4_i64, 1..4_i64);
    prop_oneof![
        3 => (0..3_000_u64).prop_map(Event::Wait),
        2 => index.clone().prop_map(|name| Event::Request(add_index(name, &name[3..]))),
        1 => (index.clone(), any_units.clone()).prop_map(|(name, (read, write))| {
            let mut add = add_index(name, &name[3..]);
            add["GlobalSecondaryIndexUpdates"][0]["Create"]["ProvisionedThroughput"] = units(read, write);
            Event::Request(add)
        }),
        2 => index.clone().prop_map(|name| Event::Request(delete_index(name))),
        1 => any_units.clone().prop_map(|(read, write)| Event::Request(provision(read, write))),
        1 => any_units.prop_map(|(read, write)| {
            Event::Request(json!({ "ProvisionedThroughput": units(read, write) }))
        }),
        1 => Just(Event::Request(json!({ "BillingMode": "PAY_PER_REQUEST" }))),
        1 => any::<bool>().prop_map(|on| Event::Request(json!({ "SSESpecification": { "Enabled": on } }))),
        1 => any::<bool>().prop_map(|on| Event::Request(json!({ "DeletionProtectionEnabled": on }))),
        1 => prop::sample::select(vec!["STANDARD", "STANDARD_INFREQUENT_ACCESS"])
            .prop_map(|class| Event::Request(json!({ "TableClass": class }))),
    ]
}

/// Capacity for the table and all its indexes, there or not.
fn provision(read: i64, write: i64) -> Value {
    json!({ "BillingMode": "PROVISIONED", "ProvisionedThroughput": units(read, write) })
}

/// The same with capacity for the indexes that there are.
fn completed(model: &Model, mut request: Value) -> Value {
    if request["BillingMode"] == "PROVISIONED" {
        let table = model.table();
        let update = |name: &str| json!({ "Update": { "IndexName": name, "ProvisionedThroughput": units(2, 2) } });
        let there = table.indexes.iter().filter(|index| index.status != IndexStatus::Deleting);
        let updates: Vec<Value> = there.map(|index| update(&index.name)).collect();
        let updates = if updates.is_empty() { Value::Null } else { json!(updates) };
        request = with(request, json!({ "GlobalSecondaryIndexUpdates": updates }));
    }
    request
}

fn check_always(table: &Table) -> Result<(), TestCaseError> {
    let moving = |status| matches!(status, IndexStatus::Creating | IndexStatus::Deleting);
    prop_assert!(table.indexes.iter().filter(|index| moving(index.status)).count() <= 1);
    let names: BTreeSet<_> = table.indexes.iter().map(|index| &index.name).collect();
    prop_assert_eq!(names.len(), table.indexes.len());
    let on_demand = table.billing.mode.is_on_demand();
    // One that is being deleted keeps what it had.
    let kept = table.indexes.iter().filter(|index| index.status != IndexStatus::Deleting);
    for throughput in kept.map(|index| &index.throughput).chain([&table.throughput]) {
        let capacity = &throughput.provisioned;
        prop_assert_eq!(on_demand, capacity.read == 0 && capacity.write == 0);
        prop_assert!(throughput.warm_reads >= capacity.read && throughput.warm_writes >= capacity.write);
    }
    prop_assert!(table.pending.is_sorted_by_key(|pending| pending.at));
    Ok(())
}

fn check_at_rest(table: &Table) -> Result<(), TestCaseError> {
    prop_assert_eq!(table.status, TableStatus::Active);
    prop_assert!(table.indexes.iter().all(|index| index.status == IndexStatus::Active));
    prop_assert!(!table.encryption.updating);
    let used: BTreeSet<_> = table
        .keys
        .iter()
        .chain(table.indexes.iter().flat_map(|index| &index.keys))
        .map(|key| &key.attribute_name)
        .collect();
    let defined: BTreeSet<_> = table.attributes.iter().map(|attribute| &attribute.attribute_name).collect();
    prop_assert_eq!(used, defined);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_table_stays_sound_and_comes_to_rest(events in prop::collection::vec(event(), 1..40)) {
        let mut model = Model::with(json!({}));
        for event in events {
            let before = model.table();
            match event {
                Event::Wait(ms) => {
                    let half = model.now.checked_add(Duration::from_millis(ms / 2)).unwrap();
                    model.wait(Duration::from_millis(ms));
                    prop_assert_eq!(before.at(half).at(model.now), before.at(model.now), "time has no steps");
                }
                Event::Request(request) => {
                    let request = completed(&model, request);
                    match model.update(request) {
                        Ok(_) => prop_assert_eq!(model.table().status, TableStatus::Updating),
                        Err(failure) => {
                            prop_assert!(failure.status == 400, "{}", failure);
                            prop_assert_eq!(&before, &model.table());
                        }
                    }
                }
            }
            check_always(&model.table())?;
        }
        check_at_rest(&model.rest())?;
    }
}
