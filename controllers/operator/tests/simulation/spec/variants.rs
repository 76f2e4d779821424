//! Every part with two values for it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{analytics, encryption, grant, inventory, lifecycle_rule, parts, policy, queue, replication, tiering};

/// One part on its way.
pub(crate) struct Variant {
    pub(crate) field: &'static str,
    /// What has to be there before.
    pub(crate) needs: Vec<(&'static str, Value)>,
    pub(crate) first: Value,
    pub(crate) second: Value,
    /// What means the same as the second.
    pub(crate) alike: Value,
    /// The mutations that setting it takes.
    pub(crate) writes: Vec<&'static str>,
    /// The mutations that going from the first to the second takes.
    pub(crate) changes: Vec<&'static str>,
    /// The mutations that removing it takes.
    pub(crate) removal: Vec<&'static str>,
}

impl Variant {
    fn new(field: &'static str, put: &'static str, first: Value, second: Value) -> Self {
        let (alike, put) = (second.clone(), vec![put]);
        Self { field, needs: Vec::new(), first, second, alike, writes: put.clone(), changes: put.clone(), removal: put }
    }

    fn needs(self, field: &'static str, value: Value) -> Self {
        Self { needs: self.needs.into_iter().chain([(field, value)]).collect(), ..self }
    }

    fn alike(self, alike: Value) -> Self {
        Self { alike, ..self }
    }

    fn removed_by(self, removal: &'static str) -> Self {
        Self { removal: vec![removal], ..self }
    }

