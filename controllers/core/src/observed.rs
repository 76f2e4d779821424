//! What is declared, and what AWS has, in the form in which they are compared.

use std::collections::BTreeMap;

use cairn_crds::shared::Tag;
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::{
    failure::Failure,
    rules::KindRules,
    tags::{self, Tags},
};

/// What a spec declares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Desired {
    /// Declared parts by field. A field that is absent is not managed.
    pub parts: BTreeMap<&'static str, Value>,
    /// Declared tags; `None` when the spec does not speak of tags.
    pub tags: Option<Tags>,
    /// Tags that the platform gives the resource. A declared one of the same key goes before.
    pub defaults: Tags,
    /// Tags that the resource is created with, and that nobody looks at again.
    pub at_creation: Tags,
}

impl Desired {
    /// The parts that a spec, of which these are the fields, declares as they stand there.
    #[must_use]
    pub fn of(rules: &KindRules, fields: &Value) -> Self {
        let declared = |field: &'static str| Some((field, fields.get(field)?.clone()));
        Self { parts: rules.parts.iter().filter_map(|part| declared(part.field)).collect(), ..Self::default() }
    }

    /// The same with these tags declared.
    #[must_use]
    pub fn with_tags(self, tags: Option<&[Tag]>) -> Self {
        Self { tags: tags.map(tags::of), ..self }
    }

    /// All tags that the resource is to have as long as it lives; `None` when there is nothing to say about tags.
    #[must_use]
    pub fn all_tags(&self) -> Option<Tags> {
        if self.tags.is_none() && self.defaults.is_empty() {
            return None;
        }
        let declared = self.tags.iter().flatten().map(|(key, value)| (key.clone(), value.clone()));
        Some(self.defaults.clone().into_iter().chain(declared).collect())
    }
}

/// Whether the resource exists.
#[derive(Clone, Debug, PartialEq)]
pub enum Existence {
    /// AWS says that there is none.
    Absent,
    /// It exists.
    Present(Present),
}

impl Existence {
    /// The resource, where there is one.
    #[must_use]
    pub fn present(&self) -> Option<&Present> {
        match self {
            Self::Absent => None,
            Self::Present(present) => Some(present),
        }
    }
}

/// What AWS is doing with a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing: it can be used and changed.
    #[default]
    Steady,
    /// It is being created.
    Creating,
    /// An earlier change is still under way, and AWS takes no other yet; which, in words.
    Updating(String),
    /// It is being deleted.
    Deleting,
    /// It can neither be used nor changed; why, in words that tell the way out.
    Unusable(String),
}

/// A resource as the locating call shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Present {
    /// Its tags; `None` when they take a call of their own that was not asked for.
    pub tags: Option<Tags>,
    /// AWS's own id of the very resource: another of the same name would have another.
    pub incarnation: Option<String>,
    /// When it was created, by AWS's clock, where AWS tells.
    pub born: Option<Timestamp>,
    /// What AWS is doing with it.
    pub phase: Phase,
    /// Parts that the same answer told, by field.
    pub parts: BTreeMap<&'static str, Option<Value>>,
    /// The kind's own fields of the status.
    pub status: Map<String, Value>,
}

impl Present {
    /// A resource of which only the tags are known.
    #[must_use]
    pub fn tagged(tags: Tags) -> Self {
        Self { tags: Some(tags), ..Self::default() }
    }
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
