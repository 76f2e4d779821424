//! Tables that differ in what can be changed of them.

use serde_json::{Map, Value, json};

/// What each setting may be; the first is what a new table has. Each is a JSON object of fields of the spec.
pub(crate) const DIMENSIONS: &[&[&str]] = &[
    &[
        r#"{"billingMode": "PAY_PER_REQUEST"}"#,
        r#"{"billingMode": "PAY_PER_REQUEST", "onDemandThroughput": {"maxReadRequestUnits": 50}}"#,
        r#"{"billingMode": "PROVISIONED", "provisionedThroughput": {"readCapacityUnits": 5, "writeCapacityUnits": 5}}"#,
        r#"{"provisionedThroughput": {"readCapacityUnits": 9, "writeCapacityUnits": 7}}"#,
    ],
    &["", "a", "b", "ab", "bc", "abc"],
    &[
        "{}",
        r#"{"streamSpecification": {"streamEnabled": true, "streamViewType": "KEYS_ONLY"}}"#,
        r#"{"streamSpecification": {"streamEnabled": true, "streamViewType": "NEW_AND_OLD_IMAGES"}}"#,
    ],
    &[r#"{"sseSpecification": {"enabled": false}}"#, r#"{"sseSpecification": {"enabled": true}}"#],
    &["{}", r#"{"tableClass": "STANDARD_INFREQUENT_ACCESS"}"#],
    &[
        "{}",
        r#"{"timeToLive": {"enabled": true, "attributeName": "ends"}}"#,
        r#"{"timeToLive": {"enabled": true, "attributeName": "goes"}}"#,
    ],
    &[
        r#"{"continuousBackups": {"pointInTimeRecoveryEnabled": false}}"#,
        r#"{"continuousBackups": {"pointInTimeRecoveryEnabled": true, "recoveryPeriodInDays": 7}}"#,
    ],
    &[r#"{"deletionProtectionEnabled": false}"#, r#"{"deletionProtectionEnabled": true}"#],
    &[
        "{}",
        r#"{"contributorInsights": "ENABLE", "contributorInsightsMode": "ACCESSED_AND_THROTTLED_KEYS"}"#,
        r#"{"contributorInsights": "ENABLE", "contributorInsightsMode": "THROTTLED_KEYS"}"#,
    ],
    &[
        "{}",
        r#"{"kinesisStreamingDestinations": [{"streamARN": "arn:aws:kinesis:eu-west-1:111122223333:stream/a"}]}"#,
        r#"{"kinesisStreamingDestinations": [{
            "streamARN": "arn:aws:kinesis:eu-west-1:111122223333:stream/b",
            "approximateCreationDateTimePrecision": "MICROSECOND"
        }]}"#,
    ],
    &[
        r#"{"tableReplicas": []}"#,
        r#"{"tableReplicas": [{"regionName": "eu-central-1", "onDemandThroughputOverride": {"maxReadRequestUnits": -1}}]}"#,
        r#"{"tableReplicas": [{"regionName": "eu-central-1", "onDemandThroughputOverride": {"maxReadRequestUnits": 30}}]}"#,
        r#"{"tableReplicas": [
            {"regionName": "us-west-2", "tableClassOverride": "STANDARD_INFREQUENT_ACCESS"},
            {"regionName": "eu-central-1", "onDemandThroughputOverride": {"maxReadRequestUnits": -1}}
        ]}"#,
    ],
];

/// Where the indexes are among the settings.
const INDEXES: usize = 1;

/// One option of each setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice(pub(crate) Vec<usize>);

impl Choice {
    /// All options of two settings, the others being what a new table has.
    pub(crate) fn of(first: usize, second: usize) -> Vec<Self> {
        let options = |a| (0..DIMENSIONS[second].len()).map(move |b| (a, b));
        let pairs = (0..DIMENSIONS[first].len()).flat_map(options);
        let choice = |(a, b)| {
            let mut choice = vec![0; DIMENSIONS.len()];
            (choice[first], choice[second]) = (a, b);
            Self(choice)
        };
        pairs.map(choice).collect()
    }

    pub(crate) fn random(random: &mut fastrand::Rng) -> Self {
        Self(DIMENSIONS.iter().map(|options| random.usize(..options.len())).collect())
    }

    /// The spec that declares them all.
    pub(crate) fn spec(&self, name: &str) -> Value {
        let indexes = DIMENSIONS[INDEXES][self.0[INDEXES]];
        let mut spec = base(name, indexes);
        for (setting, option) in self.0.iter().enumerate().filter(|(setting, _)| *setting != INDEXES) {
            let fields: Map<String, Value> = serde_json::from_str(DIMENSIONS[setting][*option]).unwrap();
            spec.as_object_mut().unwrap().extend(fields);
        }
        if !indexes.is_empty() {
            let units = spec.get("provisionedThroughput").cloned();
            spec["globalSecondaryIndexes"] = indexes.chars().map(|name| index(name, units.as_ref())).collect();
        }
        replicable(&mut spec);
        spec
    }

    /// The spec that declares none.
    pub(crate) fn bare(&self, name: &str) -> Value {
        base(name, DIMENSIONS[INDEXES][self.0[INDEXES]])
    }
}

/// AWS refuses replicas where capacity is set aside and nothing scales it, and without a stream of both images.
fn replicable(spec: &mut Value) {
    if spec["provisionedThroughput"].is_object() {
        spec["tableReplicas"] = json!([]);
    }
    if spec["tableReplicas"] != json!([]) {
        spec["streamSpecification"] = json!({"streamEnabled": true, "streamViewType": "NEW_AND_OLD_IMAGES"});
    }
}

fn base(name: &str, indexes: &str) -> Value {
    let keys = std::iter::once("id".to_owned()).chain(indexes.chars().map(|index| format!("key-{index}")));
    let definitions: Vec<_> = keys.map(|key| json!({"attributeName": key, "attributeType": "S"})).collect();
    json!({
        "tableName": name,
        "attributeDefinitions": definitions,
        "keySchema": [{"attributeName": "id", "keyType": "HASH"}],
    })
}

/// Capacity that an index does not name is nobody's, so that it would be another in a new table.
fn index(name: char, units: Option<&Value>) -> Value {
    let mut index = json!({
        "indexName": format!("index-{name}"),
        "keySchema": [{"attributeName": format!("key-{name}"), "keyType": "HASH"}],
        "projection": {"projectionType": "INCLUDE", "nonKeyAttributes": ["x", "y"]},
    });
    if let Some(units) = units {
        index["provisionedThroughput"] = units.clone();
    }
    index
}

/// A table with one index, both of which are paid for by capacity.
pub(crate) fn indexed(units: Value) -> Value {
    let mut spec = base("orders", "a");
    spec["billingMode"] = json!("PROVISIONED");
    spec["globalSecondaryIndexes"] = json!([index('a', Some(&units))]);
    spec["provisionedThroughput"] = units;
    spec
}
