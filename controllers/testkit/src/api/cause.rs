//! What exactly is wrong with an object: the causes of a refusal, with the reasons that Kubernetes gives them.

use serde_json::{Value, json};

use super::schema::Path;

/// One cause: which field, why in a word, and why in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cause {
    pub(crate) reason: &'static str,
    pub(crate) field: String,
    pub(crate) message: String,
}

impl Cause {
    pub(crate) fn new(reason: &'static str, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { reason, field: field.into(), message: message.into() }
    }

    pub(crate) fn invalid(field: &Path, value: &Value, why: &str) -> Self {
        Self::new("FieldValueInvalid", field.to_string(), format!("Invalid value: {value}: {why}"))
    }

    pub(crate) fn type_invalid(field: &Path, why: &str) -> Self {
        Self::new("FieldValueTypeInvalid", field.to_string(), format!("Invalid value: {why}"))
    }

    pub(crate) fn required(field: &Path, why: &str) -> Self {
        let message = if why.is_empty() { "Required value".to_owned() } else { format!("Required value: {why}") };
        Self::new("FieldValueRequired", field.to_string(), message)
    }

    pub(crate) fn unsupported(field: &Path, value: &Value, supported: &[Value]) -> Self {
        let supported: Vec<String> = supported.iter().map(Value::to_string).collect();
        let message = format!("Unsupported value: {value}: supported values: {}", supported.join(", "));
        Self::new("FieldValueNotSupported", field.to_string(), message)
    }

    pub(crate) fn too_long(field: &Path, max: u64) -> Self {
        Self::new("FieldValueTooLong", field.to_string(), format!("Too long: may not be more than {max} bytes"))
    }

    pub(crate) fn too_many(field: &Path, count: u64, max: u64) -> Self {
        Self::new("FieldValueTooMany", field.to_string(), format!("Too many: {count}: must have at most {max} items"))
    }

    pub(crate) fn duplicate(field: &Path, value: &Value) -> Self {
        Self::new("FieldValueDuplicate", field.to_string(), format!("Duplicate value: {value}"))
    }

    pub(crate) fn forbidden(field: &Path, why: &str) -> Self {
        Self::new("FieldValueForbidden", field.to_string(), format!("Forbidden: {why}"))
    }

    /// As `details.causes` holds it.
    pub(crate) fn to_json(&self) -> Value {
        let mut json = json!({ "message": self.message });
        for (key, text) in [("reason", self.reason), ("field", &self.field)] {
            if !text.is_empty() {
                json[key] = json!(text);
            }
        }
        json
    }
}
