//! Everybody's notifications in one document.

use cairn_core::{
    digest,
    meaning::{Fill, Meaning},
    rules::Merge,
};
use serde_json::{Map, Value};

/// The lists of a configuration. Ids are unique in all of them together.
const LISTS: [&str; 3] = ["lambdaFunctionConfigurations", "queueConfigurations", "topicConfigurations"];
/// The one entry that is no list, and its name.
const EVENT_BRIDGE: &str = "eventBridgeConfiguration";

pub(super) const MERGE: Merge = Merge { names, target };

pub(super) const MEANING: Meaning = Meaning {
    sets: &["lambdaFunctionConfigurations", "queueConfigurations", "topicConfigurations", "events", "filterRules"],
    defaults: &[("filter", Fill::Empty), ("key", Fill::Empty)],
    generated: &["id"],
    caseless: &["name"],
    ..Meaning::EXACT
};

/// Names of the entries: their ids, or what we would give them for an id.
fn names(declared: &Value) -> Vec<String> {
    let entries = LISTS.iter().flat_map(|list| items(Some(declared), list)).map(name);
    entries.chain(declared.get(EVENT_BRIDGE).map(|_| EVENT_BRIDGE.to_owned())).collect()
}

fn target(declared: Option<&Value>, gone: &[String], observed: Option<&Value>) -> Value {
    let mut target = Map::new();
    for list in LISTS {
        let entries = merged(items(declared, list), gone, items(observed, list));
        if !entries.is_empty() {
            target.insert(list.into(), entries.into());
        }
    }
    let is_gone = gone.iter().any(|name| name == EVENT_BRIDGE);
    let theirs = observed.and_then(|observed| observed.get(EVENT_BRIDGE)).filter(|_| !is_gone);
    if let Some(bridge) = declared.and_then(|declared| declared.get(EVENT_BRIDGE)).or(theirs) {
        target.insert(EVENT_BRIDGE.into(), bridge.clone());
    }
    target.into()
}

fn merged(declared: &[Value], gone: &[String], observed: &[Value]) -> Vec<Value> {
    let stays = |entry: &&Value| !gone.iter().any(|name| answers_to(entry, name));
    let mut entries: Vec<Value> = observed.iter().filter(stays).cloned().collect();
    for wanted in declared {
        let name = name(wanted);
        match entries.iter_mut().find(|entry| answers_to(entry, &name)) {
            Some(entry) => *entry = with_id(wanted, id(entry).unwrap_or(&name).to_owned()),
            None => entries.push(with_id(wanted, name)),
        }
    }
    entries
}

/// Whether that is the entry's id, or the entry says what a declared one of that name says.
fn answers_to(entry: &Value, wanted: &str) -> bool {
    id(entry) == Some(wanted) || name_of_content(entry) == wanted
}

fn name(entry: &Value) -> String {
    id(entry).map_or_else(|| name_of_content(entry), Into::into)
}

/// A name that says what the entry says, in whatever order and spelling.
fn name_of_content(entry: &Value) -> String {
    let mut plain = entry.clone();
    if let Value::Object(fields) = &mut plain {
        fields.remove("id");
        if let Some(Value::Array(events)) = fields.get_mut("events") {
            events.sort_by_key(Value::to_string);
        }
        let rules: Vec<_> = items(fields.get("filter").and_then(|filter| filter.get("key")), "filterRules").to_vec();
        let mut rules: Vec<_> = rules.iter().map(rule).collect();
        rules.sort();
        fields.insert("filter".into(), rules.into());
    }
    let digest = digest::of(&plain);
    format!("cairn-{}", digest.get(..16).unwrap_or(&digest))
}

fn rule(rule: &Value) -> String {
    let text = |field: &str| rule.get(field).and_then(Value::as_str).unwrap_or_default();
    format!("{}={}", text("name").to_ascii_lowercase(), text("value"))
}

fn with_id(entry: &Value, id: String) -> Value {
    let mut entry = entry.clone();
    if let Value::Object(fields) = &mut entry {
        fields.insert("id".into(), id.into());
    }
    entry
}

