//! The entries of `metadata.managedFields`.

use serde_json::{Value, json};

use crate::api::{
    fields::{self, Set},
    object,
};

/// How a manager writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    Apply,
    Update,
}

/// Who writes.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    pub(crate) manager: String,
    pub(crate) api_version: String,
    pub(crate) subresource: Option<String>,
    pub(crate) now: String,
}

/// One entry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) manager: String,
    pub(crate) operation: Operation,
    pub(crate) subresource: Option<String>,
    pub(crate) api_version: String,
    /// Of the last change; none for an applier who only ever wanted what was there.
    pub(crate) time: Option<String>,
    pub(crate) set: Set,
}

impl Entry {
    pub(crate) fn new(writer: &Writer, operation: Operation, set: Set, time: Option<String>) -> Self {
        Self {
            manager: writer.manager.clone(),
            operation,
            subresource: writer.subresource.clone(),
            api_version: writer.api_version.clone(),
            time,
            set,
        }
    }

    fn read(value: &Value) -> Option<Self> {
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        let operation = match value["operation"].as_str()? {
            "Apply" => Operation::Apply,
            "Update" => Operation::Update,
            _ => return None,
        };
        if value["fieldsType"] != "FieldsV1" {
            return None;
        }
        Some(Self {
            manager: text("manager").unwrap_or_default(),
            operation,
            subresource: text("subresource"),
            api_version: text("apiVersion").filter(|version| !version.is_empty())?,
            time: text("time"),
            set: value.get("fieldsV1").map_or_else(|| Some(Set::default()), fields::from_v1)?,
        })
    }

    fn write(&self) -> Value {
        let operation = if self.operation == Operation::Apply { "Apply" } else { "Update" };
        let mut value = json!({
            "operation": operation, "apiVersion": self.api_version,
            "fieldsType": "FieldsV1", "fieldsV1": fields::to_v1(&self.set),
        });
        let optional = [("time", &self.time), ("subresource", &self.subresource)];
        for (key, text) in optional.into_iter().filter_map(|(key, text)| Some((key, text.as_ref()?))) {
            value[key] = json!(text);
        }
        if !self.manager.is_empty() {
            value["manager"] = json!(self.manager);
        }
        value
    }

    /// Whether this is the entry of `writer` for `operation`.
    pub(crate) fn is_of(&self, writer: &Writer, operation: Operation) -> bool {
        self.is_same(&Self::new(writer, operation, Set::default(), None))
    }

    /// Whether both are of the same manager. An applier is the same in every version.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.operation == other.operation
            && self.manager == other.manager
            && self.subresource == other.subresource
            && (self.operation == Operation::Apply || self.api_version == other.api_version)
    }
}

/// All entries of one object.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Managers(pub(crate) Vec<Entry>);

impl Managers {
    /// The entries of an object; none when any of them makes no sense.
    pub(crate) fn read(object: &Value) -> Self {
        Self::try_read(object).unwrap_or_default()
    }

    fn try_read(object: &Value) -> Option<Self> {
        let list = object.get("metadata").and_then(|meta| meta.get("managedFields")?.as_array());
        let mut entries: Vec<Entry> = Vec::new();
        for entry in list.into_iter().flatten() {
            let entry = Entry::read(entry)?;
            // Of two that cannot be told apart the later one counts.
            entries.retain(|other| !other.is_same(&entry));
            entries.push(entry);
        }
        Some(Self(entries))
    }

    /// The entries that a write starts from: those that it brings along, unless it brings none that make sense.
    ///
    /// None at all is a request to forget them.
    pub(crate) fn brought(live: &Value, new: &Value, subresource: bool) -> Self {
        let list = new.get("metadata").and_then(|meta| meta.get("managedFields")?.as_array());
        if let (false, Some(list)) = (subresource, list) {
            if list.is_empty() || *list == [json!({})] {
                return Self::default();
            }
            if let Some(brought) = Self::try_read(new).filter(|brought| !brought.0.is_empty()) {
                return brought;
            }
        }
        Self::read(live)
    }

    /// Sets the entries of an object.
    pub(crate) fn write(mut self, object: &mut Value) {
        self.0.retain(|entry| !entry.set.is_empty());
        let order = |entry: &Entry| {
            let time = entry.time.clone().unwrap_or_default();
            (entry.operation, time, entry.manager.clone(), entry.api_version.clone(), entry.subresource.clone())
        };
        self.0.sort_by_cached_key(order);
        let list: Vec<Value> = self.0.iter().map(Entry::write).collect();
        object::set_meta(object, "managedFields", if list.is_empty() { Value::Null } else { Value::Array(list) });
    }

    pub(crate) fn of(&self, writer: &Writer, operation: Operation) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.is_of(writer, operation))
    }

    /// Takes from everybody but `writer` what the new value took: what is gone from all, what changed from those who
    /// had it otherwise.
    pub(crate) fn lose(&mut self, changed: &Set, removed: &Set, keeps: impl Fn(&Entry) -> bool) {
        for entry in self.0.iter_mut().filter(|entry| !keeps(entry)) {
            entry.set = entry.set.difference(changed).difference(removed);
        }
        self.0.retain(|entry| !entry.set.is_empty());
    }
}
