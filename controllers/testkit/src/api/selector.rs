//! Label and field selectors.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    failure::{Failure, Outcome},
    object,
    target::{Query, Target},
};

/// Selects objects of one kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Selector {
    labels: Vec<Requirement>,
    fields: Vec<(String, String, bool)>,
    namespace: Option<String>,
}

#[derive(Clone, Debug)]
struct Requirement {
    key: String,
    test: Test,
}

#[derive(Clone, Debug)]
enum Test {
    Exists,
    Absent,
    In(BTreeSet<String>),
    NotIn(BTreeSet<String>),
}

impl Selector {
    /// The selector that a list or watch asks for.
    pub(super) fn new(target: &Target, query: &Query) -> Outcome<Self> {
        let mut fields = parse_fields(target, query.get("fieldSelector").unwrap_or_default())?;
        if let Some(name) = &target.name {
            fields.push(("metadata.name".to_owned(), name.clone(), true));
        }
        Ok(Self {
            labels: parse_labels(query.get("labelSelector").unwrap_or_default())?,
            fields,
            namespace: target.namespace.clone(),
        })
    }

    pub(super) fn matches(&self, object: &Value) -> bool {
        self.in_namespace(object)
            && self.labels.iter().all(|requirement| requirement.matches(object))
            && self.fields.iter().all(|(path, value, equal)| (field(object, path) == *value) == *equal)
    }

    fn in_namespace(&self, object: &Value) -> bool {
        self.namespace.as_deref().is_none_or(|namespace| object::meta_str(object, "namespace") == Some(namespace))
    }
}

impl Requirement {
    fn matches(&self, object: &Value) -> bool {
        let label = object.get("metadata").and_then(|meta| meta.get("labels")?.get(&self.key)?.as_str());
        match (&self.test, label) {
            (Test::Exists, label) => label.is_some(),
            (Test::Absent, label) => label.is_none(),
            (Test::In(values), Some(label)) => values.contains(label),
            (Test::In(_), None) => false,
            (Test::NotIn(values), Some(label)) => !values.contains(label),
            (Test::NotIn(_), None) => true,
        }
    }
}

fn field(object: &Value, path: &str) -> String {
    let found = path.split('.').try_fold(object, |value, part| value.get(part));
    found.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn parse_fields(target: &Target, text: &str) -> Outcome<Vec<(String, String, bool)>> {
    text.split(',').filter(|term| !term.is_empty()).map(|term| parse_field(target, term)).collect()
}

fn parse_field(target: &Target, term: &str) -> Outcome<(String, String, bool)> {
    let split = [("!=", false), ("==", true), ("=", true)];
    let parts = split.iter().find_map(|(sign, equal)| term.split_once(sign).map(|(key, value)| (key, value, *equal)));
    let (key, value, equal) = parts.ok_or_else(|| Failure::bad_request(format!("invalid field selector: {term:?}")))?;
    let known = matches!(key, "metadata.name" | "metadata.namespace");
    if target.kind.traits.custom && !known {
        return Err(Failure::bad_request(format!("field label not supported: {key}")));
    }
    Ok((key.to_owned(), value.to_owned(), equal))
}

fn parse_labels(text: &str) -> Outcome<Vec<Requirement>> {
    terms(text).iter().map(|term| parse_label(term)).collect()
}

/// Splits at the commas that are not within parentheses.
fn terms(text: &str) -> Vec<String> {
    let mut depth = 0_u32;
    let mut terms = vec![String::new()];
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if c == ',' && depth == 0 {
            terms.push(String::new());
        } else if let Some(last) = terms.last_mut() {
            last.push(c);
        }
    }
    terms.iter().map(|term| term.trim().to_owned()).filter(|term| !term.is_empty()).collect()
}

fn parse_label(term: &str) -> Outcome<Requirement> {
    let one = |value: &str| BTreeSet::from([value.trim().to_owned()]);
    let requirement = |key: &str, test| Requirement { key: key.trim().to_owned(), test };
    if let Some((head, set)) = term.split_once('(') {
        return parse_set(term, head, set);
    }
    if let Some(key) = term.strip_prefix('!') {
        return Ok(requirement(key, Test::Absent));
    }
    if let Some((key, value)) = term.split_once("!=") {
        return Ok(requirement(key, Test::NotIn(one(value))));
    }
    if let Some((key, value)) = term.split_once("==").or_else(|| term.split_once('=')) {
        return Ok(requirement(key, Test::In(one(value))));
    }
    if term.contains(char::is_whitespace) {
        return Err(Failure::bad_request(format!("unable to parse requirement: {term:?}")));
    }
    Ok(requirement(term, Test::Exists))
}

fn parse_set(term: &str, head: &str, set: &str) -> Outcome<Requirement> {
    let values = set.trim_end_matches(')').split(',').map(|value| value.trim().to_owned()).collect();
    let mut words = head.split_whitespace();
    let (key, operator) = (words.next().unwrap_or_default().to_owned(), words.next());
    match operator {
        Some("in") => Ok(Requirement { key, test: Test::In(values) }),
        Some("notin") => Ok(Requirement { key, test: Test::NotIn(values) }),
        _ => Err(Failure::bad_request(format!("unable to parse requirement: {term:?}"))),
    }
}
