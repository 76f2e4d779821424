//! The names that resources and iterators may have.

use std::fmt;

use cairn_cel::syntax::is_reserved;

/// Ids become values of labels.
const MAX_LENGTH: usize = 63;

/// The names that kro reserves.
pub const RESERVED: [&str; 33] = [
    "apiVersion",
    "context",
    "dependency",
    "dependencies",
    "each",
    "externalRef",
    "externalReference",
    "externalRefs",
    "externalReferences",
    "graph",
    "instance",
    "item",
    "items",
    "kind",
    "kro",
    "metadata",
    "namespace",
    "object",
    "resource",
    "resourcegraphdefinition",
    "resourceGraphDefinition",
    "resources",
    "root",
    "runtime",
    "schema",
    "self",
    "serviceAccountName",
    "spec",
    "status",
    "this",
    "variables",
    "vars",
    "version",
];

/// A name of a resource or an iterator: lower camel case, not reserved, short enough for a label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

impl Id {
    /// Checks a name.
    ///
    /// # Errors
    /// Why it is no valid name.
    pub fn new(name: &str) -> Result<Self, String> {
        let mut letters = name.chars();
        let first = letters.next().is_some_and(|c| c.is_ascii_lowercase());
        if !first || !letters.all(|c| c.is_ascii_alphanumeric()) {
            return Err(format!("{name:?} is no valid name: it must be lower camel case, like `myBucket`"));
        }
        if is_reserved(name) || RESERVED.contains(&name) {
            return Err(format!("{name:?} is a reserved word"));
        }
        if name.len() > MAX_LENGTH {
            return Err(format!(
                "{name:?} is too long: it becomes the value of a label (at most {MAX_LENGTH} letters)"
            ));
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a text is a version of Kubernetes: `v1`, `v1beta2`.
pub(super) fn is_version(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let Some(rest) = text.strip_prefix('v') else { return false };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (major, stage) = rest.split_at(end);
    let stage = stage.strip_prefix("alpha").or_else(|| stage.strip_prefix("beta")).map_or(stage.is_empty(), digits);
    digits(major) && stage
}

/// Whether a text is the name of a kind that a definition may make.
pub(super) fn is_kind(text: &str) -> bool {
    let upper = text.starts_with(|c: char| c.is_ascii_uppercase());
    upper && text.len() <= MAX_LENGTH && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Whether a text is a short name or category that the API server takes.
pub(super) fn is_short_name(text: &str) -> bool {
    let lower = text.starts_with(|c: char| c.is_ascii_lowercase());
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    lower && text.len() <= MAX_LENGTH && text.bytes().all(inner) && !text.ends_with('-')
}
