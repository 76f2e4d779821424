//! Every setting of a table on its way: set, read back, changed, removed, and set again.

use std::time::Duration;

use serde_json::{Value, json};

use super::{TABLE, minimal, provisioned, table, timed};
use crate::{
    harness::{REGION, Running, World, pass},
    parts::merge,
};

/// One setting, and the calls that its changes take.
struct Setting {
    field: &'static str,
    first: Value,
    second: Value,
    /// What means the same to AWS as `second`.
    alike: Value,
    set: &'static [&'static str],
    changed: &'static [&'static str],
    removed: &'static [&'static str],
    /// The read that a check takes beside that of the table.
    read: Option<&'static str>,
}

const DESCRIBED: Setting = Setting {
    field: "",
    first: Value::Null,
    second: Value::Null,
    alike: Value::Null,
    set: &["UpdateTable"],
    changed: &["UpdateTable"],
    removed: &["UpdateTable"],
    read: None,
};

fn stream(view: &str) -> Value {
    json!({"streamEnabled": true, "streamViewType": view})
}

fn ttl(attribute: &str) -> Value {
    json!({"enabled": true, "attributeName": attribute})
}

fn policy(action: &str, as_list: bool) -> Value {
    let action = if as_list { json!([action]) } else { json!(action) };
    let resource = format!("arn:aws:dynamodb:{REGION}:111122223333:table/{TABLE}");
    let statement = json!({
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
        "Action": action,
        "Resource": resource,
    });
    Value::from(json!({"Version": "2012-10-17", "Statement": [statement]}).to_string())
}

fn index(units: i64) -> Value {
    json!([{
        "indexName": "by-customer",
        "keySchema": [{"attributeName": "id", "keyType": "HASH"}],
        "projection": {"projectionType": "KEYS_ONLY"},
        "onDemandThroughput": {"maxReadRequestUnits": units},
    }])
}

fn destination(precision: Option<&str>) -> Value {
    let mut destination = json!({"streamARN": format!("arn:aws:kinesis:{REGION}:111122223333:stream/changes")});
    if let Some(precision) = precision {
        destination["approximateCreationDateTimePrecision"] = json!(precision);
    }
    json!([destination])
}

fn settings() -> Vec<Setting> {
    vec![
        Setting {
            field: "streamSpecification",
            first: stream("KEYS_ONLY"),
            second: stream("NEW_IMAGE"),
            alike: stream("NEW_IMAGE"),
            changed: &["UpdateTable", "UpdateTable"],
            ..DESCRIBED
        },
        Setting {
            field: "tableClass",
            first: json!("STANDARD_INFREQUENT_ACCESS"),
            second: json!("STANDARD"),
            alike: json!("STANDARD"),
            removed: &[],
            ..DESCRIBED
        },
        Setting {
            field: "sseSpecification",
            first: json!({"enabled": true, "sseType": "KMS", "kmsMasterKeyID": "99999999-2222-4333-8444-555555555555"}),
            second: json!({"enabled": true, "kmsMasterKeyID": "11111111-2222-4333-8444-555555555555"}),
            alike: json!({
                "enabled": true,
                "kmsMasterKeyID": format!("arn:aws:kms:{REGION}:111122223333:key/11111111-2222-4333-8444-555555555555"),
            }),
            removed: &[],
            ..DESCRIBED
        },
        Setting {
            field: "deletionProtectionEnabled",
            first: json!(true),
            second: json!(false),
            alike: json!(false),
            removed: &[],
            ..DESCRIBED
        },
        Setting { field: "globalSecondaryIndexes", first: index(5), second: index(9), alike: index(9), ..DESCRIBED },
        Setting {
            field: "timeToLive",
            first: ttl("ends"),
            second: json!({"enabled": false}),
            alike: json!({"enabled": false, "attributeName": "ends"}),
            set: &["UpdateTimeToLive"],
            changed: &["UpdateTimeToLive"],
            removed: &[],
            read: Some("DescribeTimeToLive"),
        },
        Setting {
            field: "continuousBackups",
            first: json!({"pointInTimeRecoveryEnabled": true, "recoveryPeriodInDays": 14}),
            second: json!({"pointInTimeRecoveryEnabled": true, "recoveryPeriodInDays": 7}),
            alike: json!({"recoveryPeriodInDays": 7, "pointInTimeRecoveryEnabled": true}),
            set: &["UpdateContinuousBackups"],
            changed: &["UpdateContinuousBackups"],
            removed: &[],
            read: Some("DescribeContinuousBackups"),
        },
        Setting {
            field: "contributorInsights",
            first: json!("ENABLE"),
            second: json!("DISABLE"),
            alike: json!("DISABLED"),
            set: &["UpdateContributorInsights"],
            changed: &["UpdateContributorInsights"],
            removed: &[],
            read: Some("DescribeContributorInsights"),
        },
        Setting {
            field: "contributorInsightsMode",
            first: json!("THROTTLED_KEYS"),
            second: json!("ACCESSED_AND_THROTTLED_KEYS"),
            alike: json!("ACCESSED_AND_THROTTLED_KEYS"),
            set: &["UpdateContributorInsights"],
            changed: &["UpdateContributorInsights"],
            removed: &[],
            read: Some("DescribeContributorInsights"),
        },
        Setting {
            field: "kinesisStreamingDestinations",
            first: destination(Some("MILLISECOND")),
            second: destination(Some("MICROSECOND")),
            alike: destination(None),
            set: &["EnableKinesisStreamingDestination"],
            changed: &["UpdateKinesisStreamingDestination"],
            removed: &["DisableKinesisStreamingDestination"],
            read: Some("DescribeKinesisStreamingDestination"),
        },
        Setting {
            field: "resourcePolicy",
            first: policy("dynamodb:GetItem", false),
            second: policy("dynamodb:Query", false),
            alike: policy("dynamodb:Query", true),
            set: &["PutResourcePolicy"],
            changed: &["PutResourcePolicy"],
            removed: &["DeleteResourcePolicy"],
            read: Some("GetResourcePolicy"),
        },
    ]
}

