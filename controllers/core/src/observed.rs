//! What is declared, and what AWS has, in the form in which they are compared.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::failure::Failure;

/// What a spec declares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Desired {
    /// Declared parts by field. A field that is absent is not managed.
    pub parts: BTreeMap<&'static str, Value>,
    /// Declared tags; `None` when the spec does not speak of tags.
    pub tags: Option<BTreeMap<String, String>>,
}

/// Whether the resource exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Existence {
    /// AWS says that there is none.
    Absent,
    /// It exists and carries these tags.
    Present {
        /// Tags of the resource in AWS.
        tags: BTreeMap<String, String>,
    },
}

/// What AWS has of one part: a value, nothing, or an answer that tells neither.
pub type Reading = Result<Option<Value>, Failure>;

/// What AWS has.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// Whether the resource exists.
    pub existence: Existence,
    /// The parts that were read, by field.
    pub parts: BTreeMap<&'static str, Reading>,
    /// The resource was created in this very reconcile: parts that were not read hold what AWS gives a new one.
    pub fresh: bool,
}
