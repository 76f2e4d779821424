//! References: fields of a spec that name another object instead of a value, and Secrets instead of a text.
//!
//! As with ACK, `fooRef: {from: {name, namespace}}` stands for `foo`, and a [`SecretKeyReference`] stands for the text
//! under a key of a Secret. What a reference fills is put into a copy of the spec, and never written back.
//!
//! [`SecretKeyReference`]: cairn_crds::shared::SecretKeyReference

mod cycle;
mod place;
mod resolve;
mod sealed;
mod target;
mod unresolved;

pub use cycle::cycle;
pub use resolve::{Filled, Lookup, Refusal, Resolved, filled_fields, resolve, uses, without};
pub use sealed::{Sealed, Secrets, seal};
pub(crate) use sealed::{redacted, with_recorded};
pub use target::{Taken, take};
pub use unresolved::{Unresolved, Why};

/// A field that names another object, whose value fills a field beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferenceRule {
    /// The way to the referring field below the spec, with dots: `encryption.rules.kmsMasterKeyRef`. Lists on the way are
    /// walked item by item. The field holds one reference, or a list of them where its name ends in `Refs`.
    pub path: &'static str,
    /// The field beside it that is filled: `kmsMasterKeyID`; with a list where there is a list of references.
    pub fills: &'static str,
    /// The AWS service of the object that is referred to. Nobody needs to have installed its kinds.
    pub service: &'static str,
    /// Its kind.
    pub kind: &'static str,
    /// The way to what is taken from it: `spec.name`, `status.ackResourceMetadata.arn`.
    pub takes: &'static str,
}

/// A field that holds a `SecretKeyReference`. What it fills is itself: the text under that key of the Secret. AWS does not
/// tell what it has there; a part that is nothing but this field is read as nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretRule {
    /// The way to the field below the spec, as in [`ReferenceRule::path`]. Its first name is a part of the kind.
    pub path: &'static str,
}

/// An object that stands for an AWS resource, as a reference names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    /// Its AWS service.
    pub service: &'static str,
    /// Its kind.
    pub kind: &'static str,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}/{}", self.kind, self.namespace, self.name)
    }
}

/// A key of a Secret, as a spec names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecretKey {
    /// The Secret's namespace.
    pub namespace: String,
    /// The Secret's name.
    pub name: String,
    /// The key.
    pub key: String,
}

impl std::fmt::Display for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret {}/{}", self.namespace, self.name)
    }
}

/// What a spec depends on: one entry for each place that names something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// An object.
    Object(Target),
    /// A key of a Secret.
    Secret(SecretKey),
}

impl Use {
    /// The namespace that is reached.
    #[must_use]
    pub fn namespace(&self) -> &str {
        match self {
            Self::Object(target) => &target.namespace,
            Self::Secret(secret) => &secret.namespace,
        }
    }
}

#[cfg(test)]
mod tests;
