//! Answers without what no two servers have in common: UIDs, resource versions, times and generated names become what
//! they mean — the first UID that was seen, the version that was written after that one.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::answer::Answer;

/// Fields that hold a time.
const TIMES: [&str; 3] = ["creationTimestamp", "deletionTimestamp", "time"];

/// What a server's own words mean, as far as they were seen.
#[derive(Debug, Default)]
pub(crate) struct Canon {
    uids: BTreeMap<String, String>,
    /// Versions of objects, in the order of the server.
    versions: BTreeMap<u64, String>,
    names: BTreeMap<String, String>,
}

impl Canon {
    /// An answer in words that are the same for all servers.
    pub(crate) fn answer(&mut self, answer: &Answer) -> Value {
        self.learn_name(&answer.body);
        let mut warnings: Vec<String> = answer.warnings.iter().map(|warning| meaning(warning)).collect();
        warnings.sort();
        let body = match &answer.body {
            Value::Array(events) => Value::Array(events.iter().map(|event| self.event(event)).collect()),
            body => self.document(body),
        };
        json!({ "status": answer.status, "warnings": warnings, "body": body })
    }

    /// The versions of objects, in the order in which they were written.
    pub(crate) fn order(&self) -> Vec<String> {
        self.versions.values().cloned().collect()
    }

    fn learn_name(&mut self, body: &Value) {
        let metadata = &body["metadata"];
        let (Some(base), Some(name)) = (metadata["generateName"].as_str(), metadata["name"].as_str()) else {
            return;
        };
        let count = self.names.len();
        self.names.entry(name.to_owned()).or_insert_with(|| format!("{base}#{count}"));
    }

    fn event(&mut self, event: &Value) -> Value {
        let object = if event["type"] == "BOOKMARK" { self.bookmark(&event["object"]) } else { self.document(&event["object"]) };
        json!({ "type": event["type"], "object": object })
    }

    fn bookmark(&mut self, object: &Value) -> Value {
        let mut shown = object.clone();
        shown["metadata"]["resourceVersion"] = self.moment(&object["metadata"]["resourceVersion"]);
        shown
    }

    fn document(&mut self, body: &Value) -> Value {
        if body["kind"] == "Status" {
            return self.status(body);
        }
        let Some(items) = body["items"].as_array() else {
            return self.object(body);
        };
        // What the list says of its version depends on what its items taught.
        let items: Vec<Value> = items.iter().map(|item| self.object(item)).collect();
        let mut list = body.clone();
        list["items"] = Value::Array(items);
        list["metadata"]["resourceVersion"] = self.moment(&body["metadata"]["resourceVersion"]);
        if body["metadata"]["continue"].as_str().is_some_and(|token| !token.is_empty()) {
            list["metadata"]["continue"] = json!("a token");
        }
        list
    }

    /// A confirmation or failure: its message is for people.
    fn status(&mut self, body: &Value) -> Value {
        let mut status = body.clone();
        if let Some(fields) = status.as_object_mut() {
            fields.remove("message");
        }
        if let Some(causes) = status["details"]["causes"].as_array_mut() {
            for cause in causes.iter_mut().filter_map(Value::as_object_mut) {
                cause.remove("message");
            }
            causes.sort_by_key(Value::to_string);
        }
        self.words(&status, "")
    }

    fn object(&mut self, object: &Value) -> Value {
        let mut object = object.clone();
        if let Some(managers) = object["metadata"].get_mut("managedFields").and_then(Value::as_array_mut) {
            // They are sorted by time.
            let key = |entry: &Value| {
                ["operation", "manager", "apiVersion", "subresource"].map(|key| entry[key].to_string())
            };
            managers.sort_by_key(key);
        }
        if let Some(version) = object["metadata"]["resourceVersion"].as_str().map(str::to_owned) {
            object["metadata"]["resourceVersion"] = json!(self.version(&version));
        }
        self.words(&object, "")
    }

    /// The version of an object.
    fn version(&mut self, version: &str) -> String {
        let Ok(number) = version.parse() else {
            return version.to_owned();
        };
        let count = self.versions.len();
        self.versions.entry(number).or_insert_with(|| format!("v{count}")).clone()
    }

    /// The version of everything: after that of the last object that was written by then.
    fn moment(&self, version: &Value) -> Value {
        let Some(number) = version.as_str().and_then(|version| version.parse::<u64>().ok()) else {
            return version.clone();
        };
        let last = self.versions.range(..=number).next_back();
        json!(last.map_or("before all".to_owned(), |(_, name)| format!("after {name}")))
    }

    fn words(&mut self, value: &Value, key: &str) -> Value {
        match value {
            Value::Object(fields) => {
                let fields = fields.iter().map(|(key, value)| (key.clone(), self.words(value, key)));
                Value::Object(fields.collect::<Map<_, _>>())
            }
            Value::Array(items) => Value::Array(items.iter().map(|item| self.words(item, key)).collect()),
            Value::String(text) if key == "uid" => json!(self.uid(text)),
            Value::String(text) if TIMES.contains(&key) => {
                let looks_like_a_time = text.len() == 20 && text.ends_with('Z');
                json!(if looks_like_a_time { "a time" } else { text })
            }
            Value::String(text) => json!(self.names.get(text).unwrap_or(text)),
            other => other.clone(),
        }
    }

    fn uid(&mut self, uid: &str) -> String {
        // A UID that no server made up is the same for all.
        if uid.len() != 36 || uid.starts_with("ffffffff") {
            return uid.to_owned();
        }
        let count = self.uids.len();
        self.uids.entry(uid.to_owned()).or_insert_with(|| format!("uid {count}")).clone()
    }
}

/// What a warning is about.
fn meaning(warning: &str) -> String {
    let text = warning.strip_prefix("299 - ").unwrap_or(warning).replace("\\\"", "\"");
    let exact = ["\"unknown field", "\"duplicate field"].iter().any(|start| text.starts_with(start));
    if exact { text } else { "some other warning".to_owned() }
}
