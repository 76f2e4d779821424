//! Answers without what no two servers have in common: UIDs, resource versions, times and generated names become what
//! they mean — the first UID that was seen, the version that was written after that one.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::answer::Answer;

/// Fields that hold a time.
const TIMES: [&str; 3] = ["creationTimestamp", "deletionTimestamp", "time"];

/// What every namespace has, and no script is about.
pub(crate) const ROOT_CA: &str = "kube-root-ca.crt";

/// What a server's own words mean, as far as they were seen.
#[derive(Debug, Default)]
pub(crate) struct Canon {
    uids: BTreeMap<String, String>,
    /// Versions of objects, in the order of the server.
    versions: BTreeMap<u64, String>,
    /// Whether others write too, in an order of their own.
    unordered: bool,
}

impl Canon {
    /// From now on others write too, and nobody knows which write comes first.
    pub(crate) fn forget_order(&mut self) {
        self.unordered = true;
    }

    /// An answer in words that are the same for all servers.
    pub(crate) fn answer(&mut self, answer: &Answer) -> Value {
        let mut warnings: Vec<String> = answer.warnings.iter().map(|warning| meaning(warning)).collect();
        warnings.sort();
        let body = match &answer.body {
            Value::Array(events) => {
                let told = events.iter().filter(|event| !comes_with_time(event));
                Value::Array(told.map(|event| self.event(event)).collect())
            }
            body => self.document(body),
        };
        json!({ "status": answer.status, "warnings": warnings, "body": body })
    }

    /// The versions of objects, in the order in which they were written.
    pub(crate) fn order(&self) -> Vec<String> {
        self.versions.values().cloned().collect()
    }

    fn event(&mut self, event: &Value) -> Value {
        let object =
            if event["type"] == "BOOKMARK" { self.bookmark(&event["object"]) } else { self.document(&event["object"]) };
        json!({ "type": event["type"], "object": object })
    }

    fn bookmark(&mut self, object: &Value) -> Value {
        let mut shown = object.clone();
        shown["metadata"]["resourceVersion"] = self.moment(&object["metadata"]["resourceVersion"]);
        shown
    }

    fn document(&mut self, body: &Value) -> Value {
        if !body.is_object() {
            return body.clone();
        }
        if body["kind"] == "Status" {
            return self.status(body);
        }
        if !body["kind"].as_str().is_some_and(|kind| kind.ends_with("List")) {
            return self.object(body);
        }
        // What the list says of its version depends on what its items taught.
        let mut list = body.clone();
        for item in list["items"].as_array_mut().into_iter().flatten() {
            *item = self.object(item);
        }
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
        if object["metadata"]["name"] == ROOT_CA {
            return json!(ROOT_CA);
        }
        let mut object = object.clone();
        if let Some(managers) = object["metadata"].get("managedFields").and_then(Value::as_array) {
            object["metadata"]["managedFields"] = by_manager(managers);
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
        if self.unordered {
            return json!("some version");
        }
        let last = self.versions.range(..=number).next_back();
        json!(last.map_or("before all".to_owned(), |(_, name)| format!("after {name}")))
    }

    fn words(&mut self, value: &Value, key: &str) -> Value {
        match value {
            Value::Object(fields) => {
                let fields = fields.iter().map(|(key, value)| (self.key(key), self.words(value, key)));
                Value::Object(fields.collect::<Map<_, _>>())
            }
            Value::Array(items) => Value::Array(items.iter().map(|item| self.words(item, key)).collect()),
            Value::String(text) if key == "uid" => json!(self.uid(text)),
            Value::String(text) if TIMES.contains(&key) => {
                let looks_like_a_time = text.len() == 20 && text.ends_with('Z');
                json!(if looks_like_a_time { "a time" } else { text })
            }
            Value::String(text) => json!(generated(text).unwrap_or(text)),
            other => other.clone(),
        }
    }

    /// A key, in which managers may name an owner by its UID.
    fn key(&mut self, key: &str) -> String {
        match key.strip_prefix("k:{\"uid\":\"").and_then(|rest| rest.strip_suffix("\"}")) {
            Some(uid) => format!("k:{{\"uid\":\"{}\"}}", self.uid(uid)),
            None => key.to_owned(),
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

/// Whether the event is a bookmark of those that come now and then: whether one more fits in before the end of a short
/// watch is chance.
fn comes_with_time(event: &Value) -> bool {
    event["type"] == "BOOKMARK" && event["object"]["metadata"].get("annotations").is_none()
}

/// Managers by what tells them apart: in the list they are sorted by time.
fn by_manager(managers: &[Value]) -> Value {
    let mut sorted = Map::new();
    for entry in managers {
        let text = |key: &str| entry[key].as_str().unwrap_or("-").to_owned();
        let mut name = ["operation", "manager", "subresource", "apiVersion"].map(text).join(" ");
        while sorted.contains_key(&name) {
            name.push_str(" again");
        }
        sorted.insert(name, entry.clone());
    }
    Value::Object(sorted)
}

/// What the server was asked to make a name of: `gen-12-` of `gen-12-x7k2p`.
fn generated(name: &str) -> Option<&str> {
    let (base, suffix) = name.rsplit_once('-')?;
    let counted = base.ends_with(|c: char| c.is_ascii_digit());
    (counted && suffix.len() == 5 && suffix.chars().all(|c| c.is_ascii_alphanumeric())).then_some(base)
}

/// What a warning is about.
fn meaning(warning: &str) -> String {
    let text = warning.strip_prefix("299 - ").unwrap_or(warning).replace("\\\"", "\"");
    let exact = ["\"unknown field", "\"duplicate field"].iter().any(|start| text.starts_with(start));
    if exact { text } else { "some other warning".to_owned() }
}
