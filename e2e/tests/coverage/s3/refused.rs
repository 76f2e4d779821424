//! What the rules of the schema refuse, and with which words.

use serde_json::{Value, json};

/// Specs that break one rule each, and what they are told.
pub(super) fn bad_specs() -> Vec<(Value, &'static str)> {
    [names_and_lists(), directory(), storage(), access(), destinations(), metadata(), replication(), website()].concat()
}

fn names_and_lists() -> Vec<(Value, &'static str)> {
    let reserved = |name: &str| json!({"name": name});
    let grantee =
        |grantee: Value| json!({"accessControlPolicy": {"grants": [{"grantee": grantee, "permission": "READ"}]}});
    vec![
        (reserved("192.168.5.4"), "name must not look like an IP address"),
        (reserved("xn--bucket"), "name starts with a prefix that AWS reserves"),
        (reserved("bucket--ol-s3"), "name ends with a suffix that AWS reserves"),
        (json!({"namespace": "global"}), "namespace global needs a name"),
        (
            json!({"namespace": "account-regional", "name": "mine"}),
            "a name in the namespace account-regional ends with -<account>-<region>-an; or leave name out",
        ),
        (
            json!({"acl": "private", "grantRead": "id=a"}),
            "an access control list is said in one way: acl, accessControlPolicy or the fields grant…",
        ),
        (
            json!({"tagging": {"tagSet": [{"key": "aws:x", "value": ""}]}}),
            "tag keys that start with aws: belong to AWS",
        ),
        (
            json!({"tagging": {"tagSet": [{"key": "cairn.run/x", "value": ""}]}}),
            "tag keys that start with cairn.run/ belong to Cairn",
        ),
        (grantee(json!({"type_": "CanonicalUser"})), "a grantee of type_ CanonicalUser needs id, and no other has one"),
        (grantee(json!({"type_": "Group"})), "a grantee of type_ Group needs uRI, and no other has one"),
    ]
}

fn directory() -> Vec<(Value, &'static str)> {
    let bucket = |field: &str, value: Value| json!({"name": "photos--use1-az4--x-s3", field: value});
    let created = |configuration: Value| bucket("createBucketConfiguration", configuration);
    let zone = |name: &str, kind: &str| json!({"name": name, "type": kind});
    vec![
        (
            json!({"name": "bucket--x-s3"}),
            "the name of a directory bucket ends with --<zone>--x-s3, for example --use1-az4--x-s3",
        ),
        (
            bucket("versioning", json!({"status": "Enabled"})),
            "a directory bucket has createBucketConfiguration, deletion, encryption, inventory, lifecycle, metrics, \
             policy and tagging, and nothing else",
        ),
        (
            json!({"createBucketConfiguration": {"location": zone("use1-az4", "AvailabilityZone")}}),
            "location and bucket in createBucketConfiguration are for directory buckets, whose names end with \
             --<zone>--x-s3",
        ),
        (
            created(json!({"location": zone("use1-az5", "AvailabilityZone")})),
            "a directory bucket is in the zone that its name names, and location.name says the same",
        ),
        (
            created(json!({"locationConstraint": "eu-west-1"})),
            "a directory bucket has no locationConstraint; its region is that of the object",
        ),
        (
            created(json!({"location": zone("use1-az4", "LocalZone")})),
            "the id of a Local Zone has three parts, for example usw2-lax1-az1, and that of an Availability Zone two",
        ),
        (created(json!({"bucket": {"type": "Directory"}})), "bucket needs location"),
        (
            created(json!({
                "location": zone("use1-az4", "AvailabilityZone"), "bucket": {"dataRedundancy": "SingleLocalZone"},
            })),
            "dataRedundancy is SingleAvailabilityZone in an Availability Zone and SingleLocalZone in a Local Zone",
        ),
        (
            bucket("encryption", json!({"rules": [{"bucketKeyEnabled": false}]})),
            "bucket keys of a directory bucket are always on",
        ),
    ]
}

