//! Answers as they come.

use serde_json::Value;

/// What came back.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Answer {
    /// HTTP status; 0 for what is no request.
    pub(crate) status: u16,
    pub(crate) warnings: Vec<String>,
    /// The document; an array of events for a watch; text for what is no JSON.
    pub(crate) body: Value,
}

impl Answer {
    /// Whether an object of its own came back, rather than a list, a failure or a confirmation.
    pub(crate) fn object(&self) -> Option<&Value> {
        let is_object = self.status < 300 && self.body["kind"] != "Status" && self.body.get("items").is_none();
        Some(&self.body).filter(|body| is_object && body["metadata"]["uid"].is_string())
    }
}
