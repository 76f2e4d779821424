//! A table alone, without anything around it: what a plan is tried on.

use cairn_testkit::aws::dynamodb::model::{
    BillingMode, Caller, Context, CreateTable, ProvisionedThroughput, Settings, Table, TableStatus, UpdateTable,
};
use serde_json::from_value;

use super::support::{Model, add_index, delete_index, on_demand, provisioned};

fn context(table: Option<&Table>) -> Context {
    let start = "2026-01-01T00:00:00Z".parse().unwrap();
    let now = table.and_then(|table| table.pending.last()).map_or(start, |pending| pending.at);
    Context::new(Caller::new("111122223333", "eu-west-1"), now, Settings::default())
}

fn created(body: serde_json::Value) -> Table {
    Table::create(&context(None), &from_value::<CreateTable>(body).unwrap(), "id".to_owned()).unwrap()
}

/// The table after a request, when all has come to rest.
fn updated(table: &Table, request: &UpdateTable) -> Table {
    let context = context(Some(table));
    let table = table.at(context.now).update(&context, request).unwrap();
    table.at(table.pending.last().unwrap().at)
}

#[test]
fn a_table_moves_without_a_clock() {
    let table = created(on_demand());
    assert_eq!(table.status, TableStatus::Creating);
    let ends: Vec<_> = table.pending.iter().map(|pending| pending.at).collect();
    assert_eq!(ends.len(), 2);
    assert_eq!(table.next_change(), Some(ends[0]));
    assert_eq!(table.at(ends[0]).status, TableStatus::Active);
    assert_eq!(table.status, TableStatus::Creating, "the value itself stays");
    let rest = table.at(ends[1]);
    assert_eq!((rest.next_change(), rest.backups.available), (None, true));
}

#[test]
fn a_table_that_was_changed_equals_one_that_was_created_so() {
    let units = ProvisionedThroughput { read_capacity_units: 5, write_capacity_units: 5 };
    let request = UpdateTable {
        billing_mode: Some(BillingMode::Provisioned),
        provisioned_throughput: Some(units),
        ..UpdateTable::default()
    };
    let (target, start) = (created(provisioned()), created(on_demand()));
    assert_ne!(start.configuration(), target.configuration());
    let changed = updated(&start, &request);
    assert_eq!(changed.configuration(), target.configuration());
    assert_ne!(changed, target, "how it came about differs");
}

#[test]
fn an_index_that_came_and_went_leaves_nothing() {
    let start = created(on_demand());
    let mut model = Model::with(serde_json::json!({}));
    model.updated(add_index("by-b", "b"));
    assert_ne!(model.table().configuration(), start.configuration());
    model.updated(delete_index("by-b"));
    assert_eq!(model.table().configuration(), start.configuration());
}

#[test]
fn a_refused_request_leaves_the_table_as_it_is() {
    let table = created(on_demand());
    let context = context(Some(&table));
    let rest = table.at(context.now);
    let failure = rest.update(&context, &UpdateTable::default()).unwrap_err();
    assert_eq!((failure.status, failure.code), (400, "ValidationException"));
    assert!(failure.to_string().starts_with("ValidationException: At least one of"));
}
