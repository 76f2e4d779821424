//! Whether a value fits a schema, as the API server would judge it when it is applied.

use std::collections::BTreeSet;

use cairn_cel::check::nearest;
use serde_json::{Map, Value as Json};

use super::scalar::wrong;
use super::{Cursor, rules};
use crate::problem::{Problem, field, index};

/// Deeper parts of values are not looked at: the API server refuses them.
const MAX_DEPTH: usize = 128;

/// Something found while a value is compared with its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The API server refuses the value.
    Wrong(Problem),
    /// A field that must be there is not; something else, as a default, may still put it there.
    Missing(Problem),
}

/// Values that are not known yet, within a value that is compared.
pub trait Holes<'s> {
    /// Takes note of a text at a place, and tells whether it stands for a value that is not known yet.
    fn is_hole(&mut self, text: &str, path: &str, schema: Option<Cursor<'s>>) -> bool;

    /// Whether every value is known, so that rules about whole values can be asked.
    fn is_complete(&self) -> bool {
        false
    }
}

/// Every text stands for itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoHoles;

impl Holes<'_> for NoHoles {
    fn is_hole(&mut self, _: &str, _: &str, _: Option<Cursor<'_>>) -> bool {
        false
    }

    fn is_complete(&self) -> bool {
        true
    }
}

/// Compares a value with its schema; `path` is where it stands.
pub fn validate<'s>(schema: Cursor<'s>, value: &Json, path: &str, holes: &mut dyn Holes<'s>) -> Vec<Finding> {
    let mut walk = Walk { holes, found: Vec::new(), left: MAX_DEPTH };
    walk.value(Some(schema), value, path);
    walk.found
}

struct Walk<'h, 's> {
    holes: &'h mut dyn Holes<'s>,
    found: Vec<Finding>,
    left: usize,
}

impl<'s> Walk<'_, 's> {
    fn wrong(&mut self, problem: Problem) {
        self.found.push(Finding::Wrong(problem));
    }

    fn value(&mut self, schema: Option<Cursor<'s>>, value: &Json, path: &str) {
        let Some(left) = self.left.checked_sub(1) else {
            return self.wrong(Problem::new(path, format!("this is nested deeper than {MAX_DEPTH} levels")));
        };
        if let Json::String(text) = value
            && self.holes.is_hole(text, path, schema)
        {
            return;
        }
        if let Some((message, expected)) = schema.and_then(|schema| wrong(schema, value)) {
            return self.wrong(Problem { expected, ..Problem::new(path, message) });
        }
        if let Some(schema) = schema.filter(|_| self.holes.is_complete()) {
            for message in rules::broken(schema, value, path) {
                self.wrong(Problem::new(path, message));
            }
        }
        self.left = left;
        match value {
            Json::Object(fields) => self.object(schema, fields, path),
            Json::Array(items) => self.list(schema, items, path),
            _ => {}
        }
        self.left += 1;
    }

    fn object(&mut self, schema: Option<Cursor<'s>>, fields: &Map<String, Json>, path: &str) {
        for (name, value) in fields {
            let at = field(path, name);
            match schema.map(|schema| (schema.member(name), schema)) {
                Some((None, schema)) if !schema.is_open() => self.unknown(schema, name, &at),
                member => self.value(member.and_then(|(member, _)| member), value, &at),
            }
        }
        let Some(schema) = schema else { return };
        for name in schema.required().filter(|name| !fields.contains_key(*name)) {
            let filled = schema.property(name).is_some_and(|field| field.get("default").is_some());
            if !filled {
                let problem = Problem::new(path, format!("the field {name:?} is missing, and it must be there"));
                self.found.push(Finding::Missing(problem));
            }
        }
    }

    fn unknown(&mut self, schema: Cursor<'s>, name: &str, at: &str) {
        let names = schema.properties().into_iter().flat_map(Map::keys).map(String::as_str);
        self.wrong(Problem::new(at, format!("there is no field {name:?}")).suggest(nearest(name, names)));
    }

    fn list(&mut self, schema: Option<Cursor<'s>>, items: &[Json], path: &str) {
        let element = schema.and_then(Cursor::items);
        for (at, item) in items.iter().enumerate() {
            self.value(element, item, &index(path, at));
        }
        let Some(schema) = schema else { return };
        match schema.text("x-kubernetes-list-type") {
            Some("set") => self.repeated(items, path, |item| Some(item.to_string())),
            Some("map") => {
                let keys = schema.get("x-kubernetes-list-map-keys").and_then(Json::as_array);
                let names: Vec<&str> = keys.into_iter().flatten().filter_map(Json::as_str).collect();
                self.repeated(items, path, |item| key(element, item, &names));
            }
            _ => {}
        }
    }

    /// Refuses elements that are the same; `key` gives nothing for one that is not known yet.
    fn repeated(&mut self, items: &[Json], path: &str, key: impl Fn(&Json) -> Option<String>) {
        let mut seen = BTreeSet::new();
        for (at, item) in items.iter().enumerate() {
            let Some(key) = key(item).filter(|key| !key.contains("${")) else { continue };
            if !seen.insert(key.clone()) {
                let message = format!("the element {key} is there twice, and this list may have it once");
                self.wrong(Problem::new(index(path, at), message));
            }
        }
    }
}

/// What tells an element of a list from the others.
fn key(element: Option<Cursor<'_>>, item: &Json, names: &[&str]) -> Option<String> {
    let part = |name: &&str| {
        let default = || element?.property(name)?.get("default");
        let value = item.get(name).or_else(default)?;
        (!matches!(value, Json::Null)).then(|| format!("{name}={value}"))
    };
    let parts: Option<Vec<String>> = names.iter().map(part).collect();
    parts.filter(|parts| !parts.is_empty()).map(|parts| parts.join(", "))
}

impl Finding {
    /// The problem, whichever it is.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        match self {
            Self::Wrong(problem) | Self::Missing(problem) => problem,
        }
    }
}
