//! Failures, as Kubernetes answers them.

use serde_json::{Value, json};

use super::{cause::Cause, kind::Kind, target::Target};

/// A `Status` object of a failure.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) status: u16,
    body: Value,
}

/// Result of handling a request.
pub(crate) type Outcome<T> = Result<T, Failure>;

impl Failure {
    pub(crate) fn new(status: u16, reason: &str, message: impl Into<String>) -> Self {
        let mut body = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": message.into(), "code": status,
        });
        if !reason.is_empty() {
            body["reason"] = json!(reason);
        }
        Self { status, body }
    }

    /// Adds what the failure is about; what is empty is left out.
    fn about(mut self, group: &str, kind: &str, name: &str) -> Self {
        for (key, value) in [("name", name), ("group", group), ("kind", kind)] {
            if !value.is_empty() {
                self.body["details"][key] = json!(value);
            }
        }
        self
    }

    /// About a resource.
    fn about_resource(self, kind: &Kind, name: &str) -> Self {
        self.about(&kind.group, &kind.plural, name)
    }

    pub(crate) fn cause(mut self, cause: &Cause) -> Self {
        match self.body["details"]["causes"].as_array_mut() {
            Some(causes) => causes.push(cause.to_json()),
            None => self.body["details"]["causes"] = json!([cause.to_json()]),
        }
        self
    }

    pub(crate) fn retry_after(mut self, seconds: u32) -> Self {
        self.body["details"]["retryAfterSeconds"] = json!(seconds);
        self
    }

    pub(crate) fn with_reason(mut self, reason: &str) -> Self {
        self.body["reason"] = json!(reason);
        self
    }

    pub(crate) fn body(&self) -> Value {
        self.body.clone()
    }

    pub(crate) fn not_found(kind: &Kind, name: &str) -> Self {
        let message = format!("{} \"{name}\" not found", kind.qualified());
        Self::new(404, "NotFound", message).about_resource(kind, name)
    }

    /// Nothing of the kind is served in a group that the server itself serves.
    pub(crate) fn unknown_path() -> Self {
        Self::new(404, "NotFound", "the server could not find the requested resource").with_details()
    }

    pub(crate) fn exists(kind: &Kind, name: &str) -> Self {
        let message = format!("{} \"{name}\" already exists", kind.qualified());
        Self::new(409, "AlreadyExists", message).about_resource(kind, name)
    }

    pub(crate) fn conflict(kind: &Kind, name: &str, why: &str) -> Self {
        let message = format!("Operation cannot be fulfilled on {} \"{name}\": {why}", kind.qualified());
        Self::new(409, "Conflict", message).about_resource(kind, name)
    }

    /// A precondition of a delete that does not hold; it names the kind where others name the resource.
    pub(crate) fn precondition(kind: &Kind, name: &str, why: &str) -> Self {
        let message = format!("Operation cannot be fulfilled on {} \"{name}\": {why}", kind.name);
        Self::new(409, "Conflict", message).about(&kind.group, &kind.name, name)
    }

    /// What an applier wants and others own.
    pub(crate) fn apply_conflict(causes: &[Cause]) -> Self {
        let plural = if causes.len() == 1 { "" } else { "s" };
        let failure = Self::new(409, "Conflict", format!("Apply failed with {} conflict{plural}", causes.len()));
        causes.iter().fold(failure, Self::cause)
    }

    pub(crate) fn modified(kind: &Kind, name: &str) -> Self {
        let why = "the object has been modified; please apply your changes to the latest version and try again";
        Self::conflict(kind, name, why)
    }

    /// Something that is not as it must be, by group and kind.
    pub(crate) fn invalid_of(group: &str, kind: &str, name: &str, causes: &[Cause]) -> Self {
        let qualified = if group.is_empty() { kind.to_owned() } else { format!("{kind}.{group}") };
        let told: Vec<String> = causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
        let told = if let [only] = told.as_slice() { only.clone() } else { format!("[{}]", told.join(", ")) };
        let failure = Self::new(422, "Invalid", format!("{qualified} \"{name}\" is invalid: {told}"));
        causes.iter().fold(failure.about(group, kind, name), Self::cause)
    }

    /// With details that say nothing.
    fn with_details(mut self) -> Self {
        self.body["details"] = json!({});
        self
    }

    /// A patch that cannot be carried out on this object.
    pub(crate) fn unprocessable() -> Self {
        let message = "the server rejected our request due to an error in our request";
        Self::new(422, "Invalid", message).with_details()
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// An error to which the API server gives no reason.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(500, "", message)
    }

    /// The same, where nobody thought that it might fail.
    pub(crate) fn unforeseen(self) -> Self {
        Self::internal(self.body["message"].as_str().unwrap_or_default())
    }

    pub(crate) fn forbidden(kind: &Kind, name: &str, why: &str) -> Self {
        let message = format!("{} \"{name}\" is forbidden: {why}", kind.qualified());
        Self::new(403, "Forbidden", message).about_resource(kind, name)
    }

    pub(crate) fn expired(message: impl Into<String>) -> Self {
        Self::new(410, "Expired", message)
    }

    /// A list that went on for too long; with the token, what is there now can be read from there on.
    pub(crate) fn expired_list(token: &str) -> Self {
        let message = "The provided continue parameter is too old to display a consistent list result.";
        let mut failure = Self::expired(message);
        failure.body["metadata"]["continue"] = json!(token);
        failure
    }

    pub(crate) fn method(target: &Target) -> Self {
        let message = "the server does not allow this method on the requested resource";
        let failure = Self::new(405, "MethodNotAllowed", message);
        if !target.kind.nature.is_custom() {
            return failure.with_details();
        }
        failure.about(&target.kind.group, &target.kind.plural, "")
    }

    pub(crate) fn media_type(found: &str) -> Self {
        let message = format!("the body of the request was in an unknown format: {found:?}");
        Self::new(415, "UnsupportedMediaType", message)
    }

    pub(crate) fn too_new(asked: u64, current: u64) -> Self {
        let message = format!("Timeout: Too large resource version: {asked}, current: {current}");
        let cause = Cause::new("ResourceVersionTooLarge", "", "Too large resource version");
        Self::new(504, "Timeout", message).cause(&cause).retry_after(1)
    }

    /// The fake does not know how the real one would answer.
    pub(crate) fn unsupported(what: &str) -> Self {
        Self::new(501, "NotImplemented", format!("the testkit's API server does not simulate {what}"))
    }
}

/// The reason that goes with a bare HTTP status.
pub(crate) fn usual_reason(status: u16) -> &'static str {
    match status {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        406 => "NotAcceptable",
        409 => "Conflict",
        410 => "Expired",
        413 => "RequestEntityTooLarge",
        415 => "UnsupportedMediaType",
        422 => "Invalid",
        429 => "TooManyRequests",
        500 => "InternalError",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        _ => "",
    }
}
