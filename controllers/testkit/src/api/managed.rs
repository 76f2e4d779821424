//! Field managers: who set which field.

use serde_json::{Value, json};

use super::{
    fields::{self, FieldSet},
    object,
};

/// Who writes.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    pub(super) manager: String,
    pub(super) api_version: String,
    pub(super) subresource: Option<String>,
    pub(super) now: String,
}

/// One entry of `metadata.managedFields`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) manager: String,
    pub(super) operation: &'static str,
    pub(super) subresource: Option<String>,
    api_version: String,
    time: String,
    pub(super) set: FieldSet,
}

impl Entry {
    pub(super) fn new(writer: &Writer, operation: &'static str, set: FieldSet) -> Self {
        Self {
            manager: writer.manager.clone(),
            operation,
            subresource: writer.subresource.clone(),
            api_version: writer.api_version.clone(),
            time: writer.now.clone(),
            set,
        }
    }

    fn read(value: &Value) -> Self {
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        Self {
            manager: text("manager"),
            operation: if value["operation"] == "Apply" { "Apply" } else { "Update" },
            subresource: value["subresource"].as_str().map(str::to_owned),
            api_version: text("apiVersion"),
            time: text("time"),
            set: fields::from_v1(&value["fieldsV1"]),
        }
    }

    fn write(&self) -> Value {
        let mut value = json!({
            "manager": self.manager, "operation": self.operation, "apiVersion": self.api_version,
            "time": self.time, "fieldsType": "FieldsV1", "fieldsV1": fields::to_v1(&self.set),
        });
        if let Some(subresource) = &self.subresource {
            value["subresource"] = json!(subresource);
        }
        value
    }

    /// Whether this is the entry of `writer` for `operation`.
    pub(super) fn is_of(&self, writer: &Writer, operation: &str) -> bool {
        self.operation == operation && self.manager == writer.manager && self.subresource == writer.subresource
    }
}

/// The entries of an object.
pub(super) fn read(object: &Value) -> Vec<Entry> {
    let list = object.get("metadata").and_then(|meta| meta.get("managedFields")?.as_array());
    list.into_iter().flatten().map(Entry::read).collect()
}

/// Sets the entries of an object; empty ones are left out.
pub(super) fn write(object: &mut Value, entries: &[Entry]) {
    let list: Vec<Value> = entries.iter().filter(|entry| !entry.set.is_empty()).map(Entry::write).collect();
    object::set_meta(object, "managedFields", if list.is_empty() { Value::Null } else { Value::Array(list) });
}

/// Records a create, PUT or PATCH: what changed belongs to its writer, and to nobody else.
pub(super) fn record_update(before: Option<&Value>, after: &mut Value, writer: &Writer) {
    let mut entries = before.map(read).unwrap_or_default();
    let now = fields::leaves(after);
    let changed: FieldSet = now
        .iter()
        .filter(|path| before.is_none_or(|before| fields::get(before, path) != fields::get(after, path)))
        .cloned()
        .collect();
    for entry in &mut entries {
        let other = !entry.is_of(writer, "Update");
        entry.set.retain(|path| now.contains(path) && !(other && changed.contains(path)));
    }
    add(&mut entries, writer, "Update", changed);
    write(after, &entries);
}

fn add(entries: &mut Vec<Entry>, writer: &Writer, operation: &'static str, set: FieldSet) {
    if set.is_empty() {
        return;
    }
    match entries.iter_mut().find(|entry| entry.is_of(writer, operation)) {
        Some(entry) => {
            entry.set.extend(set);
            entry.time.clone_from(&writer.now);
        }
        None => entries.push(Entry::new(writer, operation, set)),
    }
}
