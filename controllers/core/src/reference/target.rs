//! What is taken from an object that is referred to.

use serde_json::Value;

use super::Why;
use crate::leaf;

/// A value of another object.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// The value.
    pub value: Value,
    /// Why the object is not to be built upon yet; `None` when it is ready.
    pub late: Option<Why>,
}

/// Takes the value at `path` from an object.
///
/// An object with a condition `Ready`, as Cairn and newer versions of ACK write it, is ready when that is true; one
/// without when `ACK.ResourceSynced` is. `ACK.Terminal` rules out both.
///
/// # Errors
/// [`Why`] when the object has no such value, or is not ready and has none because of that.
pub fn take(object: &Value, path: &str) -> Result<Taken, Why> {
    let late = late(object);
    let found = leaf::get(object, path).filter(|value| !value.is_null() && value.as_str() != Some(""));
    match (found, late) {
        (Some(value), late) => Ok(Taken { value: value.clone(), late }),
        (None, Some(late)) => Err(late),
        (None, None) => Err(Why::NoValue(path.to_owned())),
    }
}

fn late(object: &Value) -> Option<Why> {
    if !object["metadata"]["deletionTimestamp"].is_null() {
        return Some(Why::BeingDeleted);
    }
    let condition =
        |name: &str| object["status"]["conditions"].as_array()?.iter().find(|condition| condition["type"] == *name);
    let holds = |condition: &Value| condition["status"] == "True";
    if condition("ACK.Terminal").is_some_and(holds) {
        return Some(Why::NotReady("ACK.Terminal".into()));
    }
    match condition("Ready").or_else(|| condition("ACK.ResourceSynced")) {
        Some(ready) if holds(ready) => None,
        Some(ready) => Some(Why::NotReady(ready["reason"].as_str().unwrap_or_default().to_owned())),
        None => Some(Why::NotReady(String::new())),
    }
}
