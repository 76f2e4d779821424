//! The steps of a path.

use std::{collections::BTreeMap, fmt::Write};

use serde_json::Value;

use crate::api::schema::{ListType, Schema};

/// One step of the path to a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Element {
    /// A field of an object, or a key of a map.
    Field(String),
    /// The item of a list whose keys have these values, each as JSON.
    Key(BTreeMap<String, String>),
    /// The item of a set that has this value, as JSON.
    Value(String),
    /// The item at this place.
    Index(u64),
}

impl Element {
    /// What an item of a list that is merged item by item is known by.
    ///
    /// # Errors
    /// Why it cannot be known by anything.
    pub(crate) fn of_item(list: &Schema, item: &Value) -> Result<Self, String> {
        match &list.list {
            ListType::Keyed(keys) => keyed(list, keys, item),
            _ => match item {
                Value::Object(_) => Err("associative list without keys has an element that's a map type".into()),
                Value::Array(_) => Err("not supported: associative list with lists as elements".into()),
                Value::Null => Err("associative list without keys has an element that's an explicit null".into()),
                scalar => Ok(Self::Value(scalar.to_string())),
            },
        }
    }
}

fn keyed(list: &Schema, keys: &[String], item: &Value) -> Result<Element, String> {
    let fields = match item {
        Value::Object(fields) => fields,
        Value::Null => return Err("associative list with keys may not have a null element".into()),
        _ => return Err("associative list with keys may not have non-map elements".into()),
    };
    let default = |key: &String| list.item()?.field(key)?.default.as_ref();
    let value_of = |key: &String| Some((key.clone(), fields.get(key).or_else(|| default(key))?.to_string()));
    let values: BTreeMap<String, String> = keys.iter().filter_map(value_of).collect();
    if values.is_empty() {
        return Err(format!("associative list with keys has an element that omits all key fields {keys:?}"));
    }
    Ok(Element::Key(values))
}

/// A path as conflicts name it: `.spec.ports[port=80,protocol="TCP"].name`.
pub(crate) fn show(path: &[Element]) -> String {
    let mut text = String::new();
    for element in path {
        // A String takes whatever is written to it.
        let _: std::fmt::Result = match element {
            Element::Field(name) => write!(text, ".{name}"),
            Element::Key(keys) => {
                let pairs: Vec<String> = keys.iter().map(|(key, value)| format!("{key}={value}")).collect();
                write!(text, "[{}]", pairs.join(","))
            }
            Element::Value(value) => write!(text, "[={value}]"),
            Element::Index(index) => write!(text, "[{index}]"),
        };
    }
    text
}
