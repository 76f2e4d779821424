//! Tags of buckets.

use std::collections::BTreeSet;

use super::{
    super::{
        answer::{Outcome, S3Error},
        world::Bucket,
        xml::Element,
    },
    subresource::Put,
};

/// Key and value.
pub(in super::super) type Tag = (String, String);

pub(super) fn accept(put: &Put<'_>) -> Outcome<String> {
    let root = Element::parse(put.body).filter(|root| root.name == "Tagging").ok_or_else(S3Error::malformed)?;
    let set = root.get("TagSet").ok_or_else(S3Error::malformed)?;
    Ok(document(&read(set)?))
}

/// The tags in an element, checked.
pub(in super::super) fn read(set: &Element) -> Outcome<Vec<Tag>> {
    if set.children.iter().any(|child| child.name != "Tag") {
        return Err(S3Error::malformed());
    }
    let tags: Vec<Tag> = set.children.iter().map(tag).collect::<Outcome<_>>()?;
    check(&tags)?;
    Ok(tags)
}

fn tag(element: &Element) -> Outcome<Tag> {
    match (element.get("Key"), element.get("Value")) {
        (Some(key), Some(value)) => Ok((key.text.clone(), value.text.clone())),
        _ => Err(S3Error::malformed()),
    }
}

fn check(tags: &[Tag]) -> Outcome<()> {
    if tags.len() > 50 {
        return Err(S3Error::new(400, "BadRequest", "Bucket tag count cannot be greater than 50"));
    }
    let mut seen = BTreeSet::new();
    for (key, value) in tags {
        check_one(key, value)?;
        if !seen.insert(key) {
            return Err(invalid(key, "Cannot provide multiple Tags with the same key"));
        }
    }
    Ok(())
}

fn check_one(key: &str, value: &str) -> Outcome<()> {
    let good = |c: char| c.is_alphanumeric() || c.is_whitespace() || "_.:/=+-@".contains(c);
    if key.to_ascii_lowercase().starts_with("aws:") {
        return Err(invalid(key, "System tags cannot be added/updated by requester"));
    }
    if key.is_empty() || key.chars().count() > 128 || !key.chars().all(good) {
        return Err(invalid(key, "The TagKey you have provided is invalid"));
    }
    if value.chars().count() > 256 || !value.chars().all(good) {
        return Err(invalid(key, "The TagValue you have provided is invalid"));
    }
    Ok(())
}

fn invalid(key: &str, message: &str) -> S3Error {
    S3Error::new(400, "InvalidTag", message).field("TagKey", key)
}

/// The document that holds these tags.
pub(in super::super) fn document(tags: &[Tag]) -> String {
    let tag = |(key, value): &Tag| Element::new("Tag").with("Key", key).with("Value", value);
    let set = tags.iter().map(tag).fold(Element::new("TagSet"), Element::child);
    Element::s3("Tagging").child(set).document()
}

/// The tags of a bucket.
pub(in super::super) fn of(bucket: &Bucket) -> Vec<Tag> {
    let root = bucket.config.get("tagging").and_then(|document| Element::parse(document.as_bytes()));
    let text = |tag: &Element, name: &str| tag.get(name).map(|element| element.text.clone()).unwrap_or_default();
    let set = root.as_ref().and_then(|root| root.get("TagSet"));
    set.into_iter().flat_map(|set| set.all("Tag")).map(|tag| (text(tag, "Key"), text(tag, "Value"))).collect()
}