    /// Removing it leaves what is there, or what is there is what a new bucket has.
    fn kept(self) -> Self {
        Self { removal: Vec::new(), ..self }
    }
}

/// Every part with two values for it.
pub(crate) fn variants(bucket: &str) -> Vec<Variant> {
    let first: BTreeMap<_, _> = parts(bucket).into_iter().collect();
    let row = |field: &'static str, put, second| Variant::new(field, put, first[field].clone(), second);
    let mut all = vec![
        row("abac", "PutBucketAbac", json!({"status": "Disabled"})).kept(),
        row("accelerate", "PutBucketAccelerateConfiguration", json!({"status": "Suspended"})).kept(),
        row("cors", "PutBucketCors", json!({"corsRules": [cors(&["GET", "PUT"], &["a", "b"])]}))
            .alike(json!({"corsRules": [cors(&["PUT", "GET"], &["b", "a"])]}))
            .removed_by("DeleteBucketCors"),
        row("encryption", "PutBucketEncryption", encryption("key-2")).kept(),
        row("ownershipControls", "PutBucketOwnershipControls", json!({"rules": [{"objectOwnership": "ObjectWriter"}]}))
            .kept(),
        row("policy", "PutBucketPolicy", json!(policy(&format!("arn:aws:s3:::{bucket}"))))
            .removed_by("DeleteBucketPolicy"),
        row("requestPayment", "PutBucketRequestPayment", json!({"payer": "BucketOwner"})).kept(),
        row("versioning", "PutBucketVersioning", json!({"status": "Suspended"})).kept(),
        row("website", "PutBucketWebsite", json!({"redirectAllRequestsTo": {"hostName": "example.com"}}))
            .removed_by("DeleteBucketWebsite"),
        Variant::new(
            "publicAccessBlock",
            "PutPublicAccessBlock",
            json!({"blockPublicACLs": false}),
            json!({"blockPublicACLs": true}),
        )
        .alike(json!({"blockPublicACLs": true, "blockPublicPolicy": true}))
        .kept(),
        row("logging", "PutBucketLogging", json!({"loggingEnabled": logging(bucket)})).alike(logging_alike(bucket)),
        metadata(&first),
    ];
    all.extend(lists_of_grants(&first));
    all.extend(entries(&first, &format!("arn:aws:s3:::{bucket}")));
    all.extend(rules(&first));
    all
}

fn cors(methods: &[&str], origins: &[&str]) -> Value {
    json!({"allowedMethods": methods, "allowedOrigins": origins})
}

fn readers() -> [Value; 2] {
    [grant("http://acs.amazonaws.com/groups/s3/LogDelivery", "READ"), grant("http://a.example", "READ")]
}

fn logging(bucket: &str) -> Value {
    let [a, b] = readers();
    json!({"targetBucket": bucket, "targetObjectKeyFormat": {"partitionedPrefix": {}}, "targetGrants": [a, b]})
}

fn logging_alike(bucket: &str) -> Value {
    let [a, b] = readers();
    json!({"loggingEnabled": {
        "targetBucket": bucket,
        "targetPrefix": "",
        "targetObjectKeyFormat": {"partitionedPrefix": {"partitionDateSource": "DeliveryTime"}},
        "targetGrants": [b, a],
    }})
}

fn metadata(first: &BTreeMap<&str, Value>) -> Variant {
    let second = json!({
        "journalTableConfiguration": {"recordExpiration": {"expiration": "DISABLED"}},
        "inventoryTableConfiguration": {"configurationState": "DISABLED"},
    });
    let alike = json!({"journalTableConfiguration": {"recordExpiration": {"expiration": "DISABLED"}}});
    let row = Variant::new(
        "metadataConfiguration",
        "CreateBucketMetadataConfiguration",
        first["metadataConfiguration"].clone(),
        second,
    );
    let changes =
        vec!["UpdateBucketMetadataJournalTableConfiguration", "UpdateBucketMetadataInventoryTableConfiguration"];
    Variant { changes, ..row.alike(alike).removed_by("DeleteBucketMetadataConfiguration") }
}

fn lists_of_grants(first: &BTreeMap<&str, Value>) -> Vec<Variant> {
    const PUT: &str = "PutBucketAcl";
    let log = |permission| grant("http://acs.amazonaws.com/groups/s3/LogDelivery", permission);
    let id = "a".repeat(64);
    let account = json!({"grantee": {"type_": "CanonicalUser", "id": id}, "permission": "FULL_CONTROL"});
    let policy = json!({"grants": [account, log("READ_ACP"), log("WRITE")]});
    let alike = json!({"grants": [log("WRITE"), log("READ_ACP"), account]});
    let open = json!({"blockPublicACLs": false, "ignorePublicACLs": false});
    let lists = [
        Variant::new("accessControlPolicy", PUT, first["accessControlPolicy"].clone(), policy).alike(alike),
        Variant::new("acl", PUT, json!("log-delivery-write"), json!("authenticated-read"))
            .needs("publicAccessBlock", open),
        Variant::new("grantRead", PUT, json!(format!("id=\"{id}\"")), json!(r#"uri="http://a", uri="http://b""#))
            .alike(json!(r#"uri=http://b,uri="http://a""#)),
    ];
    lists.map(|row| row.needs("ownershipControls", first["ownershipControls"].clone())).into()
}

fn entries(first: &BTreeMap<&str, Value>, arn: &str) -> Vec<Variant> {
    let row = |field: &'static str, put, delete, second| {
        Variant::new(field, put, first[field].clone(), second).removed_by(delete)
    };
    let tags = |keys: [&str; 2]| keys.map(|key| json!({"key": key, "value": "x"}));
    let (mut usage, mut weekly, mut tiers) = (analytics("all", arn), inventory("weekly", arn), tiering("old", 100));
    usage["filter"] = json!({"and": {"prefix": "a", "tags": tags(["a", "b"])}});
    weekly["optionalFields"] = json!(["ETag", "StorageClass"]);
    let (mut usage_alike, mut weekly_alike, mut tiers_alike) = (usage.clone(), weekly.clone(), tiers.clone());
    usage_alike["filter"]["and"]["tags"] = tags(["b", "a"]).to_vec().into();
    weekly_alike["optionalFields"] = json!(["StorageClass", "ETag"]);
    tiers["filter"] = json!({});
    tiers_alike["tierings"].as_array_mut().unwrap().reverse();
    tiers_alike.as_object_mut().unwrap().remove("filter");
    vec![
        row("analytics", "PutBucketAnalyticsConfiguration", "DeleteBucketAnalyticsConfiguration", json!([usage]))
            .alike(json!([usage_alike])),
        row(
            "intelligentTiering",
            "PutBucketIntelligentTieringConfiguration",
            "DeleteBucketIntelligentTieringConfiguration",
            json!([tiers]),
        )
        .alike(json!([tiers_alike])),
        row("inventory", "PutBucketInventoryConfiguration", "DeleteBucketInventoryConfiguration", json!([weekly]))
            .alike(json!([weekly_alike])),
        row(
            "metrics",
            "PutBucketMetricsConfiguration",
            "DeleteBucketMetricsConfiguration",
            json!([{"id": "photos", "filter": {"tag": {"key": "a", "value": "b"}}}]),
        ),
    ]
}

fn rules(first: &BTreeMap<&str, Value>) -> Vec<Variant> {
    let row = |field: &'static str, put, second| Variant::new(field, put, first[field].clone(), second);
    let nameless = |days| {
        let rule = json!({"status": "Enabled", "expiration": {"days": days, "expiredObjectDeleteMarker": false}});
        json!([rule, lifecycle_rule("old", 366)])
    };
    let versioned = json!({"status": "Enabled"});
    let mut all_copies = replication(2);
    all_copies["rules"][0]
        .as_object_mut()
        .unwrap()
        .retain(|field, _| ["status", "destination"].contains(&field.as_str()));
    let mut all_copies_alike = all_copies.clone();
    all_copies_alike["rules"][0]["filter"] = json!({"prefix": ""});
    all_copies_alike["rules"][0]["priority"] = json!(0);
    let retention = |retention: Value| json!({"rule": {"defaultRetention": retention}});
    vec![
        row("lifecycle", "PutBucketLifecycleConfiguration", json!({"rules": nameless(5)}))
            .alike(json!({
                "rules": nameless(5).as_array().unwrap().iter().rev().collect::<Vec<_>>(),
                "transitionDefaultMinimumObjectSize": "all_storage_classes_128K",
            }))
            .removed_by("DeleteBucketLifecycle"),
        row(
            "notification",
            "PutBucketNotificationConfiguration",
            json!({"queueConfigurations": [queue("new", "s3:ObjectRemoved:*")], "eventBridgeConfiguration": {}}),
        ),
        row("replication", "PutBucketReplication", all_copies)
            .alike(all_copies_alike)
            .needs("versioning", versioned.clone())
            .kept(),
        row(
            "objectLockConfiguration",
            "PutObjectLockConfiguration",
            retention(json!({"mode": "GOVERNANCE", "years": 1})),
        )
        .needs("versioning", versioned)
        .kept(),
    ]
}
