//! What an object's namespace says.

use std::collections::BTreeMap;

use cairn_crds::Groups;

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

    /// The annotation `<suffix>/<key>`.
    #[must_use]
    pub fn annotation(&self, groups: &Groups, key: &str) -> Option<&str> {
        self.annotations.get(&groups.annotation(key)).map(String::as_str)
    }
}
