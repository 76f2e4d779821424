//! Paths of fields as ACK's `ignore-field-drift` writes them.

use std::fmt;

/// A field below `spec`, for example `spec.tagging`. It stands for all that is below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath {
    text: String,
    /// Field names behind `spec`, in lower case, because ACK does not tell cases apart. Never empty.
    names: Vec<String>,
}

impl FieldPath {
    /// Takes apart a list that is separated by commas. Empty entries count for nothing.
    pub(super) fn parse_list(text: &str) -> Option<Vec<Self>> {
        let space = [' ', '\t', '\r', '\n'];
        text.split(',')
            .map(|entry| entry.trim_matches(space))
            .filter(|entry| !entry.is_empty())
            .map(Self::parse)
            .collect()
    }

    fn parse(text: &str) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        let names: Vec<_> = lower.strip_prefix("spec.")?.split('.').map(str::to_owned).collect();
        names.iter().all(|name| is_name(name)).then(|| Self { text: text.into(), names })
    }

    /// Whether it names something below a field of the spec, and not the field itself.
    #[must_use]
    pub fn is_below(&self, field: &str) -> bool {
        self.names.len() > 1 && self.names.first().is_some_and(|name| field.eq_ignore_ascii_case(name))
    }

    /// Whether it covers a leaf: `field` is a field of the spec, `path` the way on from there, with dots; empty for the
    /// field itself. Positions in lists are passed over, because the annotation cannot name them.
    #[must_use]
    pub fn matches(&self, field: &str, path: &str) -> bool {
        let way = path.split('.').filter(|name| !name.is_empty() && !is_position(name));
        let mut leaf = [field].into_iter().chain(way);
        self.names.iter().all(|name| leaf.next().is_some_and(|found| found.eq_ignore_ascii_case(name)))
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

fn is_position(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(path: &str, field: &str, leaf: &str) -> bool {
        FieldPath::parse(path).unwrap().matches(field, leaf)
    }

    #[test]
    fn a_path_covers_itself_and_all_below_it_in_any_case() {
        assert!(covers("spec.tagging", "tagging", ""));
        assert!(covers("Spec.TAGGING", "tagging", "tagSet"));
        assert!(covers("spec.publicAccessBlock.blockPublicACLs", "publicAccessBlock", "blockPublicACLs"));
        assert!(covers("spec.encryption.rules", "encryption", "rules.0.bucketKeyEnabled"));
        assert!(covers("spec.encryption.rules.bucketKeyEnabled", "encryption", "rules.0.bucketKeyEnabled"));
    }

    #[test]
    fn a_path_covers_neither_its_parents_nor_its_neighbours() {
        assert!(!covers("spec.encryption.rules", "encryption", ""));
        assert!(!covers("spec.tag", "tagging", ""));
        assert!(!covers("spec.tagging", "tag", "ging"));
        assert!(!covers("spec.policy", "tagging", "policy"));
        assert!(!covers("spec.encryption.rules.kmsMasterKeyID", "encryption", "rules.0.bucketKeyEnabled"));
    }

    #[test]
    fn lists_are_written_freely_and_keep_their_spelling() {
        let paths = FieldPath::parse_list(" spec.tagging,\n  Spec.secretString, ").unwrap();
        assert_eq!(paths.iter().map(ToString::to_string).collect::<Vec<_>>(), ["spec.tagging", "Spec.secretString"]);
        assert_eq!(FieldPath::parse_list(""), Some(vec![]));
    }
}
