//! Tags of tables.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    context::Context,
    failure::{Failure, Outcome},
    shape::Tag,
};

/// `before` with `added`, by key.
pub(super) fn merged(context: &Context, before: &[Tag], added: &[Tag]) -> Outcome<Vec<Tag>> {
    check(added)?;
    let pairs = before.iter().chain(added).map(|tag| (tag.key.clone(), tag.value.clone()));
    let tags: BTreeMap<String, String> = pairs.collect();
    let limit = context.settings.limits.tags;
    if tags.len() > limit {
        return Err(Failure::invalid(format!("Too many tags: a resource has at most {limit}")));
    }
    Ok(tags.into_iter().map(|(key, value)| Tag { key, value }).collect())
}

/// Checks tags as a request has them ("Tagging restrictions in DynamoDB").
fn check(tags: &[Tag]) -> Outcome<()> {
    let mut seen = BTreeSet::new();
    for tag in tags {
        check_key(&tag.key)?;
        if tag.value.chars().count() > 256 || !tag.value.chars().all(is_good) {
            return Err(Failure::invalid(format!("The TagValue you have provided is invalid: {}", tag.value)));
        }
        if !seen.insert(&tag.key) {
            return Err(Failure::invalid(format!("Duplicate tag key: {}", tag.key)));
        }
    }
    Ok(())
}

/// Checks a key of a tag.
pub(super) fn check_key(key: &str) -> Outcome<()> {
    if key.to_ascii_lowercase().starts_with("aws:") {
        return Err(Failure::invalid(format!("Tag keys starting with 'aws:' are reserved for system use: {key}")));
    }
    if key.is_empty() || key.chars().count() > 128 || !key.chars().all(is_good) {
        return Err(Failure::invalid(format!("The TagKey you have provided is invalid: {key}")));
    }
    Ok(())
}

fn is_good(c: char) -> bool {
    c.is_alphanumeric() || c.is_whitespace() || "_.:/=+-@".contains(c)
}
