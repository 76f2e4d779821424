//! What a new definition of a kind changes for the instances that are there: what breaks whom, in words.
//!
//! kro blocks the changes that break, unless the definition is marked to allow them. Where kro takes no notice of a
//! change (validation rules, list types, formats, values of maps, nullability, columns), it is found here.

mod affected;
mod bounds;
mod schema;

use std::fmt;

use serde_json::Value as Json;

pub(crate) use schema::Walk;

/// How many changes a summary names, as kro's does.
const NAMED: usize = 3;

/// Whom a change breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// Nobody.
    Nobody,
    /// Everybody who uses the kind.
    Everybody,
    /// Instances that set the field.
    WhoSets,
    /// Instances that do not set the field.
    WhoLacks,
    /// Instances whose value the new schema refuses.
    WhoViolates,
    /// Those who read the field of the status.
    WhoReads,
}

impl fmt::Display for Whom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nobody => "nobody",
            Self::Everybody => "everybody who uses the kind",
            Self::WhoSets => "instances that set it",
            Self::WhoLacks => "instances that do not set it",
            Self::WhoViolates => "instances with a value that is no longer valid",
            Self::WhoReads => "those who read it",
        })
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The field, with `[*]` for any element or value; empty for the kind as a whole.
    pub path: String,
    /// What changes, in lower case.
    pub what: String,
    /// Whom it breaks.
    pub whom: Whom,
}

impl Change {
    fn new(path: impl Into<String>, what: impl Into<String>, whom: Whom) -> Self {
        Self { path: path.into(), what: what.into(), whom }
    }

    /// Whether it breaks anybody.
    #[must_use]
    pub fn is_breaking(&self) -> bool {
        self.whom != Whom::Nobody
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.what)?;
        if self.is_breaking() { write!(f, "; breaks {}", self.whom) } else { Ok(()) }
    }
}

/// The changes from one `CustomResourceDefinition` to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Every change, in the order of the schema.
    pub changes: Vec<Change>,
    name: String,
    schema: Json,
}

/// Compares the definition that is served with the one that would replace it.
#[must_use]
pub fn compare(live: &Json, new: &Json) -> Comparison {
    let name = new.pointer("/metadata/name").and_then(Json::as_str).unwrap_or_default().to_owned();
    let mut changes = Vec::new();
    for (pointer, what) in [("/spec/group", "group"), ("/spec/names/kind", "kind"), ("/spec/scope", "scope")] {
        if live.pointer(pointer) != new.pointer(pointer) {
            changes.push(Change::new("", format!("the {what} changes, which the API server refuses"), Whom::Everybody));
        }
    }
    for (pointer, what) in [
        ("/spec/names/shortNames", "short names"),
        ("/spec/names/categories", "categories"),
        ("/metadata/labels", "labels"),
        ("/metadata/annotations", "annotations"),
    ] {
        if live.pointer(pointer) != new.pointer(pointer) {
            changes.push(Change::new("", format!("the {what} of the kind change"), Whom::Nobody));
        }
    }
    let version = new.pointer("/spec/versions/0").cloned().unwrap_or_default();
    versions(live, &version, &mut changes);
    let schema = version.pointer("/schema/openAPIV3Schema").cloned().unwrap_or_default();
    Comparison { changes, name, schema }
}

fn versions(live: &Json, new: &Json, changes: &mut Vec<Change>) {
    let name = |version: &Json| version.get("name").and_then(Json::as_str).unwrap_or_default().to_owned();
    let all = live.pointer("/spec/versions").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    for version in all.iter().filter(|version| name(version) != name(new)) {
        changes.push(Change::new("", format!("the version {} goes", name(version)), Whom::Everybody));
    }
    let Some(old) = all.iter().find(|version| name(version) == name(new)) else {
        return changes.push(Change::new("", format!("the version {} comes", name(new)), Whom::Nobody));
    };
    if old.get("served") == Some(&Json::Bool(true)) && new.get("served") != Some(&Json::Bool(true)) {
        changes.push(Change::new("", format!("the version {} is no longer served", name(new)), Whom::Everybody));
    }
    if old.pointer("/subresources/status").is_some() && new.pointer("/subresources/status").is_none() {
        changes.push(Change::new("", "the status is no longer a subresource", Whom::Everybody));
    }
    if old.get("additionalPrinterColumns") != new.get("additionalPrinterColumns") {
        changes.push(Change::new("", "the columns change", Whom::Nobody));
    }
    let schema = |version: &Json| version.pointer("/schema/openAPIV3Schema").cloned().unwrap_or_default();
    let mut walk = Walk { changes, in_status: false, left: schema::MAX_DEPTH };
    walk.schema(&schema(old), &schema(new), "");
}

impl Comparison {
    /// The changes that break somebody.
    pub fn breaking(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.is_breaking())
    }

    /// The changes that break an instance as it is now: with them it can no longer be updated, or loses fields.
    #[must_use]
    pub fn affecting(&self, instance: &Json) -> Vec<&Change> {
        affected::by(&self.schema, self.breaking(), instance)
    }

    /// Why the definition cannot be replaced, in a sentence; nothing when it can.
    #[must_use]
    pub fn refusal(&self) -> Option<String> {
        let breaking: Vec<String> = self.breaking().map(ToString::to_string).collect();
        let named = breaking.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
        let more = breaking.len().saturating_sub(NAMED);
        let more = if more > 0 { format!("; and {more} more changes") } else { String::new() };
        let refusal = format!("cannot update CRD {}: breaking changes detected: {named}{more}", self.name);
        (!breaking.is_empty()).then_some(refusal)
    }
}
