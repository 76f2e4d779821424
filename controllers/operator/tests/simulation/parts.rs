//! Every part of a bucket on its way: set, read back, changed, removed, and set again.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    harness::{Running, World, pass},
    spec::{self, Variant},
};

const BUCKET: &str = "photos-of-a";

/// A bucket on whose state nothing but time works.
struct Trip {
    world: World,
    operator: Running,
}

impl Trip {
    async fn start(base: Value) -> Self {
        let world = World::quiet().flag("--reconcile-default-resync-seconds=600");
        let operator = world.start("one");
        world.create("photos", base).await;
        world.until_ready("photos").await;
        Self { world, operator }
    }

    /// Changes one field; tells which mutations that took until everything is as declared and stays so.
    async fn set(&self, field: &str, value: &Value) -> Vec<String> {
        self.world.forget_calls();
        let now = self.world.object("photos").unwrap()["spec"][field].clone();
        self.world.patch("photos", json!({"spec": {field: merge(&now, value)}})).await;
        self.world.until_ready("photos").await;
        let mutations = self.world.mutations();
        self.world.forget_calls();
        self.world.until("a check", |world| !world.operations().is_empty()).await;
        pass(Duration::from_secs(30)).await;
        assert!(self.world.mutations().is_empty(), "{field}: {value} is written again: {:?}", self.world.mutations());
        mutations
    }
}

/// What turns one value into the other by a merge.
pub(crate) fn merge(before: &Value, after: &Value) -> Value {
    let (Value::Object(before), Value::Object(wanted)) = (before, after) else { return after.clone() };
    let gone = before.keys().filter(|key| !wanted.contains_key(*key)).map(|key| (key.clone(), Value::Null));
    let set = wanted.iter().map(|(key, value)| (key.clone(), merge(before.get(key).unwrap_or(&Value::Null), value)));
    gone.chain(set).collect()
}

async fn round_trip(part: Variant) {
    let field = part.field;
    let mut base = spec::minimal(BUCKET);
    for (field, value) in part.needs {
        base[field] = value;
    }
    let trip = Trip::start(base).await;
    let config = || trip.world.aws.bucket(BUCKET).unwrap().config;
    assert_eq!(trip.set(field, &part.first).await, part.writes, "{field} is set");
    let first = config();
    assert_eq!(trip.set(field, &part.second).await, part.changes, "{field} is changed");
    assert_ne!(config(), first, "{field} is changed");
    assert_eq!(trip.set(field, &part.alike).await, [""; 0], "{field} means the same");
    assert_eq!(trip.set(field, &Value::Null).await, part.removal, "{field} is removed");
    trip.set(field, &part.first).await;
    assert_eq!(config(), first, "{field} is set again");
    trip.operator.stop().await;
}

/// A bucket keeps object lock for ever, so that there is nothing to change or to remove.
const ONE_WAY: &str = "objectLockEnabledForBucket";

#[test]
fn every_part_is_on_its_way() {
    let travels: Vec<_> = spec::variants(BUCKET).iter().map(|part| part.field).collect();
    let parts = cairn_s3::bucket::RULES.parts.iter().map(|part| part.field).filter(|field| *field != ONE_WAY);
    let missing: Vec<_> = parts.filter(|field| !travels.contains(field)).collect();
    assert_eq!(missing, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn every_part_is_set_changed_removed_and_set_again_with_one_write_each() {
    let mut broken = Vec::new();
    for part in spec::variants(BUCKET) {
        let field = part.field;
        if tokio::spawn(round_trip(part)).await.is_err() {
            broken.push(field);
        }
    }
    assert_eq!(broken, [""; 0]);
}
