//! What is the same for a kind under every group setting.

use serde_json::Value;

/// The one API version of every kind: changes are additive only.
pub const VERSION: &str = "v1alpha1";

/// A column that `kubectl get` shows.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Heading, in upper case by `kubectl`.
    pub name: &'static str,
    /// JSON path into the object, as `additionalPrinterColumns` takes it.
    pub path: &'static str,
    /// `OpenAPI` type: `string`, `integer`, `date`, ….
    pub kind: &'static str,
    /// 0 is always shown, 1 only with `-o wide`.
    pub priority: i32,
}

/// One managed kind: names, columns and schemas.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// AWS service as it stands in the group, for example `s3`.
    pub service: &'static str,
    /// `CamelCase` name, for example `Bucket`.
    pub kind: &'static str,
    /// Lower-case plural, for example `buckets`.
    pub plural: &'static str,
    /// What one object of the kind is, for the schema's description.
    pub description: &'static str,
    /// Columns between NAME and AGE.
    pub columns: &'static [Column],
    /// `OpenAPI` schema of `spec`.
    pub spec: fn() -> Value,
    /// `OpenAPI` schema of `status`.
    pub status: fn() -> Value,
}

impl Kind {
    /// The lower-case singular name.
    #[must_use]
    pub fn singular(&self) -> String {
        self.kind.to_ascii_lowercase()
    }
}