fn storage() -> Vec<(Value, &'static str)> {
    let lifecycle = |rule: Value| {
        let mut whole = json!({"status": "Enabled"});
        whole.as_object_mut().unwrap().extend(rule.as_object().unwrap().clone());
        json!({"lifecycle": {"rules": [whole]}})
    };
    let filtered = |filter: Value| lifecycle(json!({"expiration": {"days": 1}, "filter": filter}));
    let moved = |to: Value| lifecycle(json!({"transitions": [to]}));
    let tiers = |tiers: Value| json!({"intelligentTiering": [{"id": "a", "status": "Enabled", "tierings": tiers}]});
    let tag = json!({"key": "a", "value": "b"});
    vec![
        (
            lifecycle(json!({"prefix": "", "filter": {}, "expiration": {"days": 1}})),
            "a rule has either filter or prefix, which is the old form of it",
        ),
        (
            lifecycle(json!({})),
            "a rule needs an action: expiration, transitions, noncurrentVersionExpiration, \
             noncurrentVersionTransitions or abortIncompleteMultipartUpload",
        ),
        (lifecycle(json!({"expiration": {}})), "expiration needs date, days or expiredObjectDeleteMarker"),
        (
            lifecycle(json!({"expiration": {"days": 1, "expiredObjectDeleteMarker": true}})),
            "expiration is only one of date, days and expiredObjectDeleteMarker",
        ),
        (
            filtered(json!({"prefix": "", "tag": tag})),
            "a filter is prefix, tag, objectSizeGreaterThan, objectSizeLessThan or and; several conditions go into and",
        ),
        (
            filtered(json!({"and": {"prefix": "", "tags": []}})),
            "and needs two conditions; a single one stands in the filter itself",
        ),
        (moved(json!({"storageClass": "GLACIER"})), "a transition has either date or days"),
        (
            moved(json!({"storageClass": "ONEZONE_IA", "days": 29})),
            "objects move to STANDARD_IA and ONEZONE_IA after 30 days at the earliest",
        ),
        (
            tiers(json!([{"accessTier": "DEEP_ARCHIVE_ACCESS", "days": 179}])),
            "objects go to DEEP_ARCHIVE_ACCESS after 180 days or more",
        ),
        (
            tiers(json!([{"accessTier": "ARCHIVE_ACCESS", "days": 90}, {"accessTier": "ARCHIVE_ACCESS", "days": 91}])),
            "each access tier stands in tierings once",
        ),
        (
            json!({"metrics": [{"id": "a", "filter": {"prefix": "", "tag": tag}}]}),
            "a filter is prefix, tag, accessPointARN, accessPointRef or and; several conditions go into and",
        ),
        (
            json!({"metrics": [{"id": "a", "filter": {
                "and": {"prefix": "", "accessPointARN": "arn:aws:s3", "accessPointRef": {"from": {"name": "a"}}},
            }}]}),
            "and takes either accessPointARN or accessPointRef",
        ),
        (
            json!({"analytics": [{"id": "a", "filter": {"prefix": "", "tag": tag}, "storageClassAnalysis": {}}]}),
            "a filter is prefix, tag or and; several conditions go into and",
        ),
    ]
}

fn access() -> Vec<(Value, &'static str)> {
    let encrypted =
        |by_default: Value| json!({"encryption": {"rules": [{"applyServerSideEncryptionByDefault": by_default}]}});
    let key = json!({"from": {"name": "key"}});
    let kept = |retention: Value| json!({"objectLockConfiguration": {"rule": {"defaultRetention": retention}}});
    vec![
        (
            encrypted(json!({"sseAlgorithm": "AES256", "kmsMasterKeyID": "k"})),
            "kmsMasterKeyID needs sseAlgorithm aws:kms or aws:kms:dsse",
        ),
        (
            encrypted(json!({"sseAlgorithm": "AES256", "kmsMasterKeyRef": key})),
            "kmsMasterKeyRef needs sseAlgorithm aws:kms or aws:kms:dsse",
        ),
        (
            encrypted(json!({"sseAlgorithm": "aws:kms", "kmsMasterKeyID": "k", "kmsMasterKeyRef": key})),
            "kmsMasterKeyRef fills kmsMasterKeyID: leave one of them out",
        ),
        (kept(json!({"mode": "GOVERNANCE"})), "defaultRetention has either days or years"),
        (
            kept(json!({"mode": "GOVERNANCE", "days": 1, "defaultEventHold": {}})),
            "defaultEventHold has either days or years",
        ),
        (
            json!({"objectLockEnabledForBucket": true, "versioning": {"status": "Suspended"}}),
            "object lock needs versioning",
        ),
    ]
}

