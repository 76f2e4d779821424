//! What is asked of AWS.

use serde_json::{Value, json};

/// The region of requests that name no other.
pub(crate) const HOME: &str = "us-east-1";

/// Stands in a request for the ARN of the backup that the same server told of last.
pub(crate) const LAST_BACKUP: &str = "<the ARN of the last backup>";

/// What is asked.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    /// A request in REST and XML, to S3 or S3 Control.
    S3 {
        method: &'static str,
        region: &'static str,
        /// Path and query.
        path: String,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// A request in JSON.
    DynamoDb { operation: &'static str, body: Value },
    /// Nothing is asked until AWS has finished what it is working on.
    Rest,
}

/// One step, by the operation that it is about.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) operation: &'static str,
    pub(crate) ask: Ask,
}

/// Steps in their order.
#[derive(Debug, Default)]
pub(crate) struct Script {
    pub(crate) steps: Vec<Step>,
}

impl Script {
    /// Asks S3 in the home region.
    pub(crate) fn s3(&mut self, operation: &'static str, path: &str, body: impl Into<String>) {
        self.s3_in(HOME, operation, path, body, &[]);
    }

    /// Asks S3 in a region, with headers of its own.
    pub(crate) fn s3_in(
        &mut self,
        region: &'static str,
        operation: &'static str,
        path: &str,
        body: impl Into<String>,
        headers: &[(&'static str, &str)],
    ) {
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let (method, path, body) = (method(operation), path.to_owned(), body.into());
        self.steps.push(Step { operation, ask: Ask::S3 { method, region, path, headers, body } });
    }

    pub(crate) fn dynamodb(&mut self, operation: &'static str, body: Value) {
        self.steps.push(Step { operation, ask: Ask::DynamoDb { operation, body } });
    }

    pub(crate) fn rest(&mut self) {
        self.steps.push(Step { operation: "", ask: Ask::Rest });
    }
}

/// The method follows from the name of the operation.
fn method(operation: &str) -> &'static str {
    let starts = |words: &[&str]| words.iter().any(|word| operation.starts_with(word));
    match () {
        () if starts(&["Head"]) => "HEAD",
        () if starts(&["Put", "Create"]) => "PUT",
        () if starts(&["Delete", "Untag"]) => "DELETE",
        () if starts(&["Tag"]) => "POST",
        () => "GET",
    }
}

/// Fields of `base` with those of `more` over them.
pub(crate) fn with(mut base: Value, more: Value) -> Value {
    if let (Value::Object(base), Value::Object(more)) = (&mut base, more) {
        base.extend(more);
    }
    base
}

/// Key and value as DynamoDB writes tags.
pub(crate) fn tags(tags: &[(&str, &str)]) -> Value {
    tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}
