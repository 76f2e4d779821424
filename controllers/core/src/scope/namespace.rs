//! What an object's namespace says.

use std::collections::BTreeMap;

use cairn_crds::{Groups, annotation::Annotation};

/// What of a namespace decisions are made on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Namespace {
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its annotations under our prefixes, by their whole keys.
    pub annotations: BTreeMap<String, String>,
}

impl Namespace {
    /// Keeps what decisions are made on, and forgets other annotations.
    #[must_use]
    pub fn new(labels: BTreeMap<String, String>, annotations: BTreeMap<String, String>, groups: &Groups) -> Self {
        Self { labels, annotations: annotations.into_iter().filter(|(key, _)| groups.is_aws_key(key)).collect() }
    }

    /// The value of an annotation that is not one service's.
    #[must_use]
    pub fn annotation(&self, groups: &Groups, row: &Annotation) -> Option<&str> {
        self.annotations.get(&row.name(groups, "")).map(String::as_str)
    }
}