fn destinations() -> Vec<(Value, &'static str)> {
    let inventory = |destination: Value| {
        json!({"inventory": [{
            "id": "a", "isEnabled": true, "includedObjectVersions": "All", "schedule": {"frequency": "Daily"},
            "destination": {"s3BucketDestination": destination},
        }]})
    };
    let encrypted = |encryption: Value| inventory(json!({"bucket": "b", "format": "CSV", "encryption": encryption}));
    let told = |list: &str, entry: Value| json!({"notification": {list: [entry]}});
    let end = json!({"name": "prefix", "value": ""});
    vec![
        (inventory(json!({"format": "CSV"})), "s3BucketDestination needs either bucket or bucketRef"),
        (encrypted(json!({})), "encryption is either sseKMS or sseS3"),
        (encrypted(json!({"sseKMS": {}})), "sseKMS needs either keyID or keyRef"),
        (json!({"logging": {"loggingEnabled": {}}}), "logging needs either targetBucket or targetBucketRef"),
        (
            json!({"logging": {"loggingEnabled": {"targetBucket": "b", "targetObjectKeyFormat": {}}}}),
            "targetObjectKeyFormat is either simplePrefix or partitionedPrefix",
        ),
        (
            told("lambdaFunctionConfigurations", json!({"events": []})),
            "an entry of a function needs either lambdaFunctionARN or lambdaFunctionRef",
        ),
        (told("queueConfigurations", json!({})), "an entry of a queue needs either queueARN or queueRef"),
        (told("topicConfigurations", json!({})), "an entry of a topic needs either topicARN or topicRef"),
        (
            told("topicConfigurations", json!({"topicARN": "t", "filter": {"key": {"filterRules": [end, end]}}})),
            "filterRules has at most one prefix and one suffix",
        ),
    ]
}

fn metadata() -> Vec<(Value, &'static str)> {
    let table = |expiration: Value, encryption: Value| {
        let journal = json!({"recordExpiration": expiration, "encryptionConfiguration": encryption});
        json!({"metadataConfiguration": {"journalTableConfiguration": journal}})
    };
    let (never, plain) = (json!({"expiration": "DISABLED"}), json!({"sseAlgorithm": "AES256"}));
    let reference = json!({"from": {"name": "a"}});
    let mut annotated = table(never.clone(), plain.clone());
    annotated["metadataConfiguration"]["annotationTableConfiguration"] = json!({"role": "r", "roleRef": reference});
    vec![
        (
            table(json!({"expiration": "ENABLED"}), plain),
            "recordExpiration has days where expiration is ENABLED, and not otherwise",
        ),
        (
            table(never.clone(), json!({"sseAlgorithm": "aws:kms"})),
            "kmsKeyARN goes with sseAlgorithm aws:kms, and not otherwise",
        ),
        (
            table(never, json!({"sseAlgorithm": "aws:kms", "kmsKeyARN": "k", "kmsKeyRef": reference})),
            "kmsKeyRef fills kmsKeyARN: leave one of them out",
        ),
        (annotated, "roleRef fills role: leave one of them out"),
    ]
}

fn replication() -> Vec<(Value, &'static str)> {
    let to = |destination: Value| json!({"replication": {"role": "r", "rules": [{"destination": destination}]}});
    let keys = json!({"replicaKMSKeyID": "k", "replicaKMSKeyRef": {"from": {"name": "a"}}});
    let mut suspended = to(json!({"bucket": "b"}));
    suspended["versioning"] = json!({"status": "Suspended"});
    vec![
        (json!({"replication": {"rules": []}}), "replication needs either role or roleRef"),
        (suspended, "replication needs versioning"),
        (to(json!({})), "destination needs either bucket or bucketRef"),
        (
            to(json!({"bucket": "b", "accessControlTranslation": {"owner": "Destination"}})),
            "accessControlTranslation needs account",
        ),
        (to(json!({"bucket": "b", "replicationTime": {"status": "Enabled"}})), "replicationTime needs metrics"),
        (
            to(json!({"bucket": "b", "encryptionConfiguration": keys})),
            "replicaKMSKeyRef fills replicaKMSKeyID: leave one of them out",
        ),
    ]
}

fn website() -> Vec<(Value, &'static str)> {
    let page = json!({"suffix": "index.html"});
    let routed = |rule: Value| json!({"website": {"indexDocument": page, "routingRules": [rule]}});
    vec![
        (
            json!({"website": {"indexDocument": page, "redirectAllRequestsTo": {"hostName": "a"}}}),
            "a web site with redirectAllRequestsTo has nothing else",
        ),
        (
            json!({"website": {"errorDocument": {"key": "a"}}}),
            "a web site with errorDocument or routingRules needs indexDocument",
        ),
        (json!({"website": {"indexDocument": {"suffix": "a/b"}}}), "suffix must not contain a slash"),
        (routed(json!({"condition": {}})), "condition needs httpErrorCodeReturnedEquals or keyPrefixEquals"),
        (
            routed(json!({"redirect": {"replaceKeyPrefixWith": "a", "replaceKeyWith": "b"}})),
            "redirect is either replaceKeyPrefixWith or replaceKeyWith",
        ),
    ]
}
