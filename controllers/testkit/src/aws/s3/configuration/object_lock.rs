//! How long objects cannot be deleted.

use jiff::{SignedDuration, Timestamp};

use super::super::{
    super::{
        answer::{Outcome, S3Error},
        world::Bucket,
        xml::Element,
    },
    settings,
    shape::{Field, Shape, may, must, read},
    subresource::Put,
    versions::Kept,
};

const DURATION: &[Field] = &[may("Days", Shape::Number(1)), may("Years", Shape::Number(1))];
const RETENTION: &[Field] = &[
    must("Mode", Shape::OneOf(&["GOVERNANCE", "COMPLIANCE"])),
    may("Days", Shape::Number(1)),
    may("Years", Shape::Number(1)),
    may("DefaultEventHold", Shape::Node(DURATION)),
];
const LOCK: &[Field] = &[
    may("ObjectLockEnabled", Shape::OneOf(&["Enabled"])),
    may("Rule", Shape::Node(&[must("DefaultRetention", Shape::Node(RETENTION))])),
];
const ROOT: &str = "ObjectLockConfiguration";

/// Whether objects of the bucket can be kept from being deleted.
pub(in super::super::super) fn is_on(bucket: &Bucket) -> bool {
    bucket.config.contains_key("object-lock")
}

/// How long a new object of the bucket is kept.
pub(in super::super) fn kept(bucket: &Bucket, now: Timestamp) -> Option<Kept> {
    let root = Element::parse(bucket.config.get("object-lock")?.as_bytes())?;
    let retention = root.get("Rule")?.get("DefaultRetention")?;
    let number = |name: &str| retention.text_of(name)?.parse::<i64>().ok();
    let days = number("Days").or_else(|| Some(number("Years")? * 365))?;
    let until = now.saturating_add(SignedDuration::from_hours(days * 24)).ok()?;
    Some(Kept { until, governed: retention.text_of("Mode") == Some("GOVERNANCE") })
}

/// What a bucket has that was created with object lock.
pub(in super::super) fn on() -> String {
    Element::s3(ROOT).with("ObjectLockEnabled", "Enabled").document()
}

pub(in super::super) fn accept(put: &Put<'_>) -> Outcome<String> {
    let root = read(put.body, ROOT, LOCK)?;
    if root.get("ObjectLockEnabled").is_none() {
        return Err(S3Error::malformed());
    }
    if !settings::is_versioned(put.bucket) {
        let message = "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration";
        return Err(S3Error::new(409, "InvalidBucketState", message));
    }
    let retention = root.get("Rule").and_then(|rule| rule.get("DefaultRetention"));
    if retention.is_some_and(|retention| retention.get("Days").is_some() == retention.get("Years").is_some()) {
        return Err(S3Error::malformed());
    }
    Ok(root.document())
}
