//! The status as a value, and the smallest patch that brings it about.

use cairn_crds::status::CommonStatus;
use serde_json::{Map, Value, json};

/// The status that is to be: the common part and the kind's own fields, of which null takes one away. Fields of others
/// in `previous` stay.
///
/// # Errors
/// When the common part cannot be written as JSON.
pub fn compose(previous: &Value, common: &CommonStatus, own: Map<String, Value>) -> Result<Value, serde_json::Error> {
    let mut next = previous.as_object().cloned().unwrap_or_default();
    for field in ["ackResourceMetadata", "conditions", "lastHandledReconcileAt", "observedGeneration", "plan", "record"]
    {
        next.remove(field);
    }
    if let Value::Object(common) = serde_json::to_value(common)? {
        next.extend(common);
    }
    next.extend(own);
    next.retain(|_, value| !value.is_null());
    Ok(Value::Object(next))
}

/// The JSON merge patch (RFC 7386) from `previous` to `next`; `None` when they are equal.
#[must_use]
pub fn patch(previous: &Value, next: &Value) -> Option<Value> {
    if previous == next {
        return None;
    }
    let (Value::Object(previous), Value::Object(next)) = (previous, next) else { return Some(next.clone()) };
    let mut patch = Map::new();
    for (key, value) in next {
        let change = previous.get(key).map_or_else(|| Some(value.clone()), |before| self::patch(before, value));
        patch.extend(change.map(|change| (key.clone(), change)));
    }
    patch.extend(previous.keys().filter(|key| !next.contains_key(*key)).map(|key| (key.clone(), json!(null))));
    Some(Value::Object(patch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patch_says_only_what_changed() {
        let previous = json!({"a": {"b": 1, "c": 2}, "list": [1], "gone": true, "same": "x"});
        let next = json!({"a": {"b": 1, "c": 3}, "list": [1, 2], "same": "x", "new": {}});
        let expected = json!({"a": {"c": 3}, "list": [1, 2], "gone": null, "new": {}});
        assert_eq!(patch(&previous, &next), Some(expected));
        assert_eq!(patch(&next, &next), None);
        assert_eq!(patch(&Value::Null, &next), Some(next));
    }

    #[test]
    fn fields_that_are_no_longer_set_go_and_those_of_others_stay() {
        let previous = json!({"record": {"version": 1}, "observedGeneration": 1, "theirs": 1});
        let next = compose(&previous, &CommonStatus::default(), Map::new()).unwrap();
        assert_eq!(next, json!({"theirs": 1}));
        let own = Map::from_iter([("theirs".to_owned(), Value::Null), ("size".to_owned(), json!(0))]);
        let next = compose(&previous, &CommonStatus::default(), own).unwrap();
        assert_eq!(next, json!({"size": 0}));
    }
}
