//! Failures that no expression has, in the form of those that have.

use cairn_cel::{EvalError, FaultKind, Value};

use crate::program::part::Failure;

fn error(kind: FaultKind, message: String) -> EvalError {
    EvalError { kind, message, span: None, path: None, cost: 0 }
}

/// Something has no value, and may have one later.
pub(super) fn absent(path: String, message: &str) -> Failure {
    Failure { path, error: error(FaultKind::Absent, message.to_owned()) }
}

/// Something will not do.
pub(super) fn wrong(path: impl Into<String>, message: impl Into<String>) -> Failure {
    Failure { path: path.into(), error: error(FaultKind::Value, message.into()) }
}

/// A value is of another type than its use needs.
pub(super) fn mistyped(what: &str, value: &Value<'_>) -> EvalError {
    error(FaultKind::Type, format!("the value is {}, not {what}", value.type_name()))
}

/// The answer of a condition; an optional without a value is no.
pub(super) fn truth(value: &Value<'_>) -> Result<bool, EvalError> {
    match value {
        Value::Bool(answer) => Ok(*answer),
        Value::Optional(None) => Ok(false),
        Value::Optional(Some(inner)) => truth(inner),
        other => Err(mistyped("true or false", other)),
    }
}