/// A table on which nothing but time works.
struct Trip {
    world: World,
    operator: Running,
}

impl Trip {
    async fn start(spec: Value) -> Self {
        let world = World { unfenced: true, ..World::of_tables() }.flag("--reconcile-default-resync-seconds=600");
        let world = timed(world, Duration::from_millis(100));
        let operator = world.start("one");
        world.create("orders", spec).await;
        world.until_ready("orders").await;
        Self { world, operator }
    }

    /// Changes one field; tells which mutations that took until everything is as declared and stays so.
    async fn set(&self, setting: &Setting, value: &Value) -> Vec<String> {
        let field = setting.field;
        // Some of what a table is told is taken once an hour.
        pass(Duration::from_secs(3_700)).await;
        self.world.forget_calls();
        let now = self.world.object("orders").unwrap()["spec"][field].clone();
        self.world.patch("orders", json!({"spec": {field: merge(&now, value)}})).await;
        self.world.until_ready("orders").await;
        let mutations = self.world.mutations();
        self.world.forget_calls();
        self.world.until("a check", |world| !world.operations().is_empty()).await;
        pass(Duration::from_secs(30)).await;
        assert!(self.world.mutations().is_empty(), "{field}: {value} is written again: {:?}", self.world.mutations());
        if !value.is_null() {
            let expected: Vec<_> = ["DescribeTable"].into_iter().chain(setting.read).collect();
            assert_eq!(self.world.operations(), expected, "a check of {field}");
        }
        mutations
    }
}

async fn round_trip(setting: Setting) {
    let field = setting.field;
    let trip = Trip::start(minimal()).await;
    let config = || table(&trip.world).unwrap().configuration();
    let bare = config();
    assert_eq!(trip.set(&setting, &setting.first).await, setting.set, "{field} is set");
    let first = config();
    assert_ne!(first, bare, "{field} is set");
    assert_eq!(trip.set(&setting, &setting.second).await, setting.changed, "{field} is changed");
    assert_ne!(config(), first, "{field} is changed");
    assert_eq!(trip.set(&setting, &setting.alike).await, [""; 0], "{field} means the same");
    assert_eq!(trip.set(&setting, &Value::Null).await, setting.removed, "{field} is removed");
    // DynamoDB takes two changes of the class in 30 days.
    if field != "tableClass" {
        trip.set(&setting, &setting.first).await;
        assert_eq!(config(), first, "{field} is set again");
    }
    trip.operator.stop().await;
}

