//! How a kind describes itself to the engine.

use serde_json::Value;

/// What "declared" means for a part of a spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Leaves that are not declared keep what AWS has.
    Document,
    /// The value is ours whole: lists of rules, policy documents.
    Whole,
}

/// What happens to a leaf that was declared and is no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// It goes back to what AWS gives a new resource.
    Reset,
    /// AWS keeps what it has, because going back would lower a protection or lose data.
    Keep,
}

/// One part of a kind: a field of the spec that AWS reads and writes by calls of its own.
#[derive(Clone, Copy, Debug)]
pub struct PartRules {
    /// Field of the spec, for example `versioning`.
    pub field: &'static str,
    /// What "declared" means here.
    pub rule: Rule,
    /// What removal from the spec means here.
    pub removal: Removal,
    /// AWS operation that reads the part.
    pub get: &'static str,
    /// AWS operation that writes the part.
    pub put: &'static str,
    /// AWS operation that takes the part away, where there is one.
    pub delete: Option<&'static str>,
    /// Fields whose steps come first when both change.
    pub after: &'static [&'static str],
    /// What AWS gives a new resource today; `None` for nothing.
    pub on_new: fn() -> Option<Value>,
    /// Brings a merged document into a form that AWS takes: drops leaves that contradict the declared ones.
    pub settle: fn(Value) -> Value,
    /// Whether two values mean the same to AWS.
    pub same: fn(&Value, &Value) -> bool,
}

/// One kind, as far as the engine needs to know it.
#[derive(Clone, Copy, Debug)]
pub struct KindRules {
    /// AWS service, for example `s3`.
    pub service: &'static str,
    /// Kind, for example `Bucket`.
    pub kind: &'static str,
    /// Field of the spec that holds the tags.
    pub tags: &'static str,
    /// AWS operation that writes tags.
    pub tag: &'static str,
    /// AWS operation that creates the resource.
    pub create: &'static str,
    /// AWS operation that deletes the resource.
    pub delete: &'static str,
    /// The parts.
    pub parts: &'static [PartRules],
}

impl KindRules {
    /// The rules of the part that a field names.
    #[must_use]
    pub fn part(&self, field: &str) -> Option<&'static PartRules> {
        self.parts.iter().find(|part| part.field == field)
    }
}
