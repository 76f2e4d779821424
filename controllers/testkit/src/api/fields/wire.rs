//! `fieldsV1`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Element, Set};

/// The wire format of a set.
pub(crate) fn to_v1(set: &Set) -> Value {
    Value::Object(write(set, false))
}

fn write(set: &Set, itself: bool) -> Map<String, Value> {
    let mut tree = Map::new();
    if itself {
        tree.insert(".".to_owned(), json!({}));
    }
    for member in set.members.iter().filter(|member| set.below(member).is_none()) {
        tree.insert(write_element(member), json!({}));
    }
    for (element, child) in &set.children {
        if !child.is_empty() {
            tree.insert(write_element(element), Value::Object(write(child, set.members.contains(element))));
        }
    }
    tree
}

fn write_element(element: &Element) -> String {
    match element {
        Element::Field(name) => format!("f:{name}"),
        Element::Key(keys) => {
            let pairs: Vec<String> = keys.iter().map(|(key, value)| format!("{}:{value}", json!(key))).collect();
            format!("k:{{{}}}", pairs.join(","))
        }
        Element::Value(value) => format!("v:{value}"),
        Element::Index(index) => format!("i:{index}"),
    }
}

/// The kinds of elements, as they stand before the colon.
const KINDS: [&str; 4] = ["f", "v", "i", "k"];

/// Reads the wire format; none when it is not in that format.
pub(crate) fn from_v1(tree: &Value) -> Option<Set> {
    let mut set = Set::default();
    for (key, below) in tree.as_object()?.iter().filter(|(key, _)| *key != ".") {
        // A kind of element that nobody knows is dropped, with all below it.
        let (kind, rest) = key.split_once(':')?;
        if !KINDS.contains(&kind) {
            continue;
        }
        let element = read_element(kind, rest)?;
        let fields = below.as_object()?;
        if fields.is_empty() || fields.contains_key(".") {
            set.members.insert(element.clone());
        }
        if fields.keys().any(|key| key != ".") {
            set.children.insert(element, from_v1(below)?);
        }
    }
    Some(set)
}

fn read_element(kind: &str, rest: &str) -> Option<Element> {
    Some(match kind {
        "f" => Element::Field(rest.to_owned()),
        "v" => Element::Value(serde_json::from_str::<Value>(rest).ok()?.to_string()),
        "i" => Element::Index(rest.parse().ok()?),
        "k" => {
            let keys: BTreeMap<String, Value> = serde_json::from_str(rest).ok()?;
            Element::Key(keys.into_iter().map(|(key, value)| (key, value.to_string())).collect())
        }
        _ => return None,
    })
}
