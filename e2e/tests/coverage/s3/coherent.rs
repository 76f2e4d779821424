//! What AWS wants of the parts of a bucket together, and no schema says.

use serde_json::{Value, json};

use super::NAME;
use crate::trip::REGION;

/// The fields that say an access control list.
const LISTS: [&str; 7] =
    ["acl", "accessControlPolicy", "grantFullControl", "grantRead", "grantReadACP", "grantWrite", "grantWriteACP"];
/// The lists of a notification.
const TOLD: [&str; 3] = ["lambdaFunctionConfigurations", "queueConfigurations", "topicConfigurations"];

/// Two specs that one bucket can have one after the other.
pub(crate) fn pair((first, second): (Value, Value)) -> [Value; 2] {
    let mut specs = [first, second];
    let mut lasting = false;
    for spec in &mut specs {
        single(spec);
        let fields = ["replication", "objectLockConfiguration", "objectLockEnabledForBucket"];
        lasting |= fields.into_iter().any(|field| spec.get(field).is_some());
        if lasting {
            // What holds for versions needs them, and stays when it is no longer declared.
            spec["versioning"] = json!({"status": "Enabled"});
        }
    }
    specs
}

fn single(spec: &mut Value) {
    let fields = spec.as_object_mut().unwrap();
    // These say which bucket it is, and not how.
    for field in ["namespace", "deletion"] {
        fields.remove(field);
    }
    fields.insert("name".into(), NAME.into());
    if fields.contains_key("createBucketConfiguration") {
        fields.insert("createBucketConfiguration".into(), json!({"locationConstraint": REGION}));
    }
    if fields.get("objectLockEnabledForBucket") == Some(&json!(false)) {
        fields.remove("objectLockEnabledForBucket");
    }
    if let Some(list) = LISTS.into_iter().find(|list| fields.contains_key(*list)) {
        fields.retain(|field, _| field == list || !LISTS.contains(&field.as_str()));
        // Lists that the owner's right overrules, or that are public where that is blocked, are refused.
        fields.remove("objectOwnership");
        fields.insert("ownershipControls".into(), json!({"rules": [{"objectOwnership": "ObjectWriter"}]}));
        fields.insert("publicAccessBlock".into(), json!({"blockPublicACLs": false}));
    }
    if let Some(notification) = fields.get_mut("notification") {
        tell_apart(notification);
    }
}

/// No two entries may be told of the same.
fn tell_apart(notification: &mut Value) {
    let mut entries = 0;
    for list in TOLD {
        for entry in notification.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            entries += 1;
            entry["events"] = json!([format!("s3:Event{}", "x".repeat(entries))]);
        }
    }
}
