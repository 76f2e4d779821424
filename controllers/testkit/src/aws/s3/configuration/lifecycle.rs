//! What becomes of objects as they grow old.

use std::collections::BTreeSet;

use super::{
    super::{
        super::{
            answer::{Outcome, S3Error},
            xml::Element,
        },
        shape::{Field, Shape, many, may, must, read, some},
        subresource::Put,
    },
    filter, name_all,
};

const DAYS: Shape = Shape::Number(1);
const CLASS: Shape =
    Shape::OneOf(&["GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR"]);
const EXPIRATION: &[Field] =
    &[may("Date", Shape::Midnight), may("Days", DAYS), may("ExpiredObjectDeleteMarker", Shape::Flag)];
const TRANSITION: &[Field] =
    &[may("Date", Shape::Midnight), may("Days", Shape::Number(0)), must("StorageClass", CLASS)];
const LATER: &[Field] = &[must("NoncurrentDays", DAYS), may("NewerNoncurrentVersions", DAYS)];
const LATER_TRANSITION: &[Field] =
    &[must("NoncurrentDays", Shape::Number(0)), may("NewerNoncurrentVersions", DAYS), must("StorageClass", CLASS)];
const RULE: &[Field] = &[
    may("ID", Shape::Text),
    must("Status", Shape::OneOf(&["Enabled", "Disabled"])),
    may("Prefix", Shape::Text),
    may("Filter", filter::FILTER),
    may("Expiration", Shape::Node(EXPIRATION)),
    many("Transition", Shape::Node(TRANSITION), 10),
    may("NoncurrentVersionExpiration", Shape::Node(LATER)),
    many("NoncurrentVersionTransition", Shape::Node(LATER_TRANSITION), 10),
    may("AbortIncompleteMultipartUpload", Shape::Node(&[must("DaysAfterInitiation", DAYS)])),
];
/// What S3 takes and tells in a header, kept in the document.
const SIZE: &str = "TransitionDefaultMinimumObjectSize";
const HEADER: &str = "x-amz-transition-default-minimum-object-size";

pub(in super::super) fn accept(put: &Put<'_>) -> Outcome<String> {
    let root = read(put.body, "LifecycleConfiguration", &[some("Rule", Shape::Node(RULE), 1000)])?;
    root.all("Rule").try_for_each(check)?;
    let ids: Vec<_> = root.all("Rule").filter_map(|rule| rule.text_of("ID")).collect();
    if ids.iter().collect::<BTreeSet<_>>().len() < ids.len() {
        let message = "Rule ID must be unique. Found same ID for more than one rule";
        return Err(S3Error::new(400, "InvalidArgument", message));
    }
    let size = put.request.raw.header(HEADER).unwrap_or("all_storage_classes_128K");
    if !["all_storage_classes_128K", "varies_by_storage_class"].contains(&size) {
        return Err(S3Error::new(400, "InvalidArgument", "").field("ArgumentName", HEADER));
    }
    let children =
        root.children.iter().map(|rule| Element { children: rule.children.iter().map(told).collect(), ..rule.clone() });
    let root = Element { children: children.collect(), ..root.clone() };
    Ok(name_all(put, root, "Rule", "ID").with(SIZE, size).document())
}

/// A filter with no condition is told as one with an empty prefix.
fn told(child: &Element) -> Element {
    let all = child.name == "Filter" && child.children.is_empty();
    if all { child.clone().with("Prefix", "") } else { child.clone() }
}

pub(in super::super) fn headers(document: &str) -> Vec<(&'static str, String)> {
    let root = Element::parse(document.as_bytes());
    let size = root.as_ref().and_then(|root| root.text_of(SIZE));
    size.map(|size| (HEADER, size.to_owned())).into_iter().collect()
}

fn check(rule: &Element) -> Outcome<()> {
    if rule.get("Filter").is_some() == rule.get("Prefix").is_some() {
        return Err(S3Error::malformed());
    }
    filter::check(rule.get("Filter"))?;
    let actions = ["Expiration", "Transition", "NoncurrentVersionExpiration", "NoncurrentVersionTransition"];
    let has = |action: &str| rule.get(action).is_some();
    if !actions.into_iter().any(has) && !has("AbortIncompleteMultipartUpload") {
        return Err(S3Error::new(400, "InvalidRequest", "At least one action needs to be specified in a rule"));
    }
    if rule.get("Expiration").is_some_and(|expiration| expiration.children.len() != 1) {
        return Err(S3Error::malformed());
    }
    rule.all("Transition").try_for_each(check_transition)
}

fn check_transition(transition: &Element) -> Outcome<()> {
    if transition.get("Days").is_some() == transition.get("Date").is_some() {
        return Err(S3Error::malformed());
    }
    let class = transition.text_of("StorageClass").unwrap_or_default();
    let days: i64 = transition.text_of("Days").and_then(|days| days.parse().ok()).unwrap_or(i64::MAX);
    if ["STANDARD_IA", "ONEZONE_IA"].contains(&class) && days < 30 {
        let message =
            format!("'Days' in Transition action must be greater than or equal to 30 for storageClass '{class}'");
        return Err(S3Error::new(400, "InvalidArgument", &message));
    }
    Ok(())
}
