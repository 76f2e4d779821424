//! Why an object is not ready, in its own words.

use serde_json::Value as Json;

/// Conditions that tell of something wrong when they are true, as controllers in the wild name them.
const WRONG: [&str; 6] = ["Stalled", "Failed", "FailureTarget", "ReplicaFailure", "Degraded", "ErrorOccurred"];

/// What the conditions of an object say, or else the phase that it is in; nothing where it says nothing.
pub(super) fn own_words(object: &Json) -> Option<String> {
    let status = object.get("status")?;
    let conditions = status.get("conditions").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    decisive(conditions).map(said).or_else(|| phase(status))
}

/// The condition that says most.
fn decisive(conditions: &[Json]) -> Option<&Json> {
    let lacks = |kind: &str| conditions.iter().find(|one| one["type"] == kind && one["status"] != "True");
    let is_wrong = |one: &&Json| one["status"] == "True" && WRONG.iter().any(|kind| one["type"] == *kind);
    let is_told = |one: &&Json| one["status"] == "False" && !text(one, "message").is_empty();
    let is_mild = |one: &&Json| WRONG.iter().any(|kind| one["type"] == *kind) || one["type"] == "Reconciling";
    lacks("Ready")
        .or_else(|| conditions.iter().find(is_wrong))
        .or_else(|| lacks("Available"))
        .or_else(|| conditions.iter().filter(|one| !is_mild(one)).find(is_told))
}

fn said(condition: &Json) -> String {
    let mut words = format!("it says {} is {}", text(condition, "type"), text(condition, "status"));
    for part in ["reason", "message"] {
        let part = text(condition, part);
        if !part.is_empty() {
            words.extend([": ", part]);
        }
    }
    let since = text(condition, "lastTransitionTime");
    if !since.is_empty() {
        words.extend([", since ", since]);
    }
    words
}

fn phase(status: &Json) -> Option<String> {
    let (name, value) = ["phase", "state"].into_iter().find_map(|name| Some((name, status.get(name)?.as_str()?)))?;
    Some(format!("it says its {name} is {value}"))
}

fn text<'j>(condition: &'j Json, field: &str) -> &'j str {
    condition.get(field).and_then(Json::as_str).unwrap_or_default()
}

/// What the Events about an object say: the latest of those that warn, or else the latest.
pub(super) fn events_say(events: &[Json]) -> Option<String> {
    let latest = |warning: bool| {
        let those = events.iter().filter(|event| !warning || event["type"] == "Warning");
        those.max_by_key(|event| last(event))
    };
    let event = latest(true).or_else(|| latest(false))?;
    let words = format!("its Event says {}: {}", text(event, "reason"), text(event, "message"));
    let last = last(event);
    Some(if last.is_empty() { words } else { format!("{words}, at {last}") })
}

/// When an Event was last told.
fn last(event: &Json) -> &str {
    let times = ["/series/lastObservedTime", "/lastTimestamp", "/eventTime", "/metadata/creationTimestamp"];
    times.into_iter().find_map(|time| event.pointer(time)?.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn condition(kind: &str, status: &str, message: &str) -> Json {
        json!({"type": kind, "status": status, "reason": "Why", "message": message, "lastTransitionTime": "then"})
    }

    #[test]
    fn the_condition_that_says_most_speaks() {
        let available = condition("Available", "False", "too few");
        for (conditions, words) in [
            (json!([condition("Ready", "Unknown", "wait")]), "it says Ready is Unknown: Why: wait, since then"),
            (
                json!([available, condition("ReplicaFailure", "True", "quota")]),
                "it says ReplicaFailure is True: Why: quota, since then",
            ),
            (
                json!([condition("Progressing", "True", "going on"), available]),
                "it says Available is False: Why: too few, since then",
            ),
            (
                json!([condition("Stalled", "False", "all is well"), condition("PodScheduled", "False", "no node")]),
                "it says PodScheduled is False: Why: no node, since then",
            ),
        ] {
            assert_eq!(own_words(&json!({"status": {"conditions": conditions}})).as_deref(), Some(words));
        }
        assert_eq!(
            own_words(&json!({"status": {"phase": "Pending"}})).as_deref(),
            Some("it says its phase is Pending")
        );
        for silent in
            [json!({}), json!({"status": {}}), json!({"status": {"conditions": [condition("Ready", "True", "")]}})]
        {
            assert_eq!(own_words(&silent), None);
        }
    }

    #[test]
    fn a_warning_speaks_before_what_is_normal() {
        let event = |kind: &str, reason: &str, time: &str| json!({"type": kind, "reason": reason, "message": "m", "lastTimestamp": time});
        let events = [event("Normal", "A", "3"), event("Warning", "B", "1"), event("Warning", "C", "2")];
        assert_eq!(events_say(&events).as_deref(), Some("its Event says C: m, at 2"));
        assert_eq!(events_say(&events[..1]).as_deref(), Some("its Event says A: m, at 3"));
        assert_eq!(events_say(&[]), None);
    }
}
