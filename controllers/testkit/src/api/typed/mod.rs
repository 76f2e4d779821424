//! Values under their schema: who could own what, how two differ, how one is merged into the other.
//!
//! The rules are those of Kubernetes' structured-merge-diff.

mod compare;
mod merge;
mod owned;
mod remove;
mod verify;

pub(crate) use self::{compare::compare, merge::merge, owned::owned, remove::remove, verify::verify};

use serde_json::{Map, Value};

/// The items of a list; null is none.
fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The fields of an object; null is none.
fn fields(value: Option<&Value>) -> Option<&Map<String, Value>> {
    value.and_then(Value::as_object)
}

/// The names in either of two objects, each once.
fn names<'a>(left: Option<&'a Value>, right: Option<&'a Value>) -> std::collections::BTreeSet<&'a String> {
    fields(left).into_iter().chain(fields(right)).flat_map(Map::keys).collect()
}

/// Whether there is nothing in it: what is empty on both sides is compared as a whole.
fn is_empty(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(fields)) => fields.is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests;
