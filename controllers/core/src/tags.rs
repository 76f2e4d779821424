//! Tags are keyed: only keys that are declared now, or were when last applied, are ours.

use std::collections::BTreeMap;

use cairn_crds::shared::Tag;
use serde_json::{Value, json};

use crate::owner::TAG_PREFIX;

/// Tag keys and values.
pub type Tags = BTreeMap<String, String>;

/// The tags that a spec lists.
#[must_use]
pub fn of(list: &[Tag]) -> Tags {
    list.iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect()
}

/// Tags as a spec lists them.
#[must_use]
pub fn list(tags: &Tags) -> Value {
    tags.iter().map(|(key, value)| json!({"key": key, "value": value})).collect()
}

/// What to write so that AWS has the declared tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagChange {
    /// Keys to set, with their values.
    pub set: Tags,
    /// Keys to take away.
    pub remove: Vec<String>,
    /// All tags as they are afterwards, for services that replace the whole set.
    pub all: Tags,
}

/// What is known about a resource's tags.
#[derive(Clone, Copy, Debug)]
pub struct TagInput<'a> {
    /// Declared tags; `None` when the spec does not speak of tags.
    pub declared: Option<&'a Tags>,
    /// Keys that were declared when last applied.
    pub recorded: &'a [String],
    /// Tags in AWS.
    pub observed: &'a Tags,
    /// Whether missing ownership tags are reason enough for a write. Without it they ride on a write that is due anyway.
    pub claim: bool,
}

/// Compares tags; `None` when nothing is to be written. `ownership` are the ownership tags.
///
/// Tags of others, `aws:*` among them, are in [`TagChange::all`] as they are: a service that replaces the whole set
/// must be sent them too.
#[must_use]
pub fn difference(input: TagInput<'_>, ownership: &Tags) -> Option<TagChange> {
    let nothing = Tags::new();
    let declared = input.declared.unwrap_or(&nothing);
    let remove: Vec<_> = input
        .recorded
        .iter()
        .filter(|key| !declared.contains_key(*key) && input.observed.contains_key(*key) && !key.starts_with(TAG_PREFIX))
        .cloned()
        .collect();
    let mut set = missing(declared, input.observed);
    let claim = missing(ownership, input.observed);
    let due = !set.is_empty() || !remove.is_empty() || (input.claim && !claim.is_empty());
    if !due {
        return None;
    }
    set.extend(claim);
    let mut all = input.observed.clone();
    all.retain(|key, _| !remove.contains(key));
    all.extend(set.clone());
    Some(TagChange { set, remove, all })
}

fn missing(wanted: &Tags, observed: &Tags) -> Tags {
    wanted
        .iter()
        .filter(|(key, value)| observed.get(*key) != Some(value))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(pairs: &[(&str, &str)]) -> Tags {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    fn compare(declared: Option<&Tags>, recorded: &[&str], observed: &Tags, claim: bool) -> Option<TagChange> {
        let recorded: Vec<_> = recorded.iter().map(ToString::to_string).collect();
        let ownership = tags(&[("cairn.run/owner", "v1:x")]);
        difference(TagInput { declared, recorded: &recorded, observed, claim }, &ownership)
    }

    #[test]
    fn tags_of_others_stay() {
        let observed = tags(&[("aws:x", "1"), ("theirs", "1"), ("old", "1"), ("team", "a")]);
        let change = compare(Some(&tags(&[("team", "b")])), &["team", "old"], &observed, false).unwrap();
        assert_eq!(change.remove, ["old"]);
        assert_eq!(change.set, tags(&[("team", "b"), ("cairn.run/owner", "v1:x")]));
        assert_eq!(change.all, tags(&[("aws:x", "1"), ("theirs", "1"), ("team", "b"), ("cairn.run/owner", "v1:x")]));
    }

    #[test]
    fn missing_ownership_alone_is_written_only_to_claim() {
        let observed = tags(&[("team", "a")]);
        assert_eq!(compare(Some(&observed.clone()), &["team"], &observed, false), None);
        assert!(compare(None, &[], &observed, true).is_some());
    }

    #[test]
    fn nothing_is_written_when_aws_has_it_all() {
        let observed = tags(&[("team", "a"), ("cairn.run/owner", "v1:x"), ("theirs", "1")]);
        assert_eq!(compare(Some(&tags(&[("team", "a")])), &["team"], &observed, true), None);
        assert_eq!(compare(None, &["gone"], &observed, true), None);
    }
}
