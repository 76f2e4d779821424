//! Failures, as Kubernetes answers them.

use serde_json::{Value, json};

use super::target::Target;

/// A `Status` object of a failure.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) status: u16,
    body: Value,
}

/// Result of handling a request.
pub(super) type Outcome<T> = Result<T, Failure>;

impl Failure {
    pub(super) fn new(status: u16, reason: &'static str, message: impl Into<String>) -> Self {
        let body = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": message.into(), "reason": reason, "code": status,
        });
        Self { status, body }
    }

    /// Adds what the failure is about.
    fn about(mut self, target: &Target, name: &str) -> Self {
        self.body["details"] = json!({ "name": name, "group": target.kind.group, "kind": target.kind.plural });
        self
    }

    pub(super) fn cause(mut self, reason: &str, field: &str, message: &str) -> Self {
        let cause = json!({ "reason": reason, "field": field, "message": message });
        if !self.body["details"].is_object() {
            self.body["details"] = json!({});
        }
        match self.body["details"]["causes"].as_array_mut() {
            Some(causes) => causes.push(cause),
            None => self.body["details"]["causes"] = json!([cause]),
        }
        self
    }

    pub(super) fn with_reason(mut self, reason: &str) -> Self {
        self.body["reason"] = json!(reason);
        self
    }

    pub(super) fn body(&self) -> Value {
        self.body.clone()
    }

    pub(super) fn not_found(target: &Target, name: &str) -> Self {
        let message = format!("{} \"{name}\" not found", target.kind.qualified());
        Self::new(404, "NotFound", message).about(target, name)
    }

    pub(super) fn unknown_path() -> Self {
        Self::new(404, "NotFound", "the server could not find the requested resource")
    }

    pub(super) fn exists(target: &Target, name: &str) -> Self {
        let message = format!("{} \"{name}\" already exists", target.kind.qualified());
        Self::new(409, "AlreadyExists", message).about(target, name)
    }

    pub(super) fn conflict(target: &Target, name: &str, why: &str) -> Self {
        let message = format!("Operation cannot be fulfilled on {} \"{name}\": {why}", target.kind.qualified());
        Self::new(409, "Conflict", message).about(target, name)
    }

    pub(super) fn modified(target: &Target, name: &str) -> Self {
        let why = "the object has been modified; please apply your changes to the latest version and try again";
        Self::conflict(target, name, why)
    }

    pub(super) fn invalid(target: &Target, name: &str, field: &str, why: &str) -> Self {
        let kind = &target.kind.name;
        let qualified =
            if target.kind.group.is_empty() { kind.clone() } else { format!("{kind}.{}", target.kind.group) };
        let message = format!("{qualified} \"{name}\" is invalid: {field}: {why}");
        Self::new(422, "Invalid", message).about(target, name).cause("FieldValueInvalid", field, why)
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    pub(super) fn forbidden(target: &Target, name: &str, why: &str) -> Self {
        let message = format!("{} \"{name}\" is forbidden: {why}", target.kind.qualified());
        Self::new(403, "Forbidden", message).about(target, name)
    }

    pub(super) fn expired(message: impl Into<String>) -> Self {
        Self::new(410, "Expired", message)
    }

    pub(super) fn method(target: &Target) -> Self {
        let message = "the server does not allow this method on the requested resource";
        Self::new(405, "MethodNotAllowed", message).about(target, "")
    }

    pub(super) fn media_type(found: &str) -> Self {
        let message = format!("the body of the request was in an unknown format: {found:?}");
        Self::new(415, "UnsupportedMediaType", message)
    }

    pub(super) fn too_new(asked: u64, current: u64) -> Self {
        let message = format!("Timeout: Too large resource version: {asked}, current: {current}");
        Self::new(504, "Timeout", message).cause("ResourceVersionTooLarge", "", "Too large resource version")
    }

    /// The fake does not know how the real one would answer.
    pub(super) fn unsupported(what: &str) -> Self {
        Self::new(501, "NotImplemented", format!("the testkit's API server does not simulate {what}"))
    }
}

/// The reason that goes with a bare HTTP status.
pub(super) fn usual_reason(status: u16) -> &'static str {
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
