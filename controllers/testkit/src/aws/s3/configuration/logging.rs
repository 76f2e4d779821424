//! Logs of requests.

use super::super::{
    super::{
        answer::{Outcome, S3Error},
        xml::Element,
    },
    shape::{Field, Shape, many, may, must, read},
    subresource::Put,
};

const GRANTEE: &[Field] = &[may("ID", Shape::Text), may("URI", Shape::Text), may("DisplayName", Shape::Text)];
const GRANT: &[Field] =
    &[must("Grantee", Shape::Node(GRANTEE)), must("Permission", Shape::OneOf(&["FULL_CONTROL", "READ", "WRITE"]))];
const FORMAT: &[Field] = &[
    may("SimplePrefix", Shape::Node(&[])),
    may("PartitionedPrefix", Shape::Node(&[may("PartitionDateSource", Shape::OneOf(&["EventTime", "DeliveryTime"]))])),
];
const ENABLED: &[Field] = &[
    must("TargetBucket", Shape::Text),
    must("TargetPrefix", Shape::Text),
    may("TargetGrants", Shape::Node(&[many("Grant", Shape::Node(GRANT), 100)])),
    may("TargetObjectKeyFormat", Shape::Node(FORMAT)),
];

pub(in super::super) fn none() -> String {
    Element::s3("BucketLoggingStatus").document()
}

pub(in super::super) fn accept(put: &Put<'_>) -> Outcome<String> {
    let root = read(put.body, "BucketLoggingStatus", &[may("LoggingEnabled", Shape::Node(ENABLED))])?;
    if let Some(enabled) = root.get("LoggingEnabled") {
        check_target(put, enabled.text_of("TargetBucket").unwrap_or_default())?;
        if enabled.get("TargetObjectKeyFormat").is_some_and(|format| format.children.len() != 1) {
            return Err(S3Error::malformed());
        }
    }
    Ok(root.document())
}

fn check_target(put: &Put<'_>, target: &str) -> Outcome<()> {
    let invalid = |message| S3Error::new(400, "InvalidTargetBucketForLogging", message).field("TargetBucket", target);
    let found = put.world.bucket(target).filter(|found| found.account == put.bucket.account);
    match found {
        None => Err(invalid("The target bucket for logging does not exist")),
        Some(found) if found.region != put.bucket.region => {
            Err(invalid("The target bucket for logging must be in the same region"))
        }
        Some(_) => Ok(()),
    }
}
