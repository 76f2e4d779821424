//! Label and field selectors.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    failure::{Failure, Outcome},
    object, read,
    target::{Query, Target},
    write,
};

/// Selects objects of one kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selector {
    labels: Vec<Requirement>,
    fields: Vec<(Vec<String>, String, bool)>,
    namespace: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
struct Requirement {
    key: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    Exists,
    Absent,
    In(BTreeSet<String>),
    NotIn(BTreeSet<String>),
    GreaterThan(i64),
    LessThan(i64),
}

impl Selector {
    /// The selector that a list or watch asks for.
    pub(crate) fn new(target: &Target, query: &Query) -> Outcome<Self> {
        let mut fields = parse_fields(target, query.get("fieldSelector").unwrap_or_default())?;
        if let Some(name) = &target.name {
            fields.push((object::split("metadata.name"), name.clone(), true));
        }
        let labels = query.get("labelSelector").unwrap_or_default();
        Ok(Self {
            labels: parse_labels(labels).map_err(|why| Failure::bad_request(format!("{labels:?}: {why}")))?,
            fields,
            namespace: target.namespace.clone(),
        })
    }

    pub(crate) fn matches(&self, object: &Value) -> bool {
        read::is_in(self.namespace.as_deref(), object)
            && self.labels.iter().all(|requirement| requirement.matches(object))
            && self.fields.iter().all(|(path, value, equal)| (field(object, path) == *value) == *equal)
    }

    pub(crate) fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// Whether everything of the kind (in the namespace) matches.
    pub(crate) fn is_open(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }
}

impl Requirement {
    fn matches(&self, object: &Value) -> bool {
        let label = object.get("metadata").and_then(|meta| meta.get("labels")?.get(&self.key)?.as_str());
        let number = || label.and_then(|label| label.parse::<i64>().ok());
        match &self.test {
            Test::Exists => label.is_some(),
            Test::Absent => label.is_none(),
            Test::In(values) => label.is_some_and(|label| values.contains(label)),
            Test::NotIn(values) => label.is_none_or(|label| !values.contains(label)),
            Test::GreaterThan(bound) => number().is_some_and(|number| number > *bound),
            Test::LessThan(bound) => number().is_some_and(|number| number < *bound),
        }
    }
}

fn field(object: &Value, path: &[String]) -> String {
    match object::get(object, path) {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(other) => other.to_string(),
    }
}

fn parse_fields(target: &Target, text: &str) -> Outcome<Vec<(Vec<String>, String, bool)>> {
    text.split(',').filter(|term| !term.is_empty()).map(|term| parse_field(target, term)).collect()
}

fn parse_field(target: &Target, term: &str) -> Outcome<(Vec<String>, String, bool)> {
    let split = [("!=", false), ("==", true), ("=", true)];
    let parts = split.iter().find_map(|(sign, equal)| term.split_once(sign).map(|(key, value)| (key, value, *equal)));
    let (key, value, equal) = parts.ok_or_else(|| Failure::bad_request(format!("invalid field selector: {term:?}")))?;
    let known = key == "metadata.name"
        || (key == "metadata.namespace" && (target.kind.namespaced || !target.kind.nature.is_custom()))
        || target.version.selectable.iter().any(|field| field == key);
    if !known {
        return Err(Failure::bad_request(format!("field label not supported: {key}")));
    }
    Ok((object::split(key), value.to_owned(), equal))
}

fn parse_labels(text: &str) -> Result<Vec<Requirement>, String> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    terms(text).iter().map(|term| parse_label(term.trim())).collect()
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
    terms
}

fn is_special(c: char) -> bool {
    matches!(c, '=' | '!' | '(' | ')' | ',' | '<' | '>')
}

fn parse_label(term: &str) -> Result<Requirement, String> {
    let negated = term.strip_prefix('!');
    let rest = negated.unwrap_or(term).trim_start();
    let end = rest.find(|c: char| c.is_whitespace() || is_special(c)).unwrap_or(rest.len());
    let (key, rest) = rest.split_at(end);
    let rest = rest.trim_start();
    if let Some(why) = write::label_key_faults(key).first() {
        return Err(format!("{key:?}: {why}"));
    }
    let test = match negated {
        Some(_) if rest.is_empty() => Test::Absent,
        Some(_) => return Err(format!("found {rest:?} after a negated key")),
        None => parse_test(rest)?,
    };
    Ok(Requirement { key: key.to_owned(), test })
}

fn parse_test(rest: &str) -> Result<Test, String> {
    let number = |text: &str| text.trim().parse().map_err(|_| format!("{text:?} is no integer"));
    if rest.is_empty() {
        Ok(Test::Exists)
    } else if let Some(value) = rest.strip_prefix("!=") {
        Ok(Test::NotIn(BTreeSet::from([one_value(value)?])))
    } else if let Some(value) = rest.strip_prefix("==").or_else(|| rest.strip_prefix('=')) {
        Ok(Test::In(BTreeSet::from([one_value(value)?])))
    } else if let Some(bound) = rest.strip_prefix('>') {
        Ok(Test::GreaterThan(number(bound)?))
    } else if let Some(bound) = rest.strip_prefix('<') {
        Ok(Test::LessThan(number(bound)?))
    } else if let Some(set) = rest.strip_prefix("notin") {
        Ok(Test::NotIn(values(set)?))
    } else if let Some(set) = rest.strip_prefix("in") {
        Ok(Test::In(values(set)?))
    } else {
        Err(format!("found {rest:?}, expected an operator"))
    }
}

fn one_value(text: &str) -> Result<String, String> {
    let value = text.trim();
    if value.contains(|c: char| c.is_whitespace() || is_special(c)) {
        return Err(format!("found {value:?}, expected an identifier"));
    }
    match write::label_value_faults(value).first() {
        Some(why) => Err(format!("{value:?}: {why}")),
        None => Ok(value.to_owned()),
    }
}

fn values(text: &str) -> Result<BTreeSet<String>, String> {
    let inner = text.trim().strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let inner = inner.ok_or_else(|| format!("found {text:?}, expected a list in parentheses"))?;
    // Nothing between the parentheses is the empty value.
    inner.split(',').map(one_value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_selector_is_refused() {
        for good in
            ["", "a", "!a", "a=", "a==b, c!=d", "x.y/a in (b, c),d notin (e)", "a>1,b<2", "a in (b,)", "a in ()"]
        {
            assert!(parse_labels(good).is_ok(), "{good}");
        }
        for bad in ["a===b", "a b", "a in b", "=b", "a=b,", ",", "a=b c", "!a=b", "a>b", "-=b", "a=%"] {
            assert!(parse_labels(bad).is_err(), "{bad}");
        }
    }
}
