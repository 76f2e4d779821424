//! That the items of sets and keyed lists differ.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Additional, ListType, Path, Schema};
use crate::api::cause::Cause;

/// Every item that is there already, and every one that no key can tell apart.
pub(crate) fn check_lists(value: &Value, schema: &Schema, path: &Path) -> Vec<Cause> {
    match value {
        Value::Object(fields) => {
            let described = |name: &String| match (schema.fields.get(name), &schema.additional) {
                (Some(field), _) => Some((field, path.field(name))),
                (None, Some(Additional::Of(rest))) => Some((&**rest, path.key(name))),
                _ => None,
            };
            let below = fields.iter().filter_map(|(name, value)| described(name).map(|(field, at)| (value, field, at)));
            below.flat_map(|(value, field, at)| check_lists(value, field, &at)).collect()
        }
        Value::Array(items) => {
            let mut causes = repeated(items, &schema.list, path);
            if let Some(schema) = schema.item() {
                let below = items.iter().enumerate();
                causes.extend(below.flat_map(|(index, item)| check_lists(item, schema, &path.index(index))));
            }
            causes
        }
        _ => Vec::new(),
    }
}

fn repeated(items: &[Value], list: &ListType, path: &Path) -> Vec<Cause> {
    let keys: Vec<Value> = match list {
        ListType::Atomic => return Vec::new(),
        ListType::Set => items.to_vec(),
        ListType::Keyed(keys) => {
            if let Some(index) = items.iter().position(|item| !item.is_object() && !item.is_null()) {
                let why = "must be an object for an array of list-type map";
                return vec![Cause::invalid(&path.index(index), &items[index], why)];
            }
            items.iter().map(|item| key(item, keys)).collect()
        }
    };
    let (mut seen, mut told) = (BTreeSet::new(), BTreeSet::new());
    let again = keys.iter().enumerate().filter(|(_, key)| {
        let text = key.to_string();
        !seen.insert(text.clone()) && told.insert(text)
    });
    again.map(|(index, key)| Cause::duplicate(&path.index(index), key)).collect()
}

fn key(item: &Value, keys: &[String]) -> Value {
    let pairs = keys.iter().filter_map(|key| Some((key.clone(), item.get(key)?.clone())));
    Value::Object(pairs.collect::<Map<_, _>>())
}
