//! How DynamoDB refuses.

use std::fmt;

/// A refused request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// HTTP status.
    pub status: u16,
    /// Name of the exception, such as `ResourceInUseException`.
    pub code: &'static str,
    /// What DynamoDB says. Where its wording is known, that wording.
    pub message: String,
}

/// What a request comes to.
pub type Outcome<T> = Result<T, Failure>;

impl Failure {
    pub(in crate::aws) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { status: 400, code, message: message.into() }
    }

    /// A `ValidationException` with all its words.
    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    /// A `ValidationException` about the values of parameters.
    pub(super) fn invalid(what: impl fmt::Display) -> Self {
        Self::validation(format!("One or more parameter values were invalid: {what}"))
    }

    /// A `ValidationException` of the constraints in the API model.
    pub(super) fn constraint(value: impl fmt::Display, member: &str, constraint: &str) -> Self {
        let failed = format!("Value '{value}' at '{member}' failed to satisfy constraint: {constraint}");
        Self::validation(format!("1 validation error detected: {failed}"))
    }

    /// A `ResourceInUseException`.
    pub(super) fn in_use(what: impl fmt::Display) -> Self {
        let message = format!("Attempt to change a resource which is still in use: {what}");
        Self::new("ResourceInUseException", message)
    }

    /// A `ResourceNotFoundException`.
    pub(super) fn not_found(what: impl fmt::Display) -> Self {
        Self::new("ResourceNotFoundException", format!("Requested resource not found: {what}"))
    }

    /// A `LimitExceededException`.
    pub(super) fn limit(what: impl fmt::Display) -> Self {
        Self::new("LimitExceededException", format!("Subscriber limit exceeded: {what}"))
    }

    /// What a service may do and the model does not: 501 `NotImplemented`, which no AWS API answers.
    pub(super) fn unsupported(service: &str, what: impl fmt::Display) -> Self {
        let message = format!("the testkit's {service} does not simulate {what}");
        Self { status: 501, ..Self::new("NotImplemented", message) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Failure {}
