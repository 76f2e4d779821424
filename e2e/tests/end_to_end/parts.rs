//! The parts of a bucket that moto knows, all at once: set, changed, removed and set again.

use cairn_e2e::{Result, error::ensure, http};
use serde_json::{Value, json};

use crate::fixture::{Room, bucket_name, with_operator};

/// A part on its way.
struct Part {
    field: &'static str,
    /// Its name in a query.
    query: &'static str,
    first: Value,
    second: Value,
    /// Words that AWS's answer has with the first and with the second value.
    words: [&'static str; 2],
    /// Whether it goes when the spec says nothing of it any more; otherwise AWS keeps what it has.
    goes: bool,
}

fn part(field: &'static str, query: &'static str, values: [Value; 2], words: [&'static str; 2], goes: bool) -> Part {
    let [first, second] = values;
    Part { field, query, first, second, words, goes }
}

fn parts(bucket: &str) -> Vec<Part> {
    let cors = |method: &str| json!({"corsRules": [{"allowedMethods": [method], "allowedOrigins": ["https://a"]}]});
    let rule =
        |days: u32| json!({"id": "old", "status": "Enabled", "filter": {"prefix": "a/"}, "expiration": {"days": days}});
    let page = |page: &str| json!({"indexDocument": {"suffix": page}});
    let policy = |sid: &str| {
        let resource = format!("arn:aws:s3:::{bucket}/*");
        let statement =
            json!({"Sid": sid, "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": resource});
        json!(json!({"Version": "2012-10-17", "Statement": [statement]}).to_string())
    };
    let encryption = |key: &str| {
        let by_default = json!({"sseAlgorithm": "aws:kms", "kmsMasterKeyID": key});
        json!({"rules": [{"applyServerSideEncryptionByDefault": by_default}]})
    };
    let grants = |permission: &str| {
        let logs = json!({"type_": "Group", "uRI": "http://acs.amazonaws.com/groups/s3/LogDelivery"});
        json!({"grants": [{"grantee": logs, "permission": permission}]})
    };
    let owner = |owner: &str| json!({"rules": [{"objectOwnership": owner}]});
    let tags = |value: &str| json!({"tagSet": [{"key": "team", "value": value}]});
    vec![
        part(
            "accelerate",
            "accelerate",
            [json!({"status": "Enabled"}), json!({"status": "Suspended"})],
            ["Enabled", "Suspended"],
            false,
        ),
        part("accessControlPolicy", "acl", [grants("READ"), grants("READ_ACP")], [">READ<", ">READ_ACP<"], true),
        part("cors", "cors", [cors("GET"), cors("PUT")], [">GET<", ">PUT<"], true),
        part("encryption", "encryption", [encryption("key-1"), encryption("key-2")], ["key-1", "key-2"], false),
        part(
            "lifecycle",
            "lifecycle",
            [json!({"rules": [rule(365)]}), json!({"rules": [rule(366)]})],
            [">365<", ">366<"],
            true,
        ),
        part(
            "ownershipControls",
            "ownershipControls",
            [owner("ObjectWriter"), owner("BucketOwnerPreferred")],
            ["ObjectWriter", "BucketOwnerPreferred"],
            false,
        ),
        part("policy", "policy", [policy("One"), policy("Two")], ["One", "Two"], true),
        part(
            "publicAccessBlock",
            "publicAccessBlock",
            [json!({"blockPublicACLs": true}), json!({"blockPublicACLs": false})],
            ["<BlockPublicAcls>true", "<BlockPublicAcls>false"],
            false,
        ),
        part("tagging", "tagging", [tags("first"), tags("second")], [">first<", ">second<"], true),
        part(
            "versioning",
            "versioning",
            [json!({"status": "Enabled"}), json!({"status": "Suspended"})],
            ["Enabled", "Suspended"],
            false,
        ),
        part("website", "website", [page("a.html"), page("b.html")], ["a.html", "b.html"], true),
    ]
}

#[test]
fn every_part_that_moto_knows_is_set_changed_removed_and_set_again() -> Result<()> {
    with_operator("parts", |room| {
        let name = bucket_name();
        let parts = parts(&name);
        let apply = |value: &dyn Fn(&Part) -> Option<Value>| {
            let mut spec = json!({"name": name});
            for part in &parts {
                if let Some(value) = value(part) {
                    spec[part.field] = value;
                }
            }
            let object = json!({
                "apiVersion": "s3.aws.cairn.run/v1alpha1", "kind": "Bucket", "metadata": {"name": "parts"}, "spec": spec,
            });
            room.kubectl.apply(&object.to_string())?;
            room.ready("parts")
        };
        for (round, of) in [("set", 0), ("changed", 1)] {
            apply(&|part| Some(if of == 0 { part.first.clone() } else { part.second.clone() }))?;
            for part in &parts {
                let says = [0, 1].map(|word| says(room, &name, part, word));
                ensure(says[of] && !says[1 - of], || format!("{} is not {round}: {says:?}", part.field))?;
            }
        }
        apply(&|_| None)?;
        for part in &parts {
            ensure(says(room, &name, part, 1) != part.goes, || {
                format!("{} is not removed as it should be", part.field)
            })?;
        }
        apply(&|part| Some(part.first.clone()))?;
        for part in &parts {
            ensure(says(room, &name, part, 0), || format!("{} is not set again", part.field))?;
        }
        room.delete("parts")
    })
}

/// Whether AWS's answer about a part has the word of a value.
fn says(room: &Room, bucket: &str, part: &Part, word: usize) -> bool {
    let answer = http::get(room.stage.moto.port(), &format!("/{bucket}?{}", part.query));
    answer.is_some_and(|answer| answer.status == 200 && answer.body.contains(part.words[word]))
}