fn id(entry: &Value) -> Option<&str> {
    entry.get("id").and_then(Value::as_str)
}

fn items<'v>(value: Option<&'v Value>, list: &str) -> &'v [Value] {
    value.and_then(|value| value.get(list)).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use cairn_core::part::{Change, declared_paths, difference};
    use serde_json::json;

    use super::{
        super::{Notification, Part},
        *,
    };

    const LIST: &str = "queueConfigurations";

    fn queue(id: Option<&str>, arn: &str, events: &[&str]) -> Value {
        let queue = json!({"queueARN": arn, "events": events});
        match id {
            Some(id) => with_id(&queue, id.into()),
            None => queue,
        }
    }

    fn change(declared: Option<&Value>, recorded: &[String], observed: Option<&Value>) -> Change {
        difference(&Notification::RULES, declared, recorded, observed).change
    }

    #[test]
    fn entries_of_others_stay() {
        let theirs = queue(Some("theirs"), "a", &["x"]);
        let observed = json!({LIST: [theirs], EVENT_BRIDGE: {}});
        let declared = json!({LIST: [queue(Some("mine"), "b", &["y"])]});
        let expected = json!({LIST: [theirs, queue(Some("mine"), "b", &["y"])], EVENT_BRIDGE: {}});
        assert_eq!(change(Some(&declared), &[], Some(&observed)), Change::Put(expected.clone()));
        assert_eq!(change(Some(&declared), &["mine".into()], Some(&expected)), Change::Nothing);
        assert_eq!(change(None, &["mine".into()], Some(&expected)), Change::Put(observed.clone()));
        assert_eq!(change(None, &[], Some(&observed)), Change::Nothing);
    }

    #[test]
    fn what_was_declared_goes_and_nothing_left_is_nothing() {
        let observed = json!({LIST: [queue(Some("mine"), "b", &["y"])], EVENT_BRIDGE: {}});
        let recorded = names(&observed);
        assert_eq!(recorded, ["mine", EVENT_BRIDGE]);
        assert_eq!(change(None, &recorded, Some(&observed)), Change::Clear);
        assert_eq!(change(None, &recorded, None), Change::Nothing);
    }

    #[test]
    fn an_entry_without_an_id_is_known_by_what_it_says() {
        let filter = |name: &str| json!({"key": {"filterRules": [{"name": name, "value": "a/"}]}});
        let (mut mine, mut known) = (queue(None, "b", &["y", "x"]), queue(Some("made-up"), "b", &["x", "y"]));
        mine["filter"] = filter("prefix");
        known["filter"] = filter("Prefix");
        let (declared, observed) = (json!({LIST: [mine]}), json!({LIST: [known]}));
        assert_eq!(change(Some(&declared), &[], Some(&observed)), Change::Nothing);
        let recorded = declared_paths(&Notification::RULES, &declared);
        assert_eq!(change(None, &recorded, Some(&observed)), Change::Clear);
        let Change::Put(new) = change(Some(&declared), &[], None) else { panic!("it is written") };
        assert_eq!(new[LIST][0]["id"], recorded[0].as_str());
        let drifted = json!({LIST: [queue(Some(&recorded[0]), "b", &["z"])]});
        assert_eq!(change(Some(&declared), &recorded, Some(&drifted)), Change::Put(new));
    }

    #[test]
    fn an_edited_entry_without_an_id_replaces_what_it_was() {
        let (before, after) = (json!({LIST: [queue(None, "b", &["x"])]}), json!({LIST: [queue(None, "b", &["y"])]}));
        let recorded = declared_paths(&Notification::RULES, &before);
        let observed = json!({LIST: [queue(Some("made-up"), "b", &["x"])]});
        let Change::Put(new) = change(Some(&after), &recorded, Some(&observed)) else { panic!("it is written") };
        assert_eq!(new[LIST].as_array().map(Vec::len), Some(1));
        assert_eq!(new[LIST][0]["events"], json!(["y"]));
    }
}