#[tokio::test(start_paused = true)]
async fn every_setting_is_set_changed_removed_and_set_again() {
    let mut broken = Vec::new();
    for setting in settings() {
        let field = setting.field;
        if tokio::spawn(round_trip(setting)).await.is_err() {
            broken.push(field);
        }
    }
    assert_eq!(broken, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_table_with_everything_is_made_by_one_call_and_what_that_does_not_take() {
    let world = super::world(Duration::from_millis(100));
    let mut spec = minimal();
    for setting in settings() {
        spec[setting.field] = setting.first;
    }
    let _operator = world.start("one");
    world.create("orders", spec.clone()).await;
    world.until_ready("orders").await;
    let mut mutations = world.mutations();
    mutations.sort_unstable();
    // Of a new table there are no backups for a while, and DynamoDB says so.
    mutations.dedup();
    let expected = [
        "CreateTable",
        "EnableKinesisStreamingDestination",
        "PutResourcePolicy",
        "UpdateContinuousBackups",
        "UpdateContributorInsights",
        "UpdateTimeToLive",
    ];
    assert_eq!(mutations, expected);
    let object = world.object("orders").unwrap();
    assert_eq!(object["status"]["globalSecondaryIndexesDescriptions"][0]["indexStatus"], "ACTIVE");
    assert!(serde_json::to_string(&object).unwrap().len() < 8_192);
}

#[tokio::test(start_paused = true)]
async fn while_an_index_is_made_the_object_says_which_and_the_next_waits() {
    let world = super::world(Duration::from_millis(100));
    let _operator = world.start("one");
    world.create("orders", minimal()).await;
    world.until_ready("orders").await;
    world.forget_calls();
    let index = |name: &str| {
        json!({
            "indexName": name,
            "keySchema": [{"attributeName": "id", "keyType": "HASH"}],
            "projection": {"projectionType": "ALL"},
        })
    };
    world.patch("orders", json!({"spec": {"globalSecondaryIndexes": [index("by-day"), index("by-name")]}})).await;
    world.until_reason("orders", "Updating").await;
    world.until("the first index is told of", |world| world.ready("orders").unwrap().2.contains("by-day")).await;
    world.until_ready("orders").await;
    assert_eq!(world.mutations(), ["UpdateTable", "UpdateTable"]);
    assert_eq!(table(&world).unwrap().indexes.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_is_told_of_an_index_waits_for_it_and_a_stream_has_a_policy_of_its_own() {
    let world = super::world(Duration::from_millis(100));
    let _operator = world.start("one");
    let mut spec = minimal();
    spec["globalSecondaryIndexes"] = index(5);
    spec["indexContributorInsights"] =
        json!([{"indexName": "by-customer", "contributorInsightsMode": "THROTTLED_KEYS"}]);
    spec["streamSpecification"] = stream("KEYS_ONLY");
    spec["streamResourcePolicy"] = policy("dynamodb:GetRecords", false);
    world.create("orders", minimal()).await;
    world.until_ready("orders").await;
    world.patch("orders", json!({"spec": spec})).await;
    world.until_ready("orders").await;
    let configuration = table(&world).unwrap().configuration();
    assert_eq!(configuration["insights"], json!([["by-customer", "THROTTLED_KEYS"]]));
    assert_eq!(configuration["streamPolicy"], spec["streamResourcePolicy"]);
    let none = json!({"indexContributorInsights": [], "streamResourcePolicy": null});
    world.patch("orders", json!({"spec": none})).await;
    world
        .until("both are gone", |world| {
            let configuration = table(world).unwrap().configuration();
            configuration["insights"] == json!([]) && configuration["streamPolicy"].is_null()
        })
        .await;
    world.until_ready("orders").await;
}

#[tokio::test(start_paused = true)]
async fn a_change_that_aws_takes_so_often_a_day_waits_for_its_time() {
    let world = timed(World { unfenced: true, ..World::of_tables() }, Duration::from_millis(100));
    world.aws.dynamodb(|dynamo, _| dynamo.settings_mut().limits.on_demand_switches = 1);
    let _operator = world.start("one");
    world.create("orders", minimal()).await;
    world.until_ready("orders").await;
    let by_request = || json!({"billingMode": "PAY_PER_REQUEST", "provisionedThroughput": null});
    for fields in [provisioned(5), by_request(), provisioned(5)] {
        world.patch("orders", json!({"spec": fields})).await;
        world.until_ready("orders").await;
    }
    world.patch("orders", json!({"spec": by_request()})).await;
    world
        .until("the time is told", |world| world.ready("orders").is_some_and(|ready| ready.2.contains("waits until")))
        .await;
    let (_, reason, _, stalled) = world.ready("orders").unwrap();
    assert_eq!((reason.as_str(), stalled), ("Updating", false));
    world.forget_calls();
    pass(Duration::from_hours(20)).await;
    assert!(world.mutations().is_empty(), "{:?}", world.mutations());
    pass(Duration::from_hours(5)).await;
    world.until_ready("orders").await;
    assert_eq!(world.mutations(), ["UpdateTable"]);
}
