//! Copies in other buckets.

use super::{
    super::{
        super::{
            answer::{Outcome, S3Error},
            xml::Element,
        },
        settings,
        shape::{Field, Shape, may, must, read, some},
        subresource::Put,
    },
    filter, name_all,
};

const STATUS: Shape = Shape::OneOf(&["Enabled", "Disabled"]);
const ONLY_STATUS: Shape = Shape::Node(&[must("Status", STATUS)]);
const MINUTES: Shape = Shape::Node(&[must("Minutes", Shape::OneOf(&["15"]))]);
const DESTINATION: &[Field] = &[
    must("Bucket", Shape::Text),
    may("Account", Shape::Text),
    may(
        "StorageClass",
        Shape::OneOf(&[
            "STANDARD",
            "REDUCED_REDUNDANCY",
            "STANDARD_IA",
            "ONEZONE_IA",
            "INTELLIGENT_TIERING",
            "GLACIER",
            "DEEP_ARCHIVE",
            "OUTPOSTS",
            "GLACIER_IR",
            "EXPRESS_ONEZONE",
        ]),
    ),
    may("AccessControlTranslation", Shape::Node(&[must("Owner", Shape::OneOf(&["Destination"]))])),
    may("EncryptionConfiguration", Shape::Node(&[may("ReplicaKmsKeyID", Shape::Text)])),
    may("Metrics", Shape::Node(&[must("Status", STATUS), may("EventThreshold", MINUTES)])),
    may("ReplicationTime", Shape::Node(&[must("Status", STATUS), must("Time", MINUTES)])),
];
const CRITERIA: &[Field] = &[may("ReplicaModifications", ONLY_STATUS), may("SseKmsEncryptedObjects", ONLY_STATUS)];
const RULE: &[Field] = &[
    may("ID", Shape::Text),
    must("Status", STATUS),
    may("Priority", Shape::Number(0)),
    may("Prefix", Shape::Text),
    may("Filter", filter::FILTER),
    must("Destination", Shape::Node(DESTINATION)),
    may("DeleteMarkerReplication", Shape::Node(&[may("Status", STATUS)])),
    may("ExistingObjectReplication", ONLY_STATUS),
    may("SourceSelectionCriteria", Shape::Node(CRITERIA)),
];

pub(in super::super) fn accept(put: &Put<'_>) -> Outcome<String> {
    let fields = [must("Role", Shape::Text), some("Rule", Shape::Node(RULE), 1000)];
    let root = read(put.body, "ReplicationConfiguration", &fields)?;
    if !settings::is_versioned(put.bucket) {
        return Err(invalid("Versioning must be 'Enabled' on the bucket to apply a replication configuration"));
    }
    root.all("Rule").try_for_each(|rule| check(put, rule))?;
    Ok(name_all(put, root, "Rule", "ID").document())
}

fn check(put: &Put<'_>, rule: &Element) -> Outcome<()> {
    let (filtered, prefixed) = (rule.get("Filter").is_some(), rule.get("Prefix").is_some());
    if filtered == prefixed {
        return Err(S3Error::malformed());
    }
    filter::check(rule.get("Filter"))?;
    if filtered && rule.get("DeleteMarkerReplication").is_none() {
        return Err(invalid(
            "DeleteMarkerReplication must be specified for this version of Cross Region Replication configuration schema. \
             Please refer to S3 Developer Guide for more information.",
        ));
    }
    let arn = rule.get("Destination").and_then(|destination| destination.text_of("Bucket")).unwrap_or_default();
    // A bucket that this world does not have may be in another.
    match arn.rsplit(':').next().and_then(|name| put.world.bucket(name)) {
        Some(found) if !settings::is_versioned(found) => {
            Err(invalid("Destination bucket must have versioning enabled."))
        }
        _ => Ok(()),
    }
}

fn invalid(message: &str) -> S3Error {
    S3Error::new(400, "InvalidRequest", message)
}
