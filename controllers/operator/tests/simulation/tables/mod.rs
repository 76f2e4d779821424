//! Tables: AWS makes, changes and deletes them in its own time.

mod beginnings;
mod crashes;
mod deletion;
mod keys;
mod lifecycle;
mod ownership;
mod replicas;
mod restore;
mod scaling;
mod scaling_crashes;
mod settings;

use std::time::Duration;

use cairn_testkit::aws::dynamodb::model::{BillingMode, Table};
use serde_json::{Value, json};

use crate::harness::{REGION, World};

pub(crate) const TABLE: &str = "orders-of-a";
pub(crate) const ACCOUNT: &str = "111122223333";

pub(crate) fn minimal() -> Value {
    json!({
        "tableName": TABLE,
        "attributeDefinitions": [{"attributeName": "id", "attributeType": "S"}],
        "keySchema": [{"attributeName": "id", "keyType": "HASH"}],
    })
}

pub(crate) fn provisioned(units: i64) -> Value {
    json!({
        "billingMode": "PROVISIONED",
        "provisionedThroughput": {"readCapacityUnits": units, "writeCapacityUnits": units},
    })
}

pub(crate) fn full() -> Value {
    let mut spec = minimal();
    spec.as_object_mut().unwrap().extend(provisioned(5).as_object().unwrap().clone());
    spec["tags"] = json!([{"key": "team", "value": "a"}]);
    spec
}

/// A world in which what AWS works on takes so long.
pub(crate) fn world(takes: Duration) -> World {
    timed(World::of_tables(), takes)
}

pub(crate) fn timed(world: World, takes: Duration) -> World {
    world.aws.dynamodb(|dynamo, _| {
        let timing = &mut dynamo.settings_mut().timing;
        (timing.create, timing.update, timing.delete) = (takes, takes, takes);
    });
    world
}

pub(crate) fn table(world: &World) -> Option<Table> {
    world.aws.table(REGION, TABLE)
}

pub(crate) fn tag(table: &Table, key: &str) -> Option<String> {
    table.tags.iter().find(|tag| tag.key == key).map(|tag| tag.value.clone())
}

pub(crate) fn units(table: &Table) -> (BillingMode, i64) {
    (table.billing.mode, table.throughput.provisioned.read)
}

/// How often an operation was called.
pub(crate) fn count(world: &World, operation: &str) -> usize {
    world.operations().iter().filter(|called| *called == operation).count()
}
