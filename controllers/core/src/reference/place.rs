//! The places of a spec that a rule's path leads to.

use serde_json::{Map, Value};

/// Calls `visit` with each object that has the last field of `path`, the field's name, and the way to the field with
/// positions in lists: `rules.0.kmsMasterKeyRef`. Ends at the first error.
pub(super) fn visit<E>(
    value: &mut Value,
    path: &str,
    visit: &mut impl FnMut(&mut Map<String, Value>, &str, &str) -> Result<(), E>,
) -> Result<(), E> {
    walk(value, path, "", visit)
}

fn walk<E>(
    value: &mut Value,
    path: &str,
    at: &str,
    visit: &mut impl FnMut(&mut Map<String, Value>, &str, &str) -> Result<(), E>,
) -> Result<(), E> {
    match value {
        Value::Array(items) => {
            for (position, item) in items.iter_mut().enumerate() {
                walk(item, path, &join(at, &position.to_string()), visit)?;
            }
            Ok(())
        }
        Value::Object(fields) => match path.split_once('.') {
            Some((name, rest)) => match fields.get_mut(name) {
                Some(below) => walk(below, rest, &join(at, name), visit),
                None => Ok(()),
            },
            None if fields.get(path).is_some_and(|found| !found.is_null()) => visit(fields, path, &join(at, path)),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

pub(super) fn join(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}
