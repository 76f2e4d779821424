//! From one structural schema to another.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::{Change, Whom, bounds};
use crate::problem::field;

/// Deeper parts are not compared: the API server refuses such schemas.
pub(super) const MAX_DEPTH: usize = 128;

/// The conditions of an instance, which the operator alone writes.
const CONDITIONS: &str = "status.conditions";

/// Collects changes.
pub(crate) struct Walk<'c> {
    pub(super) changes: &'c mut Vec<Change>,
    pub(super) in_status: bool,
    pub(super) left: usize,
}

impl Walk<'_> {
    /// Notes a change; what breaks instances breaks readers where the operator writes. The form of conditions is the
    /// same to readers whoever made the kind: kro's are a list without keys.
    fn note(&mut self, path: &str, what: impl Into<String>, whom: Whom) {
        let of_conditions = path.strip_prefix(CONDITIONS).is_some_and(|rest| rest.is_empty() || rest.starts_with('['));
        let whom = match whom {
            Whom::Nobody => Whom::Nobody,
            _ if of_conditions => Whom::Nobody,
            _ if self.in_status => Whom::WhoReads,
            whom => whom,
        };
        self.changes.push(Change::new(path, what, whom));
    }

    pub(super) fn schema(&mut self, old: &Json, new: &Json, path: &str) {
        let Some(left) = self.left.checked_sub(1) else { return };
        if old == new {
            return;
        }
        self.left = left;
        self.in_status |= path == "status";
        if self.same_kind(old, new, path) {
            self.keywords(old, new, path);
            self.properties(old, new, path);
            for (key, step) in [("items", "[*]"), ("additionalProperties", "[*]")] {
                match (old.get(key), new.get(key)) {
                    (Some(old), Some(new)) => self.schema(old, new, &format!("{path}{step}")),
                    (Some(_), None) if key == "additionalProperties" => {
                        self.note(path, "it no longer takes fields of any name", Whom::WhoSets);
                    }
                    _ => {}
                }
            }
        }
        self.in_status &= path != "status";
        self.left += 1;
    }

    fn same_kind(&mut self, old: &Json, new: &Json, path: &str) -> bool {
        let (before, after) = (kind(old), kind(new));
        // Whatever fitted before fits where anything does.
        let wider = after == "anything" || (after == "integer or string" && matches!(before, "integer" | "string"));
        if before != after {
            let whom = if wider || (before, after) == ("integer", "number") { Whom::Nobody } else { Whom::WhoSets };
            self.note(path, format!("the type changes from {before} to {after}"), whom);
        }
        before == after
    }

    fn properties(&mut self, old: &Json, new: &Json, path: &str) {
        let empty = Map::new();
        let fields = |schema: &'_ Json| schema.get("properties").and_then(Json::as_object).cloned();
        let (before, after) = (fields(old), fields(new));
        let (before, after) = (before.as_ref().unwrap_or(&empty), after.as_ref().unwrap_or(&empty));
        let required = |schema: &Json| -> BTreeSet<String> {
            let names = schema.get("required").and_then(Json::as_array).into_iter().flatten();
            names.filter_map(Json::as_str).map(str::to_owned).collect()
        };
        let (needed, needed_now) = (required(old), required(new));
        let keeps = new.get("x-kubernetes-preserve-unknown-fields") == Some(&Json::Bool(true));
        for (name, schema) in before {
            let at = field(path, name);
            match after.get(name) {
                Some(now) => self.schema(schema, now, &at),
                None if keeps => self.note(&at, "the field is no longer checked", Whom::Nobody),
                None => self.note(&at, "the field goes", Whom::WhoSets),
            }
        }
        for name in after.keys().filter(|name| !before.contains_key(*name)) {
            let at = field(path, name);
            let must = needed_now.contains(name) && !has_default(after, name);
            let (what, whom) = if must {
                ("the field comes, and must be set", Whom::WhoLacks)
            } else {
                ("the field comes", Whom::Nobody)
            };
            self.note(&at, what, whom);
        }
        for name in needed_now.iter().filter(|name| before.contains_key(*name) && after.contains_key(*name)) {
            let at = field(path, name);
            if !needed.contains(name) && !has_default(after, name) {
                self.note(&at, "it must be set now", Whom::WhoLacks);
            } else if has_default(before, name) && !has_default(after, name) {
                self.note(&at, "its default goes, and it must be set", Whom::WhoLacks);
            }
        }
        for name in needed.difference(&needed_now).filter(|name| after.contains_key(*name)) {
            self.note(&field(path, name), "it need not be set any more", Whom::Nobody);
        }
    }

    fn keywords(&mut self, old: &Json, new: &Json, path: &str) {
        for (what, whom) in bounds::changes(old, new) {
            self.note(path, what, whom);
        }
        self.choices(old, new, path);
        self.rules(old, new, path);
        for (key, name) in [("description", "description"), ("default", "default")] {
            if old.get(key) != new.get(key) {
                self.note(path, format!("the {name} changes"), Whom::Nobody);
            }
        }
        for (key, name) in [
            ("x-kubernetes-list-type", "list type"),
            ("x-kubernetes-list-map-keys", "keys of the list"),
            ("format", "format"),
        ] {
            if old.get(key) != new.get(key) {
                let none = Json::from("none");
                let (before, after) = (old.get(key).unwrap_or(&none), new.get(key).unwrap_or(&none));
                let loose = new.get(key).is_none_or(|after| *after == "atomic");
                let whom = if loose { Whom::Nobody } else { Whom::WhoViolates };
                self.note(path, format!("the {name} changes from {before} to {after}"), whom);
            }
        }
        for (key, gone, come) in [
            ("nullable", "it no longer takes null", "it takes null"),
            ("x-kubernetes-preserve-unknown-fields", "unknown fields are no longer kept", "unknown fields are kept"),
        ] {
            match (old.get(key) == Some(&Json::Bool(true)), new.get(key) == Some(&Json::Bool(true))) {
                (true, false) => self.note(path, gone, Whom::WhoSets),
                (false, true) => self.note(path, come, Whom::Nobody),
                _ => {}
            }
        }
    }

    fn choices(&mut self, old: &Json, new: &Json, path: &str) {
        let values = |schema: &Json| schema.get("enum").and_then(Json::as_array).cloned();
        match (values(old), values(new)) {
            (None, Some(now)) => {
                self.note(path, format!("only these values are valid now: {}", list(&now)), Whom::WhoViolates);
            }
            (Some(_), None) => self.note(path, "any value is valid now", Whom::Nobody),
            (Some(before), Some(now)) => {
                let missing = |from: &[Json], other: &[Json]| -> Vec<Json> {
                    from.iter().filter(|value| !other.contains(value)).cloned().collect()
                };
                let (gone, come) = (missing(&before, &now), missing(&now, &before));
                if !gone.is_empty() {
                    self.note(path, format!("these values are no longer valid: {}", list(&gone)), Whom::WhoViolates);
                }
                if !come.is_empty() {
                    self.note(path, format!("these values are valid as well: {}", list(&come)), Whom::Nobody);
                }
            }
            (None, None) => {}
        }
    }

    fn rules(&mut self, old: &Json, new: &Json, path: &str) {
        let rules = |schema: &Json| -> BTreeSet<String> {
            let rules = schema.get("x-kubernetes-validations").and_then(Json::as_array).into_iter().flatten();
            rules.filter_map(|rule| rule.get("rule")?.as_str()).map(str::to_owned).collect()
        };
        let (before, after) = (rules(old), rules(new));
        for rule in after.difference(&before) {
            let immutable = rule == "self == oldSelf";
            let what =
                if immutable { "it cannot be changed any more".to_owned() } else { format!("the rule {rule:?} comes") };
            self.note(path, what, if immutable { Whom::WhoSets } else { Whom::WhoViolates });
        }
        for rule in before.difference(&after) {
            self.note(path, format!("the rule {rule:?} goes"), Whom::Nobody);
        }
    }
}

fn has_default(fields: &Map<String, Json>, name: &str) -> bool {
    fields.get(name).is_some_and(|field| field.get("default").is_some())
}

fn list(values: &[Json]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn kind(schema: &Json) -> &str {
    match schema.get("type").and_then(Json::as_str) {
        Some(kind) => kind,
        None if schema.get("x-kubernetes-int-or-string") == Some(&Json::Bool(true)) => "integer or string",
        None => "anything",
    }
}
