//! The objects of a scenario: what users said last, and what has to follow from it.

use std::collections::{BTreeMap, BTreeSet};

use cairn_crds::{Kind, dynamodb::TABLE, s3::BUCKET};
use serde_json::{Value, json};

use crate::spec::{self, Choice, Part};

/// The keys of tags that specs declare.
pub(crate) const TAG_KEYS: [&str; 2] = ["team", "env"];

/// An object that may be created, changed and deleted again and again.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) kind: &'static Kind,
    pub(crate) name: &'static str,
    /// Name in AWS. Two slots may have the same.
    pub(crate) resource: &'static str,
    pub(crate) parts: Vec<Part>,
    /// What the object says now; `None` where there is none, or it is being deleted.
    pub(crate) wanted: Option<Wanted>,
    /// AWS may keep the resource of the object that was deleted last.
    pub(crate) kept: bool,
    /// Somebody made the resource by hand before all.
    pub(crate) seeded: bool,
}

/// What an object says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// By name of the part, which of its choices.
    pub(crate) parts: BTreeMap<&'static str, usize>,
    pub(crate) tags: BTreeMap<&'static str, &'static str>,
    pub(crate) annotations: BTreeMap<&'static str, String>,
}

impl Wanted {
    pub(crate) fn says(&self, annotation: &str, value: &str) -> bool {
        self.annotations.get(annotation).is_some_and(|said| said == value)
    }
}

impl Slot {
    fn new(kind: &'static Kind, name: &'static str, resource: &'static str) -> Self {
        let parts = if kind.kind == BUCKET.kind { spec::of_bucket(resource) } else { spec::of_table() };
        Self { kind, name, resource, parts, wanted: None, kept: false, seeded: false }
    }

    /// All slots: the first five are filled at once, and the last of each kind names what another names too.
    pub(crate) fn all() -> Vec<Self> {
        vec![
            Self::new(&BUCKET, "b0", "bucket-zero"),
            Self::new(&BUCKET, "b1", "bucket-one"),
            Self::new(&TABLE, "t0", "table-zero"),
            Self::new(&TABLE, "t1", "table-one"),
            Self { seeded: true, ..Self::new(&BUCKET, "by-hand", "bucket-by-hand") },
            Self::new(&BUCKET, "b2", "bucket-two"),
            Self::new(&TABLE, "t2", "table-two"),
            Self::new(&BUCKET, "b0-too", "bucket-zero"),
            Self::new(&TABLE, "t0-too", "table-zero"),
        ]
    }

    pub(crate) fn is_bucket(&self) -> bool {
        self.kind.kind == BUCKET.kind
    }

    pub(crate) fn part(&self, name: &str) -> &Part {
        self.parts.iter().find(|part| part.name == name).unwrap()
    }

    pub(crate) fn choice(&self, name: &str, choice: usize) -> &Choice {
        &self.part(name).choices[choice]
    }

    /// The whole spec.
    pub(crate) fn spec(&self, wanted: &Wanted) -> Value {
        let mut spec = if self.is_bucket() { json!({"name": self.resource}) } else { spec::table_base(self.resource) };
        for (name, choice) in &wanted.parts {
            let fields = self.choice(name, *choice).patch.as_object().unwrap();
            for (field, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                spec[field] = value.clone();
            }
        }
        if !wanted.tags.is_empty() {
            let (field, value) = self.tags(wanted);
            spec[field] = value;
        }
        spec
    }

    /// The field that declares tags, and its value; null for none.
    pub(crate) fn tags(&self, wanted: &Wanted) -> (&'static str, Value) {
        let tags: Vec<_> = wanted.tags.iter().map(|(key, value)| (*key, *value)).collect();
        match (self.is_bucket(), tags.is_empty()) {
            (true, false) => ("tagging", json!({"tagSet": spec::tags(&tags)})),
            (false, false) => ("tags", spec::tags(&tags)),
            (true, true) => ("tagging", Value::Null),
            (false, true) => ("tags", Value::Null),
        }
    }

    /// What of the spec is no longer declared has to be gone.
    pub(crate) fn undeclared_parts<'a>(&'a self, wanted: &Wanted) -> impl Iterator<Item = &'a Part> {
        let declared: BTreeSet<_> = wanted.parts.keys().copied().collect();
        self.parts.iter().filter(move |part| !declared.contains(part.name))
    }
}
